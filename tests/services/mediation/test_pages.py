"""The pages and the API of mediation, as people use them: no script, both languages, few statements."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, somebody
from tests.doors.portal.browsers import signed, text
from tests.services.mediation.playing import MOBILE, agreed, mediator, opened, promise, proposed, talking
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import steps as people
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import tree
from xianfeng.services.mediation import numbers, queries
from xianfeng.services.mediation.models import Case, Duty, Hearing, Lecture, Lesson, Talk
from xianfeng.services.mediation.operations import hearings, lessons
from xianfeng.services.mediation.operations import talking as talks

MOST = 12


@pytest.fixture(autouse=True)
def plain_files(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Static files need not have been collected, and no look at the areas' version falls into a page."""
    store = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES, settings.STATIC_ROOT = {**settings.STORAGES, "staticfiles": store}, tmp_path
    monkeypatch.setattr(tree, "_LOOK_EVERY_SECONDS", 3600.0)


def _api(person: Person) -> Client:
    token = people.open_session(person, "test", clock.now())
    return Client(HTTP_AUTHORIZATION=f"Bearer {token}")


def test_a_case_is_played_from_opening_to_the_last_payment_with_forms_alone(cast: Cast) -> None:
    leader = mediator(cast)
    mine, theirs, his = signed(cast.resident), signed(cast.stranger), signed(leader)
    sent = {
        "service": "court-mediation",
        "title": "门被撞坏了",
        "text": "修要三千",
        "respondents": f"对门 {MOBILE.format(9)}",
    }
    response = mine.post("/court/new", sent)
    number = Case.objects.get().matter.number
    assert response.headers["Location"] == f"/court/{number}"
    page = f"/court/{number}"
    assert "您愿意坐下来谈吗" in text(theirs.get(page))
    assert theirs.post(f"{page}/consent").status_code == 302
    mine.post(f"{page}/say", {"text": "底线两千", "channel": "applicant"})
    assert (
        Talk.objects.count(),
        "底线两千" in text(theirs.get(page)),
        "底线两千" in text(his.get(page)),
    ) == (1, False, True)
    day = numbers.today(clock.now()) + timedelta(days=2)
    his.post(f"{page}/plan", {"day": day.isoformat(), "hour": "10:00", "minutes": "60", "place": "治理事亭"})
    assert "治理事亭" in text(theirs.get(page))
    case = queries.case_for(leader, number)
    payer, receiver = (
        next(one.pk for one in case.parties.all() if one.person == who)
        for who in (cast.stranger, cast.resident)
    )
    filled = {
        "text": "赔三千",
        "rows": "3",
        "payer-0": payer,
        "receiver-0": receiver,
        "amount-0": "3,000.50",
        "day-0": day.isoformat(),
    }
    assert his.post(f"{page}/agreement", filled).status_code == 302
    digest = re.search(r'name="digest"\s+value="(\w+)"', mine.get(page).content.decode())
    assert digest
    for browser in (mine, theirs):
        assert browser.post(f"{page}/sign", {"digest": digest[1]}).status_code == 302
    assert "3,000.50 元" in text(mine.get(page))
    duty = Duty.objects.get()
    assert theirs.post(f"/court/duty/{duty.pk}/say-paid").status_code == 302
    assert mine.post(f"/court/duty/{duty.pk}/paid").status_code == 302
    assert "都做到了" in text(mine.get(page))
    assert queries.case_for(leader, number).state == "kept"
    assert [one.state for one in Hearing.objects.all()] == ["cancelled"]


def test_what_is_refused_is_told_on_the_page_with_what_was_typed(cast: Cast) -> None:
    response = signed(cast.resident).post(
        "/court/new", {"service": "court-mediation", "title": "门坏了", "respondents": "对门"}
    )
    assert response.status_code == 422
    assert "没有找到这家企业" in text(response)
    assert "对门</textarea>" in response.content.decode()


def test_pages_are_english_for_who_reads_english(cast: Cast) -> None:
    case = agreed(cast)
    browser = signed(cast.resident, "en")
    page = text(browser.get(f"/court/{case.matter.number}"))
    assert "It came" in page
    assert "days left to ask" in page
    han = re.findall(
        r"[一-鿿]{4,}", page.replace("车库门被撞坏了", "").replace("倒车撞坏了车库门，修要三千元", "")
    )
    assert [one for one in han if one not in {"赔三千元", "十天内给清", "对门邻居", "调解员甲"}] == []


