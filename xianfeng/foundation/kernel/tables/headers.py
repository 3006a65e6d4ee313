"""The line that names the columns: which separator, and which column is what, in Chinese or English."""

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence

from xianfeng.foundation.kernel.tables.faults import Faulty, Reason

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SEPARATORS_ZH = {",": "逗号", ";": "分号", "\t": "制表符", "|": "竖线"}
Words = Mapping[str, Sequence[str]]


def cut(line: str, separator: str) -> list[str]:
    """Return the fields of one line."""
    return next(csv.reader([line.rstrip("\r\n")], delimiter=separator), [])


def best_separator(line: str, words: Words) -> str:
    """Return the separator at which `line` names most columns of `words`."""
    return max(SEPARATORS, key=lambda one: len(set(known(cut(line, one), words).values())))


def known(names: Sequence[str], words: Words) -> dict[int, str]:
    """Return by position which columns the `names` are; `words` has the names each column goes by."""
    columns = {plain(word): column for column, all_ in words.items() for word in all_}
    return {at: columns[plain(name)] for at, name in enumerate(names) if plain(name) in columns}


def plain(name: str) -> str:
    """Return a header without case, spaces, marks, notes in brackets and full-width forms."""
    whole = unicodedata.normalize("NFKC", name).lower()
    return re.sub(r"[\W_]+", "", re.sub(r"\([^)]*\)", "", whole)) or re.sub(r"[\W_]+", "", whole)


def refuse_twice(names: Sequence[str], columns: Mapping[int, str]) -> None:
    """Raise Faulty when two headers name the same column."""
    seen: dict[str, int] = {}
    for at, column in columns.items():
        if column in seen:
            first, second = seen[column] + 1, at + 1
            raise Faulty(
                Reason(
                    "file-twice",
                    first=first,
                    one=names[first - 1].strip(),
                    second=second,
                    other=names[at].strip(),
                    column=column,
                )
            )
        seen[column] = at
