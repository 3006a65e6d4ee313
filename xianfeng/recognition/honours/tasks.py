"""What the worker does for honours, once an hour."""

from xianfeng.recognition.honours.operations import deciding


def expire() -> int:
    """Say of honours whose years are over that they are; return how many."""
    return deciding.expire()
