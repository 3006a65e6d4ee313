"""会议 and 智囊团的建议 on phones: called, run, minuted, handed over; proposals read by anybody."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast, need
from tests.doors.portal.browsers import field, signed, text
from tests.services.meetings.holding import Point, called, codes, leader, opened, proposed, town
from xianfeng.services.meetings.models import Invitation, Item, Meeting, Proposal, Task
from xianfeng.services.meetings.operations import calling, proposals, running
from xianfeng.services.meetings.operations.running import Order


def statements(browser: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


def test_a_leader_calls_runs_and_closes_a_meeting_from_the_phone(cast: Cast) -> None:
    by, matter = leader(cast), need(cast.resident)
    browser = signed(by)
    page = browser.get("/meetings/new")
    given = {
        "kind": "joint", "area": str(town().pk), "title": "商量路灯", "place": "社区", "numbers": matter.number,
        "starts_at": f"{timezone.localtime() + timedelta(hours=2):%Y-%m-%dT%H:%M}", "key": field(page, "key"),
    }  # fmt: skip
    to = browser.post("/meetings/new", given)["Location"]
    meeting = Meeting.objects.get()
    assert to == f"/meeting/{meeting.pk}"
    browser.post(f"{to}/open")
    item = Item.objects.get()
    browser.post(f"/meeting-item/{item.pk}/decide", {"decision": "月底装好"})
    browser.post(
        f"/meeting-item/{item.pk}/hand-over", {"organisation": str(cast.organisation.pk), "title": ""}
    )
    browser.post(f"{to}/attend", {"present": [str(by.pk)]})
    browser.post(f"{to}/close")
    seen = text(browser.get(to))
    assert "月底装好" in seen
    assert "开完了" in seen
    assert Task.objects.get().matter_id == matter.pk
    paper = browser.get(f"{to}/minutes.pdf")
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert browser.get(f"{to}/minutes.pdf").content == paper.content


def test_who_is_invited_answers_and_runs_nothing(cast: Cast) -> None:
    meeting = called(cast, roles=[], person_ids=[cast.resident.pk])
    browser = signed(cast.resident)
    assert "您来不来" in text(browser.get(f"/meeting/{meeting.pk}"))
    browser.post(f"/meeting/{meeting.pk}/coming")
    assert Invitation.objects.get().answer == "coming"
    assert browser.post(f"/meeting/{meeting.pk}/open").status_code == 404
    assert signed(cast.stranger).get(f"/meeting/{meeting.pk}").status_code == 404
    assert signed(cast.stranger).get(f"/meeting/{meeting.pk}/minutes.pdf").status_code == 404
    assert signed(cast.stranger).get("/meetings/new").status_code == 403
    assert codes("meeting", meeting.pk) == ["meeting.called", "meeting.answered"]


def test_what_is_refused_is_told_on_the_page_it_was_typed_on(cast: Cast) -> None:
    browser, meeting = signed(leader(cast)), opened(cast)
    item = calling.add_item(meeting.pk, Point(title="一项"), by=leader(cast))
    empty = browser.post(
        f"/meeting-item/{item.pk}/hand-over", {"organisation": str(cast.organisation.pk), "title": ""}
    )
    assert empty.status_code == 422
    assert "请写下要交办的是什么" in text(empty)
    assert browser.post(f"/meeting/{meeting.pk}/cancel", {"reason": ""}).status_code == 422
    bad = {"kind": "joint", "area": str(town().pk), "title": "会", "place": "社区", "starts_at": "下周"}
    assert browser.post("/meetings/new", bad).status_code == 422


def test_a_member_proposes_and_anybody_follows_it_until_it_is_built(cast: Cast) -> None:
    first, by = proposed(cast), leader(cast)
    browser = signed(cast.resident)
    page = browser.get(f"/proposals/new/{first.team_id}")
    given = {"title": "办一个老年食堂", "text": "老人吃饭难", "key": field(page, "key")}
    browser.post(f"/proposals/new/{first.team_id}", given)
    row = Proposal.objects.get(title="办一个老年食堂")
    assert "老年食堂" not in text(Client().get("/proposals"))
    leads = signed(by)
    for name in ("study", "adopt", "begin", "finish"):
        leads.post(f"/proposal/{row.pk}/{name}", {"words": f"到了{name}"})
    seen = text(Client().get(f"/proposal/{row.pk}"))
    assert "建成了" in seen
    assert "到了finish" in seen
    assert leads.post(f"/proposal/{first.pk}/decline", {"words": ""}).status_code == 422
    assert Client().get(f"/proposal/{first.pk}").status_code == 404
    assert signed(cast.stranger).get(f"/proposals/new/{first.team_id}").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_of_meetings_and_proposals_keep_their_statements(cast: Cast, rows: int) -> None:
    by, meeting = leader(cast), opened(cast)
    for turn in range(rows):
        called(cast)
        item = calling.add_item(meeting.pk, Point(title=f"第{turn}项"), by=by)
        running.hand_over(item.pk, Order(cast.organisation.pk, title="修"), by=by)
        proposals.move(proposed(cast).pk, "study", by=by)
    browser = signed(by)
    found = [statements(browser, path) for path in ("/meetings", f"/meeting/{meeting.pk}", "/proposals")]
    assert (found, statements(Client(), "/proposals")) == ([6, 7, 5], 1)
