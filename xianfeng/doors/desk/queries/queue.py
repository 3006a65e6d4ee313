"""What waits for a decision of staff, least time left on top, in one statement over partial indexes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from xianfeng.doors.desk.queries.reach import Reach
from xianfeng.doors.desk.queries.reported import said, with_words
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.matters import queries
from xianfeng.matters.models import AbuseReport, Handling, Matter

Place = tuple[int, datetime, int]

# Conditions are written out literally: a partial index is used only where the statement says the same.
_BENEFIT = """FROM matters_handling h JOIN matters_matter m ON m.id = h.matter_id WHERE h.benefit_yuan IS NOT NULL
    AND h.benefit_verified_at IS NULL AND h.benefit_refused_at IS NULL AND m.state IN ('done', 'closed')
    AND NOT EXISTS (SELECT FROM matters_handling n
        WHERE n.matter_id = h.matter_id AND n.id > h.id AND n.benefit_yuan IS NOT NULL)"""


@dataclass(frozen=True)
class Source:
    """One kind of what waits: its rank (the lower the more urgent), the rows, when each is due, and their id."""

    kind: str
    rank: int
    rows: str
    at: str
    id: str


SOURCES = (
    # what two disputes brought before staff has no limit any more: it stands where the longest listed stand
    Source("decide", 0, "FROM matters_matter m WHERE m.listed AND m.state = 'raised'", "m.entered_at", "m.id"),
    Source("listed", 0, "FROM matters_matter m WHERE m.listed AND m.state = 'open'", "m.entered_at", "m.id"),
    Source("decide", 1, "FROM matters_matter m WHERE NOT m.listed AND m.state = 'raised'", "m.due_at", "m.id"),
    Source(
        "soon", 1,
        "FROM matters_matter m WHERE m.due_at IS NOT NULL AND m.due_at <= %(soon)s AND m.state IN ('open', 'taken')",
        "m.due_at", "m.id",
    ),
    Source(
        "abuse", 2,
        "FROM matters_abuse_report r JOIN matters_matter m ON m.id = r.matter_id WHERE r.judged_at IS NULL",
        "r.reported_at", "r.id",
    ),
    Source("benefit", 3, _BENEFIT, "h.reported_at", "h.id"),
)  # fmt: skip
KINDS = ("decide", "listed", "soon", "abuse", "benefit")


@dataclass(frozen=True)
class Waiting:
    """One row of the queue: its kind, its place for the cursor, the matter, and the handling or report it is about."""

    kind: str
    place: Place
    matter: Matter
    handling: Handling | None = None
    report: AbuseReport | None = None
    reported: str = ""

    @property
    def key(self) -> str:
        """Return what names the row in an address."""
        return f"{self.kind}-{self.place[2]}"


def soon() -> datetime:
    """Return the moment before which a limit counts as about to pass."""
    return clock.now() + timedelta(minutes=catalogue.load("desk")["queue"]["soon_minutes"])


def waiting(reach: Reach, *, kind: str = "", after: Place | None = None, limit: int = 20) -> list[Waiting]:
    """Return up to `limit` rows of the queue; `after` is the place of the last one seen."""
    scope, given = reach.in_charge()
    given |= {"soon": soon(), "limit": limit}
    if after:
        given |= {"rank": after[0], "at": after[1], "id": after[2]}
    parts = [_part(source, scope, after) for source in SOURCES if _asked(source, kind, after)]
    if not parts:
        return []
    union = " UNION ALL ".join(parts)
    statement = f"SELECT * FROM ({union}) waiting ORDER BY rank, at, id LIMIT %(limit)s"  # noqa: S608 - constants
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return _whole(cursor.fetchall())


def _asked(source: Source, kind: str, after: Place | None) -> bool:
    return (not kind or kind == source.kind) and (after is None or source.rank >= after[0])


def _part(source: Source, scope: str, after: Place | None) -> str:
    later = f" AND ({source.at}, {source.id}) > (%(at)s, %(id)s)" if after and after[0] == source.rank else ""
    return f"""(SELECT {source.rank} AS rank, '{source.kind}' AS kind, {source.at} AS at, {source.id} AS id
        {source.rows}{scope}{later} ORDER BY {source.at}, {source.id} LIMIT %(limit)s)"""


def _whole(rows: Sequence[tuple[int, str, datetime, int]]) -> list[Waiting]:
    """Return the rows with their matters: one statement a table, only of the tables that are named."""
    handlings = Handling.objects.select_related("pioneer").in_bulk(
        [i for _, kind, _, i in rows if kind == "benefit"]
    )
    reports = with_words(AbuseReport.objects.all()).in_bulk([i for _, kind, _, i in rows if kind == "abuse"])
    about = {
        (kind, i): handlings[i].matter_id
        if kind == "benefit"
        else reports[i].matter_id
        if kind == "abuse"
        else i
        for _, kind, _, i in rows
    }
    matters = queries.whole().in_bulk(set(about.values()))
    return [
        Waiting(
            kind, (rank, at, i), matters[about[kind, i]], handlings.get(i) if kind == "benefit" else None,
            reports.get(i) if kind == "abuse" else None, said(reports[i]) if kind == "abuse" else "",
        )
        for rank, kind, at, i in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """What the margin shows: how many wait of each kind, and whose staff asks (seal, names; '' for the city's)."""

    counts: dict[str, int]
    seal: str
    name: str
    name_en: str

    @property
    def total(self) -> int:
        """Return how many wait of all kinds, as far as they were counted."""
        return sum(self.counts.values())

    @property
    def more(self) -> bool:
        """Tell whether more wait than were counted."""
        return max(self.counts.values()) > int(catalogue.load("desk")["queue"]["count_most"])


def standing(reach: Reach) -> Standing:
    """Return what waits, each kind counted up to one more than the desk's count_most; one statement."""
    scope, given = reach.in_charge()
    given |= {"soon": soon(), "most": catalogue.load("desk")["queue"]["count_most"] + 1}
    given |= {"organisations": reach.organisations or []}
    parts = ", ".join(
        f"(SELECT count(*) FROM (SELECT {source.rows}{scope} ORDER BY {source.at}, {source.id} LIMIT %(most)s) x)"  # noqa: S608 - constants
        for source in SOURCES
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}, o.seal, o.name, o.name_en FROM (SELECT 1) one{_OWN}", given)  # noqa: S608
        row: tuple[Any, ...] = cursor.fetchone()
    found = dict.fromkeys(KINDS, 0)
    for source, count in zip(SOURCES, row, strict=False):
        found[source.kind] += count
    return Standing(found, *(text or "" for text in row[len(SOURCES) :]))


_OWN = """ LEFT JOIN LATERAL (
    SELECT * FROM people_organisation WHERE id = ANY(%(organisations)s::bigint[]) ORDER BY id LIMIT 1) o ON true"""