def _case_page(cast: Cast, rows: int) -> tuple[Person, str]:
    case = talking(cast)
    assert case.mediator is not None
    for at in range(rows):
        talks.say(case.matter.number, f"第 {at} 句", by=cast.resident)
        talks.say(case.matter.number, f"第 {at} 句", by=cast.resident, channel="applicant")
        hearings.plan(case.matter.number, clock.now() + timedelta(days=1 + at), "村里", 60, by=case.mediator)
    proposed(case, *(promise(case, cast.stranger, cast.resident) for _ in range(rows)))
    return cast.resident, f"/court/{case.matter.number}"


def _list_page(cast: Cast, rows: int) -> tuple[Person, str]:
    mediator(cast)
    for _ in range(rows):
        opened(cast)
    return cast.resident, "/court"


def _desk_list(cast: Cast, rows: int) -> tuple[Person, str]:
    _list_page(cast, rows)
    return cast.staff, "/desk/court"


def _desk_case(cast: Cast, rows: int) -> tuple[Person, str]:
    for at in range(rows):
        mediator(cast, 41 + at, f"调解员{at}")
    return cast.staff, f"/desk/court/{opened(cast).matter.number}"


def _lessons_page(cast: Cast, rows: int) -> tuple[Person, str]:
    for _ in range(rows):
        case = talking(cast)
        assert case.mediator is not None
        talks.fail(case.matter.number, "没谈成", by=case.mediator)
        row = lessons.draft(case.matter.number, by=case.mediator)
        lessons.publish(row.pk, by=case.mediator, read=True)
        lessons.announce(row.pk, row.area_id, "治理事亭", clock.now() + timedelta(days=1), by=case.mediator)
    return cast.resident, "/court/lessons"


def _lesson_page(cast: Cast, rows: int) -> tuple[Person, str]:
    _lessons_page(cast, 1)
    row = Lesson.objects.get()
    for _ in range(rows):
        lessons.announce(row.pk, row.area_id, "治理事亭", clock.now() + timedelta(days=1), by=row.drafted_by)
    return cast.resident, f"/court/lessons/{row.pk}"


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("arrange", "statements"),
    [
        (_case_page, 12),
        (_list_page, 4),
        (_desk_list, 7),
        (_desk_case, 9),
        (_lessons_page, 3),
        (_lesson_page, 5),
    ],
)
def test_a_page_asks_the_same_few_statements_at_one_row_and_at_three(
    cast: Cast, arrange: Any, statements: int, rows: int
) -> None:
    person, path = arrange(cast, rows)
    browser = signed(person)
    browser.get(path)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert browser.get(path).status_code == 200
    assert len(seen) == statements, [one["sql"][:90] for one in seen]
    assert len(seen) <= MOST


def test_staff_appoint_and_decline_on_the_desk_and_others_find_nothing(cast: Cast) -> None:
    case = opened(cast)
    leader = mediator(cast)
    desk = f"/desk/court/{case.matter.number}"
    for person in (cast.other_staff, cast.resident, cast.stranger):
        assert signed(person).get(desk).status_code == 404
        assert signed(person).post(f"{desk}/appoint", {"mediator": leader.pk}).status_code == 404
    assert leader.name in text(signed(cast.staff).get(desk))
    assert signed(cast.staff).post(f"{desk}/appoint", {"mediator": leader.pk}).status_code == 302
    assert queries.case_for(cast.staff, case.matter.number).mediator == leader
    assert signed(cast.staff).post(f"{desk}/decline", {"words": "不归这里"}).status_code == 302
    assert "不归这里" in text(signed(cast.stranger).get(f"/court/{case.matter.number}"))


def test_dates_come_as_a_calendar_that_a_phone_reads(cast: Cast) -> None:
    case = talking(cast)
    assert case.mediator is not None
    hearing = hearings.plan(
        case.matter.number, clock.now() + timedelta(days=1), "治理事亭；一楼, 东", 90, by=case.mediator
    )
    address = re.search(
        r'value="http://testserver(/court/calendar/[^"]+)"',
        signed(cast.stranger).get("/court").content.decode(),
    )
    assert address
    feed = Client().get(address[1])
    lines = feed.content.decode().split("\r\n")
    assert feed.headers["Content-Type"].startswith("text/calendar")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert [lines[0], lines[-2], lines[-1]] == ["BEGIN:VCALENDAR", "END:VCALENDAR", ""]
    assert f"UID:hearing-{hearing.pk}@testserver" in lines
    assert "LOCATION:治理事亭；一楼\\, 东" in lines
    assert {"STATUS:CONFIRMED", "SEQUENCE:0"} <= set(lines)
    assert "车库门" not in feed.content.decode()
    hearings.call_off(hearing.pk, by=case.mediator)
    assert {"STATUS:CANCELLED", "SEQUENCE:1"} <= set(Client().get(address[1]).content.decode().split("\r\n"))
    assert Client().get("/court/calendar/forged.ics").status_code == 404


