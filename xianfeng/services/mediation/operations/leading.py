"""Who leads a case: appointed by staff, set aside by themself or at a party's word, and replaced at once."""

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.services.mediation import conflicts, numbers, queries, rules, steps
from xianfeng.services.mediation.models import Case, Party
from xianfeng.services.mediation.sealing import sealed


def appoint(number: str, person_id: int, *, by: Person) -> Case:
    """Appoint a mediator, or another one, as staff of the area. Who stands too near is kept out, with the reason.

    Raises Missing; Refused 'mediator-unknown' (holds no such post here, or was set aside), 'mediator-too-near',
    'case-wrong-state'.
    """
    at = clock.now()
    with write():
        case = steps.locked_case(number, by=by)
        if not rules.is_staff_of(by, case) or rules.side_of(by, case):
            raise Missing
        if case.state not in {"opened", "inviting", "talking"}:
            raise Refused("case-wrong-state", state=case.state, move="appoint")
        found = {person.pk: (person, role) for person, role in queries.mediators_for(case)}
        if person_id not in found:
            raise Refused("mediator-unknown", field="mediator")
        person, role = found[person_id]
        if conflict := conflicts.find(person, case):
            raise Refused("mediator-too-near", field="mediator", reason=conflict.reason)
        if case.mediator_id != person_id:
            case = steps.appoint(case, person, role, actor=actor(by.pk), at=at)
        idempotency.note("case", case.pk)
        return queries.whole().get(pk=case.pk)


def recuse(number: str, words: str, *, by: Person) -> Case:
    """Keep out of a case one leads, with the reason: another takes over. Raises Missing, Refused 'text-missing'."""
    plain = texts.clean_line(words, field="words", limit=numbers.of("case")["words_length"])
    at = clock.now()
    with write():
        case = steps.led(steps.locked_case(number, by=by), by)
        steps.refuse(rules.may_move("vacate", case))
        steps.set_aside(case, by, "declared", actor=actor(by.pk), at=at, words=sealed(plain))
        case = steps.replace_mediator(case, at=at)
        idempotency.note("case", case.pk)
        return case


def object_to(number: str, words: str, *, by: Person) -> Case:
    """Ask, as a party and with a reason, for another mediator: so many times a side another one takes over.

    Raises Missing; Refused 'text-missing', 'case-wrong-state', 'objected-before'.
    """
    plain = texts.clean_line(words, field="words", limit=numbers.of("case")["words_length"])
    at = clock.now()
    with write():
        case = steps.locked_case(number, by=by)
        party = steps.own_party(case, by)
        steps.refuse(rules.may_move("vacate", case))
        most = numbers.of("recusal")["objections_a_side"]
        if sum(one.objected for one in case.parties.all() if one.side == party.side) >= most:
            raise Refused("objected-before", limit=most)
        Party.objects.filter(pk=party.pk).update(objected=True)
        if case.mediator is not None:
            steps.set_aside(
                case, case.mediator, "objected", actor=actor(by.pk), at=at, party=party, words=sealed(plain)
            )
        case = steps.replace_mediator(case, at=at)
        idempotency.note("case", case.pk)
        return case


def decline(number: str, words: str, *, by: Person) -> Case:
    """Decline a case nobody leads yet, as staff of the area, with the reason that its parties read.

    Raises Missing; Refused 'text-missing', 'case-wrong-state'.
    """
    plain = texts.clean_line(words, field="words", limit=numbers.of("case")["words_length"])
    with write():
        case = steps.locked_case(number, by=by)
        if not rules.is_staff_of(by, case) or rules.side_of(by, case):
            raise Missing
        sets = {"ended_words_sealed": sealed(plain)}
        case = steps.move(case, "decline", actor=actor(by.pk), at=clock.now(), sets=sets)
        idempotency.note("case", case.pk)
        return case
