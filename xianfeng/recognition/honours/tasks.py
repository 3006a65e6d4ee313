"""What the worker does for honours, once an hour."""

import logging

from xianfeng.recognition.honours.models import GradeReview
from xianfeng.recognition.honours.operations import deciding, grading

log = logging.getLogger(__name__)


def hourly() -> tuple[int, int]:
    """Say of honours whose years are over that they are; freeze the year's grades once. Returns how many of each."""
    before = GradeReview.objects.count()
    row = grading.review()
    graded = sum(row.counts.values()) if row and GradeReview.objects.count() > before else 0
    if graded:
        log.info("grades of %s pioneers reviewed", graded)
    return deciding.expire(), graded
