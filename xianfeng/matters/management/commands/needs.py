"""xianfeng needs import | play"""

import csv
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.tables.faults import Faulty, Rejected
from xianfeng.foundation.places.datum import Datum
from xianfeng.matters.importing import playing, taking
from xianfeng.matters.importing.letters import Reading
from xianfeng.matters.importing.taking import Taken, Wishes

_SHOWN = 20
_EVERY_SECONDS = 1.0


class Command(BaseCommand):
    help = (
        "Needs from elsewhere (docs/needs.md). `import FILE` takes letters of another system in as open needs: CSV or "
        "CSV.gz, UTF-8 or GB18030, cut at comma, semicolon, tab or bar, headers in Chinese or English; the same file "
        "again changes nothing. `play` lets pioneers take, do and be rated for imported needs (demo only)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        self._add_import(what.add_parser("import", help="take letters in as needs"))
        play = what.add_parser("play", help="play the loop over imported needs that are open")
        play.add_argument("--limit", type=int, help="so many needs at most")
        play.add_argument("--seed", type=int, default=7, help="the same seed draws the same play (7)")

    def _add_import(self, taken: CommandParser) -> None:
        taken.add_argument("file", type=Path, help="CSV, or CSV.gz")
        taken.add_argument("--dry-run", action="store_true", help="say what would be taken, write nothing")
        taken.add_argument("--report", type=Path, help="write a CSV of every line that was rejected, and why")
        taken.add_argument(
            "--source",
            default="",
            help="what letters are known again by, with their id (the file's name up to its first dot)",
        )
        taken.add_argument("--encoding", default="", help="where it is neither UTF-8 nor GB18030")
        taken.add_argument("--separator", default="", help="one character; found by itself if not said")
        taken.add_argument(
            "--zone", default=settings.TIME_ZONE, help="zone of times without an offset (%(default)s)"
        )
        taken.add_argument(
            "--datum",
            choices=[one.value for one in Datum],
            default=Datum.WGS84.value,
            help="of lat and lon, if any",
        )
        taken.add_argument(
            "--tell", action="store_true", help="tell phones and inboxes of each need, as of fresh ones"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        if options["what"] == "play":
            self._play(options)
            return
        try:
            self._import(options)
        except Faulty as fault:
            raise CommandError(f"nothing was changed: {fault}") from None
        except OSError as fault:
            raise CommandError(f"{fault.filename}: {fault.strerror}") from None
        except LookupError as fault:
            raise CommandError(str(fault.args[0])) from None

    def _import(self, options: dict[str, Any]) -> None:
        start, path = monotonic(), options["file"]
        reading = Reading(
            options["source"] or path.name.partition(".")[0],
            _zone(options["zone"]),
            clock.now(),
            options["separator"],
        )
        wishes = Wishes(options["datum"], dry=options["dry_run"], tell=options["tell"])
        taken = taking.take(
            path, reading, wishes, encoding=options["encoding"], progress=self._progress("lines")
        )
        if options["report"]:
            _report(options["report"], taken.rejected)
        self._tell(taken, dry=options["dry_run"], seconds=monotonic() - start)

    def _tell(self, taken: Taken, *, dry: bool, seconds: float) -> None:
        for one in taken.rejected[:_SHOWN]:
            self.stderr.write(str(one))
        if (more := len(taken.rejected) - _SHOWN) > 0:
            self.stderr.write(f"… and {more} more (--report FILE writes all)")
        would = "would be taken in" if dry else "taken in"
        self.stdout.write(
            f"{taken.new} needs {would}, {taken.known} known already, {len(taken.rejected)} lines rejected "
            f"(read as {taken.encoding}; {seconds:.1f} s)"
        )

    def _play(self, options: dict[str, Any]) -> None:
        if not settings.DEMO:
            raise CommandError(
                "play invents claims and ratings, so it runs in the demo only: set XIANFENG_DEMO=1 if this is one"
            )
        start = monotonic()
        counts = playing.play(seed=options["seed"], limit=options["limit"], progress=self._progress("needs"))
        for what, count in sorted(counts.items(), key=lambda row: -row[1]):
            self.stdout.write(f"{count:6}  {what}")
        self.stdout.write(f"{counts['needs']} needs played in {monotonic() - start:.1f} s")

    def _progress(self, what: str) -> Callable[[int, int], None]:
        said = monotonic()

        def tell(done: int, whole: int) -> None:
            nonlocal said
            if monotonic() - said >= _EVERY_SECONDS:
                said = monotonic()
                self.stderr.write(f"{done:,} of {whole:,} {what}")

        return tell


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise CommandError(f"{name} is no time zone; it is said like Asia/Shanghai") from None


def _report(path: Path, rejected: list[Rejected]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["line", "column", "reason"])
        rows.writerows((one.line, one.column, one.reason) for one in rejected)
