"""Letters become needs, in bulk: the rows an operation would have written, with the code matter.imported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import correspondents
from xianfeng.foundation.people import steps as people
from xianfeng.foundation.people.correspondents import Correspondent
from xianfeng.foundation.record import bulk
from xianfeng.foundation.record.bulk import Chain
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.matters import categories, services
from xianfeng.matters.importing.letters import Letter
from xianfeng.matters.importing.placing import Spot
from xianfeng.matters.models import Matter
from xianfeng.matters.services import Definition
from xianfeng.matters.states import State

SERVICE = "help-open"


@dataclass(frozen=True)
class Placed:
    """A letter and where it lies."""

    letter: Letter
    spot: Spot


@dataclass(frozen=True)
class Batch:
    """How a batch is written: its source's name, the moment limits count from, whether the outbox is told already."""

    source: str
    at: datetime
    told: bool


def known_keys(letters: Sequence[Letter]) -> set[str]:
    """Return which of the letters stand as needs already."""
    keys = [letter.key for letter in letters]
    found = Matter.objects.filter(source_key__in=keys).values_list("source_key", flat=True)
    return {key for key in found if key}


def write_needs(placed: Sequence[Placed], batch: Batch) -> int:
    """Write what is new among `placed` as needs, in one transaction; return how many are new."""
    with write():
        people.one_at_a_time("import", batch.source.encode())
        known = known_keys([one.letter for one in placed])
        fresh = [one for one in placed if one.letter.key not in known]
        if not fresh:
            return 0
        persons = correspondents.find_or_enter(_writers(fresh, batch), at=batch.at, told=batch.told)
        _enter(fresh, persons, batch)
    return len(fresh)


def _writers(placed: Sequence[Placed], batch: Batch) -> list[Correspondent]:
    """Return everybody who wrote, each once: at home where their first letter lies, known since then."""
    first: dict[str, Placed] = {}
    for one in placed:
        earlier = first.setdefault(one.letter.user, one)
        if one.letter.raised_at < earlier.letter.raised_at:
            first[one.letter.user] = one
    return [
        Correspondent(batch.source, user, one.spot.area_id, one.spot.lat, one.spot.lon, one.letter.raised_at)
        for user, one in first.items()
    ]


def _enter(placed: Sequence[Placed], persons: Mapping[bytes, int], batch: Batch) -> None:
    service = services.current(SERVICE)
    rows, chains = [], []
    for matter_id, one in zip(_next_ids(len(placed)), placed, strict=True):
        chain = Chain("matter", matter_id)
        new = {"state": service.first_state, "service": service.code, "offered_to": None}
        chain.add("matter.imported", actor=SYSTEM, at=batch.at, new=new)
        requester = persons[correspondents.found_by(batch.source, one.letter.user)]
        rows.append(_row(matter_id, one, requester, service=service, chain=chain, at=batch.at))
        chains.append(chain)
    Matter.objects.bulk_create(rows, batch_size=1000)
    bulk.save(chains, dispatched=batch.told)


def _row(
    matter_id: int, placed: Placed, requester_id: int, *, service: Definition, chain: Chain, at: datetime
) -> Matter:
    letter, spot, state = placed.letter, placed.spot, service.first_state
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%y%m%d")
    return Matter(
        id=matter_id, number=f"{day}-{matter_id:06d}", service_code=service.code, service_version=service.version,
        state=state, title=letter.title, text=letter.text,
        category=letter.category or categories.suggest(f"{letter.title} {letter.text}"),
        lat=spot.lat, lon=spot.lon, cell=spot.cell, area_id=spot.area_id, outside=spot.outside,
        requester_id=requester_id, raised_at=letter.raised_at, entered_at=at,
        due_at=at + timedelta(minutes=service.minutes(state)), taken_minutes=service.minutes(State.TAKEN),
        source_key=letter.key, record_head=chain.head, record_length=chain.length,
    )  # fmt: skip


def _next_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('matters_matter_id_seq') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]
