"""Private parts of the writes of honours; each needs an open transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection

from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import digest, subjects
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.models import Chained
from xianfeng.foundation.record.steps import CHAIN, ENTRY, OUTBOX
from xianfeng.foundation.record.subjects import Actor
from xianfeng.recognition.honours import rules
from xianfeng.recognition.honours.models import Round
from xianfeng.recognition.honours.states import MOVES

Row = TypeVar("Row", bound=Chained)


def locked(model: type[Row], pk: int) -> Row:
    """Return a row, locked. Raises Missing."""
    row = model._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise Missing
    return row


def own_round(pk: int, by: Person) -> Round:
    """Return a round that `by` runs, locked. Raises Missing for foreign and missing alike."""
    row = locked(Round, pk)
    if not rules.is_staff_for(by, row.organisation_id):
        raise Missing
    return row


def move_round(
    row: Round, name: str, *, actor: Actor, at: datetime,
    sets: Mapping[str, Any] | None = None, new: Mapping[str, Any] | None = None,
) -> Round:  # fmt: skip
    """Move a round along the table: state, record and outbox in one statement. Raises Refused 'round-wrong-state'."""
    if refusal := rules.may_move(name, row):
        raise Refused(refusal)
    step = MOVES[name]
    given = {"state": step.target.value, "entered_at": at, **(sets or {})}
    if not record.change(
        "round", row.pk, step.code, actor=actor, at=at, old={"state": row.state},
        new={"state": step.target.value, **(new or {})}, sets=given, where="s.state = %(was)s",
        values={"was": row.state},
    ):  # fmt: skip
        raise Refused("round-wrong-state", state=row.state, move=name)
    row.refresh_from_db()
    return row


# The columns of a candidacy that change together, with their SQL types.
_TYPES = {
    "state": "text", "index": "float8", "facts": "jsonb", "points": "jsonb", "total": "float8", "rank": "int",
    "quota_id": "bigint",
}  # fmt: skip
Changed = tuple[int, Mapping[str, Any], Mapping[str, Any]]


def change_many(code: str, rows: Sequence[Changed], *, actor: Actor, at: datetime) -> int:
    """Change candidacies, each (id, columns, what the record says), all with the same columns; in one statement.

    As record.steps.change does for one: the row, its chain, its entry and its outbox row. Returns how many changed.
    """
    if not rows:
        return 0
    names = list(rows[0][1])
    given: dict[str, Any] = {
        **record.parameters("candidacy", code, actor, at), "ids": [row[0] for row in rows],
        "said": [digest.facts(dict(row[2])) for row in rows],
    }  # fmt: skip
    given |= {f"column_{name}": [_plain(name, row[1][name]) for row in rows] for name in names}
    with connection.cursor() as cursor:
        cursor.execute(_many(names), given)
        return int(cursor.fetchone()[0])


def _many(names: Sequence[str]) -> str:
    arrays = ["%(ids)s::bigint[]", "%(said)s::text[]"]
    arrays += [
        f"%(column_{name})s::{'text' if _TYPES[name] == 'jsonb' else _TYPES[name]}[]" for name in names
    ]
    columns = "".join(f'"{name}" = n."{name}"::{_TYPES[name]}, ' for name in names)
    told = ["id", "said", *(f'"{name}"' for name in names)]
    table = subjects.table("candidacy")
    entry = ENTRY.replace("%(new)s", "moved.said").format(source="moved")
    outbox = OUTBOX.replace("%(new)s", "moved.said").format(source="moved")
    return f"""WITH n AS (SELECT * FROM unnest({", ".join(arrays)}) AS n({", ".join(told)})
), moved AS (
    UPDATE {table} s SET {columns}{CHAIN.replace("%(new)s", "n.said")} FROM n WHERE n.id = s.id
    RETURNING s.id, s.record_length, s.record_head, n.said
), entry AS ({entry}), told AS ({outbox}) SELECT count(*) FROM moved"""  # noqa: S608 - names are ours


def _plain(name: str, value: Any) -> Any:
    return digest.facts(value) if _TYPES[name] == "jsonb" else value


def shared(round_id: int) -> None:
    """Hold a round as it is to the end of the transaction, together with others who do the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM honours_round WHERE id = %s FOR SHARE", [round_id])
