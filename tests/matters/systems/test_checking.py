"""`xianfeng catalogue check`: every mistake of a folder, with its file and line."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.matters.systems.folders import FILES, write
from xianfeng.foundation.kernel import catalogue
from xianfeng.matters.systems import checking, composing, reading
from xianfeng.matters.systems.faults import Fault

SERVICE = FILES["services/lend-ladder.toml"]
FORM = FILES["forms/lend-ladder.yaml"]
LIMITS = FILES["limits.toml"]
NAMED = ["key", "value", "among", "why", "most", "folder", "file", "service", "system", "wanted", "question"]


def faults(root: Path, **changed: str | None) -> list[tuple[str, int, str]]:
    found = checking.check(reading.read(write(root, **changed)))
    return [(fault.file, fault.line, fault.code) for fault in found]


@pytest.mark.parametrize("path", composing.paths(), ids=lambda path: str(path.name))
def test_the_systems_of_the_house_are_in_order(path: Path) -> None:
    assert [fault.told("en") for fault in checking.check(reading.read(path))] == []


def test_a_folder_in_order_has_no_faults(tmp_path: Path) -> None:
    assert faults(tmp_path) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"services__lend_ladder": SERVICE + 'colour = "red"\n'}, ("services/lend-ladder.toml", 11, "unknown-key")),
        ({"services__lend_ladder": SERVICE.replace('\nen = "Borrow a ladder"', "")},
         ("services/lend-ladder.toml", 1, "missing")),
        ({"services__lend_ladder": SERVICE.replace('"grab"', '"grap"')}, ("services/lend-ladder.toml", 6, "not-among")),
        ({"services__lend_ladder": SERVICE.replace("tools", "toys")},
         ("services/lend-ladder.toml", 10, "category-unknown")),
        ({"services__lend_ladder": SERVICE.replace('"lend-ladder"', '"lend"')},
         ("services/lend-ladder.toml", 1, "code-is-not-file")),
        ({"services__lend_ladder": SERVICE + "[limits_minutes]\nsleeping = 5\n"},
         ("services/lend-ladder.toml", 12, "limit-unknown")),
        ({"services__lend_ladder": SERVICE + "handover\n"}, ("services/lend-ladder.toml", 11, "not-toml")),
        ({"limits": LIMITS.replace("taken = 60\n", "")}, ("services/lend-ladder.toml", 1, "limit-missing")),
        ({"limits": LIMITS.replace("taken = 60", "taken = 0")}, ("limits.toml", 5, "bounds")),
        ({"limits": LIMITS.replace("taken = 60", 'taken = "60"')}, ("limits.toml", 5, "kind")),
        ({"limits": LIMITS + "films = 3\n"}, ("limits.toml", 21, "limit-unknown")),
        ({"forms__lend_ladder": FORM.replace("kind: choice", "kind: chose")},
         ("forms/lend-ladder.yaml", 4, "not-among")),
        ({"forms__lend_ladder": FORM.replace("    en: Which kind\n", "")}, ("forms/lend-ladder.yaml", 3, "missing")),
        ({"forms__lend_ladder": FORM.replace("code: long", "code: step")}, ("forms/lend-ladder.yaml", 9, "twice")),
        ({"forms__lend_ladder": FORM.replace("en_unit: m, ", "")}, ("forms/lend-ladder.yaml", 2, "one-language")),
        ({"forms__lend_ladder": FORM.replace("most: 9", "most: 0")}, ("forms/lend-ladder.yaml", 2, "least-over-most")),
        ({"forms__lend_ladder": FORM + "    whole: true\n"}, ("forms/lend-ladder.yaml", 10, "key-of-other-kind")),
        ({"forms__lend_ladder": FORM + "    when: {question: kind, is: step}\n"},
         ("forms/lend-ladder.yaml", 10, "when-unknown")),
        ({"forms__lend_ladder": FORM + "  - {code: x, kind: note, zh: 一, en: a, when: {question: kind, is: rope}}\n"},
         ("forms/lend-ladder.yaml", 10, "when-never")),
        ({"forms__lend_ladder": "questions: &a [*a]\n"}, ("forms/lend-ladder.yaml", 1, "alias")),
        ({"forms__lend_ladder": "questions: [\n"}, ("forms/lend-ladder.yaml", 2, "not-yaml")),
        ({"forms__lend_ladder": FORM + "    kind: note\n"}, ("forms/lend-ladder.yaml", 10, "not-yaml")),
        ({"forms__lend_rope": FORM}, ("forms/lend-rope.yaml", 1, "form-without-service")),
        ({"categories": '[law]\nzh = "法"\nen = "Law"\n[tools]\nzh = "工具"\nen = "Tools"\n'},
         ("categories.toml", 1, "taken")),
        ({"categories": '[tools]\nzh = "工具"\n'}, ("categories.toml", 1, "missing")),
        ({"roles": FILES["roles.toml"] + 'above = "ladder-keeper"\n'}, ("roles.toml", 6, "round")),
        ({"roles": FILES["roles.toml"] + 'above = "king"\n'}, ("roles.toml", 6, "role-unknown")),
        ({"roles": FILES["roles.toml"].replace("handle", "rule")}, ("roles.toml", 1, "role-unfit")),
        ({"texts": '[ask]\nzh = ""\nen = "x"\n'}, ("texts.toml", 2, "empty")),
        ({"texts": 'ask = "?"\n'}, ("texts.toml", 1, "kind")),
        ({"demo": '[[needs]]\nservice = "lend-boat"\ntitle = "船"\n'}, ("demo.toml", 2, "service-unknown")),
        ({"system": None}, ("system.toml", 1, "file-missing")),
        ({"system": FILES["system.toml"].replace("{name}", "other")}, ("system.toml", 1, "code-is-not-folder")),
        ({"colours": "a = 1\n"}, ("colours.toml", 1, "unknown-file")),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_file_and_line(
    tmp_path: Path, changed: dict[str, str | None], fault: tuple[str, int, str]
) -> None:
    assert faults(tmp_path, **changed) == [fault]


def test_all_mistakes_are_told_at_once_and_in_order(tmp_path: Path) -> None:
    service = SERVICE.replace('"grab"', '"grap"') + "colour = 1\n"
    assert faults(tmp_path, services__lend_ladder=service, texts='[ask]\nzh = "问"\n') == [
        ("services/lend-ladder.toml", 6, "not-among"), ("services/lend-ladder.toml", 11, "unknown-key"),
        ("texts.toml", 1, "missing"),
    ]  # fmt: skip


def test_every_sentence_stands_in_both_languages_and_takes_what_it_is_given() -> None:
    for code, entry in catalogue.load("texts/checks").items():
        assert set(entry) == {"zh", "en"}, code
        given = dict.fromkeys(NAMED, "x")
        assert Fault("f", 1, code, given).told("zh").startswith("f:1: ")
        assert "{" not in Fault("f", 1, code, given).told("en")


def test_the_command_tells_mistakes_and_ends_with_one(tmp_path: Path) -> None:
    folder, said = write(tmp_path, services__lend_ladder=SERVICE + "colour = 1\n"), StringIO()
    with pytest.raises(CommandError):
        call_command("catalogue", "check", str(folder), stderr=said, language="en")
    assert said.getvalue() == "lending/services/lend-ladder.toml:11: colour is not known; is it misspelt?\n"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert [fault.code for fault in checking.check(reading.read(tmp_path / "none"))] == ["no-folder"]
