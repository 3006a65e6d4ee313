"""Cases as staff see them: states, sides and mediators in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.foundation.people import roles
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import queries as places
from xianfeng.services.mediation import papers, queries, rules
from xianfeng.services.mediation.models import Case
from xianfeng.services.mediation.words import REASONS, STATES


@dataclass(frozen=True)
class Row:
    """A case in the list."""

    case: Case
    stands: str
    where: str
    mediator: str
    sides: str


def rows(found: Iterable[Case]) -> list[Row]:
    """Return cases as rows; no statement."""
    return [
        Row(
            one, str(STATES[one.state]), places.full_name(one.matter.area, get_language() or ""), _mediator(one),
            _sides(one),
        )
        for one in found
    ]  # fmt: skip


def _mediator(case: Case) -> str:
    return f"{roles.name(case.role, get_language() or '')} {case.mediator.name}" if case.mediator else ""


def _sides(case: Case) -> str:
    counts = [sum(one.side == side for one in case.parties.all()) for side in ("applicant", "respondent")]
    return _("%(a)s 位对 %(b)s 位") % {"a": counts[0], "b": counts[1]}


def whole(case: Case, by: Person) -> dict[str, object]:
    """Return what the page of a case shows staff."""
    early = case.state in {"opened", "inviting", "talking"} and not rules.side_of(by, case)
    language = get_language() or ""
    return {
        "row": rows([case])[0],
        "parties": [(papers.side_name(one.side), papers.called(one), one) for one in case.parties.all()],
        "aside": [(one.person.name or _("一位调解员"), str(REASONS[one.reason])) for one in queries.recusals(case)],
        "may_appoint": early, "may_decline": early and case.state in {"opened", "inviting"},
        "mediators": [
            (person.pk, f"{person.name} · {roles.name(role, language)}", person.pk == case.mediator_id)
            for person, role in (queries.mediators_for(case) if early else [])
        ],
    }  # fmt: skip
