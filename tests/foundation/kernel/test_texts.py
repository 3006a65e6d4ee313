"""What people type becomes storable, and what they search for is found again."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.kernel.texts import bigrams, clean_line, clean_text, query_keys

ANYTHING = st.text(max_size=60)
TYPED = st.text(
    st.sampled_from("ab 先锋𠮷é\u0301\u200b\u200d\ufe0f\n\r\t\0👨👩👧\u00ad\u2028各"), max_size=40
)


def clean(text: str, limit: int = 1000) -> str:
    """Clean a text that may be empty."""
    return clean_text(text, field="text", limit=limit, required=False)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  灯坏了  ", "灯坏了"), ("cafe\u0301", "café"), ("一\r\n二\r三", "一\n二\n三"),
        ("甲\0乙\x07丙\x1b", "甲乙丙"),
        ("a\tb", "a\tb"), ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"), ("❤\ufe0f", "❤\ufe0f"), ("𠮷野家", "𠮷野家"),
        ("\u202e倒\u202c", "倒"), ("\ufeff头", "头"), ("\ud800半", "半"), ("\ue000私", "私"), ("㐀𪚥𰻝", "㐀𪚥𰻝"),
        ("\ufdd0\uffff无", "无"), ("e\u200b\u0301", "é"), ("\u1100\u200b\u1161", "가"), ("👍🏽🇨🇳", "👍🏽🇨🇳"),
    ],
)  # fmt: skip
def test_a_text_is_stored_in_one_plain_form(typed: str, stored: str) -> None:
    assert clean(typed) == stored


@given(st.one_of(ANYTHING, TYPED))
def test_whatever_is_typed_is_stored_in_nfc_without_controls_and_cleaning_again_changes_nothing(
    typed: str,
) -> None:
    stored = clean(typed)
    assert unicodedata.is_normalized("NFC", stored)
    assert not [
        mark for mark in stored if unicodedata.category(mark) in {"Cc", "Cs", "Co"} and mark not in "\n\t"
    ]
    assert stored == stored.strip()
    assert clean(stored) == stored
    stored.encode()


@given(st.one_of(ANYTHING, TYPED))
def test_a_line_is_one_line(typed: str) -> None:
    stored = clean_line(typed, field="title", limit=1000, required=False)
    assert len(stored.splitlines()) <= 1
    assert clean_line(stored, field="title", limit=1000, required=False) == stored


@pytest.mark.parametrize(
    "empty", ["", " ", "\n\t", "\u3000", "\0\x01", "\u200b\u200e", "\u200d", "\ufe0f \u200d", "\u2060"]
)
def test_what_shows_nothing_is_missing_where_something_is_required(empty: str) -> None:
    for cleaner in (clean_text, clean_line):
        with pytest.raises(Refused, match="text-missing") as caught:
            cleaner(empty, field="title", limit=10)
        assert caught.value.refusal.field == "title"
        assert cleaner(empty, field="title", limit=10, required=False) == ""


def test_the_limit_counts_characters_after_cleaning() -> None:
    assert clean_text("𠮷" * 10 + "\0" * 5, field="title", limit=10) == "𠮷" * 10
    assert clean_text("e\u0301" * 10, field="title", limit=10) == "é" * 10
    with pytest.raises(Refused, match="text-too-long") as caught:
        clean_text("𠮷" * 11, field="title", limit=10)
    assert caught.value.refusal.params == {"limit": 10, "length": 11}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("水电维修", {"水", "电", "维", "修", "水电", "电维", "维修"}), ("修", {"修"}), ("", set()), ("，。!", set()),
        ("Wifi 坏了", {"wifi", "坏", "了", "坏了"}), ("3号楼", {"3", "号", "楼", "号楼"}),
        ("𠮷野", {"𠮷", "野", "𠮷野"}),
        ("水、电", {"水", "电"}), ("二〇二六", {"二", "〇", "六", "二〇", "〇二", "二六"}),
        ("𰻝𰻝面", {"𰻝", "面", "𰻝𰻝", "𰻝面"}),
    ],
)  # fmt: skip
def test_search_keys_are_pairs_of_characters_and_whole_words(text: str, keys: set[str]) -> None:
    assert set(bigrams(text)) == keys


@given(st.text(st.sampled_from("水电维修先锋𠮷〇ab1 ，"), min_size=1, max_size=20), st.data())
def test_any_part_of_a_name_finds_it(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 1))
    part = name[start : data.draw(st.integers(start + 1, len(name)))]
    han_only = "".join(mark if not mark.isascii() else " " for mark in part)
    assert set(query_keys(han_only)) <= set(bigrams(name))


def test_a_query_asks_for_pairs_where_there_are_pairs() -> None:
    assert query_keys("维修") == ["维修"]
    assert query_keys("修") == ["修"]
    assert query_keys("Wifi 坏了") == ["wifi", "坏了"]
    assert query_keys(" ，") == []
