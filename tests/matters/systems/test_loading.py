"""Loading a folder: repeatable, versioned, into a house that runs; old matters keep their version."""

import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from tests.cast import Cast, build_cast, need, taken
from tests.matters.systems.folders import FILES, write
from tests.matters.watching import refused, watching
from xianfeng.config.database import parameters
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.people import roles
from xianfeng.foundation.people.remembered import Sessions
from xianfeng.matters import categories, outside, services
from xianfeng.matters.models import Matter, Service
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.rating import Stars, rate
from xianfeng.matters.systems import composing, known, loading, reading
from xianfeng.matters.systems.faults import Unfit
from xianfeng.matters.systems.models import System

SERVICE = FILES["services/lend-ladder.toml"]
LADDER: dict[str, Any] = {"service": "lend-ladder", "answers": {"high": ["3"], "kind": ["step"]}}


def load(root: Path, **changed: str | None) -> loading.Loaded:
    loaded = loading.load(reading.read(write(root, **changed)))
    services.forget()
    return loaded


def test_a_folder_becomes_a_system_with_its_services_and_words(cast: Cast, tmp_path: Path) -> None:
    with watching() as seen:
        assert load(tmp_path) == loading.Loaded("lending", ("lend-ladder",), (), words=True)
    entry = seen.only("system.loaded")
    assert (entry.actor, entry.new) == (("system", 0), {"services": ["lend-ladder"], "withdrawn": []})
    assert seen.tables == {"matters_system", "matters_system_version", "matters_service"}
    assert services.current("lend-ladder").version == 1
    assert categories.label("tools", "en") == "Tools"
    assert categories.suggest("想借一把梯子") == "tools"
    assert roles.find("ladder-keeper").zh == "管梯子的"
    assert known.text("lending", "ask", "en") == "What would you borrow"
    assert "tools" not in catalogue.load("skills")


def test_loading_again_changes_nothing_and_writes_nothing(cast: Cast, tmp_path: Path) -> None:
    load(tmp_path)
    with watching() as seen:
        assert not load(tmp_path).anything
    assert seen.tables == set()


def test_what_comes_with_the_house_is_loaded_once(cast: Cast) -> None:
    with watching() as seen:
        assert services.load_catalogue() == 0
    assert seen.tables == set()


def test_a_changed_service_is_a_new_version_and_an_old_matter_keeps_its_own(
    cast: Cast, tmp_path: Path
) -> None:
    load(tmp_path)
    old = need(cast.resident, "借梯子", **LADDER)
    form = FILES["forms/lend-ladder.yaml"].replace("人字梯", "折叠梯")
    assert load(tmp_path, forms__lend_ladder=form).changed == ("lend-ladder",)
    new = need(cast.resident, "再借一把", **LADDER)
    assert (old.service_version, new.service_version) == (1, 2)
    assert [outside.answers(Matter.objects.get(pk=one.pk), "zh")[1].answer for one in (old, new)] == [
        "人字梯",
        "折叠梯",
    ]
    assert outside.answers(Matter.objects.get(pk=old.pk), "zh")[0].answer == "3 米"


def test_two_versions_in_flight_each_end_by_their_own_rules(cast: Cast, tmp_path: Path) -> None:
    load(tmp_path)
    old = taken(cast, title="借梯子", **LADDER)
    load(tmp_path, services__lend_ladder=SERVICE + "[limits_minutes]\ndone = 600\n")
    new = taken(cast, cast.second, title="借梯子", **LADDER)
    ended = [report_done(old.number, Report("给了"), by=cast.pioneer.spokesperson),
             report_done(new.number, Report("给了"), by=cast.second.spokesperson)]  # fmt: skip
    assert [(one.due_at - one.entered_at).total_seconds() for one in ended if one.due_at] == [3600, 36000]
    assert [rate(one.number, Stars(5, 5, 5), by=cast.resident).state for one in ended] == ["closed", "closed"]


