"""Rings of raters as staff see them, and a rating that staff let no longer count."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, closed, recognised, somebody
from tests.doors.desk.conftest import Enter
from tests.matters.watching import watching
from tests.recognition.merit.test_refresh import helped
from xianfeng.foundation.people.models import Pioneer
from xianfeng.matters.models import Rating
from xianfeng.recognition.merit import operations
from xianfeng.recognition.merit.models import Ring


def made(cast: Cast, count: int) -> None:
    """Put rings there whose evidence is a rating of the cast."""
    handling = Rating.objects.latest("id").handling_id
    facts = {
        "orders": 40,
        "within": 36,
        "five": 35,
        "verified": 1,
        "usual": 0.3,
        "doubt": 0.9,
        "weight": 0.02,
    }
    for _ in range(count):
        Ring.objects.create(
            pioneers=[cast.pioneer.id], accounts=[1, 2, 3], orders=[handling], facts=facts, day=1.0
        )


def test_staff_see_the_evidence_and_the_needs_behind_it(cast: Cast, staff: Client) -> None:
    matter = closed(cast)
    made(cast, 1)
    page = staff.get("/desk/rings").content.decode()
    assert "这 3 个账号" in page
    assert "40 次，36 次给了这几位，其中 35 次平均五星" in page
    assert "该有 12 次左右" in page
    assert f"/desk/matters/{matter.number}" in page


def test_staff_of_another_organisation_see_no_ring_of_these_pioneers(cast: Cast, enter: Enter) -> None:
    closed(cast)
    made(cast, 1)
    assert "这 3 个账号" not in enter(cast.other_staff).get("/desk/rings").content.decode()


def test_the_list_of_rings_takes_as_many_statements_at_one_as_at_three(cast: Cast, staff: Client) -> None:
    closed(cast)
    counts = []
    for more in (1, 2):
        made(cast, more)
        staff.get("/desk/rings")
        with CaptureQueriesContext(connection) as said:
            staff.get("/desk/rings")
        counts.append(len(said))
    assert counts[0] == counts[1] <= 12


def test_a_run_finds_accounts_that_rate_each_other_s_pioneers_only(cast: Cast) -> None:
    """Three accounts give five stars to the same five pioneers; everybody else rates one or two."""
    extra = [recognised(f"先锋{n}", somebody(300 + n), cast.organisation, cast.city_staff) for n in range(3)]
    five: list[Pioneer] = [cast.pioneer, cast.second, *extra]
    for account in (somebody(400), somebody(401), somebody(402)):
        for pioneer in five:
            helped(account, pioneer, 5)
    for n in range(6):
        helped(somebody(500 + n), five[n % 5], 4)
    operations.refresh()
    (ring,) = Ring.objects.all()
    assert set(ring.accounts) == {somebody(400 + n).id for n in range(3)}
    assert set(ring.pioneers) == {pioneer.id for pioneer in five}
    assert (ring.facts["orders"], ring.facts["within"], ring.facts["five"]) == (15, 15, 15)
    assert ring.facts["weight"] < 0.2


def test_a_rating_is_voided_from_its_need_and_shown_as_such(cast: Cast, staff: Client) -> None:
    matter = closed(cast)
    rating = Rating.objects.get(handling__matter=matter)
    page = staff.get(f"/desk/matters/{matter.number}").content.decode()
    assert f"/desk/ratings/{rating.pk}/void" in page
    answer = staff.post(f"/desk/ratings/{rating.pk}/void", {"words": "同一个人的两个账号"})
    assert answer.status_code == 302
    rating.refresh_from_db()
    assert rating.voided_at is not None
    page = staff.get(f"/desk/matters/{matter.number}").content.decode()
    assert f"/desk/ratings/{rating.pk}/restore" in page
    assert "不算数" in page
    staff.post(f"/desk/ratings/{rating.pk}/restore", {"words": "查过了，是两个人"})
    rating.refresh_from_db()
    assert rating.voided_at is None


@pytest.mark.parametrize("words", ["", "长" * 201])
def test_without_a_usable_reason_nothing_moves(cast: Cast, staff: Client, words: str) -> None:
    rating = Rating.objects.get(handling__matter=closed(cast))
    staff.get("/desk/rings")
    with watching() as seen:
        answer = staff.post(f"/desk/ratings/{rating.pk}/void", {"words": words})
    assert answer.status_code == 422
    assert "matters_rating" not in seen.rows
    assert not seen.entries


def test_a_rating_out_of_reach_looks_like_none(cast: Cast, enter: Enter) -> None:
    rating = Rating.objects.get(handling__matter=closed(cast))
    assert (
        enter(cast.other_staff).post(f"/desk/ratings/{rating.pk}/void", {"words": "不喜欢"}).status_code
        == 404
    )
    assert enter(cast.other_staff).post("/desk/ratings/0/void", {"words": "不喜欢"}).status_code == 404
    rating.refresh_from_db()
    assert rating.voided_at is None
