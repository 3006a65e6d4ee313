"""Loading a folder into the house while it runs: what changed becomes a new version, what is gone is withdrawn.

Repeatable: a folder that says what it said when it was last loaded changes nothing, also where staff have published
newer versions on the desk since. Old matters keep the version they were raised under.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import SYSTEM as HOUSE
from xianfeng.matters.models import Service
from xianfeng.matters.systems import checking, composing, known
from xianfeng.matters.systems.faults import Fault, Unfit
from xianfeng.matters.systems.models import FOLDER, System, SystemVersion
from xianfeng.matters.systems.reading import Folder


@dataclass(frozen=True)
class Loaded:
    """What came of a folder: services with a new version, services withdrawn, and whether anything else changed."""

    system: str
    changed: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    words: bool = False

    @property
    def anything(self) -> bool:
        """Tell whether the folder changed anything."""
        return bool(self.changed or self.withdrawn or self.words)


@dataclass(frozen=True)
class Kept:
    """What the database has: each system's newest definition, each service's last versions."""

    systems: Mapping[str, dict[str, Any]]
    services: Mapping[str, "Last"]


@dataclass(frozen=True)
class Last:
    """A service: whose it is, what its folder said last, whether it may be raised."""

    system: str
    told: dict[str, Any] | None
    current: bool


def load(folder: Folder) -> Loaded:
    """Load a folder. Raises Unfit with every mistake; then nothing of it is loaded."""
    faults = checking.check(folder)
    if faults:
        raise Unfit(folder.name, faults)
    return load_all([folder])[0]


def load_all(folders: Iterable[Folder]) -> list[Loaded]:
    """Load folders that were checked, each in a transaction of its own; two statements where nothing changed."""
    kept, found = _kept(), []
    for folder in folders:
        loaded = _differs(folder, kept)
        found.append(_publish(folder) if loaded.anything else loaded)
    return found


def _kept() -> Kept:
    rows: dict[str, Last] = {}
    for row in Service.objects.order_by("code", "version"):
        told = row.definition if row.origin == FOLDER else (rows[row.code].told if row.code in rows else None)
        rows[row.code] = Last(row.definition.get("system", ""), told, row.current)
    newest = SystemVersion.objects.order_by("system_id", "-version").distinct("system_id")
    return Kept({row.definition["code"]: row.definition for row in newest}, rows)


def _differs(folder: Folder, kept: Kept) -> Loaded:
    """Return what loading a folder would change. Raises Unfit where a service is another system's."""
    said = composing.services(folder)
    faults = [
        Fault(
            f"services/{code}.toml",
            1,
            "service-of-another",
            {"value": code, "system": kept.services[code].system},
        )
        for code in said
        if code in kept.services and kept.services[code].system not in {"", folder.name}
    ]
    if faults:
        raise Unfit(folder.name, faults)
    changed = [
        code for code, data in said.items() if code not in kept.services or kept.services[code].told != data
    ]
    gone = [
        code for code, last in kept.services.items()
        if last.system == folder.name and last.current and last.told is not None and code not in said
    ]  # fmt: skip
    words = kept.systems.get(folder.name) != composing.system(folder)
    return Loaded(folder.name, tuple(changed), tuple(gone), words)


def _publish(folder: Folder) -> Loaded:
    """Bring a folder in; whoever loads the same one at the same time waits, and finds nothing to change."""
    at = clock.now()
    with write():
        System.objects.bulk_create([System(code=folder.name)], ignore_conflicts=True)
        system = System.objects.select_for_update().get(code=folder.name)
        loaded = _differs(folder, _kept())
        if loaded.words:
            _new_words(system, composing.system(folder), at)
        Service.objects.filter(code__in=[*loaded.changed, *loaded.withdrawn], current=True).update(
            current=False
        )
        said = composing.services(folder)
        Service.objects.bulk_create(new_versions({code: said[code] for code in loaded.changed}, FOLDER))
        if loaded.anything:
            told = {"services": list(loaded.changed), "withdrawn": list(loaded.withdrawn)}
            record.append("system", system.pk, "system.loaded", actor=HOUSE, at=at, new=told)
    known.forget()
    return loaded


def _new_words(system: System, definition: dict[str, Any], at: Any) -> None:
    last = system.versions.aggregate(last=Max("version"))["last"] or 0
    SystemVersion.objects.create(system=system, version=last + 1, definition=definition, published_at=at)


def new_versions(said: Mapping[str, dict[str, Any]], origin: str) -> list[Service]:
    """Return the rows of new versions of services; needs the lock of their system."""
    last = dict(Service.objects.filter(code__in=said).values_list("code").annotate(last=Max("version")))
    return [
        Service(code=code, version=last.get(code, 0) + 1, definition=data, origin=origin)
        for code, data in said.items()
    ]
