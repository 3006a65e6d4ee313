"""Statements that go to libpq directly behave as those of Django's cursor."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import DataError, NotSupportedError, connection, transaction
from django.db.transaction import TransactionManagementError

from xianfeng.foundation.kernel.statements import ask

AT = datetime(2026, 11, 24, 8, 0, 0, 5, tzinfo=UTC)


@pytest.fixture
def table(own_database: None) -> Iterator[None]:
    """A table in a database whose transactions are real ones."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kernel_asked (n int)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE kernel_asked")


def asked_aloud(text: str, given: dict[str, object]) -> list[tuple[object, ...]]:
    with connection.execute_wrapper(lambda execute, *words: execute(*words)):
        return ask(text, given)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value", [None, 0, 1, 70_000, 2**40, 1.5, "水'%", True, b"\x00\xff", AT, [1, 2], ["a", None]]
)
def test_values_go_and_come_as_through_a_cursor(value: object) -> None:
    kind = {type(None): "text", int: "bigint", float: "float8", str: "text", bool: "boolean", bytes: "bytea",
            datetime: "timestamptz", list: "bigint[]" if value == [1, 2] else "text[]"}[type(value)]  # fmt: skip
    statement = f"SELECT %(a)s::{kind}, 100 %% 7, %(a)s::{kind} IS NULL"
    for _ in range(2):
        assert ask(statement, {"a": value}) == asked_aloud(statement, {"a": value})


@pytest.mark.django_db
def test_names_may_come_in_any_order_and_rows_in_any_number() -> None:
    statement = "SELECT n, %(b)s::text FROM generate_series(1, %(a)s) n ORDER BY n"
    assert ask(statement, {"a": 3, "b": "x"}) == [(1, "x"), (2, "x"), (3, "x")]
    assert ask(statement, {"a": 0, "b": "x"}) == []


def test_an_error_is_djangos_and_what_follows_works(own_database: None) -> None:
    for _ in range(2):
        with pytest.raises(DataError):
            ask("SELECT 1 / %(a)s::int", {"a": 0})
        assert ask("SELECT 1 / %(a)s::int", {"a": 1}) == [(1,)]


def _written(*numbers: int) -> None:
    for number in numbers:
        ask("INSERT INTO kernel_asked VALUES (%(n)s) RETURNING n", {"n": number})


def test_it_belongs_to_the_open_transaction(table: None) -> None:
    with transaction.atomic():
        _written(1, 2)
        transaction.set_rollback(True)
    assert ask("SELECT count(*) FROM kernel_asked WHERE n > %(n)s", {"n": 0}) == [(0,)]
    _written(1)
    connection.close()
    assert ask("SELECT count(*) FROM kernel_asked WHERE n > %(n)s", {"n": 0}) == [(1,)]


def test_what_is_prepared_outlives_transactions_that_are_taken_back(own_database: None) -> None:
    for turn in range(8):
        with transaction.atomic():
            for _ in range(2):
                assert ask("SELECT %(a)s::int", {"a": turn}) == [(turn,)]
            transaction.set_rollback(turn == 6)


def test_what_the_server_forgot_is_prepared_again(own_database: None) -> None:
    assert ask("SELECT %(a)s::int", {"a": 1}) == [(1,)]
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert ask("SELECT %(a)s::int", {"a": 2}) == [(2,)]


@pytest.mark.django_db
def test_a_broken_transaction_is_told_as_ever() -> None:
    with transaction.atomic():
        ask("SELECT %(a)s::int", {"a": 1})
        with pytest.raises(DataError):
            ask("SELECT 1 / %(a)s::int", {"a": 0})
        connection.needs_rollback = True
        with pytest.raises(TransactionManagementError):
            ask("SELECT %(a)s::int", {"a": 1})


def test_a_table_that_changed_its_columns_is_read_again(table: None) -> None:
    _written(1)
    read = "SELECT * FROM kernel_asked WHERE n = %(n)s"
    assert ask(read, {"n": 1}) == [(1,)]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_asked ADD COLUMN word text DEFAULT 'x'")
    with transaction.atomic():
        _written(2)
        with pytest.raises(NotSupportedError):
            ask(read, {"n": 1})
        transaction.set_rollback(True)
    assert ask(read, {"n": 1}) == [(1, "x")]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_asked DROP COLUMN word")
    assert ask(read, {"n": 1}) == [(1,)]
