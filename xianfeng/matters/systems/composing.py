"""What a folder says, put together: each service with the limits and the questions that belong to it."""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from xianfeng.matters.systems import reading
from xianfeng.matters.systems.faults import Unfit
from xianfeng.matters.systems.reading import Folder

PLAIN = {"icon": "leaf", "words": []}  # of a category that says neither
SHARED = ("limits_minutes", "numbers", "retention_days")


def services(folder: Folder) -> dict[str, dict[str, Any]]:
    """Return the definitions of a folder's services by code, as a matter keeps them."""
    return {code: service(folder, code) for code in folder.within("services")}


def service(folder: Folder, code: str) -> dict[str, Any]:
    """Return one definition: the system's limits with the service's own over them, and the questions of its form."""
    own, usual = folder.source(f"services/{code}.toml").data, folder.source("limits.toml").data
    whole = {**own, "system": folder.name}
    for table in SHARED:
        whole[table] = {**usual.get(table, {}), **own.get(table, {})}
    asked = folder.source(f"forms/{code}.yaml").data.get("questions")
    return whole | ({"questions": asked} if asked else {})


def system(folder: Folder) -> dict[str, Any]:
    """Return what a folder says beside its services, as it is kept."""
    tables = {name: folder.source(f"{name}.toml").data for name in ("categories", "roles", "texts")}
    tables["categories"] = {code: {**PLAIN, **entry} for code, entry in tables["categories"].items()}
    demo = folder.source("demo.toml").data.get("needs", [])
    return {"order": 100, **folder.source("system.toml").data, **tables, "demo": demo}


@cache
def of_the_house() -> dict[str, Folder]:
    """Return the systems that come with the house, by code. Raises Unfit where one cannot be read."""
    folders = [reading.read(path) for path in paths()]
    for folder in folders:
        if folder.faults:
            raise Unfit(folder.name, list(folder.faults))
    return {folder.name: folder for folder in folders}


@cache
def services_of_the_house() -> dict[str, dict[str, Any]]:
    """Return the definitions of all services that come with the house, by code."""
    return {code: data for folder in of_the_house().values() for code, data in services(folder).items()}


def paths() -> list[Path]:
    """Return the folders of the systems that come with the house."""
    root = Path(settings.CATALOGUE) / "systems"
    return sorted(path for path in root.iterdir() if path.is_dir())
