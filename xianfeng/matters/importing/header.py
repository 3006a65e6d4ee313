"""The first line of a file of letters: which separator, and which column is what."""

from dataclasses import dataclass

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.tables import headers
from xianfeng.foundation.kernel.tables.faults import Faulty
from xianfeng.foundation.kernel.tables.headers import SEPARATORS, Words

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
    best = separator or headers.best_separator(line, _words())
    names = headers.cut(line, best)
    known = headers.known(names, _words())
    if not set(known.values()) & set(_NEEDED):
        raise Faulty(_unknown(line, names, best))
    headers.refuse_twice(names, known)
    return Header(best, len(names), {column: at for at, column in known.items()})


def _words() -> Words:
    words: Words = catalogue.load("importing")["columns"]
    return words


def _unknown(line: str, names: list[str], separator: str) -> str:
    said = f"the first line names neither a title nor a text; cut at the {SEPARATORS.get(separator, separator)} it has "
    said += f"{len(names)} columns: {', '.join(repr(name[:20]) for name in names[:8])}"
    fits = [
        word for mark, word in SEPARATORS.items()
        if set(headers.known(headers.cut(line, mark), _words()).values()) & set(_NEEDED)
    ]  # fmt: skip
    if fits:
        return f"{said}. Cut at the {fits[0]} it would: leave --separator out"
    words = _words()
    return f"{said}. Known are {', '.join(words['title'][:3])} and {', '.join(words['text'][:3])}: give it a first line"
