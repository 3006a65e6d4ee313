"""Private parts of a run: what is written, as rows; the second half needs an open transaction."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Q

from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people.models import Pioneer
from xianfeng.recognition.merit.formula import LEVELS, Scores
from xianfeng.recognition.merit.models import Account, Activity, Honour, Month, Place, Ring
from xianfeng.recognition.merit.queries import PARTS
from xianfeng.recognition.merit.tables import Tables

Rows = dict[int, list[list[Any]]]
Standing = tuple[int, float, float, float, str, int]
Texts = tuple[str, str, str]
KINDS = ("achievement", "livestream")
_MONTHS = 0x6D6F6E74  # one edition at a time


def standings(tables: Tables, scores: Scores) -> list[Standing]:
    """Return the rows `people.operations.set_standing` asks for, by pioneer."""
    columns = {code: getattr(scores, code).tolist() for code in PARTS}
    columns |= {"orders": orders(tables, scores).tolist(), "evidence": scores.weight.tolist()}
    parts = [json.dumps(dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True)]
    helped = dict(zip(tables.pioneers.tolist(), tables.helped.tolist(), strict=True))
    own = zip(
        scores.pioneer.tolist(), scores.total.tolist(), scores.total_without_honours.tolist(),
        scores.half_width.tolist(), parts, strict=True,
    )  # fmt: skip
    return [(*row, helped.get(row[0], 0)) for row in own]


def orders(tables: Tables, scores: Scores) -> "np.ndarray[Any, np.dtype[Any]]":
    """Return how many rated orders stand behind each score."""
    at = np.searchsorted(scores.pioneer, tables.ratings.pioneer)
    return np.bincount(at, minlength=len(scores.pioneer))


def medians(tables: Tables, scores: Scores) -> dict[str, float]:
    """Return the city's median of each part, over the pioneers with a rated order (over all, if nobody has)."""
    rated = orders(tables, scores) > 0
    if not rated.any():
        rated = np.ones(len(scores.pioneer), bool)
    if not len(rated):
        return {}
    return {code: float(np.median(getattr(scores, code)[rated])) for code in PARTS}


def accounts(tables: Tables, scores: Scores) -> Iterator[tuple[int, str, str, str]]:
    """Yield for each pioneer who has any: id, what orders, honours and activities added, as JSON texts."""
    given = (_order_points(tables, scores), _honour_points(tables, scores), _activity_points(tables, scores))
    for pioneer in sorted(set().union(*given)):
        orders, honours, activities = (json.dumps(rows.get(pioneer, [])) for rows in given)
        yield pioneer, orders, honours, activities


def _order_points(tables: Tables, scores: Scores) -> Rows:
    if scores.explanation is None:
        raise ValueError("the scores come without their explanation")
    shares, given = scores.explanation.orders, tables.ratings
    at = np.searchsorted(given.order, shares.order)  # read in the order of their ids
    wait = (given.finished - given.created)[at].tolist()
    yuan = np.where(given.verified, given.benefit_yuan, np.nan)[at].tolist()
    points = zip(
        shares.weight.tolist(), shares.quality.tolist(), shares.volume.tolist(), shares.response.tolist(),
        shares.benefit.tolist(), strict=True,
    )  # fmt: skip
    found: Rows = {}
    for pioneer, order, stars, days, worth, row in zip(
        shares.pioneer.tolist(),
        shares.order.tolist(),
        given.stars[at].tolist(),
        wait,
        yuan,
        points,
        strict=True,
    ):
        known = None if worth != worth else worth  # noqa: PLR0124 - NaN is told as null
        found.setdefault(pioneer, []).append([order, stars, days, known, *row])
    return found


def _honour_points(tables: Tables, scores: Scores) -> Rows:
    if scores.explanation is None:
        raise ValueError("the scores come without their explanation")
    found: Rows = {}
    given = tables.honours
    for recognition, pioneer, level, points in zip(
        tables.recognitions.tolist(), given.pioneer.tolist(), given.level.tolist(),
        scores.explanation.honours.tolist(), strict=True,
    ):  # fmt: skip
        found.setdefault(pioneer, []).append([recognition, LEVELS[level], points])
    return found


def _activity_points(tables: Tables, scores: Scores) -> Rows:
    if scores.explanation is None:
        raise ValueError("the scores come without their explanation")
    found: Rows = {}
    points = scores.explanation.activities.tolist()  # the rest are those that never come
    for pioneer, shared, one in zip(tables.activities.pioneer.tolist(), tables.shared, points, strict=False):
        found.setdefault(pioneer, []).append([*shared, one])
    return found


@dataclass(frozen=True, slots=True)
class Stand:
    """All that is written of one pioneer: the standing, the account as JSON texts, and what tells both from others."""

    standing: Standing
    account: Texts
    mark: str


