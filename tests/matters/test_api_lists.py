"""Lists of the API: in order, without gaps, and at the same cost at one row and at three."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.calling import HERE, Caller, served
from tests.cast import Cast, booked, closed, need, ordered, taken
from tests.matters.test_telling import deliver
from xianfeng.foundation.places import city, tree

__all__ = ["served"]
pytestmark = pytest.mark.usefixtures("served")
MIDDLE = city.served()
FEED = f"/matters?near={MIDDLE.lat},{MIDDLE.lon}&service=help-open"

# path, statements with a session (one of them), who asks, what makes one more row
LISTS: dict[str, tuple[str, int, Callable[[Cast], object]]] = {
    "feed near": (FEED, 3, lambda cast: need(cast.stranger)),
    "feed newest": ("/matters", 2, lambda cast: need(cast.stranger)),
    "feed filtered": (f"{FEED}&skill=electric&words=灯", 3, lambda cast: need(cast.stranger)),
    "mine": ("/matters?mine=true", 2, lambda cast: need(cast.pioneer.spokesperson)),
    "jobs": ("/matters?jobs=true", 2, lambda cast: taken(cast)),
    "offered": ("/matters?offered=true", 2, lambda cast: booked(cast)),
    "menu": ("/offers", 2, lambda cast: ordered(cast)),
    "inbox": ("/inbox", 3, lambda cast: booked(cast)),
}


@pytest.fixture(autouse=True)
def areas_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine must not look for newer areas in the midst of counting."""
    monkeypatch.setattr(tree, "_LOOK_EVERY_SECONDS", 3600.0)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_at_one_row_and_at_three(cast: Cast, name: str, rows: int) -> None:
    path, statements, arrange = LISTS[name]
    for _ in range(rows):
        arrange(cast)
    deliver()
    caller = Caller(cast.pioneer.spokesperson)
    caller.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert len(caller.get(path)["items"]) == rows
    assert len(asked) == statements


def test_a_claim_costs_a_session_and_one_statement_in_its_transaction(cast: Cast) -> None:
    matters, caller = [need(cast.resident) for _ in range(2)], Caller(cast.pioneer.spokesperson)
    assert caller.post(f"/matters/{matters[0].number}/claim", {"first_reply": "来了"}).status == 200
    with CaptureQueriesContext(connection) as asked:
        assert caller.post(f"/matters/{matters[1].number}/claim", {"first_reply": "来了"}).status == 200
    assert _without_transaction(asked) == 2


def test_raising_costs_a_session_and_one_statement_in_its_transaction(cast: Cast) -> None:
    caller = Caller(cast.resident)
    caller.post("/matters", {"title": "灯坏了", **HERE})
    with CaptureQueriesContext(connection) as asked:
        assert caller.post("/matters", {"title": "灯坏了", **HERE}).status == 201
    assert _without_transaction(asked) == 2


def test_a_key_costs_two_statements_more(cast: Cast) -> None:
    caller = Caller(cast.resident)
    caller.post("/matters", {"title": "灯坏了", **HERE}, Idempotency_Key="1")
    with CaptureQueriesContext(connection) as asked:
        assert caller.post("/matters", {"title": "灯坏了", **HERE}, Idempotency_Key="2").status == 201
    assert _without_transaction(asked) == 4


def _without_transaction(asked: CaptureQueriesContext) -> int:
    return sum("SAVEPOINT" not in one["sql"] for one in asked.captured_queries)


@pytest.mark.parametrize("rows", [1, 3])
def test_one_matter_with_its_life_costs_the_same_however_long_it_was(cast: Cast, rows: int) -> None:
    matter = closed(cast)
    for number in range(rows - 1):
        Caller(cast.resident).post(f"/matters/{matter.number}/messages", {"text": f"第 {number} 句"})
    caller = Caller(cast.resident)
    with CaptureQueriesContext(connection) as asked:
        assert len(caller.get(f"/matters/{matter.number}")["timeline"]) == 3 + rows
    assert len(asked) == 7


