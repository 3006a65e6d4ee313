"""xianfeng catalogue load"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from xianfeng.foundation.people import operations as people
from xianfeng.foundation.places import operations as places
from xianfeng.matters import services


class Command(BaseCommand):
    help = (
        "The catalogue. `load` brings areas, organisations and services into the database; again changes nothing, "
        "and a changed service becomes a new version."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["load"])

    def handle(self, *args: Any, **options: Any) -> None:
        areas = places.load_catalogue()
        organisations = people.found_organisations()
        changed = services.load_catalogue()
        if options["verbosity"]:
            self.stdout.write(
                f"areas: {areas}; organisations new: {organisations}; services changed: {changed}"
            )