def stands(tables: Tables, scores: Scores) -> Iterator[Stand]:
    """Yield everybody's."""
    given = {pioneer: tuple(texts) for pioneer, *texts in accounts(tables, scores)}
    for row in standings(tables, scores):
        account: Texts = given.get(row[0], ("[]", "[]", "[]"))  # type: ignore[assignment]
        told = repr((scores.version, row, account)).encode()
        yield Stand(row, account, hashlib.blake2b(told, digest_size=16).hexdigest())


def touched(found: Iterable[Stand]) -> list[Stand]:
    """Keep those whose mark is not the one that is kept; one statement."""
    marks = dict(Account.objects.values_list("pioneer_id", "mark"))
    return [one for one in found if marks.get(one.standing[0]) != one.mark]


def keep_accounts(rows: Sequence[Stand]) -> None:
    """Put accounts in the place of their last ones."""
    columns = [(row.standing[0], *row.account, row.mark) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, list(map(list, zip(*columns, strict=True))) if columns else [[]] * 5)


def keep_rings(day: float, found: list[Ring]) -> None:
    """Put the rings of a day in the place of those of the day before."""
    Ring.objects.all().delete()
    for ring in found:
        ring.day = day
    Ring.objects.bulk_create(found)


def forget_runs(before: datetime, today: float) -> None:
    """Keep only the last run of each day that is over, with its yardsticks but not how severe each rater was."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [before])
        cursor.execute(_FORGET_YARDSTICKS, [today])
        cursor.execute(_FORGET_RATERS, [today])


_KEEP = """
INSERT INTO merit_account (pioneer_id, orders, honours, activities, mark)
SELECT pioneer, orders::jsonb, honours::jsonb, activities::jsonb, mark
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS n(pioneer, orders, honours, activities, mark)
ON CONFLICT (pioneer_id) DO UPDATE SET orders = excluded.orders, honours = excluded.honours,
    activities = excluded.activities, mark = excluded.mark"""
_FORGET = """
DELETE FROM merit_run r WHERE r.as_of < %s
    AND EXISTS (SELECT FROM merit_run later WHERE later.day = r.day AND later.id > r.id)"""
_FORGET_YARDSTICKS = """
DELETE FROM merit_yardsticks y WHERE y.day < %s AND NOT EXISTS (SELECT FROM merit_run r WHERE r.yardsticks_id = y.id)"""
_FORGET_RATERS = (
    "UPDATE merit_yardsticks SET raters = NULL, severities = NULL WHERE day < %s AND raters IS NOT NULL"
)


def note_activity(kind: str, source: int, *, pioneer_id: int, at: datetime) -> bool:
    """Count an activity; see operations.inputs."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is none of {', '.join(KINDS)}")
    _known(pioneer_id)
    known = Activity.objects.filter(kind=kind, source=source, pioneer_id=pioneer_id)
    given = {"at": at, "withdrawn_at": None}
    if known.filter(**given).exists():
        return False
    Activity.objects.update_or_create(kind=kind, source=source, pioneer_id=pioneer_id, defaults=given)
    return True


def withdraw_activity(kind: str, source: int, *, at: datetime) -> bool:
    """Let an activity count no longer; see operations.inputs."""
    rows = Activity.objects.filter(kind=kind, source=source, withdrawn_at=None)
    return bool(rows.update(withdrawn_at=at))


def note_honour(
    source: int, *, pioneer_id: int, level: str, since: datetime, until: datetime | None = None
) -> bool:
    """Count an honour; see operations.inputs."""
    if level not in LEVELS:
        raise ValueError(f"{level!r} is none of {', '.join(LEVELS)}")
    _known(pioneer_id)
    given = {"pioneer_id": pioneer_id, "level": level, "since": since, "until": until}
    if Honour.objects.filter(source=source, **given).exists():
        return False
    Honour.objects.update_or_create(source=source, defaults=given)
    return True


def withdraw_honour(source: int, *, at: datetime) -> bool:
    """Let an honour end; see operations.inputs."""
    rows = Honour.objects.filter(Q(until=None) | Q(until__gt=at), source=source)
    return bool(rows.update(until=at))


def _known(pioneer_id: int) -> None:
    if not Pioneer.objects.filter(pk=pioneer_id).exists():
        raise Missing


def lock_months() -> None:
    """Let one edition at a time be made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_MONTHS])


def keep_month(edition: Month, rows: list[Place]) -> Month:
    """Write an edition and its places."""
    edition.save(force_insert=True)
    for row in rows:
        row.month = edition
    Place.objects.bulk_create(rows, batch_size=2000)
    return edition
