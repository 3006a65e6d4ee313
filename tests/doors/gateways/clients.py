"""Drives the Python clients in an interpreter of their own: `clients.py ADDRESS KEY PICTURE`, prints what they got.

`three` was written for Python 2: `itertools.ifilter` is given back to it, nothing else is changed.
"""

import itertools
import json
import sys
from pathlib import Path
from typing import Any


def drive_three(address: str, key: str, picture: Path) -> dict[str, Any]:
    """Report and read with `three`."""
    itertools.ifilter = filter  # type: ignore[attr-defined]
    from three import Three  # type: ignore[import-not-found]

    city = Three(address, api_key=key)
    (made,) = city.post(
        "road-damage", address="某路 1 号", name="Ada Lovelace", phone="555", description="坑"
    )
    with picture.open("rb") as media:
        (seen,) = city.post("road-damage", lat=30.87, long=120.09, description="照片", media=media)
    (token,) = city.post("flyposting", lat=30.87, long=120.09)
    return {
        "endpoint": city.discovery()["endpoints"][0]["url"], "services": len(city.services()),
        "attributes": [one["code"] for one in city.services("street-light")["attributes"]],
        "request": city.request(made["service_request_id"])[0],
        "picture": city.request(seen["service_request_id"])[0]["media_url"],
        "token": city.token(token["token"])[0]["service_request_id"],
        "open": len(city.requests("road-damage", status="open")), "count": len(city.requests(count=2)),
        "refused": city.post("none", lat=1, long=1)[0]["code"],
    }  # fmt: skip


def drive_georeport(address: str, number: str) -> dict[str, Any]:
    """Read with `georeport`, in both formats."""
    from georeport import GeoReport  # type: ignore[import-not-found]

    told = {}
    for name in ("json", "xml"):
        city = GeoReport(address, output_format=name)
        told[name] = {
            "services": len(city.get_service_list()),
            "definition": city.get_service_definition("rubbish")["service_code"],
            "requests": len(city.get_service_requests(service_code="road-damage,flyposting", status="open")),
            "description": city.get_service_request(number)["description"],
        }
    return told


if __name__ == "__main__":
    where, secret, shot = sys.argv[1:]
    three = drive_three(where, secret, Path(shot))
    georeport = drive_georeport(where, three["request"]["service_request_id"])
    print(json.dumps({"three": three, "georeport": georeport}))
