"""Measures speed, beside raw PostgreSQL in the same run."""
