"""What becomes of a need in the demo city: a plot goes on until it reaches this moment, and stops there."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log
from random import Random

from xianfeng.doors.demo.city import draw
from xianfeng.doors.demo.city.choosing import Choosing
from xianfeng.doors.demo.city.people import Town
from xianfeng.doors.demo.city.rows import Row
from xianfeng.doors.demo.city.tale import Astray, Tale
from xianfeng.matters.states import State

TAKEN_LIMIT = timedelta(days=3)
YUAN = (300, 800, 1200, 2600, 5000, 12_000, 30_000, 86_000)


class Later(Exception):
    """What comes next has not happened yet."""


@dataclass
class Plot:
    """One need on its way. `at` is how far it has come; `kind` raters give nearly always fives (factories)."""

    tale: Tale
    town: Town
    choosing: Choosing
    rng: Random
    at: datetime
    now: datetime
    staff_id: int
    kind: bool = False
    pioneer: Row | None = None

    def play(self, scenes: "Callable[[Plot], None]") -> None:
        """Play `scenes` as far as time allows; then limits run on until now."""
        with suppress(Later, Astray):
            scenes(self)
        with suppress(Later, Astray):
            rescued(self)
        self.tale.until(self.now)

    def wait(self, median_minutes: float, spread: float = 0.9) -> None:
        """Let time pass (log-normal); limits that pass meanwhile are enforced."""
        minutes = self.rng.lognormvariate(log(median_minutes), spread)
        self.at += timedelta(seconds=round(minutes * 60 + 5, 3))
        if self.at > self.now:
            raise Later
        self.tale.until(self.at)

    @property
    def requester(self) -> int:
        """Return the person who asked."""
        return int(self.tale.row["requester_id"])

    def choose(self) -> Row:
        """Return a pioneer for the matter as it stands. Raises Later when nobody is free."""
        category = self.tale.row["category"]
        until = self.at + TAKEN_LIMIT
        row = self.choosing.pioneer(self.rng, self.town, category, self.requester, at=self.at, until=until)
        if row is None:
            raise Later
        return row

    def choose_surely(self) -> Row:
        """Return a pioneer as `choose` does, from the whole city where nobody near is free."""
        try:
            return self.choose()
        except Later:
            until = self.at + TAKEN_LIMIT
            row = self.choosing.somebody(self.rng, self.requester, at=self.at, until=until)
            if row is None:
                raise
            return row

    def ask(self, pioneer: Row) -> None:
        """Ask a question, and mostly get an answer."""
        speaker = pioneer["spokesperson_id"]
        self.tale.message(pioneer, self.at, draw.line(self.rng, "questions"), by=speaker)
        self.wait(12)
        if self.rng.random() < 0.9:
            self.tale.message(pioneer, self.at, draw.line(self.rng, "answers"), by=self.requester)


def withdrawn(plot: Plot) -> None:
    """The requester found a way alone."""
    plot.wait(240)
    plot.tale.withdraw(plot.at)


def declined(plot: Plot) -> None:
    """Staff say that it belongs elsewhere."""
    plot.wait(180, 0.6)
    plot.tale.decline(plot.at, draw.line(plot.rng, "decline_reasons"), by=plot.staff_id)


def nobody(_: Plot) -> None:
    """Nobody has come yet."""


def whole(plot: Plot) -> None:
    """Somebody takes it, does it, and is rated."""
    take(plot)
    if plot.rng.random() < 0.05:
        plot.wait(90)
        plot.tale.release(_taker(plot), plot.at, draw.line(plot.rng, "release_reasons"))
        take(plot)
    try:
        work(plot)
    except Astray:  # the limit passed while they worked: somebody else takes it
        if plot.tale.state != State.OPEN:
            raise
        take(plot)
        work(plot)
    if plot.rng.random() < 0.035:
        _dispute(plot)
    rate(plot)
    if plot.rng.random() < 0.018:
        _reopen(plot)


def rescued(plot: Plot) -> None:
    """Staff go through the list: what nobody took in weeks is put into somebody's hands."""
    plot.tale.until(plot.now)
    if plot.tale.state != State.OPEN or plot.rng.random() < 0.12:
        return
    plot.at = max(plot.at, plot.tale.chain.entries[-1][0])
    plot.wait(8 * 1440, 0.5)
    row = plot.choose()
    plot.tale.assign(row, plot.at, by=plot.staff_id)
    _hold(plot, row)
    work(plot)
    rate(plot)


def _taker(plot: Plot) -> Row:
    if plot.pioneer is None:
        raise Astray("nobody holds it")
    return plot.pioneer


