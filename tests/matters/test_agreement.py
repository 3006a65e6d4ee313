"""The rule that explains and the statement that decides agree, in both directions."""

from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast, need, recognised
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Firm, Person, Pioneer
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import queries, rules, services, steps
from xianfeng.matters.models import Matter
from xianfeng.matters.states import State

PEOPLE = ("resident", "pioneer", "second", "speaker", "member", "responsible", "stranger")
PIONEERS = ("pioneer", "second", "collective", "firm's")


def _person(cast: Cast, part: str) -> Person:
    found = getattr(cast, part)
    return found.spokesperson if isinstance(found, Pioneer) else found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asker=st.sampled_from(PEOPLE), by=st.sampled_from(PEOPLE), acts_for=st.sampled_from(PIONEERS),
    state=st.sampled_from([State.OPEN, State.OPEN, State.OPEN, *State]), held=st.integers(0, 5),
    suspended=st.booleans(), kin=st.sets(st.sampled_from(PEOPLE)), firm=st.sampled_from([None, *PEOPLE]),
    taker=st.sampled_from([None, "second", "collective"]), hidden=st.sampled_from([False, False, True]),
)  # fmt: skip
def test_may_claim_says_none_exactly_when_the_statement_wins(
    cast: Cast, asker: str, by: str, acts_for: str, state: State, held: int, suspended: bool,
    kin: set[str], firm: str | None, taker: str | None, hidden: bool,
) -> None:  # fmt: skip
    outer = transaction.atomic()
    outer._from_testcase = True  # type: ignore[attr-defined]
    with outer:
        firms = recognised("企业的先锋", cast.responsible, cast.organisation, cast.city_staff)
        pioneer: Pioneer = firms if acts_for == "firm's" else getattr(cast, acts_for)
        matter = need(_person(cast, asker))
        if firm:
            Firm.objects.update(responsible=_person(cast, firm))
        Matter.objects.filter(pk=matter.pk).update(
            state=state, hidden=hidden, firm=cast.firm if firm else None,
            taken_by=getattr(cast, taker) if taker else None,
            taken_at=clock.now() - timedelta(seconds=5),
        )  # fmt: skip
        Pioneer.objects.filter(pk=pioneer.pk).update(
            held=held, suspended_at=clock.now() if suspended else None,
            kin=sorted(_person(cast, part).id for part in kin),
        )  # fmt: skip
        pioneer = Pioneer.objects.get(pk=pioneer.pk)
        person = _person(cast, by)
        refusal = rules.may_claim(pioneer, queries.whole().get(pk=matter.pk), by=person)
        won = steps.claim_in_one_statement(
            matter.number, pioneer.id, actor=actor(person.id), at=clock.now(), limit=services.held_at_once(),
            first_reply="",
        )  # fmt: skip
        assert (won is not None) == (refusal is None), refusal
        transaction.set_rollback(True)
