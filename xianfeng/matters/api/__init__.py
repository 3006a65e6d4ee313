"""The API of matters: what there is, raising, taking and handling, talking, the menu. One router for all."""

from xianfeng.matters.api import (
    closing,
    duties,
    finding,
    menu,
    photos,
    reading,
    reporting,
    staffing,
    taking,
    talking,
)
from xianfeng.matters.api.routes import router

__all__ = [
    "closing", "duties", "finding", "menu", "photos", "reading", "reporting", "router", "staffing", "taking", "talking",
]  # fmt: skip
