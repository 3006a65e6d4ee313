"""A new key: everything is sealed anew while old fields stay readable, and a stopped run is gone on with."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from tests.cast import Cast, need, taken
from xianfeng.foundation.kernel import clock, generations, keyring, rotation
from xianfeng.foundation.people import mobiles, steps
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.importing import matching
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy.erasing import erase
from xianfeng.foundation.record import verify
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.talking import address_for, show_other_side


@pytest.fixture(autouse=True)
def keys(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of keys of its own, looked at each time."""
    settings.KEYS = tmp_path / "keys"
    monkeypatch.setattr(generations, "LOOK_EVERY_SECONDS", 0.0)
    generations.forget()
    yield tmp_path / "keys"
    generations.forget()


def quiet(_: int) -> None:
    return None


def numbers() -> set[int]:
    numbers_ = Person.objects.values_list("mobile_sealed", flat=True)
    doors = Matter.objects.exclude(address_sealed=None).values_list("address_sealed", flat=True)
    return {generations.parted(bytes(row))[0] for row in (*numbers_, *doors) if row is not None}


def test_everything_is_sealed_anew_and_read_as_before(cast: Cast, keys: Path) -> None:
    matter = need(cast.resident, address="幸福里 7 幢")
    assert numbers() == {0}
    number, count = rotation.rotate(quiet)
    assert (number, count) == (1, Person.objects.count() + 1)
    assert numbers() == {1}
    assert show_other_side(taken(cast).number, by=cast.pioneer.spokesperson) == "13800000001"
    assert address_for(Matter.objects.get(pk=matter.pk), cast.resident) == "幸福里 7 幢"
    assert stat.S_IMODE((keys / "1").stat().st_mode) == 0o600
    assert len((keys / "1").read_bytes()) == 32
    assert list(verify.chain_findings()) == []


def test_old_fields_stay_readable_while_new_ones_are_sealed_with_the_new_key(cast: Cast) -> None:
    generations.use(generations.prepare())
    assert mobiles.opened(bytes(Person.objects.get(pk=cast.resident.pk).mobile_sealed)) == "13800000001"
    need(cast.resident, address="新门牌")
    assert numbers() == {0, 1}


def test_a_stopped_rotation_is_gone_on_with(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 4)

    def stop(count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(stop)
    assert rotation.counts() == {0: Person.objects.count() - 4, 1: 4}
    assert rotation.rotate(quiet) == (1, Person.objects.count() - 4)
    assert numbers() == {1}


def test_each_further_rotation_makes_a_further_key(cast: Cast) -> None:
    assert [rotation.rotate(quiet)[0] for _ in range(3)] == [1, 2, 3]
    assert rotation.counts() == {0: 0, 1: 0, 2: 0, 3: Person.objects.count()}


def test_a_row_that_changed_meanwhile_is_not_overwritten(cast: Cast) -> None:
    row = Person.objects.get(pk=cast.resident.pk)
    before = bytes(row.mobile_sealed)
    Person.objects.filter(pk=row.pk).update(mobile_sealed=mobiles.sealed("13900000000"))
    generations.use(generations.prepare())
    field = rotation.Sealed("mobile", "people_person", "mobile_sealed")
    rotation._seal_anew(field, [(row.pk, before)], 1)
    assert mobiles.opened(bytes(Person.objects.get(pk=row.pk).mobile_sealed)) == "13900000000"


def test_what_no_key_can_read_is_left_and_told(cast: Cast) -> None:
    Person.objects.filter(pk=cast.stranger.pk).update(mobile_sealed=b"torn")
    with pytest.raises(ValueError, match="1 sealed fields cannot be read"):
        rotation.rotate(quiet)
    assert bytes(Person.objects.get(pk=cast.stranger.pk).mobile_sealed) == b"torn"
    assert rotation.counts() == {0: 1, 1: Person.objects.count() - 1}


def test_a_prepared_key_is_read_with_and_seals_nothing(cast: Cast, keys: Path) -> None:
    assert generations.prepare() == generations.prepare() == 1
    assert generations.newest() == 0
    (keys / "1.prepared").rename(keys / "1")  # another machine uses it already
    sealed = keyring.seal("mobile", "x")
    (keys / "1").rename(keys / "1.prepared")
    assert sealed.startswith(b"1:")
    assert keyring.unseal("mobile", sealed) == "x"
    assert rotation.rotate(quiet)[0] == 1


def test_without_its_key_nothing_is_read(keys: Path) -> None:
    generations.use(generations.prepare())
    sealed = keyring.seal("mobile", "x")
    (keys / "1").unlink()
    generations.forget()
    with pytest.raises(ValueError, match="cannot be read"):
        keyring.unseal("mobile", sealed)


def test_purposes_differ_in_each_generation() -> None:
    generations.use(generations.prepare())
    with pytest.raises(ValueError, match="sealed text of address"):
        keyring.unseal("address", keyring.seal("mobile", "x"))


def test_the_command_tells_rotates_and_drops(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("keys", "rotate")
    call_command("keys", "rotate")
    assert "key 1 seals nothing any more" in capsys.readouterr().out
    for number in ("0", "2", "9"):
        with pytest.raises(CommandError):
            call_command("keys", "drop", number)
    call_command("keys", "drop", "1")
    call_command("keys", "prepare")
    call_command("keys", "status")
    told = capsys.readouterr().out
    assert f"key 2 (in use): {Person.objects.count()} fields" in told
    assert "key 3 (prepared): 0 fields" in told
    assert generations.numbers() == [0, 2, 3]


def mobile_hashes() -> dict[int, bytes]:
    return {pk: bytes(kept) for pk, kept in Person.objects.values_list("id", "mobile_hash")}


def test_the_hash_that_finds_a_number_is_made_anew_and_the_old_key_is_not_needed(cast: Cast) -> None:
    before = mobile_hashes()
    rotation.rotate(quiet)
    rotation.rotate(quiet)
    assert not set(before.values()) & set(mobile_hashes().values())
    call_command("keys", "drop", "1")
    assert mobile_hashes()[cast.resident.pk] == mobiles.found_by("13800000001")
    assert steps.person_of("13800000001") == cast.resident
    assert steps.find_or_join("13800000001", clock.now()) == cast.resident


def test_half_way_everybody_is_found_and_nobody_joins_twice(cast: Cast) -> None:
    generations.use(generations.prepare())
    count = Person.objects.count()
    assert steps.find_or_join("13800000001", clock.now()) == cast.resident
    new = steps.find_or_join("13900000009", clock.now())
    assert bytes(new.mobile_hash) == keyring.hash_in(1, "mobile", "13900000009")
    assert steps.find_or_enter("13900000009", clock.now(), by=SYSTEM) == new
    assert Person.objects.count() == count + 1
    found = matching.by_number(["13800000001", "13900000009", "13900000010"])
    assert found == {"13800000001": cast.resident, "13900000009": new}


def test_a_code_asked_for_before_the_new_key_signs_in_after_it(cast: Cast) -> None:
    code = people.ask_code("13800000001", address="10.0.0.1")
    generations.use(generations.prepare())
    assert people.sign_in("13800000001", code).person == cast.resident


def test_who_has_no_number_keeps_the_hash_nobody_finds_them_by(cast: Cast) -> None:
    erase("0001", by=cast.resident)
    kept = mobile_hashes()[cast.resident.pk]
    rotation.rotate(quiet)
    assert mobile_hashes()[cast.resident.pk] == kept
    assert steps.person_of("13800000001") is None
