"""xianfeng areas load | import"""

from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from xianfeng.foundation.places import operations
from xianfeng.foundation.places.datum import Datum
from xianfeng.foundation.places.reading import Faulty

_SHOWN = 50


class Command(BaseCommand):
    help = (
        "The tree of areas. `load` loads the served city from the catalogue; `import FILE` takes an official "
        "file in its place (CSV in UTF-8: code, parent_code, level, name and, if known, name_en, lat, lon). "
        "Both may be repeated: areas are known by code. Nothing is changed when a file has a fault; every "
        "fault is told with its line."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("load", help="load the areas and boundaries of the catalogue")
        taken = what.add_parser("import", help="take an official file of areas")
        taken.add_argument("file", type=Path, help="areas, CSV in UTF-8")
        taken.add_argument(
            "--boundaries", type=Path, help="GeoJSON FeatureCollection; properties.code names the area"
        )
        taken.add_argument("--datum", choices=[one.value for one in Datum], default=Datum.WGS84.value)
        taken.add_argument("--complete", action="store_true", help="retire areas that the file does not name")

    def handle(self, *_: Any, **options: Any) -> None:
        start = monotonic()
        try:
            loaded = self._load(options)
        except Faulty as faulty:
            lines = [str(fault) for fault in faulty.faults[:_SHOWN]]
            more = len(faulty.faults) - len(lines)
            tail = [f"… and {more} more"] if more > 0 else []
            raise CommandError("\n".join(["nothing was changed:", *lines, *tail])) from None
        except OSError as fault:
            raise CommandError(f"{fault.filename}: {fault.strerror}") from None
        self.stdout.write(
            f"{loaded.total} areas: {loaded.added} added, {loaded.changed} changed, {loaded.retired} retired "
            f"({monotonic() - start:.1f} s)"
        )

    def _load(self, options: dict[str, Any]) -> operations.Loaded:
        if options["what"] == "load":
            return operations.load_catalogue()
        return operations.import_areas(
            options["file"],
            boundaries=options["boundaries"],
            datum=options["datum"],
            complete=options["complete"],
        )
