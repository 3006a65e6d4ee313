"""Who may do what with rounds, files and honours, and why not."""

from collections.abc import Collection

from django.db.models import Q

from xianfeng.foundation.kernel.refusals import Refusal
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Person
from xianfeng.recognition.honours.models import Dossier, Honour, Round
from xianfeng.recognition.honours.states import MOVES, RoundState


def is_staff_for(by: Person | None, organisation_id: int | None) -> bool:
    """Tell whether `by` is staff of the city, or of that organisation (None: the city's own)."""
    return any(scope.organisation_id in {None, organisation_id} for scope in people.scopes(by))


def own(by: Person | None, held: Collection[int | None] | None = None) -> Q:
    """Return the condition on rounds and honours that `by` runs: all of them for staff of the city.

    `held`: the organisations of their posts (None: the city), where the caller has read them already.
    """
    held = {scope.organisation_id for scope in people.scopes(by)} if held is None else held
    if None in held:
        return Q()
    return Q(organisation_id__in=[one for one in held if one is not None])


def keeps(by: Person, dossier: Dossier) -> bool:
    """Tell whether `by` may write in a file: whose it is, and staff of who looks after it."""
    if dossier.person_id == by.id:
        return True
    known = {dossier.organisation_id, dossier.pioneer.organisation_id if dossier.pioneer else None} - {None}
    return any(scope.organisation_id is None or scope.organisation_id in known for scope in people.scopes(by))


def may_move(name: str, row: Round) -> Refusal | None:
    """Say why the move `name` does not lead on from where a round stands."""
    if RoundState(row.state) in MOVES[name].source:
        return None
    return Refusal("round-wrong-state", params={"state": row.state, "move": name})


def may_revoke(honour: Honour) -> Refusal | None:
    """Say why an honour cannot be revoked."""
    return Refusal("honour-over") if honour.revoked_at or honour.expired_at else None
