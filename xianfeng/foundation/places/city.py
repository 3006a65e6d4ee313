"""The served city, as the catalogue names it (catalogue/areas/city.toml): nothing of it stands in code."""

from dataclasses import dataclass

from xianfeng.foundation.kernel import catalogue


@dataclass(frozen=True)
class City:
    """Code of the root area, names, centre (WGS-84 degrees), map zoom, datum of incoming maps."""

    code: str
    name: str
    name_en: str
    lat: float
    lon: float
    zoom: int
    map_datum: str


def served() -> City:
    """Return the city of this installation. Raises KeyError when city.toml lacks an entry."""
    told = catalogue.load("areas/city")
    return City(
        code=told["code"],
        name=told["name"]["zh"],
        name_en=told["name"]["en"],
        lat=told["centre"]["lat"],
        lon=told["centre"]["lon"],
        zoom=told["zoom"],
        map_datum=told["map_datum"],
    )
