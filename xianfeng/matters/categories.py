"""What a need is about: suggested from its words by plain rules (catalogue/skills.toml)."""

from functools import cache

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refused


def checked(code: str, *, field: str = "category") -> str:
    """Return a category the catalogue knows, or ''. Raises Refused 'category-unknown' naming `field`."""
    if code and code not in catalogue.load("skills"):
        raise Refused("category-unknown", field=field)
    return code


def suggest(text: str) -> str:
    """Return the category whose words weigh most in `text` (a longer word weighs more), or ''."""
    lower = text.lower()
    best, most = "", 0
    for code, words in _words():
        weight = 0
        for word, length in words:
            if word in lower:
                weight += length
        if weight > most:
            best, most = code, weight
    return best


@cache
def _words() -> list[tuple[str, list[tuple[str, int]]]]:
    skills = catalogue.load("skills").items()
    return [(code, [(word, len(word)) for word in entry["words"]]) for code, entry in skills]


def label(code: str, language: str) -> str:
    """Return the category's name in `language`; '' for none."""
    entry = catalogue.load("skills").get(code)
    return str(entry["en" if language.startswith("en") else "zh"]) if entry else ""
