"""Which table holds the chain's head of each kind of subject. Rooms register theirs at start."""

from dataclasses import dataclass

_tables: dict[str, str] = {}


@dataclass(frozen=True)
class Actor:
    """Who did it: a person by id, or the house itself."""

    kind: str
    id: int


SYSTEM = Actor("system", 0)


def person(person_id: int) -> Actor:
    """Return the actor for a person."""
    return Actor("person", person_id)


def register(kind: str, table: str) -> None:
    """Name the table of the subjects of `kind`; it carries record_head and record_length."""
    _tables[kind] = table


def table(kind: str) -> str:
    """Return the table of `kind`. Raises KeyError for a kind nobody registered."""
    return _tables[kind]


def tables() -> dict[str, str]:
    """Return all kinds with their tables."""
    return dict(_tables)
