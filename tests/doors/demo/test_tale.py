"""Bulk loading makes the same rows as operations: the same lives are played both ways and compared."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db.models import Model

from tests.cast import Cast
from xianfeng.doors.demo.city.rows import Ids, Row, copy
from xianfeng.doors.demo.city.tale import TABLES, Books, Tale
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.places import city, locate
from xianfeng.foundation.record import bulk, verify
from xianfeng.foundation.record.models import Entry, Outbox
from xianfeng.matters import services
from xianfeng.matters.models import Matter, Visit
from xianfeng.matters.operations import claim, handling, limits, offers, raising, rating, staff, talking

START = datetime(2041, 3, 2, 1, 30, 0, 250_000, tzinfo=UTC)
HOURS = timedelta(hours=1)


def as_row(pioneer: Pioneer) -> Row:
    return {"id": pioneer.id, "spokesperson_id": pioneer.spokesperson_id, "index": pioneer.index}


@dataclass
class Twice:
    """Plays each step by its operation, and notes what the tale shall do afterwards, at the same instant."""

    cast: Cast
    matter: Matter
    service: str
    offer_id: int | None = None
    offered_to_id: int | None = None
    firm_id: int | None = None
    at: datetime = START
    later: list[Callable[[Tale], None]] = field(default_factory=list)
    visit: Visit | None = None

    @property
    def number(self) -> str:
        return self.matter.number

    @contextmanager
    def moved(self, hours: float, tell: Callable[[Tale, datetime], object]) -> Iterator[None]:
        self.at += hours * HOURS
        at = self.at

        def act(tale: Tale) -> None:
            tale.until(at)
            tell(tale, at)

        self.later.append(act)
        with time_machine.travel(at, tick=False):
            yield

    def limit(self, hours: float) -> None:
        """Let the worker come by exactly when the limit passes, after `hours`."""
        with self.moved(hours, lambda _tale, _at: None):
            assert limits.enforce(self.number)


@pytest.fixture
def given(cast: Cast) -> Cast:
    return cast


def _need(**more: Any) -> raising.Need:
    lat, lon = city.served().lat, city.served().lon
    return raising.Need(
        title="灯坏了", text="楼道黑了三天", category="electric", lat=lat, lon=lon, datum="wgs84", **more
    )


def _asked(matter: Matter) -> Row:
    return {
        "title": "灯坏了", "text": "楼道黑了三天", "category": "electric", "lat": matter.lat, "lon": matter.lon,
        "cell": matter.cell, "area_id": matter.area_id, "outside": False, "requester_id": matter.requester_id,
    }  # fmt: skip


def begun(cast: Cast, at: datetime, **more: Any) -> Twice:
    middle = city.served()
    need = raising.Need(
        title="灯坏了",
        text="楼道黑了三天",
        lat=middle.lat,
        lon=middle.lon,
        datum="wgs84",
        category="electric",
        **more,
    )
    by = cast.responsible if more.get("firm_id") else cast.resident
    with time_machine.travel(at, tick=False):
        matter = raising.raise_matter(need, by=by)
    return Twice(
        cast, matter, need.service, need.offer_id, matter.offered_to_id, need.firm_id, at
    )  # fmt: skip


def long_life(cast: Cast, at: datetime) -> Twice:
    """Listed, asked, claimed, a team called, disputed twice, assigned, rated, verified, reopened, closed unrated."""
    t = begun(cast, at)
    one, two, team = cast.pioneer, cast.second, cast.collective
    first, second, speaker = one.spokesperson, two.spokesperson, team.spokesperson
    r1, r2, r3 = as_row(one), as_row(two), as_row(team)
    t.limit(24)
    with t.moved(1, lambda tale, at: tale.message(r1, at, "家里有梯子吗？", by=first.id)):
        talking.send_message(t.number, "家里有梯子吗？", by=first)
    with t.moved(1, lambda tale, at: tale.message(r1, at, "有。", by=cast.resident.id)):
        talking.send_message(t.number, "有。", by=cast.resident, pioneer_id=one.id)
    with t.moved(1, lambda tale, at: tale.claim(r1, at, first_reply="马上来")):
        claim.claim(t.number, by=first, first_reply="马上来")
    with t.moved(1, lambda tale, at: tale.extend(at, "零件要三天", by=cast.city_staff.id)):
        staff.extend(t.number, by=cast.city_staff, reason="零件要三天")
    seen: list[Row] = []
    with t.moved(1, lambda tale, at: seen.append(tale.call_team(r1, r3, at))):
        visit = handling.call_team(t.number, team.id, by=first)
    coming = t.at + 20 * HOURS
    with t.moved(1, lambda tale, at: tale.answer_call(seen[0], r3, at, coming)):
        handling.answer_call(visit.id, by=speaker, visit_at=coming)
    with t.moved(5, lambda tale, at: tale.report(r1, at, "换好了", helpers="同事", benefit_yuan=800, jobs=1)):
        handling.report_done(t.number, handling.Report("换好了", "同事", 800, 1), by=first)
    with t.moved(2, lambda tale, at: tale.dispute(at, "又黑了")):
        rating.dispute(t.number, by=cast.resident, reason="又黑了")
    with t.moved(3, lambda tale, at: tale.report(r1, at, "再换一次")):
        handling.report_done(t.number, handling.Report("再换一次"), by=first)
    with t.moved(2, lambda tale, at: tale.dispute(at, "还是黑")):
        rating.dispute(t.number, by=cast.resident, reason="还是黑")
    with t.moved(2, lambda tale, at: tale.assign(r2, at, by=cast.city_staff.id)):
        staff.assign(t.number, two.id, by=cast.city_staff)
    with t.moved(9, lambda tale, at: tale.report(r2, at, "整条线换了", benefit_yuan=300)):
        handling.report_done(t.number, handling.Report("整条线换了", benefit_yuan=300), by=second)
    with t.moved(9, lambda tale, at: tale.rate(at, (5, 4, 3), "总算好了")):
        rating.rate(t.number, rating.Stars(5, 4, 3, "总算好了"), by=cast.resident)
    with t.moved(1, lambda tale, at: tale.verify_benefit(at, by=cast.city_staff.id)):
        rating.verify_benefit(t.number, by=cast.city_staff, verified=True)
    with t.moved(200, lambda tale, at: tale.reopen(r2, at, "又黑了")):
        rating.reopen(t.number, by=cast.resident, reason="又黑了")
    with t.moved(3, lambda tale, at: tale.report(r2, at, "接头松了", benefit_yuan=300)):
        handling.report_done(t.number, handling.Report("接头松了", benefit_yuan=300), by=second)
    t.limit(168)
    return t


def handed_on(cast: Cast, at: datetime) -> Twice:
    """Ordered, turned down, grabbed, returned at once, grabbed, released, grabbed, lapsed, withdrawn."""
    serving = offers.Serving(title="修灯", skill="electric", times="周末", capacity=2)
    offer = offers.publish(serving, by=cast.pioneer.spokesperson, pioneer=cast.pioneer)
    t = begun(cast, at, service="help-booking", offer_id=offer.id)
    first, second = cast.pioneer.spokesperson, cast.second.spokesperson
    r1, r2 = as_row(cast.pioneer), as_row(cast.second)
    with t.moved(1, lambda tale, at: tale.turn_down(r1, at, "约满了")):
        claim.turn_down(t.number, by=first, reason="约满了")
    with t.moved(1, lambda tale, at: tale.claim(r1, at)):
        claim.claim(t.number, by=first)
    with t.moved(0.01, lambda tale, at: tale.release(r1, at, "")):
        handling.release(t.number, by=first)
    with t.moved(1, lambda tale, at: tale.claim(r1, at)):
        claim.claim(t.number, by=first)
    with t.moved(1, lambda tale, at: tale.release(r1, at, "车坏了")):
        handling.release(t.number, by=first, reason="车坏了")
    with t.moved(1, lambda tale, at: tale.claim(r2, at)):
        claim.claim(t.number, by=second)
    t.limit(72)
    with t.moved(1, lambda tale, at: tale.withdraw(at)):
        raising.withdraw(t.number, by=cast.resident)
    return t


def of_a_firm(cast: Cast, at: datetime) -> Twice:
    """A firm books a pioneer, who accepts, reports a benefit, and is confirmed with the stars."""
    t = begun(cast, at, service="help-booking", pioneer_id=cast.pioneer.id, firm_id=cast.firm.id)
    first, row = cast.pioneer.spokesperson, as_row(cast.pioneer)
    with t.moved(1, lambda tale, at: tale.accept(row, at)):
        claim.accept(t.number, by=first)
    with t.moved(5, lambda tale, at: tale.report(row, at, "机器转了", benefit_yuan=5000)):
        handling.report_done(t.number, handling.Report("机器转了", benefit_yuan=5000), by=first)
    with t.moved(5, lambda tale, at: tale.rate(at, (5, 5, 5), "", confirmed=True)):
        rating.rate(t.number, rating.Stars(5, 5, 5, "", benefit_confirmed=True), by=cast.responsible)
    return t


def declined(cast: Cast, at: datetime) -> Twice:
    """A booking nobody answers, then declined by staff."""
    t = begun(cast, at, service="help-booking", pioneer_id=cast.pioneer.id)
    t.limit(24)
    with t.moved(2, lambda tale, at: tale.decline(at, "归物业管", by=cast.city_staff.id)):
        staff.decline(t.number, by=cast.city_staff, reason="归物业管")
    return t


def merged(cast: Cast, at: datetime) -> Twice:
    """A need that is the same as an earlier one, of which the tale is told first."""
    t = begun(cast, at)
    first: list[Tale] = []
    with time_machine.travel(at + HOURS, tick=False):
        survivor = raising.raise_matter(_need(), by=cast.resident)
    t.later.append(lambda tale: first.append(_again(tale, survivor)))
    with t.moved(2, lambda tale, at: tale.merge(at, first[0], by=cast.city_staff.id)):
        staff.merge(t.number, survivor.number, by=cast.city_staff)
    return t


def _again(tale: Tale, survivor: Matter) -> Tale:
    told = Tale(tale.books, tale.service, _asked(survivor), survivor.raised_at)
    told.close()
    return told


LIVES = {
    "merged": merged,
    "long": long_life,
    "handed on": handed_on,
    "of a firm": of_a_firm,
    "declined": declined,
}


def retold(twice: Twice, books: Books) -> Tale:
    """Tell the same life in bulk, beginning with the same ids."""
    asked = _asked(twice.matter) | {
        "offer_id": twice.offer_id, "offered_to_id": twice.offered_to_id, "firm_id": twice.firm_id,
    }  # fmt: skip
    tale = Tale(books, services.current(twice.service), asked, twice.matter.raised_at)
    for tell in twice.later:
        tell(tale)
    tale.close()
    return tale


def stored(model: type[Model]) -> list[Row]:
    return [
        {name: _plain(row[name]) for name in row} for row in model._default_manager.order_by("id").values()
    ]


def written(model: type[Model], rows: list[Row]) -> list[Row]:
    fields = model._meta.concrete_fields
    whole = [
        {f.attname: _plain(row[f.attname] if f.attname in row else f.get_default()) for f in fields}
        for row in rows
    ]
    return sorted(whole, key=lambda row: row["id"])


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


@pytest.mark.parametrize("name", LIVES)
def test_a_life_told_in_bulk_has_the_rows_that_operations_write(given: Cast, name: str) -> None:
    starts = {model: Ids(model) for model in TABLES}
    for ids in starts.values():
        ids.close()
    played = LIVES[name](given, START)
    books = Books(ids={model: Ids(model, start=ids.last + 1) for model, ids in starts.items()})
    tale = retold(played, books)
    for model in TABLES:
        assert written(model, books.rows[model]) == stored(model), model.__name__
    entries = Entry.objects.filter(subject_kind="matter", subject_id=played.matter.id).order_by("position")
    assert [tuple(entry[:3]) + tuple(entry[3:9]) for entry in tale.chain.entries] == list(
        entries.values_list(
            "at", "subject_kind", "subject_id", "position", "actor_kind", "actor_id", "code", "old", "new"
        )
    )
    assert [entry[9] for entry in tale.chain.entries] == [bytes(entry.hash) for entry in entries]
    held = {pioneer.id: pioneer.held for pioneer in Pioneer.objects.all() if pioneer.held}
    assert {pioneer: count for pioneer, count in books.held.items() if count} == held


def test_what_is_copied_stands_in_the_database_and_the_record_holds(given: Cast) -> None:
    books = Books()
    service = services.current("help-open")
    middle = city.served()
    place = locate.locate(middle.lat, middle.lon)
    asked = {
        "title": "灯坏了", "lat": middle.lat, "lon": middle.lon, "cell": 1, "area_id": place.area.id,
        "requester_id": given.resident.id,
    }  # fmt: skip
    tale = Tale(books, service, asked, START)
    tale.claim(as_row(given.pioneer), START + HOURS)
    chain = tale.close()
    for model in TABLES:
        copy(model, books.rows[model], ids=books.ids[model])
    assert bulk.save([chain], dispatched=True) == 2
    assert not list(verify.findings())
    assert Outbox.objects.filter(subject_kind="matter", dispatched=True).count() == 2
    with time_machine.travel(START + 2 * HOURS, tick=False):
        assert given.pioneer.id == Matter.objects.get().taken_by_id
        Pioneer.objects.filter(pk=given.pioneer.pk).update(held=1)
        handling.report_done(
            Matter.objects.get().number, handling.Report("好了"), by=given.pioneer.spokesperson
        )
        raising.raise_matter(
            raising.Need(title="还有一件", lat=middle.lat, lon=middle.lon, datum="wgs84"), by=given.resident
        )
    assert not list(verify.findings())
    assert Person.objects.filter(pk=given.resident.pk).exists()
