"""xianfeng cockpit check [--repair] | rebuild"""

from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from xianfeng.doors.cockpit import operations


class Command(BaseCommand):
    help = (
        "The sums of the cockpit (docs/cockpit.md). `check` counts everything anew from the matters and the record and "
        "says what differs; with --repair it is put right. `rebuild` counts from the beginning. Boards are read on "
        "meanwhile; events wait."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        check = what.add_parser("check", help="hold the sums against a recount; exit 1 if they differ")
        check.add_argument("--repair", action="store_true", help="put right what differs")
        what.add_parser("rebuild", help="count everything from the beginning")

    def handle(self, *_: Any, **options: Any) -> None:
        start = monotonic()
        if options["what"] == "rebuild":
            self.stdout.write(f"{operations.rebuild()} matters counted ({monotonic() - start:.1f} s)")
            return
        found = operations.repair() if options["repair"] else operations.check()
        took = f"({monotonic() - start:.1f} s)"
        left = f"; {found.waiting} matters wait for the worker" if found.waiting else ""
        if found.holds:
            self.stdout.write(f"all sums are those of a recount{left} {took}")
            return
        told = f"{found.facts} matters, {found.rollups} sums and {found.spots} cells differ{left} {took}"
        if not options["repair"]:
            raise CommandError(f"{told}: run `xianfeng cockpit check --repair`")
        self.stdout.write(f"put right: {told}")
