import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.places import datum
from xianfeng.foundation.places.datum import Datum

LATS = st.floats(3.8, 53.6)
LONS = st.floats(73.5, 135.1)


@given(LATS, LONS, st.sampled_from(list(Datum)))
def test_a_round_trip_returns_within_a_metre_anywhere_in_china(lat: float, lon: float, which: Datum) -> None:
    shifted = datum.from_wgs84(lat, lon, which)
    back = datum.to_wgs84(*shifted, which)
    assert datum.metres_between(lat, lon, *back) < 1


@given(LATS, LONS, st.sampled_from(list(Datum)))
def test_the_other_way_round_returns_too(lat: float, lon: float, which: Datum) -> None:
    stored = datum.to_wgs84(lat, lon, which)
    assert datum.metres_between(lat, lon, *datum.from_wgs84(*stored, which)) < 1


def test_wgs84_and_gcj02_lie_519_metres_apart_at_huzhou() -> None:
    shifted = datum.from_wgs84(30.8703, 120.0933, "gcj02")
    assert abs(datum.metres_between(30.8703, 120.0933, *shifted) - 519) < 4


def test_gcj02_agrees_with_the_formula_in_general_use() -> None:
    lat, lon = datum.from_wgs84(39.908823, 116.397470, "gcj02")
    assert (round(lat, 5), round(lon, 5)) == (39.91023, 116.40371)


def test_bd09_lies_about_a_kilometre_from_wgs84() -> None:
    shifted = datum.from_wgs84(30.8703, 120.0933, "bd09")
    assert 500 < datum.metres_between(30.8703, 120.0933, *shifted) < 2_000


@pytest.mark.parametrize("place", [(51.5, -0.12), (-33.87, 151.21), (35.68, 139.69), (0.0, 0.0)])
@pytest.mark.parametrize("which", list(Datum))
def test_outside_china_nothing_is_shifted(place: tuple[float, float], which: Datum) -> None:
    assert datum.to_wgs84(*place, which) == place
    assert datum.from_wgs84(*place, which) == place


@pytest.mark.parametrize("name", ["GCJ-02", "gcj02", "Gcj_02"])
def test_a_datum_is_known_by_any_common_spelling(name: str) -> None:
    assert datum.known(name) is Datum.GCJ02


@pytest.mark.parametrize("name", ["", "ed50", "wgs 84", "\x00"])
def test_an_unknown_datum_is_refused(name: str) -> None:
    with pytest.raises(Refused) as said:
        datum.to_wgs84(30.87, 120.09, name)
    assert (said.value.refusal.code, said.value.refusal.field) == ("datum-unknown", "datum")


@pytest.mark.parametrize(
    ("lat", "lon", "field"),
    [
        (math.nan, 120.0, "lat"),
        (math.inf, 120.0, "lat"),
        (90.001, 120.0, "lat"),
        (30.0, -math.inf, "lon"),
        (30.0, 180.5, "lon"),
        ("north", 120.0, "lat"),
        (30.0, None, "lon"),
    ],
)
def test_what_is_no_place_on_earth_is_refused(lat: float, lon: float, field: str) -> None:
    with pytest.raises(Refused) as said:
        datum.to_wgs84(lat, lon, "gcj02")
    assert (said.value.refusal.code, said.value.refusal.field) == ("coordinates-invalid", field)