def take(plot: Plot) -> None:
    """A booking is answered; an open need is grabbed, sometimes after a question."""
    if plot.tale.state == State.OFFERED and answer(plot):
        return
    plot.wait(45 if plot.rng.random() > 0.05 else 2000, 1.1)
    row = plot.choose()
    if plot.rng.random() < 0.18:
        plot.ask(row)
        plot.wait(5, 0.4)
    plot.tale.claim(row, plot.at, first_reply=draw.line(plot.rng, "first_replies"))
    _hold(plot, row)


def _hold(plot: Plot, row: Row) -> None:
    plot.pioneer = row
    plot.choosing.keep(row, plot.at, plot.at + TAKEN_LIMIT)


def answer(plot: Plot) -> bool:
    """The pioneer who was asked accepts, turns down, or lets it lapse; tell whether it was accepted."""
    row = plot.pioneer
    if row is None:
        return False
    plot.wait(120, 1.0)
    if plot.tale.state != State.OFFERED:
        return False
    if plot.rng.random() < 0.12 or not plot.choosing.free(row, plot.at, plot.at + TAKEN_LIMIT):
        plot.tale.turn_down(row, plot.at, draw.line(plot.rng, "turn_down_reasons"))
        return False
    plot.tale.accept(row, plot.at)
    _hold(plot, row)
    return True


def work(plot: Plot) -> None:
    """The pioneer works on it, may call a team, and reports."""
    row, rng = _taker(plot), plot.rng
    if rng.random() < 0.2:
        plot.wait(20)
        plot.ask(row)
    if rng.random() < 0.05:
        _team(plot, row)
    if rng.random() < 0.02:
        plot.tale.extend(plot.at, draw.line(rng, "extend_reasons"), by=plot.staff_id)
    plot.wait(900, 0.9)
    report(plot)


def report(plot: Plot) -> None:
    """Report done, sometimes with a benefit claimed."""
    row, rng, category = _taker(plot), plot.rng, plot.tale.row["category"]
    claims = rng.random() < (0.6 if plot.tale.row["firm_id"] else 0.12)
    text = str(rng.choice(draw.load("talk")["reports"].get(category) or ["办好了。"]))
    jobs = rng.choice((None, None, 1, 2, 5)) if category == "work" else None
    plot.tale.report(
        row, plot.at, text, helpers=draw.line(rng, "helpers"), jobs=jobs,
        benefit_yuan=rng.choice(YUAN) if claims else None,
    )  # fmt: skip


def _team(plot: Plot, row: Row) -> None:
    teams = [one for one in plot.town.pioneers if one["kind"] == "collective" and one["id"] != row["id"]]
    if not teams:
        return
    team = plot.rng.choice(teams)
    visit = plot.tale.call_team(row, team, plot.at)
    plot.wait(60)
    coming = plot.at + timedelta(hours=20) if plot.rng.random() < 0.8 else None
    plot.tale.answer_call(visit, team, plot.at, coming)


def rate(plot: Plot) -> None:
    """The requester rates, or forgets and the limit closes it; a benefit may be confirmed then or later."""
    if plot.rng.random() < 0.07:
        return
    plot.wait(400, 1.1)
    row = _taker(plot)
    stars = plot.choosing.stars(plot.rng, row, kind=plot.kind)
    lowest = min(stars)
    words = "five" if lowest == 5 else "four" if lowest == 4 else "three" if lowest == 3 else "low"
    text = str(plot.rng.choice(draw.load("talk")["ratings"][words]))
    confirmed = plot.rng.random() < 0.6
    plot.tale.rate(plot.at, stars, text, confirmed=confirmed)
    handling = plot.tale.handling or {}
    if not confirmed and handling.get("benefit_yuan") and plot.rng.random() < 0.5:
        plot.wait(2000)
        plot.tale.verify_benefit(plot.at, by=plot.staff_id)


def _dispute(plot: Plot) -> None:
    """Not done yet: back to the pioneer; now and then a second time, to staff, who ask another."""
    plot.wait(300)
    plot.tale.dispute(plot.at, draw.line(plot.rng, "dispute_reasons"))
    plot.wait(600, 0.7)
    report(plot)
    if plot.rng.random() < 0.2:
        plot.wait(200)
        plot.tale.dispute(plot.at, draw.line(plot.rng, "dispute_reasons"))
        plot.wait(300, 0.6)
        row = plot.choose()
        plot.tale.assign(row, plot.at, by=plot.staff_id)
        _hold(plot, row)
        plot.wait(900, 0.7)
        report(plot)


def _reopen(plot: Plot) -> None:
    plot.wait(7000, 0.5)
    row = _taker(plot)
    if not plot.choosing.free(row, plot.at, plot.at + TAKEN_LIMIT):
        return
    plot.tale.reopen(row, plot.at, draw.line(plot.rng, "reopen_reasons"))
    plot.choosing.keep(row, plot.at, plot.at + TAKEN_LIMIT)
    plot.wait(900, 0.7)
    report(plot)
    rate(plot)
