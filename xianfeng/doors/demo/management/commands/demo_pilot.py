"""xianfeng demo_pilot"""

from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from xianfeng.doors.demo.pilot.plan import default_year, drawn
from xianfeng.doors.demo.pilot.play import play
from xianfeng.doors.demo.pilot.players import FIRST_MOBILE
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import mobiles
from xianfeng.foundation.people.models import Organisation, Person
from xianfeng.foundation.places import queries as places
from xianfeng.matters.models import Service
from xianfeng.recognition.showcase.queries.figures import Asked, figures


class Command(BaseCommand):
    help = (
        "Replay the pilot year of Deqing through the real operations: problems solved, achievements, bookings, live "
        "broadcasts and feedback, with the figures the newspaper told. Once a database; load the catalogue first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=7, help="which dice: each number plays another year")
        parser.add_argument("--year", type=int, help="which year; without it the last that is long over")

    def handle(self, *_: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("the pilot is played only where XIANFENG_DEMO=1")
        if not (Organisation.objects.exists() and Service.objects.exists()):
            raise CommandError("load the catalogue first: xianfeng catalogue load")
        if Person.objects.filter(mobile_hash=mobiles.found_by(str(FIRST_MOBILE))).exists():
            self.stdout.write("the pilot was played in this database already")
            return
        start, year = monotonic(), options["year"] or default_year(clock.now())
        plan = drawn(options["seed"], year)
        play(plan, lambda words: self.stdout.write(f"  {monotonic() - start:5.1f} s  {words}"))
        told = figures(Asked(places.by_code(plan.data["county"]), year))
        for name, value in told.__dict__.items():
            self.stdout.write(f"  {name}: {value}")
