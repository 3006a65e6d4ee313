"""xianfeng record verify | checkpoint"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from xianfeng.foundation.record import checkpoints, verify


class Command(BaseCommand):
    help = (
        "The record. `verify` checks every chain (altered rows, missing last rows, missing subjects, chains that were "
        "rewritten since a checkpoint) and ends with 1 if anything is wrong; `checkpoint` writes one now."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify", "checkpoint"])

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["what"] == "checkpoint":
            self.stdout.write(str(checkpoints.write() or "nothing moved since the last checkpoint"))
            return
        found = list(verify.findings())
        for finding in found[:100]:
            self.stdout.write(f"{finding.what}: {finding.kind} {finding.id}, entry {finding.position}")
        if found:
            raise CommandError(f"{len(found)} findings: the record does not hold")
        self.stdout.write(f"the record holds: every chain, every head, {_vouched()}")


def _vouched() -> str:
    count = len(checkpoints.files())
    return (
        f"{count} checkpoint{'s' if count > 1 else ''}"
        if count
        else "no checkpoint yet (only these find rewriting)"
    )
