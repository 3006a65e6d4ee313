import json
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

ROOT = Path(__file__).resolve().parents[4]
WHAT = ("speed", "seed", "pages", "phones", "cockpit", "drop")


class Command(BaseCommand):
    help = (
        "speed (if nothing is said): claim, feed and posting over HTTP beside raw PostgreSQL. seed: fill a large "
        "database that is kept beside the one in use; speed is then measured in a copy of it. pages: how long pages "
        "take over it. phones: thousands of streams on one process. "
        "cockpit: boards over --matters of three years, in a database of its own. drop: drop it. "
        "Each needs a quiet machine for a few minutes."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "what", nargs="?", choices=WHAT, default="speed", help="what to measure, or seed, drop"
        )
        parser.add_argument("--matters", type=int, default=100_000, help="open needs while it is measured")
        parser.add_argument("--connections", type=int, default=32, help="kept connections, signed in")
        parser.add_argument("--seconds", type=float, default=4.0, help="seconds of one round")
        parser.add_argument(
            "--rounds", type=int, default=3, help="rounds of each kind, ours and raw in turns"
        )
        parser.add_argument("--workers", type=int, default=2, help="web processes")
        parser.add_argument("--port", type=int, default=8190, help="port of the process that is measured")
        parser.add_argument("--phones", type=int, default=5_000, help="streams that are open")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")
        parser.add_argument("--write", action="store_true", help="write the figures into docs/benchmarks.md")

    def handle(self, *_: Any, **given: Any) -> None:
        if not (ROOT / "bench" / "run.py").exists():
            raise CommandError("the benchmark stands beside the package: run it from a checkout")
        sys.path.insert(0, str(ROOT))
        from bench import database, run

        options = run.Options(
            open_needs=given["matters"], connections=given["connections"], seconds=given["seconds"],
            rounds=given["rounds"], workers=given["workers"], port=given["port"],
        )  # fmt: skip
        url = os.environ["DATABASE_URL"]
        if given["what"] == "drop":
            database.drop(url)
        elif given["what"] == "seed":
            run.seed(options, url, self._progress)
        else:
            self._measure(options, url, given)

    def _measure(self, options: Any, url: str, given: dict[str, Any]) -> None:
        from bench import page

        try:
            figures = self._measured(given["what"], options, url, given["phones"])
        except LookupError as missing:
            raise CommandError(str(missing)) from None
        self.stdout.write(
            json.dumps(figures, indent=1) if given["json"] else page.told(given["what"], figures)
        )
        if given["write"]:
            page.write(given["what"], figures, ROOT / "docs" / "benchmarks.md")

    def _measured(self, what: str, options: Any, url: str, phones: int) -> dict[str, Any]:
        from bench import run

        if what == "pages":
            return run.pages(options, url, self._progress)
        if what == "phones":
            return run.phones(options, url, phones)
        if what == "cockpit":
            from bench import cockpit

            return cockpit.whole(options, url, self._progress)
        return run.whole(options, url, self._progress)

    def _progress(self, text: str) -> None:
        self.stderr.write(f"  {text}")
