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
    best, most = "", 0
    for code, words in _words(catalogue.known("skills")):
        weight = 0
        for word, length in words:
            if word in lower:
                weight += length
        if weight > most:
            best, most = code, weight
    return best


_kept: dict[str, Any] = {}  # worked out once for what the catalogue knows


def _words(skills: dict[str, Any]) -> list[tuple[str, list[tuple[str, int]]]]:
    if _kept.get("skills") is not skills:
        words = [(code, [(word, len(word)) for word in entry["words"]]) for code, entry in skills.items()]
        _kept.update(skills=skills, words=words)
    found: list[tuple[str, list[tuple[str, int]]]] = _kept["words"]
    return found


def label(code: str, language: str) -> str:
    """Return the category's name in `language`; '' for none."""
    entry = catalogue.known("skills").get(code)
    return str(entry["en" if language.startswith("en") else "zh"]) if entry else ""
