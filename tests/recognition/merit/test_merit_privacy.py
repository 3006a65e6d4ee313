"""What the index keeps of a person is told to them, and goes with them."""

from datetime import UTC, date, datetime

import time_machine

from tests.cast import Cast
from xianfeng.foundation.kernel import clock
from xianfeng.recognition.merit import operations, privacy
from xianfeng.recognition.merit.models import Place, Ring


def test_a_pioneer_is_told_every_place_and_others_nothing(cast: Cast) -> None:
    with time_machine.travel(datetime(2027, 4, 2, tzinfo=UTC), tick=False):
        operations.close_month(date(2027, 3, 1))
    told = privacy.tell(cast.pioneer.spokesperson)
    place = Place.objects.get(pioneer=cast.pioneer)
    assert told == {
        "index_months": [
            {
                "pioneer__name": "先锋甲", "month__month": date(2027, 3, 1), "month__edition": 1,
                "rank": place.rank, "index": 49.0, "orders": 0,
            }
        ]
    }  # fmt: skip
    assert privacy.tell(cast.resident) == {}


def test_rings_that_name_an_account_go_with_its_person(cast: Cast) -> None:
    for accounts in ([cast.resident.id, 2, 3], [4, 5, 6]):
        Ring.objects.create(pioneers=[1], accounts=accounts, orders=[], facts={}, day=1.0)
    privacy.erase(cast.resident, clock.now())
    assert [ring.accounts for ring in Ring.objects.all()] == [[4, 5, 6]]
