"""What granian serves: the application, in a process that listens for what changes what it remembers."""

from xianfeng.config.database import parameters
from xianfeng.config.wsgi import application
from xianfeng.foundation.people import remembered
from xianfeng.matters import services

__all__ = ["application"]

remembered.begin(parameters("xianfeng web: sessions"), also={services.CHANNEL: services.forget})
