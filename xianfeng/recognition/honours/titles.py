"""The catalogue of titles (catalogue/honours/titles.toml), grades, and the sentences of rules."""

from dataclasses import dataclass
from typing import Any

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refused

# Levels that the index counts; an honour of a town or an enterprise is honoured here alone.
COUNTED = ("county", "city", "province", "national")


@dataclass(frozen=True)
class Title:
    """A title: which mass organisation gives it, to whom, at which levels, for how many years (0: for good)."""

    code: str
    organisation: str
    kind: str
    levels: tuple[str, ...]
    years: int
    overlaps: tuple[str, ...]
    zh: str
    en: str

    def name(self, language: str) -> str:
        """Return the title in a language."""
        return self.en if language.startswith("en") else self.zh


def all_titles() -> dict[str, Title]:
    """Return every title by code, as the catalogue lists them."""
    rows = catalogue.load("honours/titles")
    return {
        code: Title(code, **{**row, "levels": tuple(row["levels"]), "overlaps": tuple(row["overlaps"])})
        for code, row in rows.items()
    }


def title(code: str) -> Title:
    """Return a title. Raises Refused 'title-unknown'."""
    found = all_titles().get(code)
    if found is None:
        raise Refused("title-unknown", field="title")
    return found


def overlapping(code: str) -> list[Title]:
    """Return the titles that honour much the same as `code`, whichever side says so."""
    known = all_titles()
    said = set(known[code].overlaps) if code in known else set()
    return [one for one in known.values() if one.code in said or code in one.overlaps]


def level_name(code: str, language: str) -> str:
    """Return what a level is called."""
    return _said(numbers("levels").get(code, {}), language) or code


def numbers(section: str) -> dict[str, Any]:
    """Return a section of catalogue/honours/rounds.toml."""
    found: dict[str, Any] = catalogue.load("honours/rounds")[section]
    return found


@dataclass(frozen=True)
class Grade:
    """A published band of the index: everybody from `least` points up who is in no higher one."""

    code: str
    least: float
    zh: str
    en: str


def grades() -> list[Grade]:
    """Return the bands, best first."""
    return [Grade(**row) for row in catalogue.load("honours/rounds")["grade"]]


def grade(index: float | None) -> Grade | None:
    """Return the grade of an index, None below the lowest band."""
    return next((one for one in grades() if index is not None and index >= one.least), None)


def rule_kinds() -> dict[str, dict[str, Any]]:
    """Return the kinds of rules by code."""
    return catalogue.load("honours/rules")


def sentence(kind: str, part: str, language: str, **given: Any) -> str:
    """Return a sentence of a rule: part '' (the rule), 'short' or 'none'."""
    entry = rule_kinds()[kind]
    tail = "en" if language.startswith("en") else "zh"
    text: str = entry[f"{part}_{tail}" if part else tail]
    return text.format_map({name: _number(value) for name, value in given.items()})


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float | int) else str(value)


def _said(entry: dict[str, str], language: str) -> str:
    return entry.get("en" if language.startswith("en") else "zh", "")
