"""The API of the showcase, as programs call it: the same operations, the same walls."""

from typing import Any

import pytest

from tests.calling import Caller
from tests.cast import Cast
from tests.recognition.showcase.showing import adopted, drafted, published, running, soon
from xianfeng.recognition.showcase.models import Achievement, Feedback
from xianfeng.recognition.showcase.operations import lives

WRITTEN = {"kind": "method", "title": "育秧办法", "text": "先催芽"}


@pytest.fixture
def pioneer(cast: Cast) -> Caller:
    return Caller(cast.pioneer.spokesperson)


@pytest.fixture
def staff(cast: Cast) -> Caller:
    return Caller(cast.staff)


@pytest.fixture
def resident(cast: Cast) -> Caller:
    return Caller(cast.resident)


def test_an_achievement_is_written_sent_in_published_and_read_by_anybody(
    cast: Cast, pioneer: Caller, staff: Caller
) -> None:
    made = pioneer.post("/achievements", WRITTEN)
    assert (made.status, made["state"]) == (201, "draft")
    path = f"/achievements/{made['id']}"
    Caller().get(path).refused(404, "not-found")
    assert pioneer.post(f"{path}/change", {**WRITTEN, "title": "改过的"})["title"] == "改过的"
    assert pioneer.post(f"{path}/submit")["state"] == "submitted"
    staff.post(f"{path}/judge", {"decision": "refuse"}).refused(422, "text-missing", "reason")
    assert staff.post(f"{path}/judge", {"decision": "publish"})["state"] == "published"
    whole = Caller().get(path)
    assert (whole["title"], whole["chain_yuan"], [link["id"] for link in whole["chain"]]) == (
        "改过的",
        0,
        [made["id"]],
    )
    assert [one["id"] for one in Caller().get("/achievements?q=改过")["items"]] == [made["id"]]
    staff.post(f"{path}/judge", {"decision": "publish"}).refused(409, "showcase-wrong-state")
    assert pioneer.post(f"{path}/withdraw")["state"] == "withdrawn"


def test_what_was_said_to_the_author_is_told_to_nobody_else(
    cast: Cast, pioneer: Caller, staff: Caller
) -> None:
    made = pioneer.post("/achievements", WRITTEN)
    path = f"/achievements/{made['id']}"
    pioneer.post(f"{path}/submit")
    staff.post(f"{path}/judge", {"decision": "return", "reason": "写清楚"})
    assert pioneer.get(path)["judgement"] == "写清楚"
    assert staff.get(path)["judgement"] == ""


def test_a_request_sent_again_is_done_once(cast: Cast, pioneer: Caller) -> None:
    first = pioneer.post("/achievements", WRITTEN, **{"Idempotency-Key": "a"})
    again = pioneer.post("/achievements", WRITTEN, **{"Idempotency-Key": "a"})
    assert first["id"] == again["id"]
    assert Achievement.objects.count() == 1


def test_using_it_raises_a_need_and_its_benefit_is_told(
    cast: Cast, resident: Caller, pioneer: Caller
) -> None:
    row = published(cast)
    asked = resident.post(f"/achievements/{row.pk}/use", {"lat": 30.89, "lon": 120.09, "text": "想学"})
    assert (asked.status, asked["service"], asked["state"]) == (201, "adoption", "offered")
    pioneer.post(f"/achievements/{row.pk}/use", {"lat": 30.89, "lon": 120.09}).refused(403, "own-achievement")
    adopted(row, cast.stranger, 700)
    claim = {"kind": "income", "amount": 50, "beneficiary": "firm", "text": "合同"}
    made = pioneer.post(f"/achievements/{row.pk}/benefits", claim)
    assert (made.status, made["state"], made["yuan"]) == (201, "claimed", 50)
    path = f"/benefits/{made['id']}/judge"
    pioneer.post(path, {"decision": "verify"}).refused(404, "not-found")
    resident.post(path, {"decision": "verify"}).refused(404, "not-found")
    assert Caller(cast.staff).post(path, {"decision": "verify"})["state"] == "verified"
    assert Caller().get("/figures")["benefit_yuan"] == 50
    assert len(Caller().get(f"/achievements/{row.pk}/benefits")["items"]) == 1


