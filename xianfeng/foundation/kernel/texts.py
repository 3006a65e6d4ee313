"""What people type, made storable: one form, no control characters, within a limit."""

import re
import string
import unicodedata

from xianfeng.foundation.kernel.refusals import Refused

_KEPT = {"\n", "\t"}
_JOINERS = {"\u200d", "\ufe0f"}  # emoji are joined with these
# what nearly every text is made of: looked at as a whole, not mark by mark
_USUAL = re.compile("[\\n\\t -~\u00a1-\u00ac\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff01-\uffee]*")
_UNSEEN = "".join(_JOINERS) + string.whitespace + "\u3000"


def clean_text(text: str, *, field: str, limit: int, required: bool = True) -> str:
    """Return `text` in NFC, line ends unified, without control characters, trimmed.

    `limit` counts characters. Raises Refused 'text-missing' or 'text-too-long' naming `field`.
    """
    plain = unicodedata.normalize(
        "NFC", _sieved(text)
    ).strip()  # last: what is sieved out may have stood between
    if not plain.strip(_UNSEEN):
        plain = ""
    if required and not plain:
        raise Refused("text-missing", field=field)
    if len(plain) > limit:
        raise Refused("text-too-long", field=field, limit=limit, length=len(plain))
    return plain


def clean_line(text: str, *, field: str, limit: int, required: bool = True) -> str:
    """Return `text` cleaned as `clean_text`, on one line."""
    return clean_text(" ".join(_sieved(text).split()), field=field, limit=limit, required=required)


def _sieved(text: str) -> str:
    if _USUAL.fullmatch(text):
        return text
    return "".join(mark for mark in text.replace("\r\n", "\n").replace("\r", "\n") if _storable(mark))


def _storable(mark: str) -> bool:
    if mark in _KEPT or mark in _JOINERS:
        return True
    kind = unicodedata.category(mark)
    # newer than Python's tables: rare Han of names, this year's emoji
    return not _never_a_mark(mark) if kind == "Cn" else kind not in {"Cc", "Cf", "Cs", "Co"}


def _never_a_mark(mark: str) -> bool:
    """Tell whether Unicode promises that nobody will ever write this code point."""
    return "\ufdd0" <= mark <= "\ufdef" or ord(mark) & 0xFFFE == 0xFFFE


def bigrams(*texts: str) -> list[str]:
    """Return the search keys of `texts`: every pair of neighbouring Han characters, Latin words whole.

    Single Han characters are kept too, so that a one-character query has an answer.
    """
    keys: set[str] = set()
    for text in texts:
        for run in _runs(text.lower()):
            keys.update(_keys(run))
    return sorted(keys)


def _runs(text: str) -> list[str]:
    runs: list[str] = []
    kind = ""
    for mark in text:
        now = "han" if _is_han(mark) else "word" if mark.isalnum() else ""
        if now and now == kind:
            runs[-1] += mark
        elif now:
            runs.append(mark)
        kind = now
    return runs


def _keys(run: str) -> set[str]:
    if not _is_han(run[0]):
        return {run}
    return set(run) | {run[at : at + 2] for at in range(len(run) - 1)}


def query_keys(words: str) -> list[str]:
    """Return the keys that a row must carry to answer `words`: pairs where there are pairs."""
    keys: set[str] = set()
    for run in _runs(words.lower()):
        pairs = {run[at : at + 2] for at in range(len(run) - 1)} if _is_han(run[0]) else {run}
        keys |= pairs or {run}
    return sorted(keys)


def _is_han(mark: str) -> bool:
    return (
        "\u3400" <= mark <= "\u9fff" or "\U00020000" <= mark <= "\U0003ffff"
        or mark == "\u3007" or "\uf900" <= mark <= "\ufaff"  # 〇, and a dozen that stand apart
    )  # fmt: skip
