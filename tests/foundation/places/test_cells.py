import math

from hypothesis import given
from hypothesis import strategies as st

from xianfeng.foundation.places import cells

LATS = st.floats(18.0, 53.0)
LONS = st.floats(73.5, 135.0)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_cell_fits_a_signed_bigint(lat: float, lon: float) -> None:
    assert 0 < cells.cell(lat, lon) < 2**63


@given(LATS, LONS, st.integers(0, 6))
def test_rings_hold_every_cell_once_nearest_first(lat: float, lon: float, k: int) -> None:
    found = cells.rings(lat, lon, k)
    assert found[0] == cells.cell(lat, lon)
    assert len(found) == len(set(found)) == 1 + 3 * k * (k + 1)


@given(LATS, LONS, st.integers(0, 5))
def test_a_wider_ring_adds_only_new_cells(lat: float, lon: float, k: int) -> None:
    nearer = set(cells.rings(lat, lon, k))
    ring = cells.ring(cells.cell(lat, lon), k + 1)
    assert not nearer & set(ring)
    assert nearer | set(ring) == set(cells.rings(lat, lon, k + 1))


@given(LATS, LONS, st.integers(1, 6), st.floats(0, 2 * math.pi))
def test_nothing_nearer_than_ring_metres_lies_outside_the_rings(
    lat: float, lon: float, k: int, bearing: float
) -> None:
    near = cells.ring_metres(k) / 111_195
    there = (lat + near * math.sin(bearing), lon + near * math.cos(bearing) / math.cos(math.radians(lat)))
    assert cells.cell(*there) in cells.rings(lat, lon, k)
