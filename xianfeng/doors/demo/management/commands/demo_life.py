"""xianfeng demo_life"""

import logging
import signal
import threading
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from xianfeng.doors.demo import life

log = logging.getLogger(__name__)
RETRY_SECONDS = 5.0


class Command(BaseCommand):
    help = (
        "Let the demo city's people act by themselves, through the API of a running server: every 10 to 40 s "
        "somebody asks near the cast, pioneers take, report and are rated; some needs are left for those who play. "
        "The switch at /demo is honoured. Ends on SIGTERM or Ctrl-C."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--base", "--url", dest="base", default="http://127.0.0.1:8000", help="the server's address"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("only where XIANFENG_DEMO=1")
        stop = threading.Event()

        def end(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        while not stop.is_set():
            try:
                life.live(options["base"], stop)
            except LookupError as error:
                raise CommandError(str(error)) from error
            except OperationalError as error:
                log.info("no database just now: %s", error)
                connection.close()
                stop.wait(RETRY_SECONDS)
