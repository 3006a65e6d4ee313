"""Clients that nobody here wrote talk to Open311 as it is served: PyPI `three` and `georeport`, npm `open311`."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pytest_django import DjangoDbBlocker

from tests.config.serving import serving
from tools import open311_clients as clients
from xianfeng.foundation.people import keys
from xianfeng.matters import services
from xianfeng.matters.models import Matter, Particulars

pytestmark = pytest.mark.race
HERE = Path(__file__).parent
HOW = "NOT TESTED with real Open311 clients: run `python -m tools.open311_clients` first (needs PyPI and npm)"


@dataclass(frozen=True)
class Served:
    """Where Open311 answers, and a key."""

    address: str
    key: str


@pytest.fixture
def city(own_database: str, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[Served]:
    with django_db_blocker.unblock():
        services.forget()
        services.load_catalogue()
        key = keys.issue_for_house("三个程序", per_minute=1000).key
        with serving(own_database, tmp_path, workers=1) as house:
            yield Served(f"http://127.0.0.1:{house.port}/open311/v2", key)
        services.forget()


def run(words: list[str], **environment: str) -> Any:
    """Run a client; return what it printed."""
    done = subprocess.run(
        words, capture_output=True, text=True, timeout=120, check=False, env=os.environ | environment
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.skipif(not (clients.PYTHON / "georeport").is_dir(), reason=HOW)
def test_the_python_clients_discover_report_and_read(city: Served, tmp_path: Path) -> None:
    picture = tmp_path / "hole.png"
    Image.new("RGB", (40, 30), "red").save(picture)
    words = [sys.executable, str(HERE / "clients.py"), city.address, city.key, str(picture)]
    told = run(words, PYTHONPATH=str(clients.PYTHON))
    three, georeport = told["three"], told["georeport"]
    number = three["request"]["service_request_id"]
    assert (three["endpoint"], three["request"]["address"]) == (city.address, "某路 1 号")
    assert three["attributes"] == ["fault", "lamps", "pole", "since"]
    assert "/photo/" in three["picture"]
    assert (three["open"], three["count"], three["refused"]) == (2, 2, 404)
    assert three["token"] == Matter.objects.get(service_code="flyposting").number
    expected = {"services": three["services"], "definition": "rubbish", "requests": 3, "description": "坑"}
    assert georeport == {"json": expected, "xml": expected}
    assert Particulars.objects.get(matter__number=number).contact_sealed is not None


@pytest.mark.skipif(
    not (clients.NODE / "node_modules" / "open311").is_dir() or not shutil.which("node"), reason=HOW
)
def test_the_node_client_discovers_reports_and_reads(city: Served) -> None:
    words = ["node", str(HERE / "clients.js"), f"{city.address}/discovery.json", city.key]
    told = run(words, NODE_PATH=str(clients.NODE / "node_modules"))
    number = told["made"][0]["service_request_id"]
    assert told["endpoint"] == f"{city.address}/"
    assert told["definition"]["attributes"][0]["code"] == "fault"
    assert (told["request"][0]["service_request_id"], told["request"][0]["description"]) == (
        number,
        "one\ntwo",
    )
    assert told["token"] == [
        {
            "service_request_id": Matter.objects.get(service_code="flyposting").number,
            "token": told["batch"][0]["token"],
        }
    ]
    assert len(told["requests"]) == 1
    assert Particulars.objects.get(matter__number=number).answers == {"fault": "out"}
