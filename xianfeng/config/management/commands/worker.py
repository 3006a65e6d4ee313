from typing import Any

from django.core.management.base import BaseCommand

from xianfeng.config import worker


class Command(BaseCommand):
    help = (
        "Carry what happened to those who must hear of it, enforce limits every 10 s, write checkpoints every "
        "minute, keep the index current. One such process is enough. Ends on SIGTERM or Ctrl-C within 3 s."
    )
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        worker.run()
