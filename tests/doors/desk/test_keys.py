"""Keys of programs on the desk: issued, shown once, seen in use, ended; for staff of the city alone."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.doors.desk.conftest import Enter
from tests.matters.watching import watching
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people import keys
from xianfeng.foundation.people.models import ApiKey, Person

FORM = {"label": "邻市随手报", "per_minute": "120", "key": "form-1"}


@pytest.fixture
def city(enter: Enter, cast: Cast) -> Client:
    """The browser of staff of the city."""
    return enter(cast.city_staff)


def test_a_key_is_issued_recorded_and_shown_this_once(city: Client, cast: Cast) -> None:
    with watching() as seen:
        answer = city.post("/desk/keys/issue", FORM)
    shown = re.search(r"xf_[\w-]{32}", answer.content.decode())
    row = ApiKey.objects.get()
    assert shown
    assert bytes(row.key_hash) == keys.key_hash(shown[0])
    assert (row.label, row.per_minute, row.issued_by) == ("邻市随手报", 120, cast.city_staff)
    assert [told.code for told in seen.entries] == ["person.entered", "person.key-issued"]
    assert seen.entries[1].actor == ("person", cast.city_staff.pk)
    assert shown[0] not in str(seen.entries) + str(seen.outbox)
    assert shown[0] not in city.get("/desk/keys").content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_the_same_form_sent_twice_issues_one_key(city: Client) -> None:
    city.post("/desk/keys/issue", FORM)
    assert city.post("/desk/keys/issue", FORM).status_code == 302
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"label": " "}, {"label": "长" * 31}, {"per_minute": "0"}, {"per_minute": "x"}, {"per_minute": "6001"}],
)
def test_a_form_with_something_wrong_is_shown_again_with_what_was_typed(
    city: Client, wrong: dict[str, str]
) -> None:
    answer = city.post("/desk/keys/issue", {**FORM, **wrong})
    assert answer.status_code == 422
    assert "aria-invalid" in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_a_key_is_ended_at_once_and_again_is_the_same(city: Client, cast: Cast) -> None:
    issued = keys.issue("一个", per_minute=5, by=cast.city_staff)
    with watching() as seen:
        assert city.post(f"/desk/keys/{issued.row.pk}/revoke").status_code == 302
    assert seen.only("person.key-revoked").new == {"key": issued.row.pk}
    with watching() as seen:
        city.post(f"/desk/keys/{issued.row.pk}/revoke")
    assert seen.nothing()
    with pytest.raises(Missing):
        keys.use(issued.key)


def test_a_key_that_is_none_cannot_be_ended(city: Client) -> None:
    assert city.post("/desk/keys/999999/revoke").status_code == 404


@pytest.mark.parametrize("who", ["staff", "resident"])
def test_nobody_but_staff_of_the_city_sees_or_changes_keys(cast: Cast, enter: Enter, who: str) -> None:
    issued = keys.issue("一个", per_minute=5, by=cast.city_staff)
    person: Person = getattr(cast, who)
    client = enter(person)
    with watching() as seen:
        assert client.get("/desk/keys").status_code == 404
        assert client.post("/desk/keys/issue", FORM).status_code == 404
        assert client.post(f"/desk/keys/{issued.row.pk}/revoke").status_code == 404
    assert seen.nothing()
    with pytest.raises(Missing):
        keys.issue("一个", per_minute=5, by=person)


def test_the_account_of_a_program_cannot_be_signed_in_as(cast: Cast) -> None:
    issued = keys.issue("一个", per_minute=5, by=cast.city_staff)
    account = issued.row.person
    assert (account.name, account.area_id) == ("一个", cast.city.pk)
    assert not Person.objects.exclude(pk=account.pk).filter(mobile_hash=account.mobile_hash).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_statements_whatever_its_length(city: Client, cast: Cast, count: int) -> None:
    for at in range(count):
        keys.issue(f"程序{at}", per_minute=5, by=cast.city_staff)
    city.get("/desk/keys")
    with CaptureQueriesContext(connection) as seen:
        assert city.get("/desk/keys").content.decode().count("<tr>") == count + 1
    assert len(seen) == 5
