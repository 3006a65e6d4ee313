"""Mass organisations of the catalogue, and firms that the city has verified."""

from xianfeng.foundation.kernel import catalogue, clock, texts
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import queries, steps
from xianfeng.foundation.people.models import Firm, Person
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor


def found_organisations() -> int:
    """Enter the catalogue's mass organisations at the city and in every county; return how many are new."""
    at, new = clock.now(), 0
    with write():
        for area in Area.objects.filter(level__in=["city", "county"]).order_by("code"):
            for kind in catalogue.load("organisations")["kind"]:
                new += steps.found_organisation(kind, area, at)
    return new


def verify_firm(name: str, *, area_id: int, responsible: Person, by: Person) -> Firm:
    """Enter a verified firm with its responsible person, as city staff. Raises Missing for others."""
    if None not in {scope.organisation_id for scope in queries.scopes(by)}:
        raise Missing
    at = clock.now()
    with write():
        plain = texts.clean_line(name, field="name", limit=80)
        firm = Firm.objects.create(name=plain, area_id=area_id, responsible=responsible, verified_at=at)
        record.append("firm", firm.id, "firm.verified", actor=actor(by.id), at=at)
        return firm
