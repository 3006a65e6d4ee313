"""What is said in a case: to all, or apart with one side, which the other side never reads; and how talks end."""

from datetime import timedelta

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.services.mediation import numbers, rules, steps
from xianfeng.services.mediation.models import Case, Talk
from xianfeng.services.mediation.sealing import sealed
from xianfeng.services.mediation.states import ALL


def say(number: str, text: str, *, by: Person, channel: str = ALL) -> Talk:
    """Say something to `channel`: 'all', or the own side alone with the mediator, who may speak in every one.

    Raises Missing for who is neither, and for the other side's channel; Refused 'text-missing', 'text-too-long',
    'case-wrong-state'.
    """
    plain = texts.clean_text(text, field="text", limit=numbers.of("case")["talk_length"])
    at = clock.now()
    with write():
        case = steps.locked_case(number, by=by)
        if channel not in rules.channels(by, case):
            raise Missing
        steps.refuse(rules.may_speak(case))
        talk = Talk.objects.create(
            case=case, channel=channel, author=by, text_sealed=sealed(plain) or b"", said_at=at
        )
        code = "case.spoke" if channel == ALL else "case.spoke-apart"
        steps.note(case, code, actor=actor(by.pk), at=at, new={"talk": talk.pk, "channel": channel})
        idempotency.note("talk", talk.pk)
        return talk


def fail(number: str, words: str, *, by: Person) -> Case:
    """Say, as the mediator, that no agreement comes about, with the reason: the parties are told the way to court.

    Raises Missing; Refused 'text-missing', 'case-wrong-state'.
    """
    plain = texts.clean_line(words, field="words", limit=numbers.of("case")["words_length"])
    with write():
        case = steps.led(steps.locked_case(number, by=by), by)
        sets = {"ended_words_sealed": sealed(plain)}
        case = steps.move(case, "fail", actor=actor(by.pk), at=clock.now(), sets=sets)
        idempotency.note("case", case.pk)
        return case


def extend(number: str, *, by: Person) -> Case:
    """Give the talks more days, once, as the mediator. Raises Missing; Refused 'extended-before'."""
    days = numbers.of("case")["extend_days"]
    with write():
        case = steps.led(steps.locked_case(number, by=by), by)
        if case.state != "talking" or case.due_at is None:
            raise Refused("case-wrong-state", state=case.state, move="extend")
        if case.extended:
            raise Refused("extended-before")
        sets = {"due_at": case.due_at + timedelta(days=days), "extended": True}
        new = {"due_at": sets["due_at"]}
        steps.note(case, "case.extended", actor=actor(by.pk), at=clock.now(), sets=sets, new=new)
        idempotency.note("case", case.pk)
        return case
