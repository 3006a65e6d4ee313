"""Who sees which matters: foreign and missing look alike."""

from collections.abc import Callable

import pytest

from tests.cast import Cast, booked, closed, done, need, taken
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people.models import Person
from xianfeng.matters import queries
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.raising import withdraw
from xianfeng.matters.operations.staff import decline


def _sees(person: Person | None, matter: Matter) -> bool:
    """Tell whether `person` finds the matter, by number and by id alike."""
    found = queries.visible_to(person).filter(pk=matter.pk).exists()
    asked: tuple[Callable[[], Matter], ...] = (
        lambda: queries.matter_for(person, matter.number),
        lambda: queries.matter_by_id(person, matter.id),
    )
    for ask in asked:
        if found:
            assert ask().pk == matter.pk
        else:
            with pytest.raises(Missing):
                ask()
    return found


def test_open_taken_done_and_closed_needs_are_seen_by_everybody(cast: Cast) -> None:
    for matter in (need(cast.resident), taken(cast), done(cast), closed(cast)):
        for person in (None, cast.stranger, cast.resident, cast.second.spokesperson, cast.other_staff):
            assert _sees(person, matter)


def test_what_was_declined_is_seen_by_its_requester_and_staff_of_the_place(cast: Cast) -> None:
    matter = need(cast.resident)
    decline(matter.number, by=cast.staff, reason="重复")
    for person in (cast.resident, cast.staff, cast.city_staff):
        assert _sees(person, matter)
    for other in (None, cast.stranger, cast.pioneer.spokesperson, cast.other_staff):
        assert not _sees(other, matter)


def test_what_was_withdrawn_is_seen_by_its_requester_and_staff_of_the_place(cast: Cast) -> None:
    matter = need(cast.resident)
    withdraw(matter.number, by=cast.resident)
    assert _sees(cast.resident, matter)
    assert not _sees(cast.stranger, matter)


def test_a_booking_is_seen_by_the_two_it_concerns(cast: Cast) -> None:
    matter = booked(cast)
    for person in (cast.resident, cast.pioneer.spokesperson, cast.staff):
        assert _sees(person, matter)
    for other in (None, cast.stranger, cast.second.spokesperson, cast.other_staff):
        assert not _sees(other, matter)


def test_a_number_nobody_has_is_missing(cast: Cast) -> None:
    for person in (None, cast.city_staff):
        with pytest.raises(Missing):
            queries.matter_for(person, "260101-999999")
        with pytest.raises(Missing):
            queries.matter_by_id(person, 0)
