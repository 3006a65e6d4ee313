"""The register of algorithms is true: what it names exists, in the version it names, in both languages."""

import importlib
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

from xianfeng.foundation.kernel import catalogue

ROOT = Path(__file__).resolve().parents[3]
ENTRIES: dict[str, dict[str, Any]] = catalogue.load("algorithms")
SAID = ("", "purpose_", "data_", "object_")


def named(path: str) -> Any:
    """Return what 'module:name' names, or the module alone."""
    module, _, name = path.partition(":")
    found = importlib.import_module(module)
    return attrgetter(name)(found) if name else found


@pytest.mark.parametrize("code", ENTRIES)
def test_an_entry_names_code_tests_and_a_page_that_exist(code: str) -> None:
    entry = ENTRIES[code]
    assert all(named(path) is not None for path in entry["code"])
    assert entry["tests"]
    assert [path for path in (*entry["tests"], entry["doc"]) if not (ROOT / path).is_file()] == []


@pytest.mark.parametrize("code", ENTRIES)
def test_a_version_is_the_one_that_runs(code: str) -> None:
    entry = ENTRIES[code]
    assert named(entry["constant"]) == entry["version"] if "constant" in entry else entry["version"] == "1"


@pytest.mark.parametrize("code", ENTRIES)
def test_an_entry_says_everything_in_both_languages_and_who_decides(code: str) -> None:
    entry = ENTRIES[code]
    assert all(entry[f"{name}{language}"].strip() for name in SAID for language in ("zh", "en"))
    assert entry["decides"] in {"person", "rule"}
