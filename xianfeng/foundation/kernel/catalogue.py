"""Reads the data of the house: xianfeng/catalogue/**.toml."""

import tomllib
from functools import cache
from typing import Any

from django.conf import settings


@cache
def load(name: str) -> dict[str, Any]:
    """Return the tables of `catalogue/<name>.toml`, read once a process. Do not change them."""
    with (settings.CATALOGUE / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
