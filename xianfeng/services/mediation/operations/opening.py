"""A case is opened, its sides come together, and say whether they want to be mediated."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import mobiles
from xianfeng.foundation.people import steps as people
from xianfeng.foundation.people.models import Firm, Person
from xianfeng.foundation.record.subjects import Actor
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.raising import Need, raised_within
from xianfeng.services.mediation import numbers, queries, rules, steps
from xianfeng.services.mediation.models import Case, Party
from xianfeng.services.mediation.sealing import sealed
from xianfeng.services.mediation.states import APPLICANT, RESPONDENT, SIDES


@dataclass(frozen=True)
class Named:
    """Somebody on a side, as who opens the case names them: a verified firm, or a person by their mobile number."""

    name: str
    mobile: str = ""
    firm_id: int | None = None


@dataclass(frozen=True)
class Claim:
    """What a case is about. Coordinates are degrees in `datum`; `others` are on the applicant's own side.

    `firm_id`: the applicant speaks for this firm of theirs.
    """

    title: str
    text: str
    lat: float
    lon: float
    respondents: Sequence[Named]
    others: Sequence[Named] = field(default_factory=tuple)
    service: str = "court-mediation"
    datum: str = "wgs84"
    firm_id: int | None = None


def open_case(given: Claim, *, by: Person) -> Case:
    """Open a case: the matter is raised, both sides are named, and a mediator whom nothing keeps out leads it at once.

    Raises Refused 'service-unknown', 'party-missing', 'too-many-parties', 'party-invalid', 'party-twice',
    'mobile-invalid', and what raising a need refuses.
    """
    at = clock.now()
    if given.service not in numbers.services():
        raise Refused("service-unknown", field="service")
    if not given.respondents:
        raise Refused("party-missing", field="respondents")
    need = Need(
        title=given.title, text=given.text, lat=given.lat, lon=given.lon, datum=given.datum, service=given.service,
        firm_id=given.firm_id,
    )  # fmt: skip
    with write():
        matter = raised_within(need, by=by, at=at)
        case = _opened(matter, given, by, at)
        case = steps.appoint_next(queries.whole().get(pk=case.pk), at=at)
        idempotency.note("case", case.pk)
        return queries.whole().get(pk=case.pk)


def _opened(matter: Matter, given: Claim, by: Person, at: datetime) -> Case:
    case = Case(matter=matter, opened_at=at)
    steps.born(case, "case.opened", "opened", actor=actor(by.pk), at=at, service=given.service)
    own = Party.objects.create(
        case=case, side=APPLICANT, person=by, firm_id=given.firm_id, name_sealed=_own_name(by, given.firm_id),
        added_at=at, consented_at=at,
    )  # fmt: skip
    _within_limit(len(given.others) + 1, "others")
    _within_limit(len(given.respondents), "respondents")
    known = {_key(own)}
    for side, named, name in (
        *((APPLICANT, one, "others") for one in given.others),
        *((RESPONDENT, one, "respondents") for one in given.respondents),
    ):
        _add(case, side, named, known, by=actor(by.pk), at=at, name=name)
    return case


def _own_name(by: Person, firm_id: int | None) -> bytes | None:
    firm = Firm.objects.filter(pk=firm_id).first() if firm_id else None
    return sealed(firm.name if firm else by.name)


def _within_limit(count: int, name: str) -> None:
    if count > (most := numbers.of("case")["parties_a_side"]):
        raise Refused("too-many-parties", field=name, limit=most)


def _key(party: Party) -> tuple[str, int]:
    return ("firm", party.firm_id) if party.firm_id else ("person", party.person_id)


def _add(
    case: Case, side: str, named: Named, known: set[tuple[str, int]], *, by: Actor, at: datetime, name: str
) -> Party:  # fmt: skip
    """Put somebody on a side, once in a case. Whoever has no account is entered by their number."""
    party = Party(case=case, side=side, added_at=at)
    if named.firm_id is not None:
        firm = Firm.objects.filter(pk=named.firm_id, verified_at__isnull=False).first()
        if firm is None:
            raise Refused("party-invalid", field=name)
        party.firm, party.person, called = firm, firm.responsible, firm.name
    else:
        called = texts.clean_line(named.name, field=name, limit=numbers.of("case")["name_length"])
        party.person = people.find_or_enter(mobiles.normal(named.mobile), at, by=by)
    if _key(party) in known:
        raise Refused("party-twice", field=name)
    known.add(_key(party))
    party.name_sealed = sealed(called)
    party.save()
    return party


def add_party(number: str, side: str, named: Named, *, by: Person) -> Case:
    """Bring somebody else into a case, as its mediator; too near to the mediator, and another takes over.

    Raises Missing; Refused 'case-wrong-state', 'party-invalid', 'party-twice', 'too-many-parties'.
    """
    at = clock.now()
    with write():
        case = steps.led(steps.locked_case(number, by=by), by)
        if case.state not in {"inviting", "talking"} or side not in SIDES:
            raise Refused("case-wrong-state", state=case.state, move="add")
        present = list(case.parties.all())
        _within_limit(sum(one.side == side for one in present) + 1, "name")
        known = {_key(one) for one in present}
        party = _add(case, side, named, known, by=actor(by.pk), at=at, name="name")
        new = {"party": party.pk, "side": side}
        steps.note(case, "case.party-added", actor=actor(by.pk), at=at, new=new)
        case = steps.recheck(queries.whole().get(pk=case.pk), at=at)
        idempotency.note("case", case.pk)
        return case


def consent(number: str, *, by: Person) -> Case:
    """Agree to being mediated; the last yes begins the talks. Again answers the same. Raises Missing, Refused."""
    at = clock.now()
    with write():
        case = steps.locked_case(number, by=by)
        party = steps.own_party(case, by)
        if case.state not in {"opened", "inviting", "talking"}:
            raise Refused("case-wrong-state", state=case.state, move="consent")
        if party.consented_at is None:
            Party.objects.filter(pk=party.pk).update(consented_at=at)
            steps.note(case, "case.consented", actor=actor(by.pk), at=at, new={"party": party.pk})
        case = _begun(queries.whole().get(pk=case.pk), actor(by.pk), at)
        idempotency.note("case", case.pk)
        return case


def _begun(case: Case, by: Actor, at: datetime) -> Case:
    """Begin the talks where everybody who stays has agreed, on both sides."""
    staying = [party for party in case.parties.all() if party.left_at is None]
    if case.state == "inviting" and all(party.consented_at for party in staying) and _both(staying):
        case = steps.move(case, "begin", actor=by, at=at, sets={"begun_at": at})
    return case


def _both(staying: Sequence[Party]) -> bool:
    return {party.side for party in staying} == set(SIDES)


def leave(number: str, *, by: Person, words: str = "") -> Case:
    """Go out of a case, or say no to it: the applicants' last one takes it back, the other side's last one ends it.

    Again answers the same. Raises Missing; Refused 'case-wrong-state' once something is agreed.
    """
    plain = texts.clean_line(words, field="words", limit=numbers.of("case")["words_length"], required=False)
    at = clock.now()
    with write():
        case = steps.locked_case(number, by=by)
        party = next((one for one in case.parties.all() if rules.speaks(by, one)), None)
        if party is not None and party.left_at is not None:
            idempotency.note("case", case.pk)
            return case
        party = steps.own_party(case, by)
        if case.state not in {"opened", "inviting", "talking"}:
            raise Refused("case-wrong-state", state=case.state, move="leave")
        case = left(case, party, actor=actor(by.pk), at=at, words=plain)
        idempotency.note("case", case.pk)
        return case


def left(case: Case, party: Party, *, actor: Actor, at: datetime, words: str = "") -> Case:
    """Let a party go within an open transaction, and end or begin the case where that follows."""
    Party.objects.filter(pk=party.pk).update(left_at=at)
    new = {"party": party.pk, "side": party.side}
    steps.note(case, "case.party-left", actor=actor, at=at, new=new)
    case = queries.whole().get(pk=case.pk)
    stays = {one.side for one in case.parties.all() if one.left_at is None}
    if APPLICANT not in stays:
        return steps.move(case, "withdraw", actor=actor, at=at)
    if RESPONDENT not in stays:
        name = {"inviting": "refuse", "talking": "fail"}.get(case.state)
        sets = {"ended_words_sealed": sealed(words)}
        return steps.move(case, name, actor=actor, at=at, sets=sets) if name else case
    return _begun(case, actor, at)
