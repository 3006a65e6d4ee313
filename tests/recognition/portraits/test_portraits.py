"""What a portrait says of somebody: true counts, nothing private, as many statements however much was done."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, closed, done, need, somebody
from tests.matters.test_telling import deliver
from tests.matters.watching import watching
from tests.recognition.showcase.showing import adopted, published
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.places import cells
from xianfeng.matters.models import Matter, Rating
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.rating import Stars, rate
from xianfeng.recognition.merit import operations as merit
from xianfeng.recognition.merit.models import Month, Place
from xianfeng.recognition.portraits import drawing, lines, paper, shown
from xianfeng.recognition.portraits.queries import portraits
from xianfeng.recognition.portraits.queries.counted import Spot
from xianfeng.recognition.portraits.queries.course import Point, months_back


def helped(cast: Cast, pioneer: Pioneer, stars: int = 5, number: int = 300, **more: object) -> Matter:
    """Let a pioneer do something for somebody and be rated."""
    asker = somebody(number)
    matter = claim(need(asker, **more).number, by=pioneer.spokesperson, pioneer=pioneer)  # type: ignore[arg-type]
    report_done(matter.number, Report("换了灯泡"), by=pioneer.spokesperson)
    return rate(matter.number, Stars(stars, stars, stars), by=asker)


def test_specialities_are_what_was_really_done_with_counts_and_stars(cast: Cast) -> None:
    helped(cast, cast.pioneer, 5, category="electric")
    helped(cast, cast.pioneer, 4, category="electric")
    helped(cast, cast.pioneer, 3, category="law")
    done(cast)  # reported, and its asker has not said yet that it is
    counted = portraits.public_portrait(None, cast.pioneer.pk).counted
    assert (counted.done, counted.rated, counted.stars, counted.year) == (3, 3, 4.0, 3)
    assert [
        (one.code, one.done, one.rated, one.stars) for one in counted.kinds if one.code == "electric"
    ] == [("electric", 2, 2, 4.5)]
    assert sum(one.done for one in counted.kinds) == 3
    assert counted.idle_days == 0


def test_a_voided_rating_counts_nowhere_and_reading_writes_nothing(cast: Cast) -> None:
    helped(cast, cast.pioneer, 5)
    bad = helped(cast, cast.pioneer, 1)
    Rating.objects.filter(handling__matter=bad).update(voided_at=clock.now())
    with watching() as seen:
        found = portraits.public_portrait(cast.resident, cast.pioneer.pk)
        context = shown.portrait(found, inside=True)
    assert seen.nothing()
    assert (found.counted.rated, found.counted.stars) == (1, 5.0)
    assert [one.stars for one in context["services"]] == [None, 5.0]


def test_a_service_that_staff_hid_is_counted_and_not_told(cast: Cast) -> None:
    hidden = helped(cast, cast.pioneer, title="不让看的事")
    helped(cast, cast.pioneer, title="大家看的事")
    Matter.objects.filter(pk=hidden.pk).update(hidden=True)
    found = portraits.public_portrait(None, cast.pioneer.pk)
    assert found.counted.done == 2
    assert [one.matter.title for one in found.services] == ["大家看的事"]


def test_the_map_draws_middles_of_cells_within_the_outlines_and_never_a_point_of_a_need(cast: Cast) -> None:
    matter = helped(cast, cast.pioneer, north=0.013, east=0.007)
    helped(cast, cast.pioneer, north=0.013, east=0.007)
    spots = portraits.public_portrait(None, cast.pioneer.pk).counted.spots
    assert [(one.cell, one.done) for one in spots] == [(matter.cell, 2)]
    made = drawing.map_of(spots)
    assert made is not None
    assert [mark.done for mark in made.marks] == [2]
    assert len(made.counties) == 5
    assert all(0 <= one.x <= drawing.WIDTH and 0 <= one.y <= made.height for one in made.counties)
    moved = drawing.map_of([Spot(cells.cell(matter.lat + 0.001, matter.lon), 2)])
    assert moved == made, "a point elsewhere in the cell is drawn at the same place"


def test_the_course_takes_the_last_edition_of_each_month_and_breaks_where_a_month_is_missing(
    cast: Cast,
) -> None:
    at, today = clock.now(), clock.now().date()
    months = months_back(today, 24)
    assert (len(months), months[-1]) == (24, today.replace(day=1))
    closed_months = [(months[3], 1, 50.0), (months[4], 1, 52.0), (months[4], 2, 60.0), (months[9], 1, 70.0)]
    for month, edition, index in closed_months:
        row = Month.objects.create(
            month=month,
            edition=edition,
            version="v1",
            as_of=at,
            closed_at=at,
            pioneers=3,
            mark=f"{month}{edition}",
        )
        Place.objects.create(
            month=row, pioneer=cast.pioneer, rank=edition, index=index, index_without_honours=index, half_width=2.0,
            parts={}, orders=1, evidence=1.0, done=1,
        )  # fmt: skip
    course = portraits.public_portrait(None, cast.pioneer.pk).course
    assert [(one.month, one.index, one.of) for one in course] == [
        (months[3], 50.0, 3), (months[4], 60.0, 3), (months[9], 70.0, 3),
    ]  # fmt: skip
    drawn = drawing.course(course, months)
    assert (len(drawn.dots), len(drawn.lines), len(drawn.bands)) == (3, 1, 1)
    assert drawn.dots[0].y > drawn.dots[1].y > drawn.dots[2].y
    assert all(drawing.TOP <= dot.y <= drawing.BOTTOM for dot in drawn.dots)


def test_months_cross_new_year() -> None:
    assert months_back(date(2027, 1, 31), 3) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    whole = drawing.course([Point(date(2027, 1, 1), 99.0, 5.0, 1, 2)], months_back(date(2027, 1, 31), 24))
    assert whole.lines == []
    assert drawing.TOP <= whole.dots[0].y <= drawing.BOTTOM


def test_the_chain_sums_verified_income_of_all_that_grew(cast: Cast) -> None:
    first = published(cast)
    grown = published(cast, cast.second, title="接着做的", grew_from=first.pk)
    adopted(first, cast.resident, 50_000)
    adopted(grown, cast.resident, 20_000)
    deliver()
    found = portraits.public_portrait(None, cast.pioneer.pk)
    assert [(link.title, link.own, link.depth, link.yuan) for link in found.chains[0].links] == [
        (first.title, True, 0, 50_000), ("接着做的", False, 1, 20_000),
    ]  # fmt: skip
    assert found.chains[0].yuan == 70_000
    assert found.counted.income_yuan == 50_000
    told = lines.sentences(lines.numbers_of(found), lines.STRENGTH, "zh-hans")
    assert "见了效益：帮人增收 50,000 元，都核实过" in told
    assert "带出了后来人：别人在其成果上又做出 1 项" in told


def test_sentences_hold_at_their_bound_and_not_below_it() -> None:
    known = {"rated": 3, "stars": 4.5, "done": 3}
    assert "办得好：3 次打分，平均 4.5 星" in lines.sentences(known, lines.STRENGTH, "zh-hans")
    assert lines.sentences({**known, "stars": 4.49}, lines.STRENGTH, "en") == []
    assert lines.sentences({**known, "rated": 2}, lines.STRENGTH, "en") == []
    assert "Few ratings yet: 3 of 3 done, so the index is not certain" in lines.sentences(
        known, lines.GAP, "en"
    )
    assert lines.sentences({}, lines.GAP, "en") == []


def test_whose_recognition_is_suspended_has_no_public_portrait(cast: Cast) -> None:
    people.suspend(cast.pioneer.pk, by=cast.staff, reason="核实中")
    for reader in (None, cast.resident):
        with pytest.raises(Missing):
            portraits.public_portrait(reader, cast.pioneer.pk)
    assert portraits.public_portrait(cast.pioneer.spokesperson, cast.pioneer.pk).name == "先锋甲"


@pytest.mark.parametrize("rows", [1, 3])
def test_a_portrait_is_read_in_eight_statements(cast: Cast, rows: int) -> None:
    for number in range(rows):
        closed(cast)
        published(cast, title=f"办法{number}")
    merit.refresh(force=True)
    drawing.map_of([])
    with CaptureQueriesContext(connection) as seen:
        shown.portrait(portraits.public_portrait(None, cast.pioneer.pk), inside=True)
    assert len(seen) == 8


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_paper_is_a4_embeds_its_fonts_and_says_what_the_page_says(cast: Cast, language: str) -> None:
    from django.utils.translation import override

    helped(cast, cast.pioneer, title="楼道灯不亮")
    merit.refresh(force=True)
    with override(language):
        context = shown.portrait(portraits.public_portrait(None, cast.pioneer.pk), inside=False)
        made = paper.printed(context)
    assert made.startswith(b"%PDF")
    box = re.search(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", made)
    assert box
    assert (round(float(box[1])), round(float(box[2]))) == (595, 842)
    assert b"/FontFile3" in made
    assert b"/Subtype /CIDFontType0" in made or b"/Subtype/CIDFontType0" in made


def test_years_count_from_today(moment: time_machine.Traveller, cast: Cast) -> None:
    helped(cast, cast.pioneer)
    moment.shift(timedelta(days=366))
    counted = portraits.public_portrait(None, cast.pioneer.pk).counted
    assert (counted.done, counted.year, counted.idle_days) == (1, 0, 366)
    told = lines.sentences(
        lines.numbers_of(portraits.public_portrait(None, cast.pioneer.pk)), lines.GAP, "zh-hans"
    )
    assert "有一阵没帮了：上一次办成是 366 天前" in told
