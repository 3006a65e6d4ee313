"""H3 cells of resolution 7 (about 5 km² each): the column by which "near me" is found."""

from h3.api import basic_int as h3

RESOLUTION = 7


def cell(lat: float, lon: float) -> int:
    """Return the cell of a WGS-84 point. It fits a signed bigint: the top bit of a cell is never set."""
    found: int = h3.latlng_to_cell(lat, lon, RESOLUTION)
    return found


def middle(of: int) -> tuple[float, float]:
    """Return the middle of a cell in WGS-84: a place that tells no house."""
    lat, lon = h3.cell_to_latlng(of)
    return round(lat, 5), round(lon, 5)


def rings(lat: float, lon: float, k: int) -> list[int]:
    """Return the cells within `k` steps of the point's own, nearest ring first: 1 + 3k(k+1) of them."""
    middle = cell(lat, lon)
    return [found for step in range(k + 1) for found in ring(middle, step)]


def disk(lat: float, lon: float, k: int) -> list[int]:
    """Return the same cells in no order, at once."""
    return list(h3.grid_disk(cell(lat, lon), k))


def ring(middle: int, k: int) -> list[int]:
    """Return the cells exactly `k` steps from `middle`, sorted, so that a search widens without repeating."""
    if k == 0:
        return [middle]
    # grid_ring refuses where a pentagon is near; the difference of two disks never does
    return sorted(set(h3.grid_disk(middle, k)) - set(h3.grid_disk(middle, k - 1)))


def ring_metres(k: int) -> float:
    """Return how far from a point everything outside its rings 0 to `k` is at least, in metres.

    A lower bound over China (measured: 1,275 m at k=1, 3,200 at 2, 7,975 at 5); cells differ in size.
    """
    return max(0.0, k * 1_600.0 - 500.0)
