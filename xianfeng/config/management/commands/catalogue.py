"""xianfeng catalogue check [DIR], xianfeng catalogue load [DIR]"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from xianfeng.foundation.people import operations as people
from xianfeng.foundation.places import operations as places
from xianfeng.matters import services
from xianfeng.matters.systems import checking, composing, loading, reading
from xianfeng.matters.systems.faults import Fault, Unfit


class Command(BaseCommand):
    help = (
        "The catalogue. `load` brings areas, organisations and the house's systems into the database, `load DIR` the "
        "system in a folder, also while the house runs; again changes nothing, and a changed service becomes a new "
        "version. `check DIR` tells every mistake of a folder with its file and line."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["check", "load"])
        parser.add_argument("folder", nargs="?", type=Path, help="the folder of one system")
        parser.add_argument("--language", default="zh", choices=["zh", "en"], help="of what is told")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path | None = options["folder"]
        if options["what"] == "check":
            self._check([folder] if folder else composing.paths(), options["language"])
        elif folder:
            self._load(folder, options["language"])
        else:
            self._load_house(options["verbosity"])

    def _check(self, folders: list[Path], language: str) -> None:
        faults = [(folder, fault) for folder in folders for fault in checking.check(reading.read(folder))]
        self._tell(faults, language)
        self.stdout.write(f"{len(folders)} ok")

    def _tell(self, faults: list[tuple[Path, Fault]], language: str) -> None:
        for folder, fault in faults:
            self.stderr.write(f"{folder.name}/{fault.told(language)}")
        if faults:
            raise CommandError(str(len(faults)), returncode=1)

    def _load(self, folder: Path, language: str) -> None:
        try:
            loaded = loading.load(reading.read(folder))
        except Unfit as unfit:
            self._tell([(folder, fault) for fault in unfit.faults], language)
        else:
            told = f"changed: {', '.join(loaded.changed) or '-'}; withdrawn: {', '.join(loaded.withdrawn) or '-'}"
            self.stdout.write(f"{loaded.system}: {told}")

    def _load_house(self, verbosity: int) -> None:
        areas = places.load_catalogue()
        organisations = people.found_organisations()
        changed = services.load_catalogue()
        if verbosity:
            told = f"areas: {areas}; organisations new: {organisations}; services changed: {changed}"
            self.stdout.write(told)
