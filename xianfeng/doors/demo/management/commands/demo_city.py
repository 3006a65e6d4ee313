"""xianfeng demo_city"""

from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from xianfeng.doors.demo.city import build, programs, talks
from xianfeng.doors.demo.pilot import sample
from xianfeng.foundation.people.models import Organisation, Person
from xianfeng.matters.models import Service


class Command(BaseCommand):
    help = (
        "Build the demo city of a seed into an empty database: invented people, half a year of needs with their "
        "whole record. A city of this seed that is there already is left as it is. Load the catalogue first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=7, help="which city: each number makes another one")

    def handle(self, *_: Any, **options: Any) -> None:
        seed, start = options["seed"], monotonic()
        if not settings.DEMO:
            raise CommandError("the demo city is built only where XIANFENG_DEMO=1")
        if build.is_loaded(seed):
            programs.ensure()
            self.stdout.write(f"the city of seed {seed} is there already")
            return
        self._check_empty()

        def say(text: str) -> None:
            self.stdout.write(f"  {monotonic() - start:5.1f} s  {text}")
            self.stdout.flush()

        counts = build.build(seed, say)
        programs.ensure()
        if shown := sample.show():
            say(f"{shown} achievements shown")
        if talked := talks.play():
            say(f"{talked} questions, meetings and proposals played")
        if build.refresh_index():
            say("pioneer index worked out")
        told = ", ".join(f"{name} {count}" for name, count in counts.items())
        say(f"city of seed {seed}: {told}")

    def _check_empty(self) -> None:
        if not (Organisation.objects.exists() and Service.objects.exists()):
            raise CommandError("load the catalogue first: xianfeng catalogue load")
        if Person.objects.exists():
            raise CommandError("people live in this database already: the demo city needs an empty one")
