"""xianfeng areas load | import | import-grids | merge"""

from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from xianfeng.foundation.kernel.refusals import Refused, sentence
from xianfeng.foundation.places import operations
from xianfeng.foundation.places.datum import Datum
from xianfeng.foundation.places.reading import Faulty
from xianfeng.foundation.places.survey import Finding

_SHOWN = 50
_DATUM = "what the file's coordinates are in"


class Command(BaseCommand):
    help = (
        "The tree of areas. `load` loads the served city from the catalogue; `import FILE` takes an official "
        "file in its place (CSV in UTF-8: code, parent_code, level, name and, if known, name_en, lat, lon). "
        "`import-grids FILE` takes grids and micro-grids of a GeoJSON file, `merge CODE INTO` one cell into its "
        "neighbour. All but the last may be repeated: areas are known by code. Nothing is changed when a file has a "
        "fault; every fault is told with its line."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("load", help="load the areas and boundaries of the catalogue")
        taken = what.add_parser("import", help="take an official file of areas")
        taken.add_argument("file", type=Path, help="areas, CSV in UTF-8")
        taken.add_argument(
            "--boundaries", type=Path, help="GeoJSON FeatureCollection; properties.code names the area"
        )
        taken.add_argument(
            "--datum", choices=[one.value for one in Datum], default=Datum.WGS84.value, help=_DATUM
        )
        drawn = what.add_parser("import-grids", help="take grids and micro-grids of a GeoJSON file")
        drawn.add_argument("file", type=Path, help="GeoJSON; docs/grids.md says what each feature tells")
        drawn.add_argument(
            "--datum", choices=[one.value for one in Datum], default=Datum.WGS84.value, help=_DATUM
        )
        drawn.add_argument("--look", action="store_true", help="tell gaps and overlaps, write nothing")
        merged = what.add_parser("merge", help="merge a cell into its neighbour")
        merged.add_argument("code", help="the cell that goes")
        merged.add_argument("into", help="the cell that takes it in")
        taken.add_argument("--complete", action="store_true", help="retire areas that the file does not name")

    def handle(self, *_: Any, **options: Any) -> None:
        start = monotonic()
        if options["what"] == "merge":
            self._merge(options["code"], options["into"])
            return
        try:
            loaded = self._grids(options) if options["what"] == "import-grids" else self._load(options)
        except Faulty as faulty:
            lines = [str(fault) for fault in faulty.faults[:_SHOWN]]
            more = len(faulty.faults) - len(lines)
            tail = [f"… and {more} more"] if more > 0 else []
            raise CommandError("\n".join(["nothing was changed:", *lines, *tail])) from None
        except OSError as fault:
            raise CommandError(f"{fault.filename}: {fault.strerror}") from None
        if loaded is None:
            return
        self.stdout.write(
            f"{loaded.total} areas: {loaded.added} added, {loaded.changed} changed, {loaded.retired} retired "
            f"({monotonic() - start:.1f} s)"
        )

    def _grids(self, options: dict[str, Any]) -> operations.Loaded | None:
        """Take a file of cells; tell every gap, and refuse what overlaps."""
        text = options["file"].read_text(encoding="utf-8-sig")
        if options["look"]:
            self._tell(operations.look_at_grids(text, datum=options["datum"]).findings)
            return None
        try:
            loaded, drawing = operations.draw_grids(text, datum=options["datum"])
        except operations.Overlapping as refused:
            lines = [str(one) for one in refused.drawing.refused[:_SHOWN]]
            raise CommandError("\n".join(["nothing was changed:", *lines])) from None
        self._tell(drawing.findings)
        return loaded

    def _tell(self, findings: list[Finding]) -> None:
        for one in findings:
            self.stdout.write(str(one))
        if not findings:
            self.stdout.write("no gaps, no overlaps")

    def _merge(self, code: str, into: str) -> None:
        try:
            stays = operations.merge_area(code, into)
        except Refused as refused:
            raise CommandError(sentence(refused.refusal, "en")) from None
        self.stdout.write(f"{code} is part of {stays.code} now")

    def _load(self, options: dict[str, Any]) -> operations.Loaded:
        if options["what"] == "load":
            return operations.load_catalogue()
        return operations.import_areas(
            options["file"],
            boundaries=options["boundaries"],
            datum=options["datum"],
            complete=options["complete"],
        )
