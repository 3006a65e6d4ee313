"""xianfeng index score | refresh | recompute | explain | close"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Refused, sentence
from xianfeng.foundation.people.models import Pioneer
from xianfeng.recognition.merit import files, operations, queries
from xianfeng.recognition.merit.queries import Explained

SAME = 1e-6  # points
UNUSABLE = 2  # the exit code for files or arguments that cannot be used


class Command(BaseCommand):
    help = (
        "The pioneer index (docs/index.md). `score` works on files and needs no database; `refresh` scores the city "
        "if anything moved since the last run, as the worker does; `recompute` works all out from scratch, with Ibis "
        "on DuckDB or Spark, and compares; `explain` takes the index of one pioneer apart, "
        "order by order; `close` freezes the ranking of a month."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        score = what.add_parser("score", help="score the tables in a folder (no database)")
        score.add_argument(
            "directory", type=Path, metavar="DIR", help="holds ratings.csv, activity.csv, honours.csv"
        )
        score.add_argument("out", type=Path, metavar="OUT.csv", help="is written: pioneer_id,score")
        score.add_argument(
            "--today", type=int, metavar="N", help="day on the files' axis (the latest in them)"
        )
        score.add_argument("--explain", action="store_true", help="write the parts too")
        refresh = what.add_parser("refresh", help="score the city")
        refresh.add_argument("--force", action="store_true", help="also when nothing moved")
        again = what.add_parser("recompute", help="work everybody's index out from scratch and compare")
        again.add_argument("--as-of", type=_instant, metavar="INSTANT", help="ISO date or instant (now)")
        again.add_argument("--engine", choices=["duckdb", "spark"], default="duckdb")
        again.add_argument(
            "--files", type=Path, metavar="DIR", help="tables of the file contract, not the database"
        )
        again.add_argument("--out", type=Path, metavar="OUT.csv", help="write pioneer_id,score and the parts")
        explain = what.add_parser("explain", help="tell what one pioneer's index is made of")
        explain.add_argument("pioneer", type=int, help="the pioneer's id, as in the address of the page")
        close = what.add_parser("close", help="freeze the ranking of a month that is over")
        close.add_argument("month", type=_month, metavar="YYYY-MM")
        close.add_argument(
            "--correct", action="store_true", help="work it out anew; a new edition if it differs"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        getattr(self, f"_{options['what']}")(options)

    def _score(self, options: dict[str, Any]) -> None:
        try:
            scores = files.score_directory(
                options["directory"], options["out"], today=options["today"], explain=options["explain"]
            )
        except (files.FileProblem, OSError) as problem:
            raise CommandError(str(problem), returncode=UNUSABLE) from None
        self.stderr.write(
            f"{len(scores.pioneer)} pioneers scored with {scores.version}, today {scores.today:.0f}"
        )

    def _refresh(self, options: dict[str, Any]) -> None:
        run = operations.refresh(force=options["force"])
        if run is None:
            self.stdout.write("nothing moved since the last run (--force runs anyway)")
            return
        self.stdout.write(
            f"{run.pioneers} pioneers scored with {run.version} over {run.orders} orders of {run.raters} raters "
            f"({run.seconds:.2f} s)"
        )

    def _recompute(self, options: dict[str, Any]) -> None:
        from xianfeng.recognition.merit.scratch import again

        at = options["as_of"] or clock.now()
        try:
            with Progress(self.stderr, again.STEPS) as told:
                found = again.of_files(options["files"], options["engine"], told) if options["files"] else (
                    again.of_database(at, options["engine"], told)
                )  # fmt: skip
        except ImportError as missing:
            raise CommandError(
                f"{missing}; docs/index.md says what Spark needs", returncode=UNUSABLE
            ) from None
        except (files.FileProblem, OSError) as problem:
            raise CommandError(str(problem), returncode=UNUSABLE) from None
        if options["out"]:
            files.write_scores(found.named, options["out"], explain=True)
        self.stdout.write(f"{len(found.pioneer)} pioneers, {found.orders} orders, {found.scores.version}")
        if not options["files"] and options["as_of"] is None:
            self._compare(again.gap(found))

    def _compare(self, gap: float | None) -> None:
        if gap is None:
            self.stdout.write("nobody was scored today: run `xianfeng index refresh`, then compare again")
        elif gap > SAME:
            raise CommandError(f"the standing differs from this by up to {gap:.2e} points", returncode=1)
        else:
            self.stdout.write(f"the standing is the same (to {gap:.0e} points)")

    def _close(self, options: dict[str, Any]) -> None:
        try:
            closing = operations.correct_month if options["correct"] else operations.close_month
            month = closing(options["month"])
        except Refused as refused:
            raise CommandError(sentence(refused.refusal, "en"), returncode=UNUSABLE) from None
        self.stdout.write(
            f"{month.month:%Y-%m}, edition {month.edition}: {month.pioneers} places with {month.version}, "
            f"closed {month.closed_at:%Y-%m-%d %H:%M} UTC"
        )

    def _explain(self, options: dict[str, Any]) -> None:
        pioneer = Pioneer.objects.filter(pk=options["pioneer"]).first()
        if pioneer is None:
            raise CommandError(f"there is no pioneer {options['pioneer']}")
        told = queries.explain(pioneer)
        if told is None:
            raise CommandError(f"{pioneer.name} has not been scored yet: run `xianfeng index refresh`")
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
            self.stdout.write(f"{honour.points:+8.3f}  honoured at the level of {honour.level}")
        for activity in told.activities:
            self.stdout.write(f"{activity.points:+8.3f}  {activity.kind}")
        self.stdout.write(f"{told.total:8.3f}  sum")


class Progress:
    """Tells the steps of a long run as they end: a bar on a terminal, lines elsewhere."""

    def __init__(self, out: Any, steps: Sequence[str]) -> None:
        self._out, self._steps, self._start = out, steps, monotonic()
        self._bar = out.isatty()

    def __enter__(self) -> Self:
        self("")
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._out.write("")

    def __call__(self, step: str) -> None:
        """Tell that `step` has ended; '' before the first."""
        done = self._steps.index(step) + 1 if step else 0
        took = monotonic() - self._start
        if self._bar:
            blocks = 24 * done // len(self._steps)
            todo = self._steps[done] if done < len(self._steps) else "done"
            bar = "█" * blocks + "░" * (24 - blocks)
            self._out.write(f"\r{bar} {done}/{len(self._steps)} {took:6.1f} s  {todo:<24}", ending="")
        elif step:
            self._out.write(f"{step} ({took:.1f} s)")


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")
