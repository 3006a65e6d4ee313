"""xianfeng merit refresh | explain"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from xianfeng.foundation.people.models import Pioneer
from xianfeng.recognition.merit import operations, queries
from xianfeng.recognition.merit.queries import Explained


class Command(BaseCommand):
    help = (
        "The pioneer index (docs/index.md). `refresh` scores the city if anything moved since the last run, as the "
        "worker does every minute; `explain ID` takes the index of one pioneer apart, order by order."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        refresh = what.add_parser("refresh", help="score the city")
        refresh.add_argument("--force", action="store_true", help="also when nothing moved")
        explain = what.add_parser("explain", help="tell what one pioneer's index is made of")
        explain.add_argument("pioneer", type=int, help="the pioneer's id, as in the address of the page")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["what"] == "refresh":
            self._refresh(force=options["force"])
        else:
            self._explain(options["pioneer"])

    def _refresh(self, *, force: bool) -> None:
        run = operations.refresh(force=force)
        if run is None:
            self.stdout.write("nothing moved since the last run (--force runs anyway)")
            return
        self.stdout.write(
            f"{run.pioneers} pioneers scored with {run.version} over {run.orders} orders of {run.raters} raters "
            f"({run.seconds:.2f} s)"
        )

    def _explain(self, pioneer_id: int) -> None:
        pioneer = Pioneer.objects.filter(pk=pioneer_id).first()
        if pioneer is None:
            raise CommandError(f"there is no pioneer {pioneer_id}")
        told = queries.explain(pioneer)
        if told is None:
            raise CommandError(f"{pioneer.name} has not been scored yet: run `xianfeng merit refresh`")
        self._tell(pioneer, told)

    def _tell(self, pioneer: Pioneer, told: Explained) -> None:
        stands = told.standing
        as_of = f"{stands.as_of:%Y-%m-%d %H:%M} UTC"
        self.stdout.write(
            f"{pioneer.name}  {stands.index:.2f} ± {stands.half_width:.1f} ({stands.version}, {as_of}), "
            f"{stands.index_without_honours:.2f} without honours; {stands.orders} orders weigh {stands.evidence:.2f}"
        )
        for part in stands.parts:
            self.stdout.write(
                f"  {part.code:<10}{part.points:8.3f} of {part.most:g}, median of the city {part.median:.3f}"
            )
        self.stdout.write(f"base {told.base:g}")
        for one in told.orders:
            worth = "" if one.verified_yuan is None else f"  {one.verified_yuan:,.0f} yuan verified"
            self.stdout.write(
                f"{one.total:+8.3f}  {one.number:<15} {one.stars} stars  {one.wait_days:.2f} d  weight {one.weight:.3f}"
                f"  (quality {one.quality:+.3f}, volume {one.volume:+.3f}, response {one.response:+.3f}, "
                f"benefit {one.benefit:+.3f}){worth}"
            )
        for honour in told.honours:
            self.stdout.write(f"{honour.points:+8.3f}  recognised at the level of {honour.level}")
        self.stdout.write(f"{told.total:8.3f}  sum")
