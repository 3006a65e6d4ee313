"""Policy answers: written by a representative, looked at by who leads there, published for everybody to find."""

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.services.studios import numbers, rules, steps
from xianfeng.services.studios.models import Policy
from xianfeng.services.studios.states import MOVES, Kind, Who


def submit(studio_id: int, question: str, answer: str, *, by: Person) -> Policy:
    """Write a question about policy with its answer, as the studio's keeper; it waits to be looked at.

    Raises Missing; Refused 'text-missing', 'text-too-long'.
    """
    asked, told, at = *_words(question, answer), clock.now()
    with write():
        studio = steps.kept(studio_id, by)
        row = Policy(
            studio=studio,
            author=by,
            question=asked,
            answer=told,
            search=texts.bigrams(asked, told),
            submitted_at=at,
        )
        steps.born(row, "policy.submitted", actor=actor(by.pk), at=at, studio=studio.pk)
        idempotency.note("policy", row.pk)
        return row


def _words(question: str, answer: str) -> tuple[str, str]:
    limits = numbers.table("policy")
    asked = texts.clean_line(question, field="question", limit=limits["question_length"])
    return asked, texts.clean_text(answer, field="answer", limit=limits["answer_length"])


def change(policy_id: int, question: str, answer: str, *, by: Person) -> Policy:
    """Write a policy answer anew; it waits to be looked at again, and nobody else reads it until then."""
    asked, told, at = *_words(question, answer), clock.now()
    with write():
        row = steps.locked(Policy, policy_id)
        if not rules.wrote(by, row):
            raise Missing
        sets = {"question": asked, "answer": told, "search": texts.bigrams(asked, told), "published_at": None}
        row = steps.move(row, "submit", actor=actor(by.pk), at=at, sets=sets)
        idempotency.note("policy", row.pk)
        return row


def judge(policy_id: int, name: str, *, by: Person, reason: str = "") -> Policy:
    """Let a policy answer through ('publish'), or not ('refuse', 'take_down', with a reason), as who leads there.

    Raises Missing; Refused 'studio-wrong-state', 'text-missing', 'text-too-long'.
    """
    step, at = MOVES.get((Kind.POLICY, name)), clock.now()
    if step is None or Who.MODERATOR not in step.who:
        raise Missing
    limit = numbers.table("policy")["reason_length"]
    words = texts.clean_line(reason, field="reason", limit=limit, required=name != "publish")
    with write():
        row = steps.locked(Policy, policy_id)
        if not rules.moderates(by, row.studio):
            raise Missing
        sets = {"judged_by_id": by.pk, "judgement": words, "published_at": at if name == "publish" else None}
        row = steps.move(row, name, actor=actor(by.pk), at=at, sets=sets)
        idempotency.note("policy", row.pk)
        return row


def withdraw(policy_id: int, *, by: Person) -> Policy:
    """Take a policy answer back, as its studio's keeper. Raises Missing; Refused 'studio-wrong-state'."""
    at = clock.now()
    with write():
        row = steps.locked(Policy, policy_id)
        if not rules.wrote(by, row):
            raise Missing
        row = steps.move(row, "withdraw", actor=actor(by.pk), at=at, sets={"published_at": None})
        idempotency.note("policy", row.pk)
        return row
