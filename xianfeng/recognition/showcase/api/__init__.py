"""The API of the showcase: achievements and what they brought, broadcasts, feedback, figures. One router for all."""

from xianfeng.recognition.showcase.api import achievements, benefits, feedback, figures, lives
from xianfeng.recognition.showcase.api.routes import router

__all__ = ["achievements", "benefits", "feedback", "figures", "lives", "router"]
