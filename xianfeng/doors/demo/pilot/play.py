"""The pilot year, act by act: each thing that happened is done by the operation that does it in the real service."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from xianfeng.doors.demo.pilot.plan import Plan
from xianfeng.doors.demo.pilot.players import Players, enter
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.record import dispatch
from xianfeng.matters.operations.claim import accept, claim
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.raising import Need, raise_matter
from xianfeng.matters.operations.rating import Stars, rate
from xianfeng.recognition.showcase.models import Achievement
from xianfeng.recognition.showcase.operations import achievements, feedback, lives
from xianfeng.recognition.showcase.operations.achievements import Draft
from xianfeng.recognition.showcase.operations.lives import Plan as Broadcast

Say = Callable[[str], None]
_FIVE = Stars(5, 5, 5, "办得好")


def play(plan: Plan, say: Say = lambda _: None) -> Players:
    """Play the whole year, then let what happened be told. Needs areas, organisations and services to be loaded."""
    players = enter(plan)
    say("people entered")
    shown = _achievements(plan, players)
    say(f"{len(shown)} achievements published")
    _count_rows()
    _problems(plan, players)
    _count_rows()
    _bookings(plan, players)
    say("needs and bookings settled")
    _lives(plan, players)
    say("broadcasts over")
    _count_rows()
    _feedback(plan, players, shown)
    say("feedback settled")
    _count_rows()
    while dispatch.run_once():
        pass
    return players


def _count_rows() -> None:
    """Let the planner know how many rows there are by now: a whole year within minutes is more than it notices."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE matters_matter, matters_handling, people_pioneer, people_person, record_entry"
        )


def _steps(begin: datetime, *hours: float) -> Iterator[datetime]:
    """Yield `begin`, then each instant so many hours after the one before."""
    yield begin
    for pause in hours:
        begin += timedelta(hours=pause)
        yield begin


def _achievements(plan: Plan, players: Players) -> list[Achievement]:
    shown: list[Achievement] = []
    for number, begin in enumerate(plan.moments(plan.figure("achievements"))):
        told = plan.data["achievement"][number % len(plan.data["achievement"])]
        author = plan.dice.choice(_able(players, told["skill"]))
        grew = plan.dice.choice(shown).pk if shown and plan.dice.random() < 0.1 else None
        given = Draft(told["kind"], f"{told['title']}（{number + 1}）", told["text"], grew_from=grew)
        days = _steps(begin, 1, 20)
        with clock.at(next(days)):
            row = achievements.draft(given, by=author.spokesperson, pioneer=author)
        with clock.at(next(days)):
            achievements.submit(row.pk, by=author.spokesperson)
        with clock.at(next(days)):
            shown.append(achievements.judge(row.pk, "publish", by=players.staff))
    return shown


def _able(players: Players, skill: str) -> list[Pioneer]:
    return [one for one in players.pioneers if skill in one.skills] or players.pioneers


def _problems(plan: Plan, players: Players) -> None:
    count = plan.figure("solved")
    benefits = plan.shares(plan.figure("benefit_yuan"), count, 100)
    for number, (begin, yuan) in enumerate(zip(plan.moments(count), benefits, strict=True)):
        told = plan.data["problem"][number % len(plan.data["problem"])]
        firm, town = plan.dice.choice(players.firms), plan.dice.choice(players.towns)
        taker, asker = plan.dice.choice(_able(players, told["skill"])), firm.responsible
        days = _steps(begin, 2, 30, 10)
        with clock.at(next(days)):
            need = Need(
                title=f"{told['title']}（{number + 1}）", text=told["text"], lat=town.lat or 0.0, lon=town.lon or 0.0,
                datum="wgs84", category=told["skill"], firm_id=firm.pk,
            )  # fmt: skip
            matter = raise_matter(need, by=asker)
        with clock.at(next(days)):
            claim(matter.number, by=taker.spokesperson, pioneer=taker)
        with clock.at(next(days)):
            report_done(matter.number, Report(told["report"], benefit_yuan=yuan), by=taker.spokesperson)
        with clock.at(next(days)):
            rate(matter.number, Stars(5, 5, 5, "解决了", benefit_confirmed=True), by=asker)


def _bookings(plan: Plan, players: Players) -> None:
    for number, begin in enumerate(plan.moments(plan.figure("bookings"))):
        told = plan.data["booking"][number % len(plan.data["booking"])]
        asker, pioneer = plan.dice.choice(players.residents), plan.dice.choice(players.pioneers)
        days = _steps(begin, 3, 24, 8)
        with clock.at(next(days)):
            need = Need(
                title=told["title"], lat=pioneer.lat, lon=pioneer.lon, datum="wgs84", service="help-booking",
                pioneer_id=pioneer.pk,
            )  # fmt: skip
            number_of = raise_matter(need, by=asker).number
        _settle(number_of, pioneer, asker, "去过了", days)


def _settle(number: str, pioneer: Pioneer, asker: Person, report: str, days: Iterator[datetime]) -> None:
    """Let a booked pioneer accept, report, and be rated."""
    with clock.at(next(days)):
        accept(number, by=pioneer.spokesperson)
    with clock.at(next(days)):
        report_done(number, Report(report), by=pioneer.spokesperson)
    with clock.at(next(days)):
        rate(number, _FIVE, by=asker)


def _lives(plan: Plan, players: Players) -> None:
    count = plan.figure("lives")
    views = plan.shares(plan.figure("views"), count, 100)
    for number, (begin, viewers) in enumerate(zip(plan.moments(count), views, strict=True)):
        told = plan.data["live"][number % len(plan.data["live"])]
        pioneer = plan.dice.choice(players.pioneers)
        given = Broadcast(
            f"{told['title']}（{number + 1}）",
            begin + timedelta(days=2),
            f"https://live.example/pilot/{number + 1}",
        )
        days = _steps(begin, 20, 28, 1)
        with clock.at(next(days)):
            row = lives.propose(given, by=pioneer.spokesperson, pioneer=pioneer)
        with clock.at(next(days)):
            lives.judge(row.pk, "announce", by=players.staff)
        with clock.at(next(days)):
            lives.start(row.pk, by=pioneer.spokesperson)
        with clock.at(next(days)):
            lives.count_viewers(row.pk, [f"pilot:{one}" for one in range(viewers)])
            lives.end(row.pk, by=pioneer.spokesperson)


def _feedback(plan: Plan, players: Players, shown: list[Achievement]) -> None:
    problems, other = plan.figure("problems"), plan.figure("feedback") - plan.figure("problems")
    kinds = ["problem"] * problems + [plan.dice.choice(("idea", "thanks")) for _ in range(other)]
    plan.dice.shuffle(kinds)
    for kind, begin in zip(kinds, plan.moments(len(kinds)), strict=True):
        before = [row for row in shown if row.published_at and row.published_at < begin] or shown[:1]
        about, by = plan.dice.choice(before), plan.dice.choice(players.residents)
        _say(kind, plan.dice.choice(plan.data["said"][kind])["text"], about, by, begin)


def _say(kind: str, words: str, about: Achievement, by: Person, begin: datetime) -> None:
    days: Any = _steps(begin, 3, 20, 6)
    with clock.at(next(days)):
        subject = feedback.About(about.pioneer, achievement=about)
        row = feedback.send(kind, words, subject, by=by)
    if row.matter is not None:
        _settle(row.matter.number, about.pioneer, by, "又去看了一遍，好了", days)
    else:
        with clock.at(next(days)):
            feedback.answer(row.pk, "收到了，谢谢您", by=about.pioneer.spokesperson)
