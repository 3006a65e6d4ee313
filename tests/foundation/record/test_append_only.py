"""The database itself refuses to change or empty the record."""

import pytest
from django.db import IntegrityError, connection, transaction

from tests.cast import Cast
from tests.foundation.record import planting
from xianfeng.foundation.record.models import Entry

FORBIDDEN = {
    "update": "UPDATE record_entry SET new = '{}' WHERE id = (SELECT min(id) FROM record_entry)",
    "update of all": "UPDATE record_entry SET code = code",
    "delete": "DELETE FROM record_entry WHERE id = (SELECT max(id) FROM record_entry)",
    "truncate": "TRUNCATE record_entry",
    "truncate of several": "TRUNCATE record_entry, record_delivery",
}


@pytest.mark.parametrize("attempt", FORBIDDEN)
def test_change_is_refused_and_leaves_every_entry(cast: Cast, attempt: str) -> None:
    before = list(Entry.objects.order_by("id").values())
    with (
        pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor,
    ):  # fmt: skip
        cursor.execute(FORBIDDEN[attempt])
    assert before
    assert list(Entry.objects.order_by("id").values()) == before


def test_djangos_own_delete_and_update_are_refused_too(cast: Cast) -> None:
    for attempt in (Entry.objects.all().delete, lambda: Entry.objects.update(code="x")):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            attempt()
    assert planting.found() == []


def test_two_entries_cannot_stand_at_one_position(cast: Cast) -> None:
    first = planting.chain("person", cast.resident.id)[0]
    first.pk = None
    with pytest.raises(IntegrityError, match="one_entry_a_position"), transaction.atomic():
        first.save(force_insert=True)
