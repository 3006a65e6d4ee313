"""Feedback: a problem is a matter that must be settled; ideas and thanks are answered; figures tell of it."""

from datetime import timedelta

import pytest
import time_machine

from tests.cast import Cast
from tests.matters.test_telling import _codes, deliver
from tests.matters.watching import refused, watching
from tests.recognition.showcase.showing import published, running
from xianfeng.foundation.kernel import clock
from xianfeng.matters.operations.claim import accept
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.rating import Stars, rate
from xianfeng.recognition.showcase.models import Feedback
from xianfeng.recognition.showcase.operations import feedback
from xianfeng.recognition.showcase.operations.feedback import about, send
from xianfeng.recognition.showcase.queries import figures, lives
from xianfeng.recognition.showcase.tasks import enforce_limits


def said(cast: Cast, kind: str = "problem", words: str = "秧苗发黄，怎么办？") -> Feedback:
    subject = about(cast.resident, "achievement", published(cast).pk)
    return send(kind, words, subject, by=cast.resident)


def test_a_problem_stands_before_the_pioneer_as_a_need(cast: Cast) -> None:
    subject = about(cast.resident, "live", running(cast).pk)
    with watching() as seen:
        row = send("problem", "第一句\n第二句", subject, by=cast.resident)
    assert row.matter is not None
    assert (row.state, row.matter.state, row.matter.service_code) == ("matter", "offered", "feedback")
    assert subject.live is not None
    assert (row.matter.title, row.matter.offered_to_id, row.live_id) == (
        "第一句",
        cast.pioneer.pk,
        subject.live.pk,
    )
    assert [told.code for told in seen.entries] == ["matter.raised", "feedback.sent"]
    assert seen.tables == {"matters_matter", "showcase_feedback"}


@pytest.mark.parametrize(("stars", "satisfied"), [(5, 1), (4, 1), (3, 0)])
def test_a_problem_counts_as_settled_when_it_is_done_and_as_satisfied_by_its_stars(
    cast: Cast, stars: int, satisfied: int
) -> None:
    row = said(cast)
    assert row.matter is not None

    def told() -> tuple[int, int, int, int]:
        now = figures.figures(figures.Asked())
        return now.feedback, now.problems, now.settled, now.satisfied

    assert told() == (1, 1, 0, 0)
    accept(row.matter.number, by=cast.pioneer.spokesperson)
    report_done(row.matter.number, Report("换了药"), by=cast.pioneer.spokesperson)
    assert told() == (1, 1, 0, 0)
    rate(row.matter.number, Stars(stars, stars, stars), by=cast.resident)
    assert told() == (1, 1, 1, satisfied)


@pytest.mark.parametrize("kind", ["idea", "thanks"])
def test_ideas_and_thanks_are_read_and_answered_by_the_pioneer_or_staff(cast: Cast, kind: str) -> None:
    row = said(cast, kind)
    deliver()
    assert "feedback.sent.author" in _codes(cast.pioneer.spokesperson)
    readers = (cast.resident, cast.pioneer.spokesperson, cast.staff, cast.city_staff)
    assert all(lives.feedback_visible_to(person).filter(pk=row.pk).exists() for person in readers)
    for person in (None, cast.stranger, cast.other_staff):
        assert not lives.feedback_visible_to(person).filter(pk=row.pk).exists()
    with refused("not-found"):
        feedback.answer(row.pk, "好", by=cast.stranger)
    with watching() as seen:
        feedback.answer(row.pk, "谢谢您", by=cast.pioneer.spokesperson)
    assert seen.only("feedback.answered").new == {"state": "answered"}
    deliver()
    assert "feedback.answered.sender" in _codes(cast.resident)


def test_what_nobody_answers_is_listed_for_the_city(cast: Cast) -> None:
    row = said(cast, "idea")
    with time_machine.travel(clock.now() + timedelta(days=8)), watching() as seen:
        enforce_limits()
    assert "feedback.listed" in [told.code for told in seen.entries]
    row.refresh_from_db()
    assert (row.state, row.listed) == ("waiting", True)


def test_nobody_writes_to_themselves_and_nothing_empty(cast: Cast) -> None:
    subject = about(cast.speaker, "pioneer", cast.collective.pk)
    for person in (cast.speaker, cast.member):
        with refused("own-achievement"):
            send("thanks", "自己谢自己", subject, by=person)
    with refused("text-missing", "text"):
        send("idea", " ", subject, by=cast.resident)
    with refused("feedback-kind-unknown", "kind"):
        send("anger", "！", subject, by=cast.resident)


def test_figures_are_narrowed_by_county_and_year_of_the_citys_own_calendar(cast: Cast) -> None:
    published(cast)
    published(cast, cast.second, title="别处的")
    year = clock.now().year

    def count(**asked: object) -> int:
        return figures.figures(figures.Asked(**asked)).achievements  # type: ignore[arg-type]

    assert [count(), count(area=cast.here), count(area=cast.there), count(area=cast.city)] == [2, 1, 1, 2]
    assert [count(year=year), count(year=year - 1), count(area=cast.here, year=year)] == [2, 0, 1]


def test_every_figure_is_the_number_of_its_rows(cast: Cast) -> None:
    said(cast)
    said(cast, "thanks")
    running(cast)
    asked, now = figures.Asked(), figures.figures(figures.Asked())
    for name, rows in figures.LISTS.items():
        assert rows(asked).count() == getattr(now, {"benefit": "benefits"}.get(name, name)), name


def test_the_new_year_begins_when_it_does_in_the_city(cast: Cast) -> None:
    with time_machine.travel("2026-12-31T16:30:00+00:00"):  # half an hour into 2027 in Huzhou
        published(cast)
    assert figures.figures(figures.Asked(year=2027)).achievements == 1
    assert figures.figures(figures.Asked(year=2026)).achievements == 0
