"""代表委员 and 会议和团队 on the desk: set up by the city, and nobody else's business."""

import pytest

from tests.cast import Cast
from tests.doors.portal.browsers import signed, text
from tests.services.meetings.holding import called, team
from tests.services.studios.keeping import keeper, posted, studio, town
from xianfeng.services.meetings.models import Seat, Team
from xianfeng.services.studios.models import Constituency, Studio
from xianfeng.services.studios.operations import policies


def test_the_city_draws_a_constituency_opens_a_studio_and_closes_it(cast: Cast) -> None:
    browser, post = signed(cast.city_staff), posted(cast, 60, "congress-deputy", name="代表")
    browser.post("/desk/deputies/draw", {"name": "第一选区", "areas": f"{town().code}、{cast.here.name}"})
    drawn = Constituency.objects.get()
    assert {area.pk for area in drawn.areas.all()} == {town().pk, cast.here.pk}
    given = {"post": str(post.pk), "name": "代表工作室", "constituency": str(drawn.pk), "sector": ""}
    browser.post("/desk/deputies/open", given)
    row = Studio.objects.get()
    assert "代表工作室" in text(browser.get("/desk/deputies"))
    browser.post(f"/desk/deputies/studio/{row.pk}/close")
    row.refresh_from_db()
    assert row.closed_at is not None
    wrong = browser.post("/desk/deputies/draw", {"name": "第二选区", "areas": "没有这里"})
    assert wrong.status_code == 422
    assert "没有这个地方" in text(wrong)


def test_an_answer_on_policy_is_published_or_refused_with_a_reason(cast: Cast) -> None:
    browser, row = signed(cast.city_staff), studio(cast)
    first, second = (policies.submit(row.pk, f"第{n}问", "答", by=keeper(row)) for n in (1, 2))
    assert "第1问" in text(browser.get("/desk/deputies"))
    browser.post(f"/desk/deputies/policy/{first.pk}/publish", {"reason": ""})
    assert browser.post(f"/desk/deputies/policy/{second.pk}/refuse", {"reason": ""}).status_code == 422
    browser.post(f"/desk/deputies/policy/{second.pk}/refuse", {"reason": "不清楚"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.judgement) == ("published", "refused", "不清楚")


def test_teams_are_formed_filled_and_dissolved(cast: Cast) -> None:
    browser = signed(cast.city_staff)
    browser.post("/desk/meetings/team", {"kind": "visit", "area": town().code, "name": "探访团"})
    row = Team.objects.get()
    browser.post(f"/desk/meetings/team/{row.pk}/seat", {"person": "老王", "mobile": "13800000077"})
    seat = Seat.objects.get()
    assert "老王" in text(browser.get("/desk/meetings"))
    browser.post(f"/desk/meetings/team/{row.pk}/leave/{seat.person_id}")
    browser.post(f"/desk/meetings/team/{row.pk}/dissolve")
    row.refresh_from_db()
    assert (row.state, Seat.objects.filter(until=None).exists()) == ("dissolved", False)


@pytest.mark.parametrize("path", ["/desk/deputies", "/desk/meetings"])
def test_who_is_no_staff_finds_nothing_there(cast: Cast, path: str) -> None:
    assert signed(cast.resident).get(path).status_code == 404


def test_staff_of_an_organisation_see_neither_meetings_nor_teams_of_others(cast: Cast) -> None:
    meeting, row = called(cast), team(cast)
    browser = signed(cast.staff)
    assert browser.get("/desk/deputies").status_code == 404
    assert meeting.title not in text(browser.get("/desk/meetings"))
    assert browser.post(f"/desk/meetings/team/{row.pk}/dissolve").status_code == 404
    assert meeting.title in text(signed(cast.city_staff).get("/desk/meetings"))
