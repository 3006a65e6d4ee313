"""The API of one's own data."""

import pytest

from tests.calling import Caller, served
from tests.cast import Cast, need, taken
from xianfeng.foundation.people.models import Person
from xianfeng.matters.operations.talking import show_other_side

__all__ = ["served"]
pytestmark = pytest.mark.usefixtures("served")


def test_own_data_is_told_to_its_person_alone(cast: Cast) -> None:
    need(cast.resident, "我的")
    need(cast.stranger, "别人的")
    told = Caller(cast.resident).get("/me/data")
    assert [one["title"] for one in told["sections"]["needs"]] == ["我的"]
    assert told["sections"]["profile"][0]["mobile"] == "13800000001"
    assert Caller().get("/me/data").status == 401


def test_looks_are_told_newest_first(cast: Cast) -> None:
    matter = taken(cast)
    show_other_side(matter.number, by=cast.pioneer.spokesperson)
    told = Caller(cast.resident).get("/me/looks")
    assert [(one["by"], one["what"]) for one in told["items"]] == [("先锋甲", "person.contact-shown")]


def test_erasure_needs_the_last_digits_and_ends_the_session(cast: Cast) -> None:
    caller = Caller(cast.resident)
    caller.post("/me/erase", {"tail": "9999"}).refused(422, "tail-wrong", "tail")
    assert caller.post("/me/erase", {"tail": "0001"}).status == 204
    assert Person.objects.get(pk=cast.resident.pk).left_at is not None
    assert caller.get("/me").status == 401
