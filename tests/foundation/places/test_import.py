import json
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from shapely.geometry import Point

from xianfeng.foundation.places import operations, queries
from xianfeng.foundation.places.models import Area, AreaVersion
from xianfeng.foundation.places.reading import Faulty
from xianfeng.foundation.places.tree import outline as outline_of

HEAD = "code,parent_code,level,name,lat,lon\n"


def facts() -> list[tuple[Any, ...]]:
    return list(
        Area.objects.order_by("code").values_list("id", "code", "lat", "lon", "path", "approximate", "active")
    )


def write(folder: Path, text: str, name: str = "areas.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def outline(code: str, ring: list[list[float]]) -> str:
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"code": code}, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def refused(path: Path, **options: Any) -> list[tuple[int, str]]:
    with pytest.raises(Faulty) as said:
        operations.import_areas(path, **options)
    return [(fault.line, fault.field) for fault in said.value.faults]


def test_loading_is_quick_and_loading_again_changes_nothing(nowhere: None) -> None:
    start = time.monotonic()
    first = operations.load_catalogue()
    assert time.monotonic() - start < 3
    assert (first.added, first.changed, first.total) == (1379, 0, 1379)
    before = facts()
    again = operations.load_catalogue()
    assert (again.added, again.changed, again.retired, again.total) == (0, 0, 0, 1379)
    assert facts() == before


def test_loading_draws_every_area_without_a_survey_on_the_same_spot(huzhou: Area) -> None:
    drawn = dict(Area.objects.values_list("code", "lat"))
    Area.objects.filter(approximate=True).update(lat=0, lon=0)
    operations.load_catalogue()
    assert dict(Area.objects.values_list("code", "lat")) == drawn


def test_thirty_eight_towns_are_surveyed_and_the_rest_says_approximate(huzhou: Area) -> None:
    # 39 rows have a point, but two of them the same one: the lower code keeps it
    assert Area.objects.filter(level="town", approximate=False).count() == 38
    assert Area.objects.filter(level="village", approximate=False).count() == 0
    assert not Area.objects.filter(lat__isnull=True).exists()


def test_every_area_is_drawn_inside_its_county_and_no_two_villages_on_one_spot(huzhou: Area) -> None:
    for county in queries.children(huzhou):
        shape = outline_of(Area.objects.get(pk=county.pk).boundary)
        for area in Area.objects.filter(path__contains=[county.pk]):
            assert shape.contains(Point(area.lon or 0, area.lat or 0)), area.name
    spots = Area.objects.filter(level="village").values_list("lat", "lon")
    assert len(set(spots)) == 1301


def test_boundaries_of_the_catalogue_are_valid(huzhou: Area) -> None:
    shapes = [outline_of(area.boundary) for area in Area.objects.exclude(boundary=None)]
    assert len(shapes) == 5
    assert all(one.is_valid and not one.is_empty for one in shapes)


def test_an_official_file_changes_names_and_points_and_the_catalogue_takes_no_point_back(
    huzhou: Area, tmp_path: Path
) -> None:
    path = write(tmp_path, HEAD + "330521003,330521,town,阜溪新街道,30.5402,119.9301\n")
    loaded = operations.import_areas(path)
    assert (loaded.added, loaded.retired, loaded.total) == (0, 0, 1379)
    town = queries.by_code("330521003")
    assert (town.name, town.lat, town.lon, town.approximate) == ("阜溪新街道", 30.5402, 119.9301, False)
    operations.load_catalogue()
    town = queries.by_code("330521003")
    assert (town.name, town.lat, town.approximate) == ("阜溪街道", 30.5402, False)


def test_points_and_boundaries_in_another_datum_are_converted(huzhou: Area, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "330521003,330521,town,阜溪街道,30.5402,119.9301\n")
    ring = [[119.92, 30.53], [119.94, 30.53], [119.94, 30.55], [119.92, 30.53]]
    boundary = write(tmp_path, outline("330521003", ring), "towns.geojson")
    operations.import_areas(path, boundaries=boundary, datum="gcj02")
    town = Area.objects.get(code="330521003")
    assert town.lat == pytest.approx(30.5426, abs=0.0005)
    assert town.lon == pytest.approx(119.9255, abs=0.0005)
    assert outline_of(town.boundary).bounds[0] == pytest.approx(119.9154, abs=0.0005)


def test_grids_and_micro_grids_can_stand_below_villages(huzhou: Area, tmp_path: Path) -> None:
    village = queries.children(queries.by_code("330521003"))[0]
    grid = f"{village.code}-01"
    rows = f"{grid},{village.code},grid,第一网格,,\n{grid}-1,{grid},micro_grid,一,,\n"
    assert operations.import_areas(write(tmp_path, HEAD + rows)).added == 2
    micro = queries.by_code(f"{village.code}-01-1")
    assert (micro.lat, micro.lon, micro.approximate) == (village.lat, village.lon, True)
    assert queries.full_name(micro, "zh-hans").endswith("第一网格 一")


