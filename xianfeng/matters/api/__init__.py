"""The API of matters: what there is, raising, taking and handling, talking, the menu. One router for all."""

from xianfeng.matters.api import closing, reading, taking
from xianfeng.matters.api.routes import router

__all__ = ["closing", "reading", "router", "taking"]
