from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from xianfeng.config import servers


class Command(BaseCommand):
    help = "Serve the event stream (granian, ASGI) that pages listen to. Ends on SIGTERM or Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 is all")
        parser.add_argument("--port", type=int, default=8001, help="port to listen on")

    def handle(self, *_: Any, **options: Any) -> None:
        servers.stream(options["host"], options["port"])