def test_a_complete_file_retires_what_it_does_not_name_and_can_bring_it_back(
    huzhou: Area, tmp_path: Path
) -> None:
    path = write(tmp_path, HEAD + "330500,,city,湖州市,,\n330521,330500,county,德清县,,\n")
    loaded = operations.import_areas(path, complete=True)
    assert (loaded.retired, loaded.changed, loaded.total) == (1377, 0, 2)
    assert [area.code for area in queries.children(queries.root())] == ["330521"]
    assert operations.load_catalogue().total == 1379


def test_another_city_without_boundaries_can_be_loaded_beside_the_first(huzhou: Area, tmp_path: Path) -> None:
    rows = "120000,,city,甲市,,\n120100,120000,county,乙区,,\n120100001,120100,town,丙街道,39.1,117.2\n"
    operations.import_areas(write(tmp_path, HEAD + rows + "120100002,120100,town,丁街道,,\n"))
    county, town = queries.by_code("120100"), queries.by_code("120100002")
    assert (county.lat, county.lon) == (39.1, 117.2)
    assert town.approximate
    assert town.lat is not None
    assert abs(town.lat - 39.1) < 0.05


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("330521003,330521,town,,,\n", (2, "name")),
        ("330521003,330521,hamlet,阜溪,,\n", (2, "level")),
        ("33 05,330521,town,阜溪,,\n", (2, "code")),
        ("330521999,777777,town,阜溪,,\n", (2, "parent_code")),
        ("330521999,330500,town,阜溪,,\n", (2, "parent_code")),
        ("330521999,330521,town,阜溪,30.5,\n", (2, "lon")),
        ("330521999,330521,town,阜溪,30.5,nan\n", (2, "lon")),
        ("330521999,330521,town,阜溪,north,119\n", (2, "lat")),
        ("330521999,330521,town,阜溪,,\n330521999,330521,town,再,,\n", (3, "code")),
        ("330521999,330521,town," + "长" * 61 + ",,\n", (2, "name")),
        ("330599,330500,city,假市,,\n", (2, "parent_code")),
    ],
)
def test_a_faulty_line_is_named_and_nothing_is_changed(
    huzhou: Area, tmp_path: Path, rows: str, fault: tuple[int, str]
) -> None:
    before, version = facts(), AreaVersion.objects.get().version
    assert fault in refused(write(tmp_path, HEAD + rows))
    assert (facts(), AreaVersion.objects.get().version) == (before, version)


def test_every_fault_of_a_file_is_told(huzhou: Area, tmp_path: Path) -> None:
    rows = "330521998,330521,town,,,\n330521999,330521,hamlet,阜溪,,\n"
    assert refused(write(tmp_path, HEAD + rows)) == [(2, "name"), (3, "level")]


def test_a_file_without_its_columns_or_in_another_encoding_is_refused(huzhou: Area, tmp_path: Path) -> None:
    assert refused(write(tmp_path, "code,name\n1,甲\n")) == [(1, "parent_code")]
    assert refused(write(tmp_path, "")) == [(1, "code")]
    assert refused(write(tmp_path, HEAD)) == [(0, "areas.csv")]
    strange = tmp_path / "gbk.csv"
    strange.write_bytes((HEAD + "330521003,330521,town,阜溪,,\n").encode("gb18030"))
    assert refused(strange) == [(0, "gbk.csv")]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("not json", (0, "b.geojson")),
        ("[]", (0, "b.geojson")),
        (outline("777777", [[0, 0], [1, 0], [1, 1], [0, 0]]), (1, "code")),
        (outline("330521", [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]), (1, "geometry")),
        (outline("330521", [[0, 0], [1, 0], [1, 95], [0, 0]]), (1, "geometry")),
        (outline("330521", []), (1, "geometry")),
        (json.dumps({"features": [{"id": "330521", "geometry": None}]}), (1, "geometry")),
        (json.dumps({"features": [{"id": "330521", "geometry": {"type": "Point", "coordinates": [1, 1]}}]}),
         (1, "geometry")),
        (json.dumps({"features": ["?"]}), (1, "code")),
    ],
)  # fmt: skip
def test_a_faulty_boundary_is_named(huzhou: Area, tmp_path: Path, text: str, fault: tuple[int, str]) -> None:
    path = write(tmp_path, HEAD + "330521003,330521,town,阜溪街道,,\n")
    assert fault in refused(path, boundaries=write(tmp_path, text, "b.geojson"))


def test_the_command_loads_and_tells_faults_by_line(
    huzhou: Area, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("areas", "load")
    assert "1379 areas: 0 added, 0 changed" in capsys.readouterr().out
    with pytest.raises(CommandError, match="line 2, level: 'hamlet'"):
        call_command("areas", "import", str(write(tmp_path, HEAD + "1,330521,hamlet,甲,,\n")))
    with pytest.raises(CommandError, match="No such file"):
        call_command("areas", "import", str(tmp_path / "missing.csv"))