def test_a_service_taken_out_of_its_folder_is_refused_while_what_lives_is_finished(
    cast: Cast, tmp_path: Path
) -> None:
    load(tmp_path)
    living = taken(cast, title="借梯子", **LADDER)
    gone = load(tmp_path / "b", services__lend_ladder=None, forms__lend_ladder=None, demo=None)
    assert gone.withdrawn == ("lend-ladder",)
    with refused("service-withdrawn", "service"):
        need(cast.resident, "还要借", **LADDER)
    done = report_done(living.number, Report("给了"), by=cast.pioneer.spokesperson)
    assert rate(done.number, Stars(5, 5, 5), by=cast.resident).state == "closed"
    assert [one.code for one in services.all_named() if one.code == "lend-ladder"] == ["lend-ladder"]
    assert "lend-ladder" not in [one.code for one in services.all_current()]


def test_a_withdrawn_service_that_comes_back_may_be_raised_again(cast: Cast, tmp_path: Path) -> None:
    load(tmp_path)
    load(tmp_path / "b", services__lend_ladder=None, forms__lend_ladder=None, demo=None)
    load(tmp_path / "c", services__lend_ladder=SERVICE + "# again\n[numbers]\nphotos = 5\n")
    assert need(cast.resident, "借", **LADDER).service_version == 2


def test_what_the_desk_published_stands_until_the_folder_itself_changes(cast: Cast, tmp_path: Path) -> None:
    load(tmp_path)
    edited = {**services.current("lend-ladder").data, "zh": "借高梯"}
    Service.objects.filter(code="lend-ladder").update(current=False)
    Service.objects.create(code="lend-ladder", version=2, definition=edited, origin="desk")
    assert not load(tmp_path).anything
    assert services.current("lend-ladder").data["zh"] == "借高梯"
    load(tmp_path, services__lend_ladder=SERVICE.replace("借梯子", "借长梯"))
    assert (services.current("lend-ladder").version, services.current("lend-ladder").data["zh"]) == (
        3,
        "借长梯",
    )


def test_a_folder_with_a_mistake_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    with watching() as seen, pytest.raises(Unfit, match="colour"):
        load(tmp_path, services__lend_ladder=SERVICE + 'colour = "red"\n')
    assert seen.tables == set()


def test_a_service_of_another_system_is_not_taken_over(cast: Cast, tmp_path: Path) -> None:
    mine = SERVICE.replace('"lend-ladder"', '"rubbish"')
    folder = write(
        tmp_path, services__rubbish=mine, services__lend_ladder=None, forms__lend_ladder=None, demo=None
    )
    with pytest.raises(Unfit) as unfit:
        loading.load(reading.read(folder))
    assert [fault.code for fault in unfit.value.faults] == ["service-of-another"]
    assert not System.objects.filter(code="lending").exists()


def test_every_service_of_the_house_names_its_system() -> None:
    assert {data["system"] for data in composing.services_of_the_house().values()} >= {
        "pioneers",
        "city-reports",
    }


@pytest.fixture
def listening(own_database: str) -> Iterator[None]:
    """A process that hears of changes, as every web process and worker does."""
    build_cast()
    services.remember()
    ended, sessions = threading.Event(), Sessions()
    also = {services.CHANNEL: services.forget}
    thread = threading.Thread(
        target=sessions.listen, args=(parameters("test-catalogue"), ended, also), daemon=True
    )
    thread.start()
    until = monotonic() + 5
    while sessions._heard_at < 0 and monotonic() < until:
        sleep(0.002)
    yield
    ended.set()
    thread.join(5)


@pytest.mark.usefixtures("listening")
def test_a_process_that_remembers_services_hears_of_a_new_one(tmp_path: Path) -> None:
    assert "lend-ladder" not in {one.code for one in services.all_current()}
    loading.load(reading.read(write(tmp_path)))
    until = monotonic() + 5
    while "lend-ladder" not in {one.code for one in services.all_current()}:
        assert monotonic() < until, "not heard within five seconds"
        sleep(0.01)
