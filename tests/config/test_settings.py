"""Settings: each is told in docs/settings.md, with its value; and what they say holds."""

import os
import re
import secrets
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from xianfeng.config import keys
from xianfeng.config.database import from_url
from xianfeng.matters.systems import composing

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "xianfeng" / "catalogue"
PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
OF_A_LIFE = ("limits_minutes.", "numbers.", "retention_days.")


def _sources() -> Iterator[str]:
    for folder in ("xianfeng", "tools", "bench"):
        for path in (ROOT / folder).rglob("*.py"):
            yield path.read_text(encoding="utf-8")
    yield (ROOT / "Makefile").read_text(encoding="utf-8")


def test_every_variable_the_code_reads_is_told_and_no_other() -> None:
    read = {name for source in _sources() for name in re.findall(r"XIANFENG_[A-Z_]*[A-Z]", source)}
    told = set(re.findall(r"`(XIANFENG_[A-Z_]*[A-Z])", PAGE))
    assert read == told


def _numbers(data: dict[str, Any], before: str = "") -> Iterator[tuple[str, int | float]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _numbers(value, f"{before}{key}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{before}{key}", value


def _table(columns: int) -> dict[str, list[str]]:
    """Return the page's rows that name a setting in code and have `columns` columns."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.splitlines()
        if line.startswith("| `")
    ]
    named = [row for row in rows if len(row) == columns and "." in row[0]]
    return {row[0].strip("`"): row[1:-1] for row in named if not row[0].startswith(OF_A_LIFE, 1)}


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((CATALOGUE / f"{name}.toml").read_text(encoding="utf-8"))


def test_every_number_of_limits_and_people_is_told_with_its_value_and_no_other() -> None:
    numbers = {
        f"{name}.{key}": [str(value)]
        for name in (
            "limits",
            "people",
            "retention",
            "showcase",
            "open311",
            "desk",
            "portraits",
            "grids",
            "meetings",
            "studios",
            "mediation",
            "cockpit/board",
            "cockpit/briefs",
            "cockpit/own",
        )
        for key, value in _numbers(_load(name))
    }
    assert _table(3) == numbers


def _told_of_services(system: str) -> dict[str, dict[str, str]]:
    """Return the page's table of a system: numbers by service. A column may be of several: `a`, `b`."""
    lines = PAGE.partition(f"### `systems/{system}`\n")[2].partition("\n#")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    columns = (
        [[name.strip().strip("`") for name in cell.split(",")] for cell in rows[0][1:-1]] if rows else []
    )
    return {
        name: {row[0].strip("`"): row[turn] for row in rows[2:]}
        for turn, names in enumerate(columns, start=1)
        for name in names
    }


@pytest.mark.parametrize("system", composing.of_the_house())
def test_every_number_of_every_service_is_told_with_its_value_and_no_other(system: str) -> None:
    folder = composing.of_the_house()[system]
    numbers = {code: _of_a_life(data) for code, data in composing.services(folder).items()}
    assert _told_of_services(system) == numbers


def _of_a_life(service: dict[str, Any]) -> dict[str, str]:
    """Return the numbers of a service but those of its questions and of Open311, which docs/open311.md tells."""
    return {key: str(value) for key, value in _numbers(service) if key.startswith(OF_A_LIFE)}


@pytest.mark.parametrize(
    "name",
    [
        "limits",
        "people",
        "retention",
        "showcase",
        "open311",
        "desk",
        "meetings",
        "studios",
        "grids",
        *(f"systems/{system}/limits" for system in composing.of_the_house()),
    ],
)
def test_every_number_is_read_by_the_code(name: str) -> None:
    whole = "\n".join(_sources())
    unread = {
        key for key, _ in _numbers(_load(name))
        if not re.search(rf"[\"'{{.]{key.rpartition('.')[2]}[\"'}}]", whole) and not _composed(key, whole)
    }  # fmt: skip
    assert unread == set()


def _composed(key: str, whole: str) -> bool:
    """Tell of lengths read as f"{field}_length", and limits read by the name of their state."""
    last = key.rpartition(".")[2]
    return (last.endswith("_length") and '_length"]' in whole) or key.startswith(
        "limits_minutes."
    )  # by the name of their state


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://u:p%40ss@h:5433/city", ("city", "u", "p@ss", "h", "5433")),
        ("postgres:///city?host=/run/pg", ("city", "", "", "/run/pg", "")),
        ("postgresql://u@/a%20b?host=%2Ftmp%2Fx%20y", ("a b", "u", "", "/tmp/x y", "")),  # noqa: S108
        ("postgresql://h", ("postgres", "", "", "h", "")),
    ],
)  # fmt: skip
def test_a_database_url_is_read_into_its_parts(url: str, told: tuple[str, ...]) -> None:
    read = from_url(url)
    assert tuple(read[part] for part in ("NAME", "USER", "PASSWORD", "HOST", "PORT")) == told
    assert read["CONN_MAX_AGE"] is None
    assert read["CONN_HEALTH_CHECKS"] is False


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "sqlite:///x", "", "city", "postgresql://h:x/y", "postgresql://h:0x1/y"]
)
def test_what_is_no_database_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_url(url)


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XIANFENG_SECRET", raising=False)
    first = keys.installation_secret(tmp_path / "new")
    assert len(first) >= 64
    assert keys.installation_secret(tmp_path / "new") == first
    assert stat.S_IMODE((tmp_path / "new" / "secret").stat().st_mode) == 0o600
    assert keys.installation_secret(tmp_path / "other") != first
    monkeypatch.setenv("XIANFENG_SECRET", "given")
    assert keys.installation_secret(tmp_path / "third") == "given"
    assert not (tmp_path / "third").exists()


