"""One-time codes: hashed, five minutes, five tries, so many in an hour."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from pytest_django import Settings

from tests.cast import Cast
from tests.foundation.people.conftest import Carrier
from tests.matters.watching import refused, watching
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Consent, Person, Session, SignInCode
from xianfeng.foundation.people.operations import signing
from xianfeng.foundation.record import verify
from xianfeng.foundation.record.models import Entry

MOBILE = "13800001234"
pytestmark = pytest.mark.django_db


def ask(mobile: str = MOBILE, address: str = "10.0.0.1") -> str:
    """Ask for a code from an address."""
    return people.ask_code(mobile, address=address)


def wrong(code: str) -> str:
    """Return another code than `code`."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_code_is_sent_to_the_number_and_kept_only_as_a_keyed_hash(carrier: Carrier) -> None:
    with time_machine.travel(clock.now(), tick=False), watching() as seen:
        code = ask("+86 138-0000-1234")
        row = SignInCode.objects.get()
        assert row.expires_at == clock.now() + timedelta(minutes=5)
    assert carrier.sent == [(MOBILE, code)]
    assert len(code) == 6
    assert code.isdigit()
    assert len(bytes(row.code_hash)) == len(bytes(row.mobile_hash)) == 32
    assert code.encode() not in bytes(row.code_hash)
    assert seen.rows == {"people_sign_in_code": {row.id}}
    assert seen.entries == []


def test_the_same_code_of_two_numbers_has_two_hashes(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "_new_code", lambda _: "123456")
    ask()
    ask("13800001235")
    first, second = SignInCode.objects.all()
    assert bytes(first.code_hash) != bytes(second.code_hash)


