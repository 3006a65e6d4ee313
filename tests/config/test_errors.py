"""docs/errors.md is the table of the refusals, all of them and no other, each saying what to do."""

from pathlib import Path

import pytest

from tools import errors

KNOWN = errors.entries()
PLAIN = {"status": 422, "zh": "这个不对，请改一改", "en": "That is wrong. Mend it"}


def test_the_page_is_the_table_of_the_file_and_every_code_is_given_somewhere() -> None:
    assert errors.wrong(KNOWN, errors.TABLE.read_text()) == []


def test_a_code_that_nothing_gives_is_stale() -> None:
    found = KNOWN | {"never-heard-of": PLAIN}
    assert errors.wrong(found, errors.table(found)) == ["never-heard-of is stale: nothing gives it"]


def test_a_code_that_is_given_and_not_told_is_missing() -> None:
    found = {code: entry for code, entry in KNOWN.items() if code != "hands-full"}
    assert errors.wrong(found, errors.table(found)) == ["hands-full is given, but not in errors.toml"]


def test_a_changed_sentence_makes_the_page_an_old_one() -> None:
    found = KNOWN | {"hands-full": KNOWN["hands-full"] | {"zh": "您手上满了"}}
    assert errors.wrong(found, errors.TABLE.read_text()) == ["errors.md is not the table of errors.toml"]


@pytest.mark.parametrize("code", sorted(KNOWN))
def test_every_refusal_says_what_to_do_in_both_languages(code: str) -> None:
    zh, en = (errors.to_do(KNOWN[code], language) for language in errors.LANGUAGES)
    assert zh.startswith("请")
    assert en
    assert en[0].isupper() or en[0].isdigit()


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (PLAIN, ("请改一改", "Mend it")),
        ({"zh": "请写一句", "en": "Write a sentence"}, ("请写一句", "Write a sentence")),
        ({"zh": "这个不行", "en": "No"}, ("", "")),
        ({"zh": "不对，请改", "en": "Wrong"}, ("请改", "")),
        ({"zh": "不对，请改", "en": "Wrong", "do_en": "Mend it"}, ("请改", "Mend it")),
        ({"zh": "不对。请看，请改", "en": "No. Look. Mend"}, ("请看，请改", "Mend")),
    ],
)
def test_what_to_do_is_the_part_of_the_sentence_that_asks_for_it(
    entry: errors.Entry, told: tuple[str, str]
) -> None:
    assert tuple(errors.to_do(entry, language) for language in errors.LANGUAGES) == told


def test_both_ends_of_a_choice_are_codes(tmp_path: Path) -> None:
    path = tmp_path / "given.py"
    path.write_text('raise Refused("a" if one else "b", field="c")\nRefusal("d", "e")\nother("f")\n')
    assert {text for text, is_code in errors.constants(path) if is_code} == {"a", "b", "d"}
