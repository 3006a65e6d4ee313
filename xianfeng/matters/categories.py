"""What a need is about: suggested from its words by plain rules (catalogue/skills.toml)."""

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
    weights = {
        code: sum(len(word) for word in entry["words"] if word in lower)
        for code, entry in catalogue.load("skills").items()
    }
    best = max(weights, key=lambda code: weights[code])
    return best if weights[best] else ""


def label(code: str, language: str) -> str:
    """Return the category's name in `language`; '' for none."""
    entry = catalogue.load("skills").get(code)
    return str(entry["en" if language.startswith("en") else "zh"]) if entry else ""
