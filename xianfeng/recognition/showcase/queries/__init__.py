"""Reads of the showcase: achievements and their chains, live broadcasts, feedback, figures."""
