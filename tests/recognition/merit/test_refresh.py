"""The index over the database: what a run reads, writes and leaves alone, and that it explains itself."""

from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, closed, done, need, recognised, somebody
from tests.matters.watching import watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Person, Pioneer, Recognition
from xianfeng.matters.models import Rating
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.rating import Stars, change_rating, rate, verify_benefit
from xianfeng.matters.operations.voiding import restore_rating, void_rating
from xianfeng.matters.tasks import enforce_limits
from xianfeng.recognition.merit import formula, operations, queries, tables, tasks
from xianfeng.recognition.merit.formula import load
from xianfeng.recognition.merit.models import Account, Run
from xianfeng.recognition.merit.operations import refreshing

PARTS = ("quality", "volume", "response", "benefit", "knowledge", "honours")


def again(pioneer: Pioneer) -> Pioneer:
    return Pioneer.objects.get(pk=pioneer.pk)


def helped(
    asker: Person, pioneer: Pioneer, stars: int, *, yuan: int | None = None, true: bool = False
) -> str:
    """Let `pioneer` do something for `asker`; return the number."""
    matter = claim(need(asker).number, by=pioneer.spokesperson, pioneer=pioneer)
    report_done(matter.number, Report("办好了", benefit_yuan=yuan), by=pioneer.spokesperson)
    rate(matter.number, Stars(stars, stars, stars, benefit_confirmed=true), by=asker)
    return matter.number


def tomorrow_morning() -> datetime:
    """An instant from which some hours still lie within one day of the city."""
    return clock.now().replace(hour=1, minute=0, second=0, microsecond=0) + timedelta(days=1)


def busy(cast: Cast) -> None:
    """A small history: several raters, an individual and a collective, stars high and low, benefit true and claimed."""
    askers = [somebody(100 + number) for number in range(6)]
    for at, asker in enumerate(askers):
        helped(asker, cast.pioneer, 5 - at % 3, yuan=1000 * (at + 1), true=at % 2 == 0)
        helped(asker, cast.collective, 4 + at % 2)
    helped(cast.resident, cast.second, 2, yuan=500)


def test_a_pioneer_of_whom_nothing_is_known_has_48_and_one_county_recognition_more(cast: Cast) -> None:
    Recognition.objects.filter(pioneer=cast.second).update(suspended_at=clock.now())
    operations.refresh()
    assert again(cast.second).index == 48.0
    stands = queries.standing(again(cast.pioneer))
    assert stands is not None
    assert (stands.index, stands.index_without_honours) == (49.0, 48.0)
    assert [(part.code, part.points) for part in stands.parts] == [
        ("quality", 36.0),
        ("volume", 0.0),
        ("response", 6.0),
        ("benefit", 6.0),
        ("knowledge", 0.0),
        ("honours", 1.0),
    ]
    assert (stands.orders, stands.evidence) == (0, 0.0)
    assert stands.half_width == pytest.approx(8.7, abs=0.05)


def test_before_the_first_run_nobody_stands_anywhere(cast: Cast) -> None:
    assert queries.standing(cast.pioneer) is None
    assert queries.explain(cast.pioneer) is None


def test_a_run_writes_standing_accounts_and_itself_and_nothing_else(cast: Cast) -> None:
    busy(cast)
    with time_machine.travel(clock.now(), tick=False), watching() as seen:
        run = operations.refresh()
        assert run is not None
        assert run.as_of == clock.now()
    everybody = set(Pioneer.objects.values_list("id", flat=True))
    assert seen.rows == {
        "merit_run": {run.id},
        "merit_yardsticks": {run.yardsticks_id},
        "merit_account": set(Account.objects.values_list("id", flat=True)),
        "people_pioneer": everybody,
    }
    assert not seen.entries
    assert not seen.outbox
    assert (run.pioneers, run.orders, run.raters) == (len(everybody), 13, 7)


def test_every_pioneer_individual_and_collective_is_told_by_which_formula_and_when(cast: Cast) -> None:
    busy(cast)
    run = operations.refresh()
    assert run is not None
    rows = set(Pioneer.objects.values_list("index_version", "index_as_of"))
    assert rows == {(operations.VERSION, run.as_of)}
    assert again(cast.collective).index != again(cast.pioneer).index != 49.0


def test_the_explanation_sums_to_the_index_for_everybody(cast: Cast) -> None:
    busy(cast)
    operations.refresh()
    for pioneer in Pioneer.objects.all():
        told = queries.explain(pioneer)
        assert told is not None
        assert pioneer.index is not None
        assert abs(told.total - pioneer.index) < 1e-9
        assert abs(sum(part.points for part in told.standing.parts) - pioneer.index) < 1e-9


