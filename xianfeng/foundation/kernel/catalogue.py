"""Reads the data of the house: xianfeng/catalogue/**.toml, and what upper rooms add to it while it runs."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.conf import settings

More = Callable[[], Mapping[str, Any]]
_more: dict[str, More] = {}
_merged: dict[str, tuple[Mapping[str, Any], dict[str, Any]]] = {}


@cache
def load(name: str) -> dict[str, Any]:
    """Return the tables of `catalogue/<name>.toml`, read once a process. Do not change them."""
    with (settings.CATALOGUE / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def extend(name: str, more: More) -> None:
    """Let a room add tables to `name`: `more` returns the same object until they change."""
    _more[name] = more


def known(name: str) -> dict[str, Any]:
    """Return the tables of `name` with those that were loaded while the house runs; the file's own come first."""
    if name not in _more:
        return load(name)
    more = _more[name]()
    kept = _merged.get(name)
    if kept is None or kept[0] is not more:
        kept = _merged[name] = (more, {**load(name), **more})
    return kept[1]
