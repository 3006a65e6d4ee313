"""The API of people: own sign-ins, and a directory that pages past those without an index."""

import pytest

from tests.calling import Caller, served
from tests.cast import Cast
from tests.matters.watching import watching
from xianfeng.foundation.people.models import Pioneer, Session

__all__ = ["served"]
pytestmark = pytest.mark.usefixtures("served")


def test_own_sign_ins_are_listed_with_the_one_that_asks_marked(cast: Cast) -> None:
    phone, lost = Caller(cast.resident), Caller(cast.resident)
    Caller(cast.stranger)
    told = phone.get("/sessions")["items"]
    assert [one["current"] for one in told] == [False, True]
    assert {one["id"] for one in told} == set(
        Session.objects.filter(person=cast.resident).values_list("id", flat=True)
    )
    assert lost.send("DELETE", f"/sessions/{told[1]['id']}").status == 204
    assert phone.get("/sessions").status == 401
    assert [one["current"] for one in lost.get("/sessions")["items"]] == [True]


def test_a_sign_in_ended_twice_is_ended_and_somebody_elses_is_not_there(cast: Cast) -> None:
    mine, other = Caller(cast.resident), Caller(cast.stranger)
    theirs = other.get("/sessions")["items"][0]["id"]
    with watching() as seen:
        mine.send("DELETE", f"/sessions/{theirs}").refused(404, "not-found")
        mine.send("DELETE", "/sessions/9007199254740991").refused(404, "not-found")
    assert seen.nothing()
    spare = Caller(cast.resident)
    pk = next(one["id"] for one in spare.get("/sessions")["items"] if one["current"])
    assert [mine.send("DELETE", f"/sessions/{pk}").status for _ in range(2)] == [204, 204]
    assert Caller().get("/sessions").status == 401


def test_pioneers_without_an_index_come_last_and_are_all_reached(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xianfeng.foundation.people import api

    monkeypatch.setattr(api, "PAGE", 1)
    Pioneer.objects.filter(pk=cast.second.pk).update(index=12.5)
    seen, cursor = [], ""
    while True:
        told = Caller().get(f"/pioneers{cursor}")
        seen += [(one["id"], one["index"]) for one in told["items"]]
        if told["next"] is None:
            break
        cursor = f"?cursor={told['next']}"
    rest = sorted(Pioneer.objects.exclude(pk=cast.second.pk).values_list("id", flat=True))
    assert seen == [(cast.second.pk, 12.5), *((pk, None) for pk in rest)]
