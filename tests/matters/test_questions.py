"""Questions of a service: asked as data, answered by pages, API and programs alike, shown in words."""

from typing import Any

import pytest

from tests.calling import Caller, served
from tests.cast import Cast, need
from tests.matters.watching import refused, watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.privacy import keepers
from xianfeng.matters import outside, questions, services
from xianfeng.matters.models import Matter, Particulars, Service
from xianfeng.matters.privacy import erasing, telling
from xianfeng.matters.systems import composing

__all__ = ["served"]
LIGHT: dict[str, Any] = {"service": "street-light", "answers": {"fault": ["out"], "lamps": ["2"]}}


def test_answers_are_kept_beside_the_matter_in_the_same_transaction(cast: Cast) -> None:
    with watching() as seen:
        matter = need(cast.resident, "灯不亮", **LIGHT)
    assert seen.only("matter.raised").new == {"offered_to": None, "service": "street-light", "state": "open"}
    assert seen.tables == {"matters_matter", "matters_particulars"}
    assert Particulars.objects.get(matter=matter).answers == {"fault": "out", "lamps": 2}


def test_a_service_fixes_what_its_matters_are_about(cast: Cast) -> None:
    assert need(cast.resident, "坑", service="road-damage").category == "traffic"


def test_a_matter_without_questions_keeps_nothing_beside_it(cast: Cast) -> None:
    need(cast.resident)
    assert not Particulars.objects.exists()


def test_a_missing_answer_is_refused_naming_the_question(cast: Cast) -> None:
    with refused("answer-missing", "fault") as params:
        need(cast.resident, service="street-light")
    assert params == {"question": "灯怎么了"}


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"fault": ["none"]}, "answer-choice", "fault"), ({"fault": ["out", "day"]}, "answer-once", "fault"),
        ({"fault": ["out"], "lamps": ["many"]}, "answer-number", "lamps"),
        ({"fault": ["out"], "lamps": ["1e9"]}, "answer-number", "lamps"),
        ({"fault": ["out"], "since": ["never"]}, "answer-moment", "since"),
        ({"fault": ["out"], "pole": ["长" * 41]}, "text-too-long", "pole"),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_refused(
    cast: Cast, given: dict[str, list[str]], code: str, field: str
) -> None:
    with refused(code, field):
        need(cast.resident, service="street-light", answers=given)


def test_answers_are_shown_in_words_in_the_order_of_the_questions(cast: Cast) -> None:
    service = services.current("rubbish")
    answers = questions.answered(
        service, {"more": ["两天了"], "amount": ["cart"], "kinds": ["rubble", "garden"]}
    )
    shown = questions.shown(service, answers, "zh-hans")
    assert [(one.label, one.answer) for one in shown] == [
        ("是什么垃圾", "建筑垃圾、树枝、杂草"), ("大概多少", "一三轮车"), ("还有什么要说的", "两天了"),
    ]  # fmt: skip
    assert questions.shown(service, answers, "en")[0].answer == "Rubble, Branches and weeds"


def test_a_moment_is_shown_where_the_city_is(cast: Cast) -> None:
    service = services.current("street-light")
    answers = questions.answered(service, {"fault": ["day"], "since": ["2026-05-01T11:30:00Z"]})
    assert questions.shown(service, answers, "zh")[1].answer == "2026-05-01 19:30"


def test_answers_stay_readable_when_the_service_has_changed(cast: Cast) -> None:
    matter = need(cast.resident, "灯不亮", **LIGHT)
    data = {**services.current("street-light").data, "questions": []}
    Service.objects.filter(code="street-light").update(current=False)
    Service.objects.create(code="street-light", version=2, definition=data)
    services.forget()
    assert [one.answer for one in outside.answers(Matter.objects.get(pk=matter.pk), "zh")] == ["不亮", "2"]


def test_the_api_takes_answers_and_shows_them(cast: Cast, served: None) -> None:
    caller, here = Caller(cast.resident), {"lat": 30.89, "lon": 120.09, "datum": "wgs84"}
    given: dict[str, Any] = {**here, "title": "灯不亮", "service": "street-light"}
    caller.post("/matters", given).refused(422, "answer-missing", "fault")
    made = caller.post("/matters", {**given, "answers": {"fault": "flickers", "lamps": 3}})
    assert made.status == 201
    assert Caller().get(f"/matters/{made['number']}")["answers"] == [
        {"question": "灯怎么了", "answer": "一闪一闪"}, {"question": "几盏灯", "answer": "3"},
    ]  # fmt: skip


def test_answers_are_told_to_their_person_and_go_with_them(cast: Cast) -> None:
    need(cast.resident, "灯不亮", **LIGHT)
    assert telling.tell(cast.resident)["needs"][0]["answers"] == "灯怎么了: 不亮; 几盏灯: 2"
    erasing.erase(cast.resident, clock.now())
    assert Particulars.objects.get().answers == {}
    assert "matters" in [keeper.name for keeper in keepers.from_below()]


@pytest.mark.parametrize("name", composing.services_of_the_house())
def test_the_catalogues_questions_are_well_formed(name: str) -> None:
    asked = composing.services_of_the_house()[name].get("questions", [])
    codes = [one["code"] for one in asked]
    assert len(set(codes)) == len(codes)
    for one in asked:
        assert one["kind"] in questions.KINDS
        assert bool(one.get("options")) is one["kind"].startswith("choice")
        assert one["zh"]
        assert one["en"]
        assert not (one["kind"] == "note" and one.get("required"))
