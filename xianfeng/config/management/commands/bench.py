import json
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

ROOT = Path(__file__).resolve().parents[4]


class Command(BaseCommand):
    help = (
        "Measure claim, feed and posting over HTTP beside raw PostgreSQL, in a database and a web process of its own. "
        "Needs a quiet machine for a few minutes."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--matters", type=int, default=100_000, help="open needs while it is measured")
        parser.add_argument("--connections", type=int, default=32, help="kept connections, signed in")
        parser.add_argument("--seconds", type=float, default=4.0, help="seconds of one round")
        parser.add_argument(
            "--rounds", type=int, default=3, help="rounds of each kind, ours and raw in turns"
        )
        parser.add_argument("--workers", type=int, default=2, help="web processes")
        parser.add_argument("--port", type=int, default=8190, help="port of the web process that is measured")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")
        parser.add_argument("--write", action="store_true", help="write the figures into docs/benchmarks.md")

    def handle(self, *_: Any, **given: Any) -> None:
        if not (ROOT / "bench" / "run.py").exists():
            raise CommandError("the benchmark stands beside the package: run it from a checkout")
        sys.path.insert(0, str(ROOT))
        from bench import page, run

        options = run.Options(
            open_needs=given["matters"], connections=given["connections"], seconds=given["seconds"],
            rounds=given["rounds"], workers=given["workers"], port=given["port"],
        )  # fmt: skip
        figures = run.whole(options, os.environ["DATABASE_URL"], self._progress)
        self.stdout.write(json.dumps(figures, indent=1) if given["json"] else page.table(figures))
        if given["write"]:
            page.write(figures, ROOT / "docs" / "benchmarks.md")

    def _progress(self, text: str) -> None:
        self.stderr.write(f"  {text}")
