"""The API of meetings and proposals: the same operations as the pages, the same walls."""

from datetime import timedelta

import pytest

from tests.calling import Caller, served
from tests.cast import Cast, need
from tests.services.meetings.holding import called, leader, proposed, town
from xianfeng.foundation.kernel import clock
from xianfeng.services.meetings.operations import proposals

__all__ = ["served"]
pytestmark = pytest.mark.usefixtures("served")


def test_a_meeting_is_called_run_and_closed_by_a_program(cast: Cast) -> None:
    by, matter = Caller(leader(cast)), need(cast.resident)
    given = {
        "kind": "joint", "area": town().code, "title": "路灯", "place": "社区", "matters": [matter.number],
        "starts_at": (clock.now() + timedelta(hours=2)).isoformat(),
    }  # fmt: skip
    made = by.post("/meetings", given, Idempotency_Key="one")
    assert (made.status, by.post("/meetings", given, Idempotency_Key="one")["id"]) == (201, made["id"])
    path = f"/meetings/{made['id']}"
    assert by.post(f"{path}/open")["state"] == "open"
    item = by.post(f"{path}/items", {"title": "谁出钱"})["items"][0]
    assert (item["matter"], item["title"]) == (matter.number, matter.title)
    by.post(f"/meeting-items/{item['id']}/hand-over", {"organisation": cast.organisation.pk})
    decided = by.post(f"/meeting-items/{item['id']}/decide", {"decision": "月底装好"})
    assert [one["matter"] for one in decided["tasks"]] == [matter.number]
    assert by.post(f"{path}/close")["state"] == "closed"
    assert [one["id"] for one in by.get("/meetings")["items"]] == [made["id"]]


def test_who_is_not_invited_reads_and_moves_nothing(cast: Cast) -> None:
    row = called(cast, roles=[], person_ids=[cast.resident.pk])
    assert Caller(cast.resident).get(f"/meetings/{row.pk}")["title"] == row.title
    Caller(cast.resident).post(f"/meetings/{row.pk}/open").refused(404, "not-found")
    Caller(cast.stranger).get(f"/meetings/{row.pk}").refused(404, "not-found")
    Caller(cast.stranger).post(f"/meetings/{row.pk}/cancel", {"reason": "不"}).refused(404, "not-found")
    assert Caller(cast.stranger).get("/meetings")["items"] == []


def test_a_proposal_is_read_by_anybody_once_it_was_taken_up(cast: Cast) -> None:
    row = proposed(cast)
    Caller().get(f"/proposals/{row.pk}").refused(404, "not-found")
    proposals.move(row.pk, "study", by=leader(cast))
    assert Caller().get(f"/proposals/{row.pk}")["state"] == "studied"
    assert [one["id"] for one in Caller().get("/proposals?state=studied")["items"]] == [row.pk]
