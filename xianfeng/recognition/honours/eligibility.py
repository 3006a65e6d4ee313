"""Who fulfils the rules of a round, and what is missing: for everybody at once, in one statement."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.recognition.honours import titles
from xianfeng.recognition.honours.models import Round, Rule

# Each kind of rule is one number of a pioneer p, as of %(at)s. A founded complaint: a suspension, words that staff
# hid, an objection that was upheld.
_NUMBERS = {
    "index": "p.index_without_honours",
    "services": """(SELECT count(*) FROM matters_handling h WHERE h.pioneer_id = p.id AND h.outcome = 'done'
        AND h.reported_at <= %(at)s AND ({months} = 0
            OR h.reported_at > %(at)s - make_interval(months => {months})))::float8""",
    "stars": """(SELECT avg((r.skill + r.attitude + r.speed) / 3.0) FROM matters_rating r
        WHERE r.pioneer_id = p.id AND r.voided_at IS NULL AND r.rated_at <= %(at)s)::float8""",
    "years": "(extract(epoch FROM %(at)s - p.since) / 31556952)::float8",
    "residence": """(EXISTS (SELECT FROM places_area a WHERE a.id = p.area_id
        AND a.path @> ARRAY[{area}]::bigint[]))::int::float8""",
    "no-complaint": """((SELECT count(*) FROM people_pioneer_remark k WHERE k.pioneer_id = p.id
            AND k.code = 'pioneer.suspended' AND k.at <= %(at)s AND k.at > %(at)s - make_interval(months => {months}))
        + (SELECT count(*) FROM matters_message g JOIN matters_abuse_report b
            ON b.kind = 'message' AND b.subject_id = g.id AND b.hidden
            WHERE g.pioneer_id = p.id AND g.author_id = p.spokesperson_id
            AND b.judged_at <= %(at)s AND b.judged_at > %(at)s - make_interval(months => {months}))
        + (SELECT count(*) FROM honours_objection o JOIN honours_candidacy c ON c.id = o.candidacy_id
            WHERE c.pioneer_id = p.id AND o.upheld AND o.answered_at <= %(at)s
            AND o.answered_at > %(at)s - make_interval(months => {months})))::float8""",
    "not-honoured": """(SELECT count(*) FROM honours_honour w WHERE w.pioneer_id = p.id AND w.title = %(title)s
        AND w.revoked_at IS NULL AND w.since <= %(at)s
        AND w.since > %(at)s - make_interval(years => {years}))::float8""",
}  # fmt: skip
NONE_MORE = {"no-complaint", "not-honoured"}  # these count what must not be
_DIGITS = 6


@dataclass(frozen=True)
class Given:
    """A pioneer's numbers behind the rules, in the order of the rules; None where nothing is known."""

    pioneer_id: int
    name: str
    organisation_id: int
    area_id: int
    index: float | None
    numbers: tuple[float | None, ...]


@dataclass(frozen=True)
class Answer:
    """How one rule stands for one pioneer: fulfilled or not, and, in words, the rule and what is missing."""

    met: bool
    rule: str
    short: str


def read(
    about: Round, rules: Sequence[Rule], at: datetime, *, only: Sequence[int] | None = None
) -> list[Given]:
    """Return the numbers of the whole field of a round (or of the pioneers `only`), by id; one statement."""
    columns = "".join(f", {_column(rule, place)}" for place, rule in enumerate(rules))
    given: dict[str, Any] = {"at": at, "title": about.title, **_field(about), "only": only}
    for place, rule in enumerate(rules):
        given |= {f"{name}{place}": value for name, value in _parameters(rule).items()}
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.format(columns=columns), given)
        rows = cursor.fetchall()
    return [Given(row[0], row[1], row[2], row[3], row[4], tuple(row[5:])) for row in rows]


_STATEMENT = """
SELECT p.id, p.name, p.organisation_id, p.area_id, p.index_without_honours{columns}
FROM people_pioneer p JOIN people_organisation g ON g.id = p.organisation_id
JOIN places_area f ON f.id = g.area_id
WHERE p.kind = %(kind)s AND (%(only)s::bigint[] IS NULL OR p.id = ANY(%(only)s))
    AND (%(only)s::bigint[] IS NOT NULL OR p.suspended_at IS NULL)
    AND (%(giver)s::text IS NULL OR g.kind = %(giver)s) AND f.path @> ARRAY[%(within)s]::bigint[]
ORDER BY p.id"""


def _field(about: Round) -> dict[str, Any]:
    """Return whose pioneers are the field: of the same mass organisation, within the round's area."""
    giver = about.organisation.kind if about.organisation else None
    return {"kind": titles.title(about.title).kind, "giver": giver, "within": about.area_id}


def _column(rule: Rule, place: int) -> str:
    marks = {name: f"%({name}{place})s" for name in ("months", "years", "area")}
    return _NUMBERS[rule.kind].format(**marks)


def _parameters(rule: Rule) -> dict[str, Any]:
    return {"months": rule.months or 0, "years": rule.years or 0, "area": rule.area_id or 0}


def met(rule: Rule, number: float | None) -> bool:
    """Tell whether a number fulfils a rule. What nobody knows does not."""
    if number is None:
        return False
    if rule.kind in NONE_MORE:
        return number == 0
    least = 1.0 if rule.kind == "residence" else rule.n or 0.0
    return round(number, _DIGITS) >= least


def fulfils(rules: Sequence[Rule], numbers: Sequence[float | None]) -> bool:
    """Tell whether somebody with these numbers may be honoured."""
    return all(met(rule, number) for rule, number in zip(rules, numbers, strict=True))


def explain(rules: Sequence[Rule], numbers: Sequence[float | None], language: str) -> list[Answer]:
    """Return each rule in words, and what is missing ('' where nothing is); no statement."""
    return [_answer(rule, number, language) for rule, number in zip(rules, numbers, strict=True)]


def _answer(rule: Rule, number: float | None, language: str) -> Answer:
    fine = met(rule, number)
    return Answer(fine, rule_words(rule, language), "" if fine else _short(rule, number, language))


def rule_words(rule: Rule, language: str) -> str:
    """Return a rule as a sentence; no statement."""
    part = "ever" if rule.kind == "services" and not rule.months else ""
    area = places.full_name(tree.find(rule.area_id), language) if rule.area_id else ""
    return titles.sentence(
        rule.kind, part, language, n=rule.n, months=rule.months, years=rule.years, area=area
    )


def _short(rule: Rule, number: float | None, language: str) -> str:
    if number is None:
        return titles.sentence(rule.kind, "none", language)
    gap = number if rule.kind in NONE_MORE else (rule.n or 1.0) - number
    # never 'short of 0.0': what is missing is told so that having it is enough
    gap = gap if rule.kind in {"services", *NONE_MORE} else math.ceil(gap * 10) / 10
    return titles.sentence(rule.kind, "short", language, gap=gap)
