"""代表、委员: studios, questions, policy answers, visits and hours, as residents and keepers open them."""

from datetime import timedelta

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast, somebody
from tests.doors.portal.browsers import field, signed, text
from tests.services.studios.keeping import answered, asked, codes, keeper, leader, posted, published, studio
from tests.services.studios.test_studios import _village as village
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.places import city
from xianfeng.matters.models import Matter
from xianfeng.services.studios.models import Hours, Policy, Question, Visit
from xianfeng.services.studios.operations import keeping
from xianfeng.services.studios.operations.keeping import Sitting


def statements(browser: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


def test_a_resident_finds_the_deputies_of_their_address_asks_and_gives_their_word(cast: Cast) -> None:
    row, middle = studio(cast), city.served()
    cast.resident.lat, cast.resident.lon, cast.resident.area = middle.lat, middle.lon, cast.here
    cast.resident.save()
    browser = signed(cast.resident)
    assert "代表工作室" in text(browser.get("/studios"))
    page = browser.get(f"/studio/{row.pk}/ask")
    given = {"text": "路灯什么时候装？", "private": "0", "key": field(page, "key")}
    to = browser.post(f"/studio/{row.pk}/ask", given)["Location"]
    browser.post(f"/studio/{row.pk}/ask", given)
    question = Question.objects.get()
    assert to == f"/question/{question.pk}"
    keeps = signed(keeper(row))
    assert "路灯什么时候装" in text(keeps.get("/me/questions"))
    keeps.post(f"/question/{question.pk}/answer", {"answer": "下个月装。"})
    assert "得到答复了没有" in text(browser.get(to))
    browser.post(f"/question/{question.pk}/yes")
    question.refresh_from_db()
    assert (question.state, question.word) == ("settled", True)
    assert "下个月装" in text(Client().get(f"/studio/{row.pk}"))


def test_a_private_question_is_no_page_for_anybody_else(cast: Cast) -> None:
    question = answered(cast, private=True, text="我家的事")
    for other in (cast.stranger, cast.city_staff, leader(cast)):
        assert signed(other).get(f"/question/{question.pk}").status_code == 404
        assert signed(other).post(f"/question/{question.pk}/hide").status_code == 404
        assert "我家的事" not in text(signed(other).get("/me/questions"))
    assert Client().get(f"/question/{question.pk}").status_code == 404
    assert "我家的事" not in text(Client().get(f"/studio/{question.studio_id}"))
    assert "我家的事" in text(signed(cast.resident).get(f"/question/{question.pk}"))


def test_a_keeper_hands_a_question_to_a_department_and_sees_the_refusal_where_it_was_typed(
    cast: Cast,
) -> None:
    question = asked(cast)
    keeps = signed(keeper(question.studio))
    wrong = keeps.post(f"/question/{question.pk}/hand-over", {"organisation": "", "title": "装路灯"})
    assert (wrong.status_code, "装路灯" in wrong.content.decode()) == (422, True)
    given = {"organisation": str(cast.organisation.pk), "title": "装路灯"}
    keeps.post(f"/question/{question.pk}/hand-over", given)
    assert Matter.objects.get().charge_id == cast.organisation.pk
    assert codes("question", question.pk)[-1] == "question.handed-over"


def test_a_keeper_sets_hours_writes_an_answer_and_notes_a_visit(cast: Cast) -> None:
    row, official = studio(cast), posted(cast, 63, "village-official", village())
    browser, day = signed(keeper(row)), timezone.localtime() + timedelta(days=2)
    assert browser.get(f"/studio/{row.pk}/keep").status_code == 200
    hours = {"starts_at": f"{day:%Y-%m-%dT09:00}", "minutes": "90", "place": "社区二楼", "until": ""}
    browser.post(f"/studio/{row.pk}/keep/hours", hours)
    browser.post(f"/studio/{row.pk}/keep/policy", {"question": "低保怎么办？", "answer": "到窗口。"})
    past = {
        "visited_at": f"{timezone.localtime() - timedelta(hours=3):%Y-%m-%dT%H:%M}",
        "household": "三号楼一户",
    }
    browser.post(f"/studio/{row.pk}/keep/visit", {**past, "posts": [str(official.pk)]})
    assert (Hours.objects.count(), Policy.objects.get().state, Visit.objects.count()) == (1, "submitted", 1)
    visit = Visit.objects.get()
    assert "三号楼一户" in text(signed(keeper(row)).get("/me/visits"))
    browser.post(f"/me/visits/{visit.pk}/matter", {"title": "修屋顶", "text": ""})
    assert [one.title for one in visit.matters.all()] == ["修屋顶"]
    assert signed(cast.stranger).get(f"/studio/{row.pk}/keep").status_code == 404
    unread = browser.post(f"/studio/{row.pk}/keep/hours", {**hours, "starts_at": "明天"})
    assert unread.status_code == 422


def test_office_hours_come_as_a_calendar(cast: Cast) -> None:
    row = studio(cast)
    keeping.set_hours(row.pk, Sitting(clock.now() + timedelta(days=1), 60, "社区"), by=keeper(row))
    answer = Client().get(f"/studio/{row.pk}/hours.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert len(list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))) == 1


def test_policy_answers_are_found_by_two_characters(cast: Cast) -> None:
    published(cast)
    assert "到社区窗口" in text(Client().get("/answers?q=低保"))
    assert "没找到" in text(Client().get("/answers?q=公积金"))


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_of_studios_and_questions_keep_their_statements(cast: Cast, rows: int) -> None:
    row = studio(cast, sector="work", role="conference-member")
    for turn in range(rows):
        studio(cast, 70 + turn, sector="work", role="conference-member")
        answered(cast, row, somebody(300 + turn))
        asked(cast, row)
    resident, keeps = signed(cast.resident), signed(keeper(row))
    found = [statements(resident, path) for path in ("/studios", f"/studio/{row.pk}", "/me/questions")]
    kept = [statements(keeps, path) for path in ("/me/questions", f"/studio/{row.pk}/keep")]
    assert (found, kept) == ([4, 7, 5], [6, 6])
