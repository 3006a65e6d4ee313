"""Mobile numbers: one form in, sealed at rest, masked out."""

import pytest

from tests.cast import Cast
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people import mobiles
from xianfeng.foundation.people.models import Person

NUMBER = "13800001234"


@pytest.mark.parametrize(
    "typed",
    [NUMBER, "138 0000 1234", "138-0000-1234", "+8613800001234", "+86 138 0000 1234", "008613800001234",
     "8613800001234", "(+86)13800001234", "１３８００００１２３４", "\u200913800001234 "],
)  # fmt: skip
def test_a_number_however_typed_has_one_form(typed: str) -> None:
    assert mobiles.normal(typed) == NUMBER


@pytest.mark.parametrize(
    "typed", ["", "138", "23800001234", "12800001234", "138000012345", "1380000123a", "+1 13800001234", "١٣٨٠٠٠٠١٢٣٤",
              "861380000123", "13800001234\0", "先锋"],
)  # fmt: skip
def test_what_is_no_number_is_refused_by_name(typed: str) -> None:
    with pytest.raises(Refused, match="mobile-invalid") as caught:
        mobiles.normal(typed)
    assert caught.value.refusal.field == "mobile"


def test_a_sealed_number_differs_each_time_and_opens_to_the_same() -> None:
    first, second = mobiles.sealed(NUMBER), mobiles.sealed(NUMBER)
    assert first != second
    assert mobiles.opened(first) == mobiles.opened(second) == NUMBER
    assert NUMBER.encode() not in first


def test_a_damaged_seal_is_not_opened() -> None:
    damaged = bytearray(mobiles.sealed(NUMBER))
    damaged[20] ^= 1
    with pytest.raises(ValueError, match="cannot be read"):
        mobiles.opened(bytes(damaged))


def test_a_number_is_found_by_its_keyed_hash_and_shown_masked(cast: Cast) -> None:
    assert Person.objects.get(mobile_hash=mobiles.found_by("13800000001")) == cast.resident
    assert mobiles.opened(bytes(cast.resident.mobile_sealed)) == "13800000001"
    assert mobiles.masked("13800000001") == "138****0001"