def test_the_secret_is_nowhere_to_be_read_before_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XIANFENG_SECRET", raising=False)

    def draw(_: int) -> str:
        assert not (tmp_path / "secret").exists()
        return "drawn"

    monkeypatch.setattr(secrets, "token_urlsafe", draw)
    assert keys.installation_secret(tmp_path) == "drawn"
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_processes_that_start_together_share_one_secret(tmp_path: Path) -> None:
    code = "import pathlib, sys; from xianfeng.config import keys; "
    code += "print(keys.installation_secret(pathlib.Path(sys.argv[1])))"
    environment = {name: value for name, value in os.environ.items() if name != "XIANFENG_SECRET"}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)],
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment,
            text=True,
        )
        for _ in range(6)
    ]
    assert len({process.communicate(timeout=30)[0] for process in started}) == 1
    assert {process.returncode for process in started} == {0}


def test_the_time_zone_is_the_citys_and_stands_in_one_place() -> None:
    zone = tomllib.loads((CATALOGUE / "areas" / "city.toml").read_text(encoding="utf-8"))["time_zone"]
    assert os.environ.get("XIANFENG_TIME_ZONE", zone) == settings.TIME_ZONE
    assert not [path for path in (CATALOGUE.parent).rglob("*.py") if f'"{zone}"' in path.read_text()]


def test_a_real_installation_sends_no_demo_and_shows_no_debug() -> None:
    assert settings.DEBUG is False
    assert settings.DEMO is False
    assert "*" not in settings.ALLOWED_HOSTS
    assert not [name for name in settings.MIDDLEWARE if ".demo." in name]


FLOORS = (
    "foundation.kernel", "foundation.record", "foundation.places", "foundation.people", "foundation.notices",
    "foundation.ui", "matters", "services", "recognition.merit", "recognition.showcase", "recognition.honours",
    "recognition.portraits", "doors", "config",
)  # fmt: skip


def _floor(module: str) -> int:
    room = module.removeprefix("xianfeng.")
    return next(at for at, floor in enumerate(FLOORS) if room == floor or room.startswith(f"{floor}."))


def _references() -> list[tuple[type, type]]:
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("xianfeng.")
    ]
    return [
        (model, field.related_model) for model in models for field in model._meta.get_fields()
        if field.is_relation and field.concrete and isinstance(field.related_model, type)
    ]  # fmt: skip


def test_every_foreign_key_points_down_and_rooms_of_one_floor_do_not_know_each_other() -> None:
    references = _references()
    assert len(references) > 20
    for model, other in references:
        assert other.__module__.startswith("xianfeng."), (model, other)
        here, there = _floor(model.__module__), _floor(other.__module__)
        assert there < here or _room(model) == _room(other), (model, other)


def _room(model: type) -> str:
    """Return a model's room: 'matters', or a floor and a room on it."""
    parts = model.__module__.split(".")[1:]
    return parts[0] if parts[0] == "matters" else ".".join(parts[:2])


def test_the_record_names_actors_and_subjects_without_foreign_keys() -> None:
    record = [(model, other) for model, other in _references() if "foundation.record" in model.__module__]
    assert {other.__name__ for _, other in record} == {"Outbox"}
