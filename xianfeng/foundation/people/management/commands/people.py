"""xianfeng people import"""

from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from xianfeng.foundation.kernel.tables.faults import Faulty, Rejected
from xianfeng.foundation.people.importing import taking
from xianfeng.foundation.people.importing.taking import Outcome, Wishes

_SHOWN = 20


class Command(BaseCommand):
    help = (
        "People (docs/people-import.md). `import FILE` takes an office's list of pioneers in: CSV, CSV.gz or XLSX, "
        "headers in Chinese or English. All lines or none, unless --partial; the same list again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        taken = what.add_parser("import", help="take a list of pioneers in")
        taken.add_argument("file", type=Path, help="CSV, CSV.gz or XLSX")
        taken.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
        taken.add_argument(
            "--partial", action="store_true", help="take in what can be, where lines are rejected"
        )
        taken.add_argument(
            "--rejects",
            type=Path,
            help="write the rejected lines as a CSV to be corrected and taken in again",
        )
        taken.add_argument("--encoding", default="", help="of a CSV that is neither UTF-8 nor GB18030")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            self._import(options)
        except Faulty as fault:
            raise CommandError(f"nothing was changed: {fault}") from None
        except OSError as fault:
            raise CommandError(f"{fault.filename}: {fault.strerror}") from None
        except LookupError as fault:
            raise CommandError(str(fault.args[0])) from None

    def _import(self, options: dict[str, Any]) -> None:
        start, wishes = monotonic(), Wishes(partial=options["partial"])
        table = taking.looked_at(options["file"], options["encoding"])
        outcome = taking.preview(table, wishes) if options["dry_run"] else taking.apply(table, wishes)
        self._tell(outcome)
        if options["rejects"] and outcome.rejected:
            options["rejects"].write_text(
                taking.rejects(table, outcome.rejected), encoding="utf-8-sig", newline=""
            )
        self.stdout.write(_sum(outcome, dry=options["dry_run"], seconds=monotonic() - start))
        if outcome.rejected and not outcome.written and not options["dry_run"]:
            raise CommandError("nothing was changed: correct these lines, or say --partial")

    def _tell(self, outcome: Outcome) -> None:
        self.stdout.write(f"read as {outcome.read_as}; header in line {outcome.header_line}")
        for name, column in outcome.mapping:
            self.stdout.write(f"  {name or '(blank)'} → {column or '—'}")
        for heading, told in (("noted", outcome.notes), ("rejected", outcome.rejected)):
            self._list(heading, told)

    def _list(self, heading: str, told: list[Rejected]) -> None:
        for one in told[:_SHOWN]:
            self.stderr.write(f"{heading}: {one}")
        if (more := len(told) - _SHOWN) > 0:
            self.stderr.write(f"{heading}: … and {more} more")


def _sum(outcome: Outcome, *, dry: bool, seconds: float) -> str:
    would = "" if outcome.written else ", if it were taken in" if dry or outcome.rejected else ""
    return (
        f"{outcome.new} recognitions new, {outcome.changed} changed, {outcome.unchanged} as they stand, "
        f"{outcome.members} members added, {len(outcome.rejected)} lines rejected{would} ({seconds:.1f} s)"
    )
