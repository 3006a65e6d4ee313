"""A candidate beside the field of a round: which rules are fulfilled, and where each number stands among all."""

from collections.abc import Sequence
from dataclasses import dataclass

from xianfeng.foundation.kernel import clock
from xianfeng.recognition.honours import eligibility
from xianfeng.recognition.honours.eligibility import Given
from xianfeng.recognition.honours.models import Candidacy, Round, Rule

SPREAD = {"index", "services", "stars", "years"}  # rules whose numbers can be compared; others are yes or no


@dataclass(frozen=True)
class Field:
    """Everybody in the field of a round with the numbers behind its rules; `declared`: how many declared."""

    round: Round
    rules: list[Rule]
    given: list[Given]
    declared: int


@dataclass(frozen=True)
class Line:
    """One rule for one candidate: met or not, the rule and what is missing in words, and the number among the field.

    `position` counts from 1, equal numbers share the better one; None where numbers cannot be compared.
    """

    met: bool
    rule: str
    short: str
    kind: str
    own: float | None
    values: list[float]
    position: int | None


def field_of(about: Round, declared: int) -> Field:
    """Return the field of a round as its rules read it now, or read it at its close; two statements."""
    asked = list(about.rules.order_by("position"))
    return Field(about, asked, eligibility.read(about, asked, min(clock.now(), about.closes_at)), declared)


def lines_of(field: Field, candidacy: Candidacy, language: str) -> list[Line]:
    """Return the rules of a round for one candidacy; no statement."""
    own = next((one for one in field.given if one.pioneer_id == candidacy.pioneer_id), None)
    numbers = own.numbers if own else tuple(candidacy.facts.get(str(rule.position)) for rule in field.rules)
    return compared(field, numbers, language)


def compared(field: Field, numbers: Sequence[float | None], language: str) -> list[Line]:
    """Return each rule with the numbers of everybody in the field; no statement."""
    answers = eligibility.explain(field.rules, numbers, language)
    found = []
    for at, (rule, answer) in enumerate(zip(field.rules, answers, strict=True)):
        values = [value for one in field.given if (value := one.numbers[at]) is not None]
        own, wide = numbers[at], rule.kind in SPREAD
        place = 1 + sum(value > own for value in values) if wide and own is not None else None
        found.append(
            Line(answer.met, answer.rule, answer.short, rule.kind, own, values if wide else [], place)
        )
    return found


def index_line(field: Field, own: float | None) -> tuple[list[float], int | None]:
    """Return the field's indexes without honours, and the position of `own` among them; no statement."""
    values = [one.index for one in field.given if one.index is not None]
    return values, None if own is None else 1 + sum(value > own for value in values)
