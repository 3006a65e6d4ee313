"""The loop played over imported needs, at small size."""

from collections import Counter
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.cast import Cast, need
from tests.matters.importing.letters import imported, take, text, write
from tests.matters.watching import watching
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.record import verify
from xianfeng.matters.importing import playing
from xianfeng.matters.importing.players import Players
from xianfeng.matters.models import Handling, Matter, Rating
from xianfeng.recognition.merit import operations as merit
from xianfeng.recognition.merit import queries as standing

LETTERS = [(f"{at}", f"U{at % 17}", f"第{at}盏灯坏了", "2019-02-28", "", "0", "0") for at in range(40)]


def play(seed: int = 7, limit: int | None = None) -> "Counter[str]":
    return playing.play(seed=seed, limit=limit, progress=lambda _done, _whole: None)


@pytest.fixture
def letters(cast: Cast, tmp_path: Path) -> list[Matter]:
    """Forty open needs from letters."""
    take(write(tmp_path, text(LETTERS)))
    return imported()


def always(monkeypatch: pytest.MonkeyPatch, **shares: float) -> None:
    """Play with these shares, and none of what is not named."""
    model = dict(catalogue.load("importing")["play"])
    model |= {name: 0.0 for name in model if name.endswith("_share")} | shares
    monkeypatch.setitem(catalogue.load("importing"), "play", model)


def test_what_is_counted_is_what_stands_afterwards(letters: list[Matter]) -> None:
    counts = play()
    states = Counter(matter.state for matter in imported())
    assert counts["needs"] == 40
    assert (
        states
        == Counter(open=counts["left open"], done=counts["left unrated"], closed=counts["rated"]) - Counter()
    )
    assert counts["rated"] == Rating.objects.count() > 20
    assert counts["taken"] == Handling.objects.count()
    assert counts["benefit verified"] == Handling.objects.exclude(benefit_verified_at=None).count()
    assert set(Pioneer.objects.values_list("held", flat=True)) == {0}
    assert not list(verify.chain_findings())


def test_the_same_seed_plays_the_same_and_another_one_another(letters: list[Matter]) -> None:
    def drawn(seed: int) -> list[list[int]]:
        players = Players(seed)
        return [[row.id for row in players.near(matter, Random(seed), 3)] for matter in letters]

    assert drawn(7) == drawn(7) != drawn(8)


def test_only_imported_needs_are_played(cast: Cast, letters: list[Matter]) -> None:
    own = need(cast.resident)
    assert play()["needs"] == 40
    assert Matter.objects.get(pk=own.pk).state == "open"


def test_a_limit_plays_the_oldest_and_the_next_play_goes_on(
    letters: list[Matter], monkeypatch: pytest.MonkeyPatch
) -> None:
    always(monkeypatch)
    assert play(limit=10)["rated"] == 10
    assert [matter.state for matter in imported()].count("closed") == 10
    assert play() == Counter({"needs": 30, "taken": 30, "reported": 30, "rated": 30, "benefit verified": 0})


def test_where_the_model_says_so_it_is_given_back_disputed_and_verified(
    letters: list[Matter], monkeypatch: pytest.MonkeyPatch
) -> None:
    always(monkeypatch, release_share=1.0, dispute_share=1.0, benefit_share=1.0, confirmed_share=1.0)
    counts = play(limit=5)
    assert counts["given back"] == counts["disputed"] == counts["rated"] == counts["benefit verified"] == 5
    assert (counts["taken"], counts["reported"]) == (10, 10)
    done = Handling.objects.filter(outcome="done")
    assert all(handling.benefit_yuan and handling.benefit_verified_by_id for handling in done)
    released = Handling.objects.exclude(outcome="done")
    assert {handling.pioneer_id for handling in released}
    for handling in released:
        assert handling.pioneer_id != done.get(matter=handling.matter_id).pioneer_id


def test_nobody_comes_where_the_model_says_nobody(
    letters: list[Matter], monkeypatch: pytest.MonkeyPatch
) -> None:
    always(monkeypatch, nobody_share=1.0)
    with watching() as seen:
        assert play() == Counter({"needs": 40, "left open": 40})
    assert seen.nothing()


def test_who_is_suspended_or_full_is_not_sent(
    cast: Cast, letters: list[Matter], monkeypatch: pytest.MonkeyPatch
) -> None:
    always(monkeypatch)
    people.suspend(cast.pioneer.id, by=cast.staff, reason="投诉核实中")
    Pioneer.objects.filter(pk=cast.second.pk).update(held=3)
    counts = play(limit=6)
    assert counts["rated"] == 6
    assert set(Handling.objects.values_list("pioneer_id", flat=True)) == {cast.collective.id}


def test_the_one_who_asks_is_never_sent(cast: Cast, letters: list[Matter]) -> None:
    asker = letters[0].requester
    Pioneer.objects.filter(pk=cast.pioneer.pk).update(kin=[asker.id, cast.pioneer.spokesperson_id])
    near = Players(7).near(Matter.objects.get(pk=letters[0].pk), Random(1), 12)
    assert cast.pioneer.id not in {row.id for row in near}
    assert len(near) == 2


def test_the_index_follows_from_the_play(letters: list[Matter]) -> None:
    rated = play()["rated"]
    run = merit.refresh()
    assert run is not None
    assert run.orders == rated
    for pioneer in Pioneer.objects.all():
        told = standing.explain(pioneer)
        assert told is not None
        assert abs(told.total - (pioneer.index or 0)) < 1e-9


def test_the_command_plays_in_the_demo_only(letters: list[Matter], settings: Any) -> None:
    with pytest.raises(CommandError, match="demo only"):
        call_command("needs", "play", stdout=StringIO(), stderr=StringIO())
    settings.DEMO = True
    out = StringIO()
    call_command("needs", "play", "--limit", "4", stdout=out, stderr=StringIO())
    assert "4 needs played in" in out.getvalue()
