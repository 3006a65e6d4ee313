"""What follows from what happened: sides and mediator are told, and a case ends with the matter it stands on."""

from collections.abc import Iterator

from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.notices import steps as notices
from xianfeng.foundation.notices.steps import Telling
from xianfeng.foundation.record import consumers
from xianfeng.foundation.record.consumers import Event
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.services.mediation import queries, states, steps
from xianfeng.services.mediation.models import Case, Duty, Party
from xianfeng.services.mediation.states import ALL, LIVE, MOVES, Kind

GONE = {"matter.withdrawn": "withdraw", "matter.merged": "withdraw", "matter.declined": "decline"}


def register() -> None:
    """Name this room's consumers; called once at start."""
    told = {code.rpartition(".")[0] for code in catalogue.load("texts/notices")}
    consumers.register("mediation.notices", tell_people, told & states.codes())
    consumers.register("mediation.matters", follow_matters, GONE)


def follow_matters(events: list[Event]) -> None:
    """End cases whose matter was taken back, declined or merged by itself."""
    for event in events:
        pk = (
            Case.objects.filter(matter_id=event.subject_id, state__in=LIVE)
            .values_list("id", flat=True)
            .first()
        )
        if pk is None:
            continue
        case = steps.case_by_id(pk)
        name = GONE[event.code] if case.state in {"opened", "inviting"} else "withdraw"
        if case.state in MOVES[Kind.CASE, name].source:
            steps.move(case, name, actor=SYSTEM, at=clock.now())


def tell_people(events: list[Event]) -> None:
    """Write into inboxes what concerns each; the one who did it is not told of it."""
    cases = queries.whole().in_bulk({_case(event) for event in events if _case(event)})
    duties = Duty.objects.select_related("payer__firm", "receiver__firm").in_bulk(
        {event.subject_id for event in events if event.subject_kind == Kind.DUTY}
    )
    notices.tell(
        telling
        for event in events
        if (case := cases.get(_case(event)))
        for telling in _tellings(event, case, duties)
        if not (event.actor_kind == "person" and event.actor_id == telling.person_id)
    )


def _case(event: Event) -> int:
    return event.subject_id if event.subject_kind == Kind.CASE else int(event.new.get("case") or 0)


def _tellings(event: Event, case: Case, duties: dict[int, Duty]) -> Iterator[Telling]:
    wanted = catalogue.load("texts/notices")
    told: set[tuple[str, int]] = set()
    for side, person_id in _sides(event, case, duties):
        code = f"{event.code}.{side}"
        if code in wanted and (code, person_id) not in told:
            told.add((code, person_id))
            params = {"number": case.matter.number}
            yield Telling(person_id, code, f"case:{case.matter.number}", event.id, event.at, params)


def _sides(event: Event, case: Case, duties: dict[int, Duty]) -> Iterator[tuple[str, int]]:
    """Yield who is told, as whom. What was said apart with one side is told to that side and the mediator alone."""
    channel = event.new.get("channel", ALL)
    for party in case.parties.all():
        here = channel in {ALL, party.side}
        if here and (party.left_at is None or event.code in {"case.refused", "case.failed"}):
            yield "party", _speaker(party)
    if case.mediator_id:
        yield "mediator", case.mediator_id
    if duty := duties.get(event.subject_id if event.subject_kind == Kind.DUTY else 0):
        yield "receiver", _speaker(duty.receiver)
        yield "payer", _speaker(duty.payer)


def _speaker(party: Party) -> int:
    return party.firm.responsible_id if party.firm else party.person_id
