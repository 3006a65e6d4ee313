"""Rows of hand-written statements as models."""

import pytest
from django.db import connection
from django.db.models.signals import post_init, pre_init
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from xianfeng.foundation.kernel.rows import as_model
from xianfeng.foundation.people.models import Person


def test_a_row_is_what_django_reads(cast: Cast) -> None:
    names = [field.attname for field in Person._meta.concrete_fields]
    values = Person.objects.filter(pk=cast.resident.pk).values_list(*names).get()
    made, read = as_model(Person, names, values), Person.objects.get(pk=cast.resident.pk)

    assert made == read
    assert {name: getattr(made, name) for name in names} == {name: getattr(read, name) for name in names}
    assert (made._state.adding, made._state.db) == (False, "default")


def test_what_was_not_given_is_read_when_asked_for(cast: Cast) -> None:
    made = as_model(Person, ["id"], [cast.resident.pk])
    with CaptureQueriesContext(connection) as asked:
        assert made.name == cast.resident.name
    assert len(asked) == 1


def test_it_is_saved_as_a_row_that_exists(cast: Cast) -> None:
    made = as_model(Person, ["id"], [cast.resident.pk])
    made.language = "en"
    made.save(update_fields=["language"])
    assert Person.objects.get(pk=cast.resident.pk).language == "en"


def test_a_value_without_its_name_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        as_model(Person, ["id"], [1, "x"])


def test_nobody_listens_to_what_is_not_sent() -> None:
    assert not pre_init.has_listeners(Person)
    assert not post_init.has_listeners(Person)
