"""Reads of portraits: what was done, chains of benefit, the course of the index, the field of a round."""