def test_a_broadcast_from_proposal_to_its_end(
    cast: Cast, pioneer: Caller, staff: Caller, resident: Caller
) -> None:
    given = {"title": "教插秧", "starts_at": soon().isoformat(), "link": "https://live.example/3"}
    made = pioneer.post("/lives", given)
    assert (made.status, made["state"]) == (201, "proposed")
    path = f"/lives/{made['id']}"
    resident.get(path).refused(404, "not-found")
    assert staff.post(f"{path}/judge", {"decision": "announce"})["state"] == "announced"
    assert resident.post(f"{path}/subscribe").status == 200
    assert resident.post(f"{path}/unsubscribe").status == 200
    resident.post(f"{path}/start").refused(404, "not-found")
    assert pioneer.post(f"{path}/start")["state"] == "live"
    said = resident.post(f"{path}/comments", {"text": "好"})
    assert said["waits"] is True
    assert Caller().get(f"{path}/comments")["items"] == []
    assert pioneer.post(f"/comments/{said['id']}/judge", {"decision": "show"})["waits"] is False
    assert [one["text"] for one in Caller().get(f"{path}/comments")["items"]] == ["好"]
    assert pioneer.post(f"{path}/end")["state"] == "ended"
    pioneer.post(f"{path}/cancel").refused(409, "showcase-wrong-state")
    assert [one["id"] for one in Caller().get("/lives")["items"]] == [made["id"]]


def test_feedback_is_between_its_two_sides(cast: Cast, pioneer: Caller, resident: Caller) -> None:
    row = published(cast)
    given = {"kind": "problem", "text": "不灵", "about": "achievement", "id": row.pk}
    made = resident.post("/feedback", given)
    assert made["matter"] == Feedback.objects.get().matter.number  # type: ignore[union-attr]
    thanks = resident.post("/feedback", {**given, "kind": "thanks"})
    Caller(cast.stranger).post(f"/feedback/{thanks['id']}/answer", {"text": "好"}).refused(404, "not-found")
    assert pioneer.post(f"/feedback/{thanks['id']}/answer", {"text": "不客气"})["answer"] == "不客气"
    assert len(resident.get("/feedback")["items"]) == len(pioneer.get("/feedback")["items"]) == 2
    assert Caller(cast.stranger).get("/feedback")["items"] == []
    resident.post("/feedback", {**given, "about": "moon"}).refused(404, "not-found")


def test_figures_are_narrowed_and_what_is_no_area_or_year_is_refused(cast: Cast) -> None:
    lives.count_viewers(running(cast).pk, ["a"])
    whole: Any = Caller().get("/figures").body
    assert (whole["lives"], whole["views"]) == (1, 1)
    assert Caller().get(f"/figures?area={cast.there.code}")["lives"] == 0
    Caller().get("/figures?area=nowhere").refused(404, "not-found")
    assert Caller().get("/figures?year=99999").status == 422


def test_lists_go_on_page_by_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xianfeng.recognition.showcase.api.routes.PAGE", 2)
    for at in range(5):
        published(cast, title=f"第{at}项")
    seen, path = [], "/achievements"
    while True:
        page = Caller().get(path)
        seen += [one["title"] for one in page["items"]]
        if page["next"] is None:
            break
        path = f"/achievements?cursor={page['next']}"
    assert seen == [f"第{at}项" for at in reversed(range(5))]


def test_guests_write_nothing(cast: Cast) -> None:
    row = drafted(cast)
    for path in ("/achievements", f"/achievements/{row.pk}/submit", "/lives", "/feedback"):
        Caller().post(path, WRITTEN).refused(401, "sign-in-needed")
