"""What a need is about: suggested from its words by plain rules (catalogue/skills.toml)."""

from typing import Any

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refused


def checked(code: str, *, field: str = "category") -> str:
    """Return a category the catalogue knows, or ''. Raises Refused 'category-unknown' naming `field`."""
    if code and code not in catalogue.known("skills"):
        raise Refused("category-unknown", field=field)
    return code


def suggest(text: str) -> str:
    """Return the category whose words weigh most in `text` (a longer word weighs more), or ''."""
    lower = text.lower()
    skills = catalogue.known("skills")
    words, weights = _words(skills), dict.fromkeys(skills, 0)
    for mark in set(lower):
        for word, code in words.get(mark, ()):
            if word in lower:
                weights[code] += len(word)
    best = max(weights, key=weights.__getitem__)  # of equal ones the first in the catalogue
    return best if weights[best] else ""


_kept: dict[str, Any] = {}  # worked out once for what the catalogue knows


def _words(skills: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Return all words with their category, by their first character: few of them can be in a text."""
    if _kept.get("skills") is not skills:
        words: dict[str, list[tuple[str, str]]] = {}
        for code, entry in skills.items():
            for word in entry["words"]:
                words.setdefault(word[0], []).append((word, code))
        _kept.update(skills=skills, words=words)
    found: dict[str, list[tuple[str, str]]] = _kept["words"]
    return found


def label(code: str, language: str) -> str:
    """Return the category's name in `language`; '' for none."""
    entry = catalogue.known("skills").get(code)
    return str(entry["en" if language.startswith("en") else "zh"]) if entry else ""
