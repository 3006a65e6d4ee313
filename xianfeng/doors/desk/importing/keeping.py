"""What staff do with a list they send in: send it, say what its columns are, have it taken in, throw it away."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import QuerySet

from xianfeng.doors.desk.importing import reports
from xianfeng.doors.desk.models import PeopleList
from xianfeng.foundation.kernel import catalogue, clock, idempotency, keyring, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import queries
from xianfeng.foundation.people.models import Person

SEALED = ("file_sealed", "report_sealed", "rejects_sealed")
NOTHING = dict.fromkeys(SEALED)


def own(person: Person) -> QuerySet[PeopleList]:
    """Return the lists `person` sent in, newest first, without what is sealed."""
    return PeopleList.objects.filter(owner=person).defer(*SEALED).order_by("-sent_at", "-id")


def one_of(pk: int, *, by: Person) -> PeopleList:
    """Return one of the own lists with its report. Raises Missing for another's and for none alike."""
    found = PeopleList.objects.filter(owner=by, pk=pk).defer("file_sealed", "rejects_sealed").first()
    if found is None:
        raise Missing
    return found


def ends(at: datetime) -> datetime:
    """Return when the contents of a list that moves at `at` are thrown away."""
    return at + timedelta(hours=catalogue.load("desk")["people_list"]["hours"])


def send(name: str, content: bytes, *, organisation_id: int | None, language: str, by: Person) -> PeopleList:
    """Keep a list, sealed, to be looked at. `organisation_id` is whose lines they are where it does not say.

    Raises Refused 'list-missing', 'list-too-big', 'too-many-lists'; Missing for who is no staff of the organisation.
    """
    limits, at = catalogue.load("desk")["people_list"], clock.now()
    if not content:
        raise Refused("list-missing", field="file")
    if len(content) > limits["megabytes"] << 20:
        raise Refused("list-too-big", field="file", megabytes=limits["megabytes"])
    allowed = {scope.organisation_id for scope in queries.scopes(by)}
    if not allowed or not (organisation_id is None or {None, organisation_id} & allowed):
        raise Missing
    with write():
        Person.objects.select_for_update().get(pk=by.pk)  # two tabs at once must not pass the limit together
        if own(by).filter(file_sealed__isnull=False).count() >= limits["kept"]:
            raise Refused("too-many-lists", field="file", limit=limits["kept"])
        row = PeopleList.objects.create(
            owner=by, organisation_id=organisation_id, language=language, bytes=len(content), sent_at=at,
            name=texts.clean_line(name, field="file", limit=400, required=False)[-120:], ends_at=ends(at),
            file_sealed=keyring.seal_bytes(reports.PURPOSE, content),
        )  # fmt: skip
        idempotency.note("people-list", row.pk)
        return row


def say_columns(pk: int, columns: Mapping[int, str], *, by: Person) -> None:
    """Say what the columns of a list are, and have it looked at again. Raises Refused 'list-moved'."""
    told = {str(at): column for at, column in columns.items() if column}
    if len(set(told.values())) < len(told):
        raise Refused("columns-twice", field="columns")
    _move(pk, by, ("looked",), {"step": "look", "columns": told})


def take(pk: int, *, partial: bool, by: Person) -> None:
    """Have a list taken in that was looked at: all of it or, where lines are rejected, what can be. Raises Refused."""
    _move(pk, by, ("looked",), {"step": "take", "partial": partial})


def _move(pk: int, by: Person, steps: tuple[str, ...], sets: dict[str, object]) -> None:
    one_of(pk, by=by)
    with write():
        rows = PeopleList.objects.filter(owner=by, pk=pk, step__in=steps, file_sealed__isnull=False)
        if not rows.update(**sets, begun_at=None, ends_at=ends(clock.now())):
            raise Refused("list-moved")


def drop(pk: int, *, by: Person) -> None:
    """Throw a list away; of one that was taken in, its counts stay."""
    one_of(pk, by=by)
    with write():
        rows = PeopleList.objects.filter(owner=by, pk=pk)
        rows.exclude(step="taken").delete()
        rows.update(**NOTHING, name="")


def sweep(at: datetime) -> int:
    """Throw away the contents of lists whose hours are over; return how many."""
    with write():
        over = PeopleList.objects.filter(ends_at__lt=at).exclude(**NOTHING, name="")
        return over.update(**NOTHING, name="")
