"""No number, code, token or door stands in clear anywhere in the database; every look is recorded."""

import json

import pytest
from django.db import connection

from tests.cast import Cast, need, taken
from tests.foundation.people.conftest import Carrier
from tests.matters.test_telling import deliver
from tests.matters.watching import refused, watching
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.mobiles import found_by
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record.models import Entry
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.rating import Stars, rate
from xianfeng.matters.operations.talking import send_message, show_other_side

_COLUMNS = """
SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t
    USING (table_schema, table_name)
WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"""


def _holding(word: str) -> list[tuple[str, str]]:
    """Return every column of every table that holds `word`, whatever its type (bytes as text and as bytes)."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        columns = cursor.fetchall()
        found = []
        for table, column in columns:
            cursor.execute(
                f'SELECT 1 FROM "{table}" WHERE "{column}"::text LIKE %s OR "{column}"::text LIKE %s LIMIT 1',  # noqa: S608
                [f"%{word}%", f"%{word.encode().hex()}%"],
            )
            if cursor.fetchone():
                found.append((table, column))
    return found


def test_the_scan_itself_finds_what_is_in_clear(cast: Cast) -> None:
    Person.objects.filter(pk=cast.stranger.pk).update(name="13800000009")
    assert _holding("13800000009") == [("people_person", "name")]
    Person.objects.filter(pk=cast.stranger.pk).update(mobile_sealed=b"x13800000009x")
    assert ("people_person", "mobile_sealed") in _holding("13800000009")


def test_no_number_code_token_or_door_is_in_clear_anywhere(cast: Cast, carrier: Carrier) -> None:
    code = people.ask_code("13912345678", address="203.0.113.77")
    signed = people.sign_in("13912345678", code, consent="2026-11")
    matter = need(signed.person, "灯坏了", address="幸福里 7 幢 402 室")
    claim(matter.number, by=cast.pioneer.spokesperson, first_reply="马上到")
    send_message(matter.number, "在路上", by=cast.pioneer.spokesperson)
    show_other_side(matter.number, by=cast.pioneer.spokesperson)
    report_done(matter.number, Report("换了灯泡"), by=cast.pioneer.spokesperson)
    rate(matter.number, Stars(5, 5, 5), by=signed.person)
    deliver()
    for secret in ("13912345678", "13800000003", "203.0.113.77", signed.token, "幸福里", "402 室"):
        assert _holding(secret) == [], secret
    assert [place for place in _holding(f'"{code}"') if place[0].startswith("people")] == []


def test_each_look_at_a_number_is_recorded_with_who_and_why(cast: Cast) -> None:
    matter = taken(cast)
    with watching() as seen:
        number = show_other_side(matter.number, by=cast.pioneer.spokesperson)
    told = seen.only("person.contact-shown")
    assert number == "13800000001"
    assert (told.id, told.actor) == (cast.resident.id, ("person", cast.pioneer.spokesperson_id))
    assert told.new == {"matter": matter.id, "to": cast.pioneer.spokesperson_id}
    assert seen.rows == {"people_person": {cast.resident.id}}
    for _ in range(2):
        show_other_side(matter.number, by=cast.resident)
    assert Entry.objects.filter(code="person.contact-shown").count() == 3


def test_nobody_else_sees_a_number_and_nothing_is_recorded(cast: Cast) -> None:
    matter = taken(cast)
    for outsider in (cast.stranger, cast.second.spokesperson, cast.staff, cast.city_staff):
        with refused("not-found"):
            show_other_side(matter.number, by=outsider)


def test_no_number_is_shown_before_a_need_is_taken_nor_after_it_ended(cast: Cast) -> None:
    matter = need(cast.resident)
    with refused("not-found"):
        show_other_side(matter.number, by=cast.pioneer.spokesperson)
    claim(matter.number, by=cast.pioneer.spokesperson)
    report_done(matter.number, Report("好了"), by=cast.pioneer.spokesperson)
    rate(matter.number, Stars(5, 5, 5), by=cast.resident)
    for side in (cast.pioneer.spokesperson, cast.resident):
        with refused("not-found"):
            show_other_side(matter.number, by=side)


def test_a_changed_profile_is_recorded_by_its_fields_alone(cast: Cast) -> None:
    with watching() as seen:
        people.change_profile(by=cast.resident, name="  王 小明 ", language="en")
    told = seen.only("person.changed")
    assert told.new == {"fields": ["language", "name"]}
    assert "小明" not in json.dumps([told.old, told.new], ensure_ascii=False)
    assert Person.objects.get(pk=cast.resident.pk).name == "王 小明"
    assert Person.objects.get(mobile_hash=found_by("13800000001")).language == "en"


def test_a_profile_in_which_nothing_is_said_changes_nothing(cast: Cast) -> None:
    with watching() as seen:
        people.change_profile(by=cast.resident)
    assert seen.nothing()


@pytest.mark.parametrize("name", ["王" * 31, "x" * 100])
def test_a_name_beyond_its_length_is_refused(cast: Cast, name: str) -> None:
    with refused("text-too-long", "name"):
        people.change_profile(by=cast.resident, name=name)
