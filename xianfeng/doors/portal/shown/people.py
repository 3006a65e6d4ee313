"""Pioneers as pages show them: cards, organisations, places, in the reader's language."""

from dataclasses import dataclass

from django.utils.translation import get_language

from xianfeng.doors.portal.shown.choices import english
from xianfeng.foundation.people.models import Organisation, Pioneer
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree


@dataclass(frozen=True)
class Card:
    """A pioneer on a card, and where."""

    pioneer: Pioneer
    where: str


def where(area_id: int) -> str:
    """Return an area's full name, from the county down; no statement while the tree is fresh."""
    return places.full_name(tree.find(area_id), get_language() or "")


def cards(pioneers: list[Pioneer]) -> list[Card]:
    """Return cards in the order given."""
    return [Card(pioneer, where(pioneer.area_id)) for pioneer in pioneers]


def organisation(one: Organisation) -> str:
    """Return an organisation's name."""
    return one.name_en if english() and one.name_en else one.name
