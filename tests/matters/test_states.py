"""The table of a matter's life, and the sentences that belong to it."""

import ast
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from xianfeng.matters import states
from xianfeng.matters.operations import limits
from xianfeng.matters.states import ENDS, LIMITS, MOVES, State
from xianfeng.matters.systems import composing

SOURCE = Path(settings.CATALOGUE).parent
SERVICES = list(composing.services_of_the_house().values())


@pytest.mark.parametrize("state", [state for state in State if state not in ENDS])
def test_every_state_that_is_not_an_end_has_a_limit_and_a_way_out(state: State) -> None:
    assert states.ways_out(state)
    act = LIMITS[state]
    assert act == "list" or state in MOVES[act].source
    assert act in limits._ACTS


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: str(service["code"]))
def test_every_service_says_each_limit_and_no_other(service: dict[str, Any]) -> None:
    given = service["limits_minutes"]
    assert set(given) == {str(state) for state in LIMITS if state not in states.OF_A_COURSE}
    assert all(minutes > 0 for minutes in given.values())


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: str(service["code"]))
def test_every_service_has_its_sentences_in_both_languages(service: dict[str, Any]) -> None:
    assert all(service[key].strip() for key in ("zh", "en", "zh_what", "en_what"))


def test_ends_have_no_limit_and_only_a_closed_matter_opens_again() -> None:
    assert not ENDS & set(LIMITS)
    assert {move.name for state in ENDS for move in states.ways_out(state)} == {"reopen", "take_up_again"}


def test_every_state_is_reached_from_a_first_state() -> None:
    reached = {State.RAISED, State.OFFERED, State.OPEN}
    for _ in State:
        reached |= {move.target for move in MOVES.values() if move.source & reached}
    assert reached == set(State)


def test_who_handles_a_matter_never_closes_it() -> None:
    closing = [move for move in MOVES.values() if move.target == State.CLOSED]
    assert closing
    handlers = {states.Who.TAKER, states.Who.PIONEER, states.Who.POST}
    assert not any(handlers & move.who for move in closing)


def test_every_move_is_made_by_some_operation() -> None:
    said = _strings(SOURCE / "matters")
    assert [name for name in MOVES if name not in said and name != "claim"] == []


def _trees(folder: Path) -> list[ast.Module]:
    paths = [path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts]
    return [ast.parse(path.read_text(encoding="utf-8")) for path in paths]


def _strings(folder: Path) -> set[str]:
    nodes = (node for tree in _trees(folder) for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _sentences(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((SOURCE / "catalogue" / "texts" / f"{name}.toml").read_text(encoding="utf-8"))


SUBJECTS = (
    "matter.", "person.", "pioneer.", "offer.", "firm.", "organisation.", "achievement.", "live.", "comment.",
    "benefit.", "feedback.", "dossier.", "round.", "candidacy.", "honour.", "pick.", "nurturing.",
    "case.", "hearing.", "duty.", "confirmation.", "lesson.", "lecture.",
)  # fmt: skip
CALLS = {"append", "change", "change_many", "add", "parameters", "raise_in_one_statement"}


def _recorded() -> set[str]:
    """Return the codes that writes hand to the record, wherever in the package, and those of the table."""
    found = set(states.codes())
    for tree in _trees(SOURCE):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in CALLS:
                found |= {text for text in _literals(node) if text.startswith(SUBJECTS)}
    return found


def _literals(call: ast.Call) -> set[str]:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    parts = [part for one in given for part in ast.walk(one) if isinstance(part, ast.Constant)]
    return {part.value for part in parts if isinstance(part.value, str)}


def test_every_event_code_has_a_sentence_in_both_languages() -> None:
    sentences = _sentences("events")
    assert _recorded() - set(sentences) == set()
    assert all(entry["zh"].strip() and entry["en"].strip() for entry in sentences.values())


def test_every_event_sentence_is_of_a_code_somebody_writes() -> None:
    assert set(_sentences("events")) - _strings(SOURCE) == set()


# notices that follow no single event of one side
ALONE = {"matter.opened.near", "cockpit.brief-week", "cockpit.brief-month"}


def test_every_notice_has_both_languages_and_belongs_to_an_event() -> None:
    sides = {
        "resident",
        "requester",
        "taker",
        "offered",
        "pioneer",
        "team",
        "author",
        "subscriber",
        "sender",
        "charge",
        "party",
        "mediator",
        "payer",
        "receiver",
        "asker",
        "caller",
        "invited",
        "keeper",
    }
    known = set(_sentences("events"))
    for code, entry in _sentences("notices").items():
        event, _, side = code.rpartition(".")
        assert entry["zh"].strip()
        assert entry["en"].strip()
        assert (event in known and side in sides) or code in ALONE


def _refusals_raised() -> set[str]:
    """Return the codes handed to Refused, Refusal and refusal-like calls, anywhere in the package."""
    found = set()
    for tree in _trees(SOURCE):
        for node in ast.walk(tree):
            name = (
                getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            )
            if name in {"Refused", "Refusal"} and isinstance(node, ast.Call) and node.args:
                parts = ast.walk(node.args[0])
                found |= {p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)}
    return found


def test_every_refusal_has_a_status_and_a_sentence_in_both_languages() -> None:
    entries = _sentences("errors")
    assert _refusals_raised() - set(entries) == set()
    for entry in entries.values():
        assert 400 <= entry["status"] < 600
        assert entry["zh"].strip()
        assert entry["en"].strip()


# What the doors answer in their own words: the API, the pages, the import. Each must come up there.
AT_THE_DOORS = {
    "area-unknown", "bad-request", "busy", "consent-needed", "csrf-failed", "cursor-invalid", "field-invalid",
    "forbidden", "method-not-allowed",
}  # fmt: skip


def test_every_sentence_of_a_refusal_is_used_somewhere() -> None:
    assert set(_sentences("errors")) - _strings(SOURCE) - AT_THE_DOORS == set()
