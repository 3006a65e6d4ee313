"""What every test may ask for: the engine's cast, and a database of its own for tests that really commit."""

import os
from collections.abc import Iterator

import pytest
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from tests import template
from tests.cast import areas_loaded, cast

__all__ = ["areas_loaded", "cast"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database of this process: a copy of the template."""
    given = str(connection.settings_dict["NAME"])
    name = str(connection.settings_dict["TEST"]["NAME"] or f"test_{given}")  # with the worker's number
    with django_db_blocker.unblock():
        template.copy(name)
        connections.close_all()
        connection.settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        connection.settings_dict["NAME"] = given
        _with_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def own_database(areas_loaded: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the test database for one test that commits for real; yields its DATABASE_URL.

    The record refuses TRUNCATE, so nothing can be flushed: the copy is dropped instead.
    """
    whole = str(connection.settings_dict["NAME"])
    copy = f"{whole}_copy"
    with django_db_blocker.unblock():
        connections.close_all()
        _with_server(
            f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)', f'CREATE DATABASE "{copy}" TEMPLATE "{whole}"'
        )
        connection.settings_dict["NAME"] = copy
        before = os.environ["DATABASE_URL"]
        os.environ["DATABASE_URL"] = _renamed(before, copy)
        try:
            yield os.environ["DATABASE_URL"]
        finally:
            connections.close_all()
            os.environ["DATABASE_URL"] = before
            connection.settings_dict["NAME"] = whole
            _with_server(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')


def _with_server(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _renamed(url: str, name: str) -> str:
    address, _, query = url.partition("?")
    return f"{address.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
