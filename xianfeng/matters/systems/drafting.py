"""Services edited by staff of the city: kept as a draft with what is wrong with it, published as a new version.

A draft is a service's definition with the categories of its system; what pages cannot edit of it stays as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xianfeng.foundation.kernel import clock, idempotency
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import services
from xianfeng.matters.models import Service
from xianfeng.matters.systems import checking, known, loading
from xianfeng.matters.systems.faults import Fault
from xianfeng.matters.systems.models import DESK, Draft, System, SystemVersion

CATEGORIES = "categories"


@dataclass(frozen=True)
class Edited:
    """A service as its desk page shows it: the draft or, without one, the newest version; and what is wrong with it."""

    service: Service
    draft: Draft | None
    definition: dict[str, Any]
    faults: list[Fault]

    @property
    def revision(self) -> int:
        """Return which revision of the draft this is, 0 without one."""
        return self.draft.revision if self.draft else 0


def all_services(by: Person) -> list[tuple[Service, Draft | None]]:
    """Return the newest version of every service with its draft, to staff of the city. Raises Missing for others."""
    _city_staff(by)
    drafts = {draft.code: draft for draft in Draft.objects.all()}
    rows = Service.objects.order_by("code", "-version").distinct("code")
    return [(row, drafts.get(row.code)) for row in rows]


def edited(code: str, *, by: Person) -> Edited:
    """Return a service as staff of the city edit it. Raises Missing for others and for none."""
    _city_staff(by)
    service = _newest(code)
    draft = Draft.objects.filter(code=code).first()
    definition = draft.definition if draft else _whole(service)
    return Edited(service, draft, definition, checking.check_draft(definition) if draft else [])


def save(code: str, changes: Mapping[str, Any], *, revision: int, by: Person) -> Draft:
    """Keep a draft with `changes` over what it says; it may still be faulty. Again with the same words is the same.

    `revision` is the one that was read. Raises Missing; Refused 'draft-changed' where somebody kept another since.
    """
    _city_staff(by)
    at = clock.now()
    with write():
        system = _locked_system(code)
        service = _newest(code)
        draft = Draft.objects.filter(code=code).first()
        if (draft.revision if draft else 0) != revision:
            raise Refused("draft-changed", field="revision")
        before = draft.definition if draft else _whole(service)
        kept = draft or Draft(system=system, code=code, based_on=service.version, revision=0)
        kept.definition, kept.changed_at, kept.revision = {**before, **changes}, at, kept.revision + 1
        kept.save()
        new = {"service": code, "revision": kept.revision}
        record.append("system", system.pk, "system.service-drafted", actor=actor(by.pk), at=at, new=new)
        idempotency.note("system", system.pk)
        return kept


def drop(code: str, *, by: Person) -> None:
    """Drop a draft; again answers the same. Raises Missing."""
    _city_staff(by)
    with write():
        system = _locked_system(code)
        gone, _ = Draft.objects.filter(code=code).delete()
        if gone:
            new = {"service": code}
            record.append(
                "system", system.pk, "system.draft-dropped", actor=actor(by.pk), at=clock.now(), new=new
            )
        idempotency.note("system", system.pk)


def publish(code: str, *, revision: int, by: Person) -> Service:
    """Make a draft the version under which new matters are raised; those that live keep their own.

    Raises Missing; Refused 'draft-changed', 'draft-unfit' (with the first mistake), 'draft-outdated' where a newer
    version came since it was begun.
    """
    _city_staff(by)
    at = clock.now()
    with write():
        system = _locked_system(code)
        draft = Draft.objects.filter(code=code, revision=revision).first()
        if draft is None:
            raise Refused("draft-changed", field="revision")
        if faults := checking.check_draft(draft.definition):
            raise Refused("draft-unfit", field="draft", count=len(faults))
        if draft.based_on != _newest(code).version:
            raise Refused("draft-outdated", field="revision")
        service = _published(system, draft, at)
        new = {"service": code, "version": service.version}
        record.append("system", system.pk, "system.service-published", actor=actor(by.pk), at=at, new=new)
        idempotency.note("system", system.pk)
    services.forget()
    return service


def _published(system: System, draft: Draft, at: Any) -> Service:
    definition = dict(draft.definition)
    _publish_categories(system, definition.pop(CATEGORIES, {}), at)
    Service.objects.filter(code=draft.code, current=True).update(current=False)
    (service,) = loading.new_versions({draft.code: definition}, DESK)
    service.save()
    draft.delete()
    return service


def _publish_categories(system: System, wanted: dict[str, Any], at: Any) -> None:
    """Give the system a new version where its categories differ; none is taken away while drafts of it may name it."""
    last = system.versions.order_by("-version").first()
    if last and last.definition[CATEGORIES] != wanted:
        definition = {**last.definition, CATEGORIES: wanted}
        SystemVersion.objects.create(
            system=system, version=last.version + 1, definition=definition, published_at=at
        )


def withdraw(code: str, *, by: Person) -> None:
    """Withdraw a service: nothing new is raised under it, what lives is seen through. Again answers the same.

    Raises Missing.
    """
    _city_staff(by)
    with write():
        system = _locked_system(code)
        if Service.objects.filter(code=code, current=True).update(current=False):
            new = {"service": code}
            record.append(
                "system", system.pk, "system.service-withdrawn", actor=actor(by.pk), at=clock.now(), new=new
            )
        idempotency.note("system", system.pk)
    services.forget()


def _city_staff(by: Person) -> None:
    if None not in {scope.organisation_id for scope in people.scopes(by)}:
        raise Missing


def _newest(code: str) -> Service:
    found = Service.objects.filter(code=code).order_by("-version").first()
    if found is None:
        raise Missing
    return found


def _locked_system(code: str) -> System:
    """Lock the system of a service, which every change of its services waits for. Raises Missing."""
    system = System.objects.select_for_update().filter(code=_newest(code).definition.get("system")).first()
    if system is None:
        raise Missing
    return system


def _whole(service: Service) -> dict[str, Any]:
    own = known.systems().get(str(service.definition.get("system")), {}).get(CATEGORIES, {})
    return {**service.definition, CATEGORIES: own}
