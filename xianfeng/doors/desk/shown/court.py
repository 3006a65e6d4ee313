"""Cases as staff see them: states, sides and mediators in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from xianfeng.foundation.people import roles
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import queries as places
from xianfeng.services.mediation import papers, queries, rules
from xianfeng.services.mediation.models import Case

STATES = {
    "opened": gettext_lazy("在请调解员"),
    "inviting": gettext_lazy("等各方同意"),
    "talking": gettext_lazy("在谈"),
    "agreed": gettext_lazy("谈好了"),
    "broken": gettext_lazy("没有做到"),
    "kept": gettext_lazy("都做到了"),
    "failed": gettext_lazy("没谈成"),
    "court": gettext_lazy("去法院"),
    "withdrawn": gettext_lazy("收回了"),
    "declined": gettext_lazy("没有受理"),
}
REASONS = {
    "party": gettext_lazy("自己是当事人"),
    "firm": gettext_lazy("和一方的企业有关"),
    "collective": gettext_lazy("和一方在同一个集体"),
    "same-area": gettext_lazy("和一方住在同一个村社"),
    "neighbour": gettext_lazy("住得近"),
    "declared": gettext_lazy("自己说要回避"),
    "objected": gettext_lazy("一方请求换人"),
}


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
