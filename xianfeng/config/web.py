"""What granian serves: the application, in a process that listens for what changes the sessions it remembers."""

from xianfeng.config.database import parameters
from xianfeng.config.wsgi import application
from xianfeng.foundation.people import remembered

__all__ = ["application"]

remembered.begin(parameters("xianfeng web: sessions"))
