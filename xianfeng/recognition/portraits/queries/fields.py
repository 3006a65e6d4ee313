"""A candidate beside the field of a round: which rules are fulfilled, and where each number stands among all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from xianfeng.foundation.kernel import clock
from xianfeng.matters.models import Handling
from xianfeng.recognition.honours import eligibility
from xianfeng.recognition.honours.eligibility import NONE_MORE, Given
from xianfeng.recognition.honours.models import Candidacy, Dossier, Round, Rule

MONTH_DAYS = 365.2425 / 12
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


def lines_of_file(field: Field, dossier: Dossier, language: str) -> list[Line]:
    """Return the rules of a round for somebody who is no pioneer yet; one statement.

    Their numbers are what the record knows of the file: needs named in it that were met, and where they live. Index,
    stars and years nobody knows before a recognition; there can be no honour and no founded complaint either.
    """
    served = _served(dossier)
    return compared(field, [_of_file(rule, dossier, served) for rule in field.rules], language)


def _served(dossier: Dossier) -> list[datetime]:
    """Return when each need was met that the file names."""
    named = dossier.items.filter(removed_at=None).exclude(matter=None).values("matter")
    done = Handling.objects.filter(matter__in=named, outcome="done", reported_at__isnull=False)
    return [at for at in done.values_list("reported_at", flat=True) if at is not None]


def _of_file(rule: Rule, dossier: Dossier, served: Sequence[datetime]) -> float | None:
    if rule.kind == "services":
        since = clock.now() - timedelta(days=MONTH_DAYS * rule.months) if rule.months else None
        return float(sum(since is None or at > since for at in served))
    if rule.kind == "residence":
        return float(rule.area_id in dossier.area.path)
    return 0.0 if rule.kind in NONE_MORE else None


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
