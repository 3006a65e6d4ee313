"""The first line: which separator, and which column is what, in Chinese or English."""

import csv
import re
import unicodedata
from dataclasses import dataclass

from xianfeng.foundation.kernel import catalogue
from xianfeng.matters.importing.faults import Faulty

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_NEEDED = ("title", "text")


@dataclass(frozen=True)
class Header:
    """How the lines are cut, how many fields each has, and where the columns we know stand."""

    separator: str
    width: int
    places: dict[str, int]

    def field(self, fields: list[str], column: str) -> str:
        """Return the field of a column, trimmed; '' where the file has no such column."""
        at = self.places.get(column)
        return "" if at is None else fields[at].strip()


def read(line: str, separator: str = "") -> Header:
    """Understand the first line. Raises Faulty: no such columns, a column twice, or a separator that cuts nothing."""
    best = separator or max(SEPARATORS, key=lambda one: len(set(_known(_cut(line, one)).values())))
    names = _cut(line, best)
    known = _known(names)
    if not set(known.values()) & set(_NEEDED):
        raise Faulty(_unknown(line, names, best))
    _refuse_twice(names, known)
    return Header(best, len(names), {column: at for at, column in known.items()})


def _cut(line: str, separator: str) -> list[str]:
    return next(csv.reader([line.rstrip("\r\n")], delimiter=separator), [])


def _known(names: list[str]) -> dict[int, str]:
    """Return by position which of our columns a header names."""
    words = {
        _plain(word): column
        for column, all_ in catalogue.load("importing")["columns"].items()
        for word in all_
    }
    return {at: words[_plain(name)] for at, name in enumerate(names) if _plain(name) in words}


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).lower())


def _refuse_twice(names: list[str], known: dict[int, str]) -> None:
    seen: dict[str, int] = {}
    for at, column in known.items():
        if column in seen:
            first, second = seen[column] + 1, at + 1
            raise Faulty(
                f"columns {first} ({names[first - 1].strip()!r}) and {second} ({names[at].strip()!r}) are both the "
                f"{column}: rename or remove one of them"
            )
        seen[column] = at


def _unknown(line: str, names: list[str], separator: str) -> str:
    said = f"the first line names neither a title nor a text; cut at the {SEPARATORS.get(separator, separator)} it has "
    said += f"{len(names)} columns: {', '.join(repr(name[:20]) for name in names[:8])}"
    fits = [
        word for mark, word in SEPARATORS.items() if set(_known(_cut(line, mark)).values()) & set(_NEEDED)
    ]
    if fits:
        return f"{said}. Cut at the {fits[0]} it would: leave --separator out"
    words = catalogue.load("importing")["columns"]
    return f"{said}. Known are {', '.join(words['title'][:3])} and {', '.join(words['text'][:3])}: give it a first line"
