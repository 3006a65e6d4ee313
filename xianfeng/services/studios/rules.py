"""Who may do what with studios, questions and policy answers, and why not."""

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Refusal
from xianfeng.foundation.people import posts, queries
from xianfeng.foundation.people.models import Person, Post
from xianfeng.services.studios.models import Living, Policy, Question, Studio
from xianfeng.services.studios.states import MOVES


def lives(post: Post) -> bool:
    """Tell whether the term of a post runs now."""
    now = clock.now()
    return post.since <= now and (post.until is None or post.until > now)


def keeps(by: Person | None, studio: Studio) -> bool:
    """Tell whether `by` keeps a studio now: its post is theirs and its term runs."""
    return by is not None and studio.post.person_id == by.pk and lives(studio.post)


def sets_up(by: Person | None) -> bool:
    """Tell whether `by` draws constituencies and opens studios: staff of the city."""
    return any(scope.organisation_id is None for scope in queries.scopes(by))


def moderates(by: Person | None, studio: Studio) -> bool:
    """Tell whether `by` lets through what a studio publishes: who leads where its post stands, never its keeper."""
    if by is None or studio.post.person_id == by.pk:
        return False
    return posts.may(by, "lead", studio.post.area)


def may_ask(by: Person | None, studio: Studio) -> Refusal | None:
    """Say why `by` cannot ask in a studio: nobody keeps it now, or it is their own."""
    if by is None:
        return Refusal("sign-in-needed")
    if studio.closed_at is not None or not lives(studio.post):
        return Refusal("studio-unkept")
    return Refusal("own-studio") if studio.post.person_id == by.pk else None


def may_move(name: str, row: Living) -> Refusal | None:
    """Say why the move `name` does not lead on from where `row` stands."""
    if row.state in MOVES[row.KIND, name].source:
        return None
    return Refusal("studio-wrong-state", params={"state": row.state, "move": name})


def may_give_word(question: Question) -> Refusal | None:
    """Say why the asker cannot say whether they got an answer: it was taken back or declined."""
    if question.state in {"withdrawn", "declined"}:
        return Refusal("studio-wrong-state", params={"state": question.state, "move": "word"})
    return None


def wrote(by: Person | None, policy: Policy) -> bool:
    """Tell whether a policy answer is of the studio that `by` keeps."""
    return keeps(by, policy.studio)
