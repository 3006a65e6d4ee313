"""Search over needs and what was said publicly about them: first replies, reports, answers to a service's questions.

The keys (pairs of Han characters, whole Latin words) stand in rows of their own, written by the worker, so that no
raise and no claim pays for them. Messages are between two sides and never among them. Who may see a matter may find it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from xianfeng.foundation.kernel import catalogue, texts
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy import keepers
from xianfeng.foundation.record.consumers import Event
from xianfeng.matters import outside, queries
from xianfeng.matters.models import Handling, Matter, SearchKeys
from xianfeng.matters.similar import Part, marked

CODES = (
    "matter.raised", "matter.imported", "matter.claimed", "matter.accepted", "matter.reported", "matter.erased",
    "matter.forgotten",
)  # fmt: skip
LONGEST = 40  # characters of a key
_AROUND = 24
_BATCH = 500
_BEHIND = 10_000


@dataclass(frozen=True)
class Found:
    """A matter with what was looked for: its title in parts, and the words around it where it stands elsewhere."""

    matter: Matter
    title: list[Part]
    words: list[Part]


def find(
    words: str, person: Person | None, *, before: tuple[datetime, int] | None = None, limit: int
) -> list[Found]:
    """Return what `person` may see that says all of `words`, newest first: one more than `limit` where there is more.

    Four statements for a visitor, however many needs there are: the newest rows that carry the keys, which of them may
    be seen, a page of these, and what was reported about them.
    """
    keys = [key[:LONGEST] for key in texts.query_keys(words)]
    if not keys:
        return []
    most = catalogue.load("limits")["search"]["looked_at"]
    carry = SearchKeys.objects.filter(keys__contains=keys).order_by("-matter_id")
    if before:
        carry = carry.filter(matter_id__lt=before[1])
    ids = list(carry.values_list("matter_id", flat=True)[:most])
    seen = (
        queries.visible_to(person).filter(pk__in=ids).order_by("-pk").values_list("pk", flat=True).distinct()
    )
    # chosen by their ids alone, and read after: within one statement the planner joins all that is wide first
    page = list(seen[: limit + 1]) if ids else []
    rows = list(queries.whole().filter(pk__in=page).order_by("-id")) if page else []
    said = _said_of(rows)
    return [_found(row, said.get(row.pk, []), keys) for row in rows]


def _said_of(rows: Sequence[Matter]) -> dict[int, list[str]]:
    """Return what pioneers said publicly of each matter; one statement."""
    told = Handling.objects.filter(matter__in=[row.pk for row in rows]).order_by("claimed_at") if rows else []
    said: dict[int, list[str]] = {}
    for one in told:
        said.setdefault(one.matter_id, []).extend(text for text in (one.first_reply, one.report) if text)
    return said


def _found(matter: Matter, said: Iterable[str], keys: Collection[str]) -> Found:
    title = marked(matter.title, keys)
    if any(part.marked for part in title):
        return Found(matter, title, [])
    answers = [one.answer for one in outside.answers(matter, "zh")]
    tried = ((text, marked(text, keys)) for text in (matter.text, *said, *answers))
    parts = next((parts for _, parts in tried if any(part.marked for part in parts)), [])
    return Found(matter, title, around(parts))


def around(parts: Sequence[Part]) -> list[Part]:
    """Return the parts around the first that is marked, cut to a line."""
    first = next((at for at, part in enumerate(parts) if part.marked), 0)
    near = list(parts[max(0, first - 1) : first + 4])
    if near and not near[0].marked and len(near[0].text) > _AROUND:
        near[0] = Part(f"…{near[0].text[-_AROUND:]}", marked=False)
    if near and not near[-1].marked and len(near[-1].text) > _AROUND:
        near[-1] = Part(f"{near[-1].text[:_AROUND]}…", marked=False)
    return near


def index_events(events: list[Event]) -> None:
    """Write the keys of matters anew to which something happened. It may come more than once."""
    index({event.subject_id for event in events})


def index(ids: Collection[int]) -> int:
    """Write the keys of these matters; return how many. Three statements."""
    rows = list(Matter.objects.select_related("particulars").filter(pk__in=ids))
    said = _said_of(rows)
    SearchKeys.objects.bulk_create(
        [SearchKeys(matter=row, keys=_keys(row, said.get(row.pk, []))) for row in rows],
        update_conflicts=True, unique_fields=["matter"], update_fields=["keys"],
    )  # fmt: skip
    return len(rows)


def _keys(matter: Matter, said: Iterable[str]) -> list[str]:
    answers = [one.answer for one in outside.answers(matter, "zh")]
    whole = texts.bigrams(matter.title, matter.text, *said, *answers)
    return sorted({key[:LONGEST] for key in whole})


def index_new(*, everything: bool = False) -> int:
    """Write the keys of matters that have none (of a city that was built, or of before the search); return how many.

    Looked for from a little before the newest that has them; `everything` looks at all.
    """
    last = SearchKeys.objects.order_by("-matter_id").values_list("matter_id", flat=True).first() or 0
    start, made = (0 if everything else max(0, last - _BEHIND)), 0
    while ids := _without(start):
        made += index(ids)
        start = ids[-1]
    return made


def _without(after: int) -> list[int]:
    statement = """SELECT m.id FROM matters_matter m WHERE m.id > %s
        AND NOT EXISTS (SELECT FROM matters_search k WHERE k.matter_id = m.id) ORDER BY m.id LIMIT %s"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [after, _BATCH])
        return [int(row[0]) for row in cursor.fetchall()]


def tell(_: Person) -> dict[str, keepers.Rows]:
    """Tell nothing: the keys are made of words that are told with their matters."""
    return {}


def erase(person: Person, _: datetime) -> None:
    """Take the keys away of what a person asked or did; the worker writes those anew that still have words."""
    touched = Q(matter__requester=person) | Q(matter__taken_by__spokesperson=person)
    SearchKeys.objects.filter(touched).delete()
