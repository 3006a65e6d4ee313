"""Builds the demo city of a seed, once: everybody and half a year of needs, in bulk, in one transaction."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from importlib import import_module

from django.db import connection, transaction

from xianfeng.doors.demo.city import histories, parts, pictures
from xianfeng.doors.demo.city import people as city_people
from xianfeng.doors.demo.city.histories import Told
from xianfeng.doors.demo.city.parts import Cast
from xianfeng.doors.demo.city.people import MODELS, People, Size
from xianfeng.doors.demo.city.rows import Row, copy
from xianfeng.doors.demo.city.tale import TABLES, Books, Tale
from xianfeng.doors.demo.models import City, Life, Part
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import steps
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.record import bulk
from xianfeng.foundation.record.bulk import Chain
from xianfeng.matters.models import Handling, Matter, Offer, Photo
from xianfeng.matters.pictures import stored
from xianfeng.matters.steps import BOOKED

Say = Callable[[str], None]
FRESH = timedelta(days=2)  # what happened since then is told to inboxes when the worker starts


def is_loaded(seed: int) -> bool:
    """Tell whether the city of this seed stands in this database, built to its end."""
    return City.objects.filter(seed=seed).exists()


def build(seed: int, say: Say, size: Size | None = None) -> dict[str, int]:
    """Build the city of `seed`; return how many of what. Areas, organisations, services must be loaded."""
    now = clock.now()
    with transaction.atomic():
        people, cast = gather(seed, now, size or Size())
        say(f"{sum(map(len, people.rows.values()))} rows of people drawn")
        books = Books()
        told = histories.tell(people, cast, books)
        say(f"{len(told.tales)} needs played")
        counts = _write(people, cast, books, told)
        say(f"{counts['entries']} record entries written")
        City.objects.create(seed=seed, loaded_at=clock.now())
        Life.objects.get_or_create(id=1, defaults={"changed_at": now})
    _analyse()
    return counts


def gather(seed: int, now: datetime, size: Size) -> tuple[People, list[Cast]]:
    """Draw everybody, the cast among them."""
    people = city_people.settled(seed, now, size)
    cast = parts.assign(people)
    city_people.populate(people)
    return people, cast


def _write(people: People, cast: list[Cast], books: Books, told: Told) -> dict[str, int]:
    _count(people, books)
    chains = [tale.close() for tale in told.tales]
    persons = people.close()
    counts = {
        model.__name__.lower(): copy(model, people.rows[model], ids=people.ids[model]) for model in MODELS
    }
    counts |= {
        model.__name__.lower(): copy(model, books.rows[model], ids=books.ids[model]) for model in TABLES
    }
    counts["photo"] = copy(Photo, [_photo(*one) for one in told.pictures])
    copy(Part, [_part(at, one) for at, one in enumerate(cast)])
    steps.refresh_kin(None)
    counts["entries"] = _record(people, persons, chains, cast)
    return counts


def _count(people: People, books: Books) -> None:
    """Put on pioneers and offers what operations would have counted there."""
    done = Counter(row["pioneer_id"] for row in books.rows[Handling] if row.get("outcome") == "done")
    booked = Counter(row["offer_id"] for row in books.rows[Matter] if row["state"] in BOOKED)
    for row in people.rows[Pioneer]:
        row |= {"held": books.held[row["id"]], "helped": done[row["id"]]}
    for row in people.rows[Offer]:
        row["booked"] = booked[row["id"]]


def _photo(scene: str, tale: Tale) -> Row:
    return {
        "key": stored(pictures.drawn(scene)), "owner_id": tale.row["requester_id"], "matter_id": tale.row["id"],
        "width": pictures.WIDTH, "height": pictures.HEIGHT,
        "taken_in_at": tale.row["raised_at"] - timedelta(seconds=20),
    }  # fmt: skip


def _part(at: int, one: Cast) -> Row:
    name = one.firm["name"] if one.firm else one.pioneer["name"] if one.pioneer else one.person["name"]
    return {
        "role": one.role, "person_id": one.person["id"], "position": at, "name": name, "what": one.what["zh"],
        "what_en": one.what["en"],
    }  # fmt: skip


def _record(people: People, persons: list[Chain], matters: list[Chain], cast: list[Cast]) -> int:
    """Write the chains. Fresh needs of the cast are left to be told, so that inboxes are not empty."""
    since, known = people.now - FRESH, {one.person["id"] for one in cast}
    fresh: list[Chain] = []
    past: list[Chain] = []
    for chain in matters:
        young = chain.entries[0][0] > since and any(entry[5] in known for entry in chain.entries)
        (fresh if young else past).append(chain)
    return bulk.save([*persons, *past], dispatched=True) + bulk.save(fresh, dispatched=False)


def _analyse(
    tables: Iterable[str] = ("people_pioneer", "people_person", "matters_matter", "record_entry"),
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}, record_outbox, matters_handling, matters_rating")


def refresh_index() -> bool:
    """Work out the first index of every pioneer, if the room that does it is there."""
    try:
        tasks = import_module("xianfeng.recognition.merit.tasks")
    except ModuleNotFoundError:
        return False
    tasks.refresh()
    return True
