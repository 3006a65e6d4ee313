"""In the pioneer's hands: release, report, a team called along."""

from dataclasses import dataclass
from datetime import datetime

from xianfeng.foundation.kernel import catalogue, clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import rules, steps
from xianfeng.matters.models import Handling, Matter, Visit
from xianfeng.matters.states import State


def release(number: str, *, by: Person, reason: str = "") -> Matter:
    """Give a taken matter back, with a reason; it is open to all again at once.

    Within the service's minutes after taking it (2) it is returned freely: no reason is asked, nothing counted.
    """
    at = clock.now()
    with write():
        matter = _in_hand(number, by)
        steps.refuse(rules.may_move("release", matter))
        free = rules.returns_freely(matter, at=at)
        plain = texts.clean_line(reason, field="reason", limit=200, required=not free)
        steps.remark(matter, "matter.released", plain, by=by, at=at)
        outcome = "returned" if free else "released"
        matter = steps.back_to_open(matter, "release", outcome, actor=actor(by.id), at=at)
        idempotency.note("matter", matter.id)
        return matter


def _in_hand(number: str, by: Person) -> Matter:
    matter = steps.locked(number, by=by)
    if not rules.is_taker(by, matter):
        raise Missing
    return matter


@dataclass(frozen=True)
class Report:
    """What was done: words, helpers' names, benefit claimed in yuan, jobs made.

    `benefit_kind`: income (more was earned) or cost (less was spent).
    """

    text: str
    helpers: str = ""
    benefit_yuan: int | None = None
    jobs: int | None = None
    benefit_kind: str = "income"


def report_done(number: str, report: Report, *, by: Person) -> Matter:
    """Report a taken matter done; the requester rates it next. Raises Refused 'text-missing', 'benefit-invalid'."""
    at = clock.now()
    text = texts.clean_text(
        report.text, field="report", limit=catalogue.load("limits")["matter"]["report_length"]
    )
    helpers = texts.clean_line(report.helpers, field="helpers", limit=200, required=False)
    _check_benefit(report)
    with write():
        matter = _in_hand(number, by)
        steps.refuse(rules.may_move("report", matter))
        handling = steps.live_handling(matter)
        Handling.objects.filter(pk=handling.pk).update(
            reported_at=at, report=text, helpers=helpers, benefit_yuan=report.benefit_yuan, jobs=report.jobs,
            benefit_kind=report.benefit_kind,
            # what was said of the benefit before was said of another claim
            benefit_verified_at=None, benefit_verified_by=None, benefit_refused_at=None,
        )  # fmt: skip
        steps.let_go(handling.pioneer_id)
        new = {"benefit_claimed": report.benefit_yuan is not None}
        matter = steps.move(matter, "report", actor=actor(by.id), at=at, new=new)
        idempotency.note("matter", matter.id)
        return matter


def _check_benefit(report: Report) -> None:
    if report.benefit_yuan is not None and not 0 <= report.benefit_yuan <= 10_000_000_000:
        raise Refused("benefit-invalid", field="benefit_yuan")
    if report.benefit_kind not in {"income", "cost"}:
        raise Refused("benefit-kind-unknown", field="benefit_kind")
    if report.jobs is not None and not 0 <= report.jobs <= 100_000:
        raise Refused("benefit-invalid", field="jobs")


def call_team(number: str, team_id: int, *, by: Person) -> Visit:
    """Call a collective to a matter in hand; calling the same team again answers the same."""
    at = clock.now()
    with write():
        matter = _in_hand(number, by)
        steps.refuse(rules.may_move("report", matter))
        team = Pioneer.objects.filter(pk=team_id, kind="collective", suspended_at=None).first()
        if team is None:
            raise Missing
        handling = steps.live_handling(matter)
        visit, created = Visit.objects.get_or_create(handling=handling, team=team, defaults={"called_at": at})
        if created:
            new = {"team": team.id}
            record.append("matter", matter.id, "matter.team-called", actor=actor(by.id), at=at, new=new)
        idempotency.note("visit", visit.id)
        return visit


def answer_call(visit_id: int, *, by: Person, visit_at: datetime | None) -> Visit:
    """Agree to a visit at an instant, or decline with None; only the team's spokesperson may."""
    at = clock.now()
    with write():
        visit = Visit.objects.filter(pk=visit_id, team__spokesperson=by).select_related("handling").first()
        if visit is None:
            raise Missing
        matter = Matter.objects.select_for_update().get(pk=visit.handling.matter_id)
        if matter.state != State.TAKEN or steps.live_handling(matter).pk != visit.handling_id:
            raise Refused("wrong-state", state=matter.state, move="visit")
        visit.visit_at, visit.agreed_at = visit_at, at if visit_at else None
        visit.declined_at = None if visit_at else at
        visit.save(update_fields=["visit_at", "agreed_at", "declined_at"])
        code = "matter.visit-agreed" if visit_at else "matter.team-declined"
        new = {"team": visit.team_id, "visit_at": visit_at}
        record.append("matter", matter.id, code, actor=actor(by.id), at=at, new=new)
        idempotency.note("visit", visit.id)
        return visit
