"""Staff void a rating: with a reason, recorded, told to both sides, and never the stars themselves."""

import pytest

from tests.cast import Cast, closed
from tests.matters.watching import watching
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import dispatch
from xianfeng.matters.models import Rating, Remark
from xianfeng.matters.operations.voiding import restore_rating, void_rating


def rated(cast: Cast) -> Rating:
    matter = closed(cast)
    return Rating.objects.select_related("handling__matter").get(handling__matter=matter)


def delivered() -> None:
    while dispatch.run_once():
        pass


def test_staff_void_a_rating_with_a_reason(cast: Cast) -> None:
    before = rated(cast)
    with watching() as seen:
        void_rating(before.id, by=cast.staff, reason="两个账号是同一个人")
    told = seen.only("matter.rating-voided")
    assert (told.id, told.actor) == (before.handling.matter_id, ("person", cast.staff.id))
    assert told.new == {
        "rating": before.id, "handling": before.handling_id, "pioneer": before.pioneer_id,
    }  # fmt: skip
    assert seen.tables == {"matters_rating", "matters_remark", "matters_matter"}
    after = Rating.objects.get(pk=before.pk)
    assert after.voided_at is not None
    assert (after.skill, after.attitude, after.speed, after.text) == (
        before.skill, before.attitude, before.speed, before.text,
    )  # fmt: skip
    assert Remark.objects.get(code="matter.rating-voided").text == "两个账号是同一个人"


def test_voiding_again_changes_nothing(cast: Cast) -> None:
    rating = rated(cast)
    void_rating(rating.id, by=cast.staff, reason="同一个人")
    with watching() as seen:
        void_rating(rating.id, by=cast.city_staff, reason="再说一次")
    assert seen.nothing()


def test_a_voided_rating_can_count_again(cast: Cast) -> None:
    rating = rated(cast)
    with watching() as seen:
        restore_rating(rating.id, by=cast.staff, reason="它本来就算数")
    assert seen.nothing()
    void_rating(rating.id, by=cast.staff, reason="同一个人")
    with watching() as seen:
        restore_rating(rating.id, by=cast.staff, reason="查过了，不是同一个人")
    seen.only("matter.rating-restored")
    assert Rating.objects.get(pk=rating.pk).voided_at is None


def test_rater_and_pioneer_are_told(cast: Cast) -> None:
    rating = rated(cast)
    delivered()
    Notice.objects.all().delete()
    void_rating(rating.id, by=cast.staff, reason="同一个人")
    delivered()
    assert set(Notice.objects.values_list("person_id", "code")) == {
        (cast.resident.id, "matter.rating-voided.requester"),
        (cast.pioneer.spokesperson_id, "matter.rating-voided.taker"),
    }


@pytest.mark.parametrize("who", ["resident", "other_staff", "stranger"])
def test_who_is_not_staff_of_the_matter_finds_no_rating(cast: Cast, who: str) -> None:
    rating, by = rated(cast), getattr(cast, who)
    assert isinstance(by, Person)
    with watching() as seen:
        with pytest.raises(Missing):
            void_rating(rating.id, by=by, reason="不喜欢")
        with pytest.raises(Missing):
            void_rating(0, by=cast.staff, reason="没有这条")
    assert seen.nothing()


def test_a_reason_is_needed(cast: Cast) -> None:
    rating = rated(cast)
    with watching() as seen, pytest.raises(Refused, match="text-missing"):
        void_rating(rating.id, by=cast.staff, reason=" ")
    assert seen.nothing()