@pytest.mark.parametrize("base", [FEED, "/matters?words=灯", "/matters?mine=true"])
def test_pages_follow_each_other_without_gaps(cast: Cast, base: str) -> None:
    numbers = {need(cast.resident, north=0.002 * step).number for step in range(5)}
    caller, seen, cursor = Caller(cast.resident), [], ""
    for _ in range(3):
        page = caller.get(f"{base}&limit=2&cursor={cursor}")
        seen += [one["number"] for one in page["items"]]
        cursor = page["next"] or ""
    assert (cursor, len(seen), set(seen)) == ("", 5, numbers)


def test_the_feed_is_nearest_first_with_its_distance(cast: Cast) -> None:
    far, near = need(cast.resident, north=0.02), need(cast.resident, north=0.001)
    items = Caller().get(FEED)["items"]
    assert [one["number"] for one in items] == [near.number, far.number]
    assert [one["metres"] for one in items] == pytest.approx([111, 2224], abs=1)


@pytest.mark.parametrize(
    ("near", "field"), [("30.89", "near"), ("a,b", "near"), ("99,120", "near"), ("1,2,3", "near")]
)
def test_a_place_that_is_none_is_refused(cast: Cast, near: str, field: str) -> None:
    Caller().get(f"/matters?near={near}").refused(422, "coordinates-invalid", field)


def test_an_unknown_service_datum_or_area_is_refused(cast: Cast) -> None:
    Caller().get("/matters?service=x").refused(422, "service-unknown", "service")
    Caller().get("/matters?near=30,120&datum=x").refused(422, "datum-unknown", "datum")
    Caller().get("/matters?area=nowhere").refused(404, "not-found")
    Caller().get("/matters?mine=true").refused(401, "sign-in-needed")


def test_the_feed_is_narrowed_by_skill_area_and_words(cast: Cast) -> None:
    lamp = need(cast.resident)
    need(cast.resident, "合同看不懂", category="law")

    def found(query: str) -> list[str]:
        return [one["number"] for one in Caller().get(f"{FEED}&{query}")["items"]]

    assert found("skill=electric") == found("words=灯坏") == [lamp.number]
    assert len(found("skill=electric,law")) == len(found(f"area={cast.here.code}")) == 2
    assert found(f"area={cast.there.code}") == found("words=100%25_") == []


def test_services_categories_areas_and_pioneers_speak_the_callers_language(cast: Cast) -> None:
    english = {"Accept_Language": "en"}
    services = Caller().get("/services", **english)["items"]
    told = {one["code"]: (one["name"], one["handover"]) for one in services}
    assert told["help-booking"] == ("Book a service", "book")
    assert told["help-open"] == ("Open help", "grab")
    assert list(told) == sorted(told)
    categories = {one["code"]: one["name"] for one in Caller().get("/categories")["items"]}
    assert categories["electric"] == "水电维修"
    area = Caller().get(f"/areas/{cast.here.code}")
    assert area["level"] == "county"
    towns = Caller().get(f"/areas?parent={cast.here.code}")["items"]
    assert towns
    assert {one["parent"] for one in towns} == {cast.here.code}
    place = Caller().get("/locate?lat=30.89&lon=120.09")
    assert (place["county"]["code"], place["outside"]) == (cast.here.code, False)
    listed = Caller().get("/pioneers?words=先锋甲")["items"]
    assert [(one["name"], one["suspended"]) for one in listed] == [("先锋甲", False)]
    assert (
        Caller().get(f"/pioneers/{cast.pioneer.id}", **english)["organisation"].endswith("Women's Federation")
    )
    Caller().get("/pioneers/999999").refused(404, "not-found")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_directory_costs_one_statement(cast: Cast, rows: int) -> None:
    words = {1: "先锋甲", 3: ""}[rows]
    Caller().get("/pioneers")
    with CaptureQueriesContext(connection) as asked:
        assert len(Caller().get(f"/pioneers?words={words}")["items"]) == rows
    assert len(asked) == 1


def test_the_inbox_tells_and_is_marked_read(cast: Cast) -> None:
    matter = taken(cast)
    deliver()
    caller = Caller(cast.resident)
    told = caller.get("/inbox")
    assert (told["unread"], told["items"][0]["about"]) == (1, matter.number)
    assert "先锋甲" in told["items"][0]["sentence"]
    assert caller.post("/inbox/read", {"ids": [told["items"][0]["id"]]})["unread"] == 0
    assert caller.get("/inbox")["items"][0]["unread"] is False
