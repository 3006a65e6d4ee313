"""Datums of coordinates. Everything stored is WGS-84; what comes in says its own datum and is converted here.

GCJ-02 is the datum of maps published in mainland China, BD-09 that of Baidu's. Neither has an official public
formula; this is the one in general use (Krasovsky ellipsoid), whose forward direction agrees with published
services to about a metre. The inverse is found by iteration, so that a round trip returns to the same place.
"""

from collections.abc import Callable
from enum import StrEnum
from math import atan2, cos, hypot, isfinite, pi, radians, sin, sqrt

from xianfeng.foundation.kernel.refusals import Refused


class Datum(StrEnum):
    """What a pair of degrees refers to."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


_AXIS = 6378245.0
_FLATNESS = 0.00669342162296594323
_BAIDU = pi * 3000.0 / 180.0
_ROUNDS = 12
_CLOSE = 1e-10  # degrees, about 0.01 mm


def known(datum: str) -> Datum:
    """Return the datum named `datum`: wgs84, gcj02 or bd09, in any case, with or without a hyphen.

    Raises Refused 'datum-unknown'.
    """
    try:
        return Datum(str(datum).lower().replace("-", "").replace("_", ""))
    except ValueError:
        raise Refused("datum-unknown", field="datum") from None


def checked(lat: float, lon: float) -> tuple[float, float]:
    """Return the pair as floats. Raises Refused 'coordinates-invalid' naming the field that is no place."""
    return _degrees(lat, 90.0, "lat"), _degrees(lon, 180.0, "lon")


def _degrees(value: float, most: float, field: str) -> float:
    try:
        degrees = float(value)
    except (TypeError, ValueError):
        raise Refused("coordinates-invalid", field=field) from None
    if not isfinite(degrees) or abs(degrees) > most:
        raise Refused("coordinates-invalid", field=field)
    return degrees


def to_wgs84(lat: float, lon: float, datum: str) -> tuple[float, float]:
    """Return (lat, lon) in WGS-84 of a pair given in `datum`.

    Raises Refused 'datum-unknown' or 'coordinates-invalid'.
    """
    given, (lat, lon) = known(datum), checked(lat, lon)
    if given is Datum.WGS84:
        return lat, lon
    return _undo(lat, lon, _baidu_of_wgs if given is Datum.BD09 else _gcj_of_wgs)


def from_wgs84(lat: float, lon: float, datum: str) -> tuple[float, float]:
    """Return (lat, lon) in `datum` of a pair given in WGS-84. Outside China the pair is returned unchanged.

    Raises Refused 'datum-unknown' or 'coordinates-invalid'.
    """
    wanted, (lat, lon) = known(datum), checked(lat, lon)
    if wanted is Datum.WGS84 or not _in_china(lat, lon):
        return lat, lon
    return _baidu_of_wgs(lat, lon) if wanted is Datum.BD09 else _gcj_of_wgs(lat, lon)


def metres_between(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance in metres (mean earth radius 6,371,008.8 m)."""
    north, east = radians(other_lat - lat), radians(other_lon - lon)
    half = sin(north / 2) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(east / 2) ** 2
    return 2 * 6_371_008.8 * atan2(sqrt(half), sqrt(max(0.0, 1 - half)))


def _in_china(lat: float, lon: float) -> bool:
    """Return whether the formula shifts here: the rectangle that goes with it, wider than the country."""
    return 0.8293 <= lat <= 55.8271 and 72.004 <= lon <= 137.8347


def _undo(
    lat: float, lon: float, forward: Callable[[float, float], tuple[float, float]]
) -> tuple[float, float]:
    at_lat, at_lon = lat, lon
    for _ in range(_ROUNDS):
        there_lat, there_lon = forward(at_lat, at_lon)
        at_lat, at_lon = at_lat + lat - there_lat, at_lon + lon - there_lon
        if max(abs(there_lat - lat), abs(there_lon - lon)) < _CLOSE:
            break
    return (at_lat, at_lon) if _in_china(at_lat, at_lon) else (lat, lon)


def _gcj_of_wgs(lat: float, lon: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    bend = 1 - _FLATNESS * sin(radians(lat)) ** 2
    north = _north(x, y) * 180.0 / (_AXIS * (1 - _FLATNESS) / (bend * sqrt(bend)) * pi)
    east = _east(x, y) * 180.0 / (_AXIS / sqrt(bend) * cos(radians(lat)) * pi)
    return lat + north, lon + east


def _north(x: float, y: float) -> float:
    return (
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
        + _waves(x, (6, 20.0), (2, 20.0))
        + _waves(y, (1, 20.0), (1 / 3, 40.0))
        + _waves(y, (1 / 12, 160.0), (1 / 30, 320.0))
    )  # fmt: skip


def _east(x: float, y: float) -> float:
    return (
        300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
        + _waves(x, (6, 20.0), (2, 20.0))
        + _waves(x, (1, 20.0), (1 / 3, 40.0))
        + _waves(x, (1 / 12, 150.0), (1 / 30, 300.0))
    )  # fmt: skip


def _waves(value: float, *parts: tuple[float, float]) -> float:
    return sum(height * sin(often * value * pi) for often, height in parts) * 2.0 / 3.0


def _baidu_of_wgs(lat: float, lon: float) -> tuple[float, float]:
    y, x = _gcj_of_wgs(lat, lon)
    far = hypot(x, y) + 0.00002 * sin(y * _BAIDU)
    turn = atan2(y, x) + 0.000003 * cos(x * _BAIDU)
    return far * sin(turn) + 0.006, far * cos(turn) + 0.0065
