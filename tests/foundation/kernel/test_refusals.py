"""Refusals: a code, a status, a sentence in both languages, never a fault of its own."""

import string

import pytest

from xianfeng.foundation.kernel import catalogue, refusals
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused, Replayed

CODES = sorted(catalogue.load("texts/errors"))


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", CODES)
def test_each_sentence_needs_the_same_fields_in_both_languages(code: str) -> None:
    entry = refusals.entry(code)
    assert _fields(entry["zh"]) == _fields(entry["en"])
    assert 400 <= refusals.status(code) < 600
    for language in ("zh-hans", "en"):
        assert "{" not in refusals.sentence(Refusal(code), language)


def test_sentences_are_told_in_the_language_of_the_caller() -> None:
    refusal = Refusal("hands-full", params={"held": 3})
    assert refusals.sentence(refusal, "zh-hans") == "您手上已有 3 件，办好一件再接"
    for english in ("en", "en-gb"):
        assert refusals.sentence(refusal, english) == "You hold 3. Finish one first"


def test_what_a_sentence_lacks_is_left_out_readably() -> None:
    assert "…" in refusals.sentence(Refusal("hands-full"), "en")


def test_words_in_a_parameter_are_not_taken_for_fields() -> None:
    told = refusals.sentence(
        Refusal("already-taken", params={"winner": "{x}", "late_seconds": 1.5}), "zh-hans"
    )
    assert "{x}" in told


def test_a_refusal_carries_code_field_and_parameters() -> None:
    refused = Refused("text-too-long", field="title", limit=10)
    assert (refused.refusal.code, refused.refusal.field, refused.refusal.params) == (
        "text-too-long", "title", {"limit": 10},
    )  # fmt: skip
    assert str(refused) == "text-too-long"
    assert Refused(refused.refusal).refusal is refused.refusal


def test_missing_is_a_refusal_that_tells_nothing() -> None:
    assert Missing().refusal == Refusal("not-found")
    assert refusals.status("not-found") == 404


def test_an_unknown_code_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        refusals.status("never-heard-of")


def test_replayed_is_no_refusal() -> None:
    assert not issubclass(Replayed, Refused)
