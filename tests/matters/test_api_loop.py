"""The loop over the API: raised, claimed, done, rated."""

import pytest

from tests.calling import HERE, Caller, served
from tests.cast import Cast

__all__ = ["served"]
pytestmark = pytest.mark.usefixtures("served")


def test_a_need_goes_round_the_loop(cast: Cast) -> None:
    resident, pioneer = Caller(cast.resident), Caller(cast.pioneer.spokesperson)
    raised = resident.post("/matters", {"service": "help-open", "title": "灯坏了", "text": "楼道", **HERE})
    assert (raised.status, raised["state"], raised["requester"]) == (201, "open", "居**")
    path = f"/matters/{raised['number']}"
    assert raised.headers["Location"] == f"/api/v1{path}"
    feed = pioneer.get("/matters?near=30.89,120.09&service=help-open")
    assert [(one["number"], one["metres"]) for one in feed["items"]] == [(raised["number"], 0.0)]
    taken = pioneer.post(f"{path}/claim", {"first_reply": "马上来"})
    assert (taken.status, taken["state"], taken["taken_by"]["name"]) == (200, "taken", "先锋甲")
    lost = Caller(cast.second.spokesperson).post(f"{path}/claim").refused(409, "already-taken")
    assert (lost["winner"], lost["similar"]) == ("先锋甲", [])
    assert pioneer.post(f"{path}/done", {"report": "换了"})["state"] == "done"
    closed = resident.post(f"{path}/rate", {"skill": 5, "attitude": 5, "speed": 4, "text": "好"})
    assert (closed.status, closed["state"]) == (200, "closed")
    whole = Caller().get(path)
    codes = ["matter.raised", "matter.claimed", "matter.reported", "matter.rated"]
    assert [line["code"] for line in whole["timeline"]] == codes
    assert whole["handlings"][0]["rating"]["speed"] == 4
    assert whole["handlings"][0]["first_reply"] == "马上来"