def test_codes_are_drawn_over_the_whole_range(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = {signing._new_code(6)[0] for _ in range(400)}
    assert drawn == set("0123456789")


def test_first_sign_in_joins_and_opens_a_session_and_nothing_else(carrier: Carrier) -> None:
    code = ask()
    with watching() as seen:
        signed = people.sign_in("138 0000 1234", f" {code} ", device="手机", consent="2026-11")
    session = Session.objects.get()
    assert (session.person_id, session.device, session.revoked_at) == (signed.person.id, "手机", None)
    assert signed.token.encode() not in bytes(session.token_hash)
    assert [told.code for told in seen.entries] == ["person.joined", "person.consented"]
    assert all(told.actor == ("person", signed.person.id) for told in seen.entries)
    assert seen.tables == {"people_person", "people_session", "people_consent", "people_sign_in_code"}
    assert Consent.objects.get().version == "2026-11"


def test_second_sign_in_finds_the_same_person(carrier: Carrier) -> None:
    first = people.sign_in(MOBILE, ask())
    with watching() as seen:
        second = people.sign_in("+8613800001234", ask())
    assert first.person == second.person
    assert first.token != second.token
    assert seen.entries == []
    assert Person.objects.count() == 1


def test_code_is_good_to_the_last_moment_of_its_five_minutes_and_then_no_more(carrier: Carrier) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        code = ask()
        moment.shift(timedelta(minutes=5) - timedelta(microseconds=1))
        assert people.sign_in(MOBILE, code).token
        late = ask()
        moment.shift(timedelta(minutes=5))
        with refused("code-ended", "code"):
            people.sign_in(MOBILE, late)


def test_code_is_dead_after_use(carrier: Carrier) -> None:
    code = ask()
    people.sign_in(MOBILE, code)
    with refused("code-ended"):
        people.sign_in(MOBILE, code)


def test_use_of_the_newest_code_ends_the_ones_before_it(carrier: Carrier) -> None:
    old, new = ask(), ask()
    people.sign_in(MOBILE, new)
    with refused("code-ended"):
        people.sign_in(MOBILE, old)
    assert not SignInCode.objects.filter(used_at=None).exists()


def test_a_newer_code_replaces_an_older_one(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = iter(["111111", "222222"])
    monkeypatch.setattr(signing, "_new_code", lambda _: next(codes))
    ask()
    ask()
    with pytest.raises(Refused, match="code-wrong"):
        people.sign_in(MOBILE, "111111")
    assert people.sign_in(MOBILE, "222222").token


def test_wrong_tries_stay_counted_and_the_sixth_is_too_many_even_when_right(carrier: Carrier) -> None:
    code = ask()
    for tries in range(1, 6):
        with pytest.raises(Refused, match="code-wrong"):
            people.sign_in(MOBILE, wrong(code))
        assert SignInCode.objects.get().tries == tries
    with refused("code-ended"):
        people.sign_in(MOBILE, code)
    assert not Session.objects.exists()
    assert not Person.objects.exists()


def test_the_fifth_try_may_still_be_right(carrier: Carrier) -> None:
    code = ask()
    for _ in range(4):
        with pytest.raises(Refused, match="code-wrong"):
            people.sign_in(MOBILE, wrong(code))
    assert people.sign_in(MOBILE, code).token


@pytest.mark.parametrize("typed", ["", " ", "abc", "１２３４５６", "0" * 5000, "\0"])
def test_nonsense_for_a_code_is_a_wrong_code(
    carrier: Carrier, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "_new_code", lambda _: "135790")
    ask()
    with pytest.raises(Refused, match="code-wrong"):
        people.sign_in(MOBILE, typed)


def test_code_of_another_number_opens_nothing(carrier: Carrier) -> None:
    code = ask()
    with refused("code-ended"):
        people.sign_in("13800009999", code)


def test_a_number_gets_five_codes_in_an_hour_and_is_told_truly_when_the_next(carrier: Carrier) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        for _ in range(5):
            ask()
            moment.shift(timedelta(minutes=1))
        with refused("too-many-codes", "mobile") as told:
            ask(address="10.9.9.9")
        assert (told["retry_seconds"], told["minutes"]) == (55 * 60, 55)
        assert ask("13800005678")
        moment.shift(timedelta(seconds=told["retry_seconds"]) - timedelta(seconds=1))
        with refused("too-many-codes"):
            ask()
        moment.shift(timedelta(seconds=1))
        assert ask()


def test_an_address_gets_sixty_codes_in_an_hour(carrier: Carrier) -> None:
    with time_machine.travel(clock.now(), tick=False):
        for number in range(60):
            ask(f"138000{number:05d}", "10.0.0.2")
        with refused("too-many-codes") as told:
            ask("13900000000", "10.0.0.2")
        assert told["retry_seconds"] == 3600
        assert ask("13900000000", "10.0.0.3")


def test_refused_codes_are_neither_kept_nor_sent(carrier: Carrier) -> None:
    for _ in range(5):
        ask()
    with refused("too-many-codes"):
        ask()
    assert len(carrier.sent) == SignInCode.objects.count() == 5


def test_the_limits_are_data() -> None:
    told = catalogue.load("people")
    assert set(told["limits"]) == set(told["demo_limits"])
    assert told["limits"]["codes_per_mobile_per_hour"] == 5


def test_the_demo_lets_thousands_of_sessions_open_from_one_address(
    carrier: Carrier, settings: Settings
) -> None:
    settings.DEMO = True
    limit = catalogue.load("people")["demo_limits"]["codes_per_address_per_hour"]
    assert limit >= 2000
    with time_machine.travel(clock.now(), tick=False):
        ask()
        row = SignInCode.objects.get()
        row.pk = None
        SignInCode.objects.bulk_create(
            SignInCode(**{**_columns(row), "mobile_hash": number.to_bytes(4)}) for number in range(limit - 2)
        )
        assert people.sign_in("13900005678", ask("13900005678")).token
        with refused("too-many-codes"):
            ask("13900005679")


def _columns(row: SignInCode) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_sender_that_fails_leaves_the_code_counted(carrier: Carrier) -> None:
    carrier.broken = True
    with pytest.raises(OSError, match="no network"):
        ask()
    assert SignInCode.objects.count() == 1


def test_one_tap_sign_in_is_missing_outside_the_demo(carrier: Carrier) -> None:
    person = people.sign_in(MOBILE, ask()).person
    assert not settings.DEMO
    with refused("not-found"):
        people.open_demo_session(person.id)


def test_consent_is_kept_once_a_version(carrier: Carrier) -> None:
    person = people.sign_in(MOBILE, ask(), consent="2026-11").person
    with watching() as seen:
        people.give_consent("2026-11", by=person)
    assert seen.nothing()
    with watching() as seen:
        people.give_consent("2027-01", by=person)
    assert seen.only("person.consented").new == {"version": "2027-01"}
    assert set(Consent.objects.values_list("version", flat=True)) == {"2026-11", "2027-01"}


def test_sign_in_writes_no_number_into_the_record(carrier: Carrier) -> None:
    people.sign_in(MOBILE, ask(), device=MOBILE, consent="2026-11")
    assert not Entry.objects.filter(new__contains="1380000").exists()


def test_who_was_entered_by_staff_is_recorded_as_that_and_signs_in_for_the_first_time_later(
    cast: Cast, carrier: Carrier
) -> None:
    with watching() as seen:
        person = people.enter_person("13912340000", name="新人", by=cast.staff)
    assert [(one.code, one.actor, one.new) for one in seen.entries] == [
        ("person.entered", ("person", cast.staff.pk), {"from": "staff"}),
        ("person.changed", ("person", cast.staff.pk), {"fields": ["name"]}),
    ]
    assert person.signed_in_at is None
    for told in (["person.joined"], []):  # the second time is not the first
        with watching() as seen:
            people.sign_in("13912340000", people.ask_code("13912340000", address="10.0.0.9"))
        assert [one.code for one in seen.entries] == told
    person.refresh_from_db()
    assert (person.name, person.signed_in_at is not None) == ("新人", True)
    assert list(verify.chain_findings()) == []
