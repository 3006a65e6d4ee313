"""The demo city: drawn from word lists by a seed, written in bulk, the same rows as operations write."""
