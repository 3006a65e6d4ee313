"""Everybody presses at the same moment, from processes of their own: a case moves once."""

from collections import Counter

import pytest

from tests.cast import build_cast, somebody
from tests.racing import race
from tests.services.mediation.playing import MOBILE, mediator, opened, promise, proposed
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import verify
from xianfeng.foundation.record.models import Entry
from xianfeng.services.mediation import queries
from xianfeng.services.mediation.models import Agreement, Case, Confirmation, Duty, Signature
from xianfeng.services.mediation.operations import agreeing, keeping, opening
from xianfeng.services.mediation.operations.opening import Named

pytestmark = pytest.mark.race
HERE = "tests.services.mediation.test_race_cases"
WORKERS = 5


def _by(pk: int) -> Person:
    return Person.objects.get(pk=pk)


def agree(card: tuple[str, int]) -> str:
    """Play one who says yes to mediation."""
    return opening.consent(card[0], by=_by(card[1])).state


def sign(card: tuple[str, str, int]) -> int:
    """Play one who signs."""
    return agreeing.sign(card[0], card[1], by=_by(card[2])).pk


def confirm(card: tuple[int, int]) -> str:
    """Play one who says that the money came."""
    return keeping.confirm(card[0], by=_by(card[1])).state


def _once(code: str) -> bool:
    return Entry.objects.filter(code=code).count() == 1


def test_yes_signature_and_receipt_of_everybody_at_once_move_the_case_once_each(own_database: str) -> None:
    cast = build_cast()
    mediator(cast)
    workers = [somebody(60 + at, f"工人{at}") for at in range(WORKERS)]
    others = [Named(f"工人{at}", MOBILE.format(60 + at)) for at in range(1, WORKERS)]
    case = opened(cast, by=workers[0], others=others, respondents=[Named("", firm_id=cast.firm.pk)])
    number, everybody = case.matter.number, [*workers, cast.responsible]
    tries = race(f"{HERE}:agree", [[(number, one.pk)] for one in everybody], processes=3)
    assert Counter(one.outcome for one in tries) == {"won": WORKERS + 1}
    case = queries.whole().get(pk=case.pk)
    assert (case.state, _once("case.begun")) == ("talking", True)
    row = proposed(case, *(promise(case, cast.responsible, one, 500_000) for one in workers))
    tries = race(f"{HERE}:sign", [[(number, row.digest, one.pk)] for one in everybody], processes=3)
    assert Counter(one.outcome for one in tries) == {"won": WORKERS + 1}
    assert (Case.objects.get().state, Signature.objects.count(), _once("case.agreed")) == (
        "agreed",
        WORKERS + 1,
        True,
    )
    assert (Agreement.objects.count(), Confirmation.objects.count()) == (1, 1)
    cards = [[(duty.pk, duty.receiver.person_id)] for duty in Duty.objects.select_related("receiver")]
    tries = race(f"{HERE}:confirm", [*cards, *cards], processes=3)
    assert Counter(one.outcome for one in tries) == {"won": 2 * WORKERS}
    assert (Case.objects.get().state, _once("case.kept")) == ("kept", True)
    assert Entry.objects.filter(code="duty.paid").count() == WORKERS
    assert list(verify.chain_findings()) == []
