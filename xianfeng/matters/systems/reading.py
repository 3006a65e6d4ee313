"""Reads the folder of a system: its files as data, each part with its line."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from xianfeng.matters.systems import lines
from xianfeng.matters.systems.faults import Fault
from xianfeng.matters.systems.lines import Lines, Way

FILES = ("system.toml", "limits.toml", "categories.toml", "roles.toml", "texts.toml", "demo.toml")
FOLDERS = {"services": ".toml", "forms": ".yaml"}
MOST_BYTES = 262_144
MOST_FILES = 200


@dataclass(frozen=True)
class Source:
    """One file: where it stands in the folder, its data, and the line of each part of it."""

    path: str
    data: dict[str, Any] = field(default_factory=dict)
    lines: Lines = field(default_factory=dict)

    def line(self, way: Sequence[str | int] = ()) -> int:
        """Return the line of a part, or of what it would stand in."""
        known: Way = tuple(way)
        while known and known not in self.lines:
            known = known[:-1]
        return self.lines.get(known, 1)


@dataclass(frozen=True)
class Folder:
    """A system's files by path ('services/street-light.toml'), and what could not be read of it."""

    name: str
    files: Mapping[str, Source]
    faults: Sequence[Fault] = ()

    def source(self, path: str) -> Source:
        """Return a file, an empty one where there is none."""
        return self.files.get(path, Source(path))

    def within(self, folder: str) -> dict[str, Source]:
        """Return the files of 'services' or 'forms' by their name without suffix."""
        return {
            Path(path).stem: source
            for path, source in sorted(self.files.items())
            if path.startswith(f"{folder}/")
        }


def read(root: Path) -> Folder:
    """Return the folder at `root`; what is wrong with its files is among its faults, never raised."""
    files: dict[str, Source] = {}
    faults: list[Fault] = []
    if not root.is_dir():
        return Folder(root.name, files, [Fault("", 1, "no-folder", {"folder": str(root)})])
    paths = sorted(path for path in root.rglob("*") if path.is_file() and not _hidden(path, root))
    if len(paths) > MOST_FILES:
        return Folder(root.name, files, [Fault("", 1, "too-many-files", {"most": MOST_FILES})])
    for path in paths:
        name = path.relative_to(root).as_posix()
        if not _known(name):
            faults.append(Fault(name, 1, "unknown-file", {}))
            continue
        found = _file(name, path)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            files[name] = found
    return Folder(root.name, files, faults)


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith((".", "__")) for part in path.relative_to(root).parts) or path.suffix == ".md"


def _known(name: str) -> bool:
    folder, _, rest = name.partition("/")
    return name in FILES or (rest.endswith(FOLDERS.get(folder, "/")) and "/" not in rest)


def _file(name: str, path: Path) -> Source | Fault:
    if path.stat().st_size > MOST_BYTES:
        return Fault(name, 1, "file-too-long", {"most": MOST_BYTES})
    try:
        return parsed(name, path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return Fault(name, 1, "not-utf8", {})


def parsed(name: str, text: str) -> Source | Fault:
    """Return a file from its text, or why it cannot be read."""
    try:
        found = _toml(name, text) if name.endswith(".toml") else _yaml(name, text)
    except RecursionError:
        return Fault(name, 1, "too-deep", {})
    return found


def _toml(name: str, text: str) -> Source | Fault:
    try:
        return Source(name, tomllib.loads(text), lines.of_toml(text))
    except tomllib.TOMLDecodeError as error:
        return Fault(name, _toml_line(error), "not-toml", {"why": str(error)})


def _yaml(name: str, text: str) -> Source | Fault:
    try:
        data, known = lines.of_yaml(text)
    except lines.AliasFound as error:
        return Fault(name, error.line, "alias", {})
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or str(error)
        return Fault(name, mark.line + 1 if mark else 1, "not-yaml", {"why": why})
    return Source(name, data, known) if isinstance(data, dict) else Fault(name, 1, "no-table", {})


def _toml_line(error: tomllib.TOMLDecodeError) -> int:
    _, _, rest = str(error).partition("(at line ")
    number = rest.partition(",")[0]
    return int(number) if number.isdigit() else 1
