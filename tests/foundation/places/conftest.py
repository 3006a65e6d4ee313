from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from xianfeng.foundation.places import operations, queries, tree
from xianfeng.foundation.places.models import Area


@pytest.fixture(scope="session")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The areas of the catalogue, loaded once into the test database."""
    with django_db_blocker.unblock():
        operations.load_catalogue()


@pytest.fixture
def huzhou(loaded: None, db: None) -> Iterator[Area]:
    """The city of the catalogue, with everything below it."""
    tree.forget()
    yield queries.root()
    tree.forget()


@pytest.fixture
def nowhere(db: None) -> Iterator[None]:
    """A database without areas."""
    Area.objects.all()._raw_delete("default")
    tree.forget()
    yield
    tree.forget()
