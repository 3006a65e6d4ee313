"""Cards: what a board of one's own is made of, each defined once in catalogue/cockpit/cards.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Missing

DIMENSIONS = ("", "month", "area", "organisation", "category", "service")
FORMS = ("number", "lines", "columns", "bars")


@dataclass(frozen=True)
class Card:
    """One card: measures, the dimension they are told apart `by` ('' not at all), the form they are drawn in."""

    code: str
    measures: tuple[str, ...]
    by: str
    form: str
    names: Mapping[str, str]

    def name(self, language: str) -> str:
        """Return its name."""
        return self.names["en" if language.startswith("en") else "zh"]


@cache
def all_cards() -> Mapping[str, Card]:
    """Return the cards by code, in the order of the catalogue."""
    return {
        code: Card(code, tuple(row["measures"]), row["by"], row["form"], {"zh": row["zh"], "en": row["en"]})
        for code, row in catalogue.load("cockpit/cards").items()
    }


def card(code: str) -> Card:
    """Return one card. Raises Missing."""
    found = all_cards().get(code)
    if found is None:
        raise Missing
    return found