def test_the_explanation_tells_each_order_with_what_went_in(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        matter = claim(need(cast.resident).number, by=cast.pioneer.spokesperson)
        moment.shift(timedelta(days=2))
        report_done(matter.number, Report("办好了", benefit_yuan=3000), by=cast.pioneer.spokesperson)
        rate(matter.number, Stars(5, 4, 4), by=cast.resident)
        operations.refresh()
    told = queries.explain(again(cast.pioneer))
    assert told is not None
    (one,) = told.orders
    assert (one.number, one.title, one.stars, one.verified_yuan) == (
        matter.number,
        "灯坏了，帮忙看看",
        4,
        None,
    )
    assert one.wait_days == pytest.approx(2.0, abs=1e-6)
    assert [(honour.level, honour.points) for honour in told.honours] == [("county", 1.0)]


def test_what_waited_before_the_claim_does_not_count_against_who_takes_it(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        matter = need(cast.resident)
        moment.shift(timedelta(days=20))
        claim(matter.number, by=cast.pioneer.spokesperson)
        moment.shift(timedelta(hours=6))
        report_done(matter.number, Report("办好了"), by=cast.pioneer.spokesperson)
        rate(matter.number, Stars(5, 5, 5), by=cast.resident)
        given = tables.ratings(clock.now())
    assert (given.finished - given.created).tolist() == pytest.approx([0.25], abs=1e-6)


def test_only_a_verified_benefit_counts(cast: Cast) -> None:
    first = helped(cast.resident, cast.pioneer, 5, yuan=90_000)
    helped(somebody(90), cast.second, 5, yuan=1000, true=True)
    helped(somebody(91), cast.collective, 5, yuan=2000, true=True)
    operations.refresh()
    before = again(cast.pioneer).index_parts["benefit"]
    assert before == 6.0
    verify_benefit(first, by=cast.resident, verified=True)
    operations.refresh()
    assert again(cast.pioneer).index_parts["benefit"] > before


def test_a_firm_is_one_rater_whoever_is_responsible(cast: Cast) -> None:
    matter = need(cast.responsible, firm_id=cast.firm.id)
    claim(matter.number, by=cast.pioneer.spokesperson)
    report_done(matter.number, Report("办好了"), by=cast.pioneer.spokesperson)
    rate(matter.number, Stars(5, 5, 5), by=cast.responsible)
    helped(cast.responsible, cast.pioneer, 5)
    given = tables.ratings(clock.now())
    assert given.rater.tolist() == [-cast.firm.id, cast.responsible.id]
    assert given.rater_checked.tolist() == [1.0, 0.0]


@pytest.mark.parametrize(("stars", "whole"), [((5, 5, 4), 5), ((5, 4, 4), 4), ((1, 1, 2), 1), ((1, 3, 4), 3)])
def test_the_three_stars_speak_through_the_nearest_whole_of_their_mean(
    cast: Cast, stars: tuple[int, int, int], whole: int
) -> None:
    rate(done(cast).number, Stars(*stars), by=cast.resident)
    assert tables.ratings(clock.now()).stars.tolist() == [whole]


def test_one_more_star_never_lowers_the_index(cast: Cast) -> None:
    busy(cast)
    number = helped(cast.stranger, cast.pioneer, 1)
    found: list[float] = []
    for stars in ((1, 1, 1), (2, 1, 1), (2, 2, 2), (3, 3, 2), (4, 3, 3), (4, 4, 4), (5, 5, 4), (5, 5, 5)):
        change_rating(number, Stars(*stars), by=cast.stranger)
        operations.refresh()
        index = again(cast.pioneer).index
        assert index is not None
        found.append(index)
    assert found == sorted(found)
    assert found[0] < found[-1]


def test_the_order_of_rows_does_not_matter(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    busy(cast)
    at = clock.now()
    given = tables.read(at)
    straight = operations.scored(given, at)
    turned = tables.Tables(
        given.ratings.taken(given.ratings.order.argsort()[::-1]), given.honours, given.recognitions,
        given.activities, given.shared, given.pioneers[::-1], given.helped[::-1],
    )  # fmt: skip
    other = operations.scored(turned, at)
    assert abs(straight.total - other.total).max() < 1e-9


def test_nothing_is_done_while_nothing_moved(cast: Cast) -> None:
    busy(cast)
    assert tasks.refresh()
    with (
        watching() as seen,
        CaptureQueriesContext(
            connection,
        ) as said,
    ):
        assert not tasks.refresh()
    assert seen.nothing()
    reads = [row["sql"] for row in said if "merit" in row["sql"] or "matters_" in row["sql"]]
    assert len([sql for sql in reads if "t::text" not in sql]) == 2


@pytest.mark.parametrize("what", ["rating", "changed", "voided", "verified", "recognised", "day"])
def test_whatever_could_move_an_index_is_noticed(cast: Cast, what: str) -> None:
    number = helped(cast.resident, cast.pioneer, 4, yuan=700)
    waits = done(cast, cast.second)
    with time_machine.travel(tomorrow_morning(), tick=False) as moment:
        assert tasks.refresh()
        assert not tasks.refresh()
        if what == "rating":
            rate(waits.number, Stars(4, 4, 4), by=cast.resident)
        elif what == "changed":
            change_rating(number, Stars(4, 5, 3), by=cast.resident)  # the same sum
        elif what == "voided":
            void_rating(
                Rating.objects.get(handling__matter__number=number).id, by=cast.staff, reason="同一个人"
            )
        elif what == "verified":
            verify_benefit(number, by=cast.resident, verified=True)
        elif what == "recognised":
            recognised("新先锋", somebody(77), cast.organisation, cast.staff)
        else:
            moment.shift(timedelta(days=1))
        assert tasks.refresh()


def test_the_index_follows_a_voided_rating_and_its_return(cast: Cast) -> None:
    helped(cast.resident, cast.pioneer, 5)
    operations.refresh()
    before, rating = again(cast.pioneer).index, Rating.objects.get()
    void_rating(rating.id, by=cast.staff, reason="同一个人")
    operations.refresh()
    assert again(cast.pioneer).index == 49.0
    restore_rating(rating.id, by=cast.staff, reason="查过了")
    operations.refresh()
    assert again(cast.pioneer).index == before


def test_what_ends_unrated_is_noticed(cast: Cast) -> None:
    waits, at = done(cast), clock.now()
    before = tables.moved(at, operations.VERSION)
    with time_machine.travel(at + timedelta(minutes=10081), tick=False):
        assert enforce_limits() == 1
    assert Rating.objects.filter(handling__matter=waits).count() == 0
    assert tables.moved(at, operations.VERSION) != before


def test_another_formula_is_noticed_and_told_with_every_score(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks.refresh()
    monkeypatch.setattr(refreshing, "VERSION", "next")
    monkeypatch.setattr(formula, "load", lambda _version: replace(load("v1"), version="next"))
    assert tasks.refresh()
    assert set(Pioneer.objects.values_list("index_version", flat=True)) == {"next"}


def test_a_rating_taken_back_is_noticed_too(cast: Cast) -> None:
    helped(cast.resident, cast.pioneer, 4)
    tasks.refresh()
    Rating.objects.all().delete()
    assert tasks.refresh()
    assert again(cast.pioneer).index == 49.0


def test_what_is_done_is_counted_rated_or_not(cast: Cast) -> None:
    closed(cast)
    with time_machine.travel(clock.now(), tick=False) as moment:
        done(cast)
        moment.shift(timedelta(minutes=10081))
        assert enforce_limits() == 1
    operations.refresh()
    assert (again(cast.pioneer).helped, again(cast.second).helped) == (2, 0)


def test_the_city_s_medians_are_those_of_pioneers_with_orders(cast: Cast) -> None:
    helped(cast.resident, cast.pioneer, 5)
    operations.refresh()
    stands = queries.standing(again(cast.second))
    assert stands is not None
    mine = again(cast.pioneer).index_parts
    assert [part.median for part in stands.parts] == [mine[code] for code in PARTS]
    assert sum(part.most for part in stands.parts) == 100.0


def test_standing_takes_one_statement_and_the_explanation_three_at_one_order_and_at_three(
    cast: Cast,
) -> None:
    for orders in (1, 3):
        while Rating.objects.filter(pioneer=cast.pioneer).count() < orders:
            helped(cast.resident, cast.pioneer, 5)
        operations.refresh()
        pioneer = again(cast.pioneer)
        with CaptureQueriesContext(connection) as said:
            queries.standing(pioneer)
        assert len(said) == 1
        with CaptureQueriesContext(connection) as said:
            told = queries.explain(pioneer)
        assert len(said) == 3
        assert told is not None
        assert len(told.orders) == orders


def test_reading_the_tables_takes_four_statements(cast: Cast) -> None:
    busy(cast)
    with CaptureQueriesContext(connection) as said:
        tables.read(clock.now())
    assert len(said) == 4


def test_of_days_past_the_last_run_is_kept(cast: Cast) -> None:
    with time_machine.travel(tomorrow_morning(), tick=False) as moment:
        for _ in range(3):
            operations.refresh(force=True)
        last = Run.objects.latest("id").id
        moment.shift(timedelta(days=3))
        operations.refresh()
        assert list(Run.objects.order_by("id").values_list("id", flat=True)) == [
            last,
            Run.objects.latest("id").id,
        ]


def test_the_command_scores_and_explains(cast: Cast) -> None:
    helped(cast.resident, cast.pioneer, 5)
    out = StringIO()
    call_command("index", "refresh", stdout=out)
    call_command("index", "refresh", stdout=out)
    call_command("index", "explain", str(cast.pioneer.id), stdout=out)
    assert "over 1 orders of 1 raters" in out.getvalue()
    assert "nothing moved" in out.getvalue()
    assert f"{again(cast.pioneer).index:8.3f}  sum" in out.getvalue()
    with pytest.raises(CommandError, match="there is no pioneer 0"):
        call_command("index", "explain", "0")