def test_a_lesson_is_read_published_explained_and_attended_on_pages(cast: Cast) -> None:
    case = talking(cast)
    assert case.mediator is not None
    talks.fail(case.matter.number, "没谈成", by=case.mediator)
    his = signed(case.mediator)
    edit = his.post(f"/court/{case.matter.number}/lesson").headers["Location"]
    assert his.post(edit, {"act": "publish"}).status_code == 422
    assert (
        his.post(edit, {"act": "change", "title": "倒车要看清楚", "text": "撞坏了要赔。"}).status_code == 302
    )
    assert his.post(edit, {"act": "publish", "read": "1"}).status_code == 302
    row = Lesson.objects.get()
    page = f"/court/lessons/{row.pk}"
    assert "撞坏了要赔" in text(Client().get(page))
    assert "倒车要看清楚" in text(Client().get("/court/lessons"))
    assert signed(cast.resident).get(edit).status_code == 404
    day = numbers.today(clock.now()) + timedelta(days=1)
    his.post(f"{page}/lecture", {"day": day.isoformat(), "hour": "09:00", "place": "治理事亭"})
    Lecture.objects.update(starts_at=clock.now() - timedelta(minutes=5))
    lecture = Lecture.objects.get()
    assert lecture.code not in text(signed(cast.member).get(page))
    assert (
        signed(cast.member).post(f"/court/lectures/{lecture.pk}/attend", {"code": lecture.code}).status_code
        == 302
    )
    assert his.post(f"/court/lectures/{lecture.pk}/held", {"heads": "36"}).status_code == 302
    assert "来了 36 人" in text(Client().get(page))


def test_a_case_is_played_through_the_api_and_repeated_requests_do_nothing_twice(cast: Cast) -> None:
    mediator(cast)
    mine, theirs = _api(cast.resident), _api(cast.stranger)
    given = {
        "service": "court-mediation", "title": "门被撞坏了", "lat": 30.87, "lon": 120.09,
        "respondents": [{"name": "对门", "mobile": MOBILE.format(9)}],
    }  # fmt: skip
    made = [
        mine.post("/api/v1/cases", given, "application/json", headers={"Idempotency-Key": "one"})
        for _ in range(2)
    ]
    assert [one.status_code for one in made] == [201, 201]
    assert (made[1].headers["Idempotent-Replay"], Case.objects.count()) == ("true", 1)
    path = f"/api/v1/cases/{made[0].json()['number']}"
    assert theirs.post(f"{path}/consent").json()["state"] == "talking"
    said = mine.post(f"{path}/talks", {"text": "底线两千", "channel": "applicant"}, "application/json")
    assert said.status_code == 201
    assert (len(mine.get(f"{path}/talks").json()["items"]), theirs.get(f"{path}/talks").json()["items"]) == (
        1,
        [],
    )
    other = theirs.post(f"{path}/talks", {"text": "偷看", "channel": "applicant"}, "application/json")
    assert other.status_code == 404
    case = queries.case_for(cast.resident, made[0].json()["number"])
    row = proposed(case, promise(case, cast.stranger, cast.resident))
    for client in (mine, theirs):
        told = client.post(f"{path}/sign", {"digest": row.digest}, "application/json").json()
    assert told["state"] == "agreed"
    duty = told["agreement"]["duties"][0]
    assert theirs.post(f"/api/v1/duties/{duty['id']}/confirm").status_code == 404
    assert mine.post(f"/api/v1/duties/{duty['id']}/deny").status_code == 409
    assert mine.post(f"/api/v1/duties/{duty['id']}/confirm").json()["state"] == "paid"
    assert mine.get(path).json()["state"] == "kept"
    assert [_api(somebody(77)).get(one).status_code for one in (path, f"{path}/talks")] == [404, 404]
    assert Client().get("/api/v1/cases").status_code == 401


def test_the_asker_reads_the_matter_beneath_a_case_while_it_runs_and_when_it_has_ended(cast: Cast) -> None:
    case = talking(cast)
    page = f"/need/{case.matter.number}"
    assert "车库门被撞坏了" in text(signed(cast.resident).get(page))
    assert case.mediator is not None
    talks.fail(case.matter.number, "没谈成", by=case.mediator)
    assert signed(cast.resident).get(page).status_code == 200
    assert signed(cast.staff).get(f"/desk/matters/{case.matter.number}").status_code == 200
    for person in (cast.stranger, cast.member, None):
        assert signed(person).get(page).status_code == 404
