"""What home and the form of a need ask of people: how many help here, and the firms one speaks for."""

from django.db import connection

from xianfeng.foundation.people.models import Firm, Person


def strength() -> tuple[str, str]:
    """Return how many individual pioneers and how many collectives are not suspended, as read; one statement."""
    statement = """SELECT count(*) FILTER (WHERE kind = 'individual'), count(*) FILTER (WHERE kind = 'collective')
        FROM people_pioneer WHERE suspended_at IS NULL"""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        alone, together = cursor.fetchone()
    return f"{alone:,}", f"{together:,}"


def firms_of(person: Person | None) -> list[Firm]:
    """Return the verified firms that `person` is responsible for."""
    if person is None:
        return []
    return list(Firm.objects.filter(responsible=person, verified_at__isnull=False).order_by("id"))
