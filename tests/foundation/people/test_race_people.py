"""Codes, sign-ins and one person's chain, from many connections at once."""

from collections import Counter

import pytest

from tests.cast import build_cast
from tests.racing import race
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people import steps as people_steps
from xianfeng.foundation.people.models import Person, Session, SignInCode
from xianfeng.foundation.record import steps, subjects, verify
from xianfeng.foundation.record.models import Entry

pytestmark = pytest.mark.race
HERE = "tests.foundation.people.test_race_people"
MOBILE = "13800001234"


def ask(card: str) -> None:
    """Play one asking for a code."""
    people.ask_code(MOBILE, address=card)


def enter(card: str) -> str:
    """Play one sign-in with a code."""
    return people.sign_in(MOBILE, card).token


def join(card: str) -> int:
    """Play the very first step of somebody, and consent."""
    from django.db import transaction

    with transaction.atomic():
        person = people_steps.find_or_join(card, clock.now())
        people_steps.consent(person, "2026-11", clock.now())
    return person.id


def append(card: int) -> None:
    """Play one entry about a person."""
    steps.append("person", card, "person.changed", actor=subjects.SYSTEM, at=clock.now())


def test_ten_at_once_get_no_more_codes_than_the_limit(own_database: str) -> None:
    tries = race(f"{HERE}:ask", [[f"10.0.0.{hand}"] for hand in range(10)])
    assert Counter(one.outcome for one in tries) == {"won": 5, "too-many-codes": 5}
    assert SignInCode.objects.count() == 5


def test_a_code_opens_one_session_however_many_use_it_at_once(own_database: str) -> None:
    code = people.ask_code(MOBILE, address="10.0.0.1")
    tries = race(f"{HERE}:enter", [[code]] * 4, processes=4)
    assert Counter(one.outcome for one in tries) == {"won": 1, "code-ended": 3}
    assert Session.objects.count() == Person.objects.count() == 1


def test_ten_wrong_tries_at_once_count_five(own_database: str) -> None:
    code = people.ask_code(MOBILE, address="10.0.0.1")
    tries = race(f"{HERE}:enter", [[f"{(int(code) + 1) % 1_000_000:06d}"]] * 10)
    assert Counter(one.outcome for one in tries) == {"code-wrong": 5, "code-ended": 5}
    assert SignInCode.objects.get().tries == 5


def test_somebody_who_joins_ten_times_at_once_is_one_person_with_one_consent(own_database: str) -> None:
    tries = race(f"{HERE}:join", [["13800000077"]] * 10)
    assert {one.outcome for one in tries} == {"won"}
    assert {one.answer for one in tries} == {Person.objects.get().id}
    about = Entry.objects.filter(subject_kind="person").order_by("id")
    assert list(about.values_list("code", flat=True)) == [
        "person.joined",
        "person.consented",
    ]
    assert list(verify.chain_findings()) == []


def test_a_chain_does_not_fork_under_ten_writers(own_database: str) -> None:
    cast = build_cast()
    before = Entry.objects.filter(subject_kind="person", subject_id=cast.resident.id).count()
    tries = race(f"{HERE}:append", [[cast.resident.id] * 40] * 10)
    assert {one.outcome for one in tries} == {"won"}
    assert Person.objects.get(pk=cast.resident.pk).record_length == before + 400
    assert list(verify.chain_findings()) == []
