"""xianfeng keys status | prepare | rotate | drop"""

from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from xianfeng.foundation.kernel import generations, rotation


class Command(BaseCommand):
    help = (
        "Keys that seal mobile numbers and doors (docs/privacy.md). `rotate` draws a new one and seals everything anew "
        "while the service runs; stopped, it goes on where it was. On several machines `prepare` first, carry var/keys "
        "to all of them, then `rotate` on one and carry it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("status", help="say how many fields are sealed with which key")
        what.add_parser("prepare", help="draw the next key, to be read with but not used yet")
        what.add_parser("rotate", help="use the next key and seal everything anew")
        drop = what.add_parser("drop", help="delete a key that seals nothing any more; backups need it")
        drop.add_argument("number", type=int, help="as `keys status` shows it")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['what']}")(options)
        except rotation.Busy:
            raise CommandError("another rotation is running; it does all there is to do") from None
        except ValueError as fault:
            raise CommandError(str(fault)) from None

    def _status(self, _: dict[str, Any]) -> None:
        counts, newest, waiting = rotation.counts(), generations.newest(), generations.prepared()
        for number in sorted({*counts, *generations.numbers()}):
            words = " (in use)" if number == newest else " (prepared)" if number == waiting else ""
            lost = "" if number in generations.numbers() else " (the key is not here)"
            self.stdout.write(f"key {number}{words}{lost}: {counts.get(number, 0)} fields")

    def _prepare(self, _: dict[str, Any]) -> None:
        number = generations.prepare()
        self.stdout.write(
            f"key {number} is prepared in {generations.folder()}; carry it everywhere, then rotate"
        )

    def _rotate(self, _: dict[str, Any]) -> None:
        start = monotonic()
        number, count = rotation.rotate(self._progress)
        self.stdout.write(f"{count} fields sealed anew with key {number} ({monotonic() - start:.1f} s)")
        for old in (one for one in generations.numbers() if 0 < one < number):
            self.stdout.write(f"key {old} seals nothing any more; `keys drop {old}` once no backup needs it")

    def _progress(self, count: int) -> None:
        if count and count % 10_000 == 0:
            self.stderr.write(f"{count:,} fields")

    def _drop(self, options: dict[str, Any]) -> None:
        number = options["number"]
        if number not in generations.numbers() or number == 0:
            raise CommandError(f"there is no key {number} to drop")
        if number in {generations.newest(), generations.prepared()} or rotation.counts().get(number):
            raise CommandError(f"key {number} is in use: `keys rotate` first")
        generations.drop(number)
        self.stdout.write(f"key {number} is deleted")
