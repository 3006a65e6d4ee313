"""Cells below the community: taken from GeoJSON, gaps and overlaps told in square metres, a point in exactly one."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from shapely.geometry import shape

from tests.matters.watching import refused
from xianfeng.foundation.places import operations, queries, tree
from xianfeng.foundation.places.locate import locate
from xianfeng.foundation.places.models import Area, AreaVersion
from xianfeng.foundation.places.operations import Overlapping, draw_grids, look_at_grids, merge_area
from xianfeng.foundation.places.reading import Faulty
from xianfeng.foundation.places.survey import square_metres

DEMO = (Path(settings.CATALOGUE) / "demo" / "grids.geojson").read_text(encoding="utf-8")
COMMUNITY = "330502001006"


def told() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DEMO)
    return found


def feature(features: dict[str, Any], code: str) -> dict[str, Any]:
    return next(one for one in features["features"] if one["properties"]["code"] == code)


def test_the_demo_community_has_over_8000_people_in_8_grids_and_20_micro_grids(huzhou: Area) -> None:
    loaded, drawing = draw_grids(DEMO)
    assert (loaded.added, loaded.changed) == (28, 1)
    assert drawing.findings == []
    community = queries.by_code(COMMUNITY)
    grids = queries.children(community)
    micro = [one for grid in grids for one in queries.children(grid)]
    assert (len(grids), len(micro)) == (8, 20)
    assert sum(one.people or 0 for one in micro) == sum(one.people or 0 for one in grids) == community.people
    assert (community.people or 0) > 8_000
    assert {one.source for one in (*grids, *micro)} == {"demo"}


def test_the_same_file_again_changes_nothing(huzhou: Area) -> None:
    draw_grids(DEMO)
    version = AreaVersion.objects.get().version
    loaded, _ = draw_grids(DEMO)
    assert (loaded.added, loaded.changed) == (0, 0)
    assert AreaVersion.objects.get().version == version


def test_each_of_a_thousand_points_falls_into_exactly_one_micro_grid(huzhou: Area) -> None:
    draw_grids(DEMO)
    around = tree.outline(Area.objects.get(code=COMMUNITY).boundary)
    west, south, east, north = around.bounds
    rng, cells = (
        random.Random(1),
        {a.code: tree.outline(a.boundary) for a in Area.objects.filter(level="micro_grid")},
    )
    for _ in range(1_000):
        lat, lon = rng.uniform(south, north), rng.uniform(west, east)
        found = locate(lat, lon)
        assert found.area.level == "micro_grid"
        assert (
            cells[found.area.code].buffer(1e-9).contains(shape({"type": "Point", "coordinates": (lon, lat)}))
        )
        assert found.town is not None
        assert found.town.code == "330502001"


def test_a_gap_is_told_in_square_metres_with_where_and_taken(huzhou: Area) -> None:
    features = told()
    gone = feature(features, f"{COMMUNITY}-g3-2")
    features["features"].remove(gone)
    _, drawing = draw_grids(json.dumps(features))
    assert [(one.kind, one.codes) for one in drawing.findings] == [("gap", (f"{COMMUNITY}-g3",))]
    hole = shape(gone["geometry"])
    assert drawing.gaps[0].square_metres == pytest.approx(square_metres(hole), rel=0.001)
    assert hole.contains(shape({"type": "Point", "coordinates": (drawing.gaps[0].lon, drawing.gaps[0].lat)}))
    assert locate(drawing.gaps[0].lat, drawing.gaps[0].lon).area.code == f"{COMMUNITY}-g3"


def _widened(code: str, by: float) -> str:
    features = told()
    one = feature(features, code)
    west, south, east, north = shape(one["geometry"]).bounds
    ring = [(west, south), (east + by, south), (east + by, north), (west, north), (west, south)]
    one["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    return json.dumps(features)


def test_cells_that_overlap_are_refused_with_the_ground_they_share(huzhou: Area) -> None:
    before = Area.objects.count()
    with pytest.raises(Overlapping) as found:
        draw_grids(_widened(f"{COMMUNITY}-g3-1", 0.0002))
    overlaps = [one for one in found.value.drawing.refused if one.kind == "overlap"]
    assert any(one.codes == (f"{COMMUNITY}-g3-1", f"{COMMUNITY}-g3-2") for one in overlaps)
    assert all(one.square_metres > 5 for one in overlaps)
    assert Area.objects.count() == before


def test_a_cell_outside_what_holds_it_is_refused(huzhou: Area) -> None:
    with pytest.raises(Overlapping) as found:
        draw_grids(_widened(f"{COMMUNITY}-g4-2", 0.01))
    assert "outside" in {one.kind for one in found.value.drawing.refused}


def test_cells_of_a_later_file_are_held_against_those_that_stand(huzhou: Area) -> None:
    draw_grids(DEMO)
    twin = feature(told(), f"{COMMUNITY}-g3-2")
    twin["properties"]["code"] = f"{COMMUNITY}-g3-9"
    drawing = look_at_grids(json.dumps({"type": "FeatureCollection", "features": [twin]}))
    assert [one.codes for one in drawing.refused] == [(f"{COMMUNITY}-g3-2", f"{COMMUNITY}-g3-9")]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"code": "<b>"}, "code"), ({"level": "moon"}, "level"), ({"parent": "330502"}, "parent"),
        ({"name": ""}, "name"), ({"people": -1}, "people"), ({"people": "many"}, "people"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_feature(huzhou: Area, change: dict[str, Any], where: str) -> None:
    features = told()
    feature(features, f"{COMMUNITY}-g3-2")["properties"].update(change)
    with pytest.raises(Faulty) as found:
        draw_grids(json.dumps(features))
    assert where in {fault.field for fault in found.value.faults}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"features": []}', "[" * 100_000])
def test_what_is_no_geojson_is_refused(huzhou: Area, text: str) -> None:
    with pytest.raises(Faulty):
        draw_grids(text)


def test_a_merged_cell_gives_its_ground_and_people_and_keeps_its_history(huzhou: Area) -> None:
    draw_grids(DEMO)
    gone, stays = (Area.objects.get(code=f"{COMMUNITY}-g3-{n}") for n in (2, 1))
    lat, lon = gone.lat, gone.lon
    assert lat
    assert lon
    assert locate(lat, lon).area.pk == gone.pk
    merge_area(gone.code, stays.code)
    after = Area.objects.get(pk=stays.pk)
    assert after.people == (gone.people or 0) + (stays.people or 0)
    assert locate(lat, lon).area.pk == stays.pk
    assert not Area.objects.get(pk=gone.pk).active
    assert look_at_grids(json.dumps({"type": "F", "features": [feature(told(), COMMUNITY)]})).findings == []


def test_only_cells_of_one_place_are_merged(huzhou: Area) -> None:
    draw_grids(DEMO)
    for code, into in ((f"{COMMUNITY}-g3-2", f"{COMMUNITY}-g2-1"), (f"{COMMUNITY}-g3", f"{COMMUNITY}-g2")):
        with refused("area-merge-invalid"):
            merge_area(code, into)
    with refused("not-found"):
        merge_area(f"{COMMUNITY}-g3-2", "nowhere")


def test_a_complete_list_of_areas_leaves_the_grids_alone(huzhou: Area) -> None:
    draw_grids(DEMO)
    folder = Path(settings.CATALOGUE) / "areas"
    loaded = operations.import_areas(folder / "areas.csv", complete=True)
    assert loaded.retired == 0
    assert Area.objects.get(code=f"{COMMUNITY}-g3-2").active


def test_the_command_looks_takes_and_merges(
    huzhou: Area, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "grids.geojson"
    file.write_text(DEMO, encoding="utf-8")
    call_command("areas", "import-grids", str(file), "--look")
    assert "no gaps, no overlaps" in capsys.readouterr().out
    assert not Area.objects.filter(level="grid").exists()
    call_command("areas", "import-grids", str(file))
    assert "28 added" in capsys.readouterr().out
    call_command("areas", "merge", f"{COMMUNITY}-g3-2", f"{COMMUNITY}-g3-1")
    file.write_text(_widened(f"{COMMUNITY}-g5-1", 0.0002), encoding="utf-8")
    with pytest.raises(CommandError, match="overlap of"):
        call_command("areas", "import-grids", str(file))
