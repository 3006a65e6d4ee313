"""Acid test: an eleventh system, written from docs/catalogue.md alone, loaded into a house that serves, and played.

The web process is started first; then the folder is loaded by the command, as a city would, without migration or
restart. The family asks through the page, a pioneer takes it through the API, and the family rates through the page.
"""

import html
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest
from PIL import Image
from pytest_django import DjangoDbBlocker

from tests.calling import token_of
from tests.cast import Cast, build_cast
from tests.config.serving import serving
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.sessions import COOKIE
from xianfeng.foundation.places import city, locate
from xianfeng.foundation.record.verify import chain_findings
from xianfeng.matters import services
from xianfeng.matters.models import Matter, Particulars, Photo, Rating

pytestmark = pytest.mark.race
FOLDER = Path(__file__).resolve().parents[3] / "docs" / "examples" / "lost-elderly"
ASK = "/ask?service=lost-elderly"


@pytest.fixture
def house(
    own_database: str, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> Iterator[tuple[Cast, str]]:
    """The cast, and the address of a house that serves and does not know the eleventh system yet."""
    with django_db_blocker.unblock():
        everybody = build_cast()
        with serving(own_database, tmp_path, workers=1) as served:
            yield everybody, f"http://127.0.0.1:{served.port}"
        services.forget()


def browser(address: str, person: Person) -> httpx.Client:
    return httpx.Client(
        base_url=address,
        cookies={COOKIE: token_of(person), "xf_lang": "zh-hans"},
        timeout=30,
        follow_redirects=False,
    )


def program(address: str, person: Person) -> httpx.Client:
    return httpx.Client(
        base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {token_of(person)}"}, timeout=30
    )


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of the form that asks."""
    form = page[page.index('id="ask"') :]
    return dict(re.findall(r'type="hidden" name="(csrfmiddlewaretoken|key)" value="([^"]*)"', form))


def words(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def load() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xianfeng", "catalogue", "load", str(FOLDER)],
        env=os.environ.copy(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "lost-elderly: changed: lost-elderly; withdrawn: -"


def soon(client: httpx.Client) -> str:
    """Return the form, once the running process has heard of the system: within seconds."""
    until = monotonic() + 5
    while True:
        answer = client.get(ASK)
        if answer.status_code == 200:
            return answer.text
        assert monotonic() < until, answer.status_code
        sleep(0.05)


def picture() -> bytes:
    held = BytesIO()
    Image.new("RGB", (64, 48), "grey").save(held, "JPEG")
    return held.getvalue()


def test_an_eleventh_system_is_loaded_into_a_running_house_and_played(house: tuple[Cast, str]) -> None:
    cast, address = house
    with browser(address, cast.resident) as family, program(address, cast.pioneer.spokesperson) as pioneer:
        assert family.get(ASK).status_code == 422
        load()
        page = soon(family)
        assert "老人长什么样" in page
        number = _raised(family, page)
        _taken_and_done(pioneer, number)
        _rated(family, number)
        _told(family, pioneer, number)
    assert list(chain_findings()) == []


def _raised(family: httpx.Client, page: str) -> str:
    middle = city.served()
    town = locate.locate(middle.lat, middle.lon).town
    assert town
    given = hidden(page) | {
        "title": "爷爷下午出门没回来", "area": town.code, "wanted": "now", "q.gender": "man", "q.age": "82",
        "q.wears": "灰夹克、黑布鞋", "q.seen-at": f"{middle.lat},{middle.lon} 菜场东门", "q.knows": "name",
        "q.bracelet": "no", "q.bracelet-place": "不该留下", "q.haunts.1.where": "老茶馆", "q.haunts.1.looked": "yes",
        "q.haunts.2.where": "河边",
    }  # fmt: skip
    wrong = family.post(
        ASK, data=given | {"q.age": "8"}, files={"f.face": ("a.jpg", picture(), "image/jpeg")}
    )
    assert wrong.status_code == 422
    assert "请把“大约多大年纪”填成数字" in wrong.text
    face = re.search(r'name="q\.face" value="([^"]+)"', wrong.text)
    assert face, "the photograph was lost with the mistake"
    sent = family.post(ASK, data=given | hidden(wrong.text) | {"q.face": face[1]})
    assert sent.status_code == 302, words(sent.text)
    matter = Matter.objects.get()
    assert (matter.category, matter.service_code, matter.service_version) == (
        "lost-person",
        "lost-elderly",
        1,
    )
    assert matter.due_at
    assert (matter.due_at - matter.raised_at).total_seconds() == 30 * 60
    assert Photo.objects.get(matter=matter).key == face[1]
    kept = Particulars.objects.get(matter=matter).answers
    assert kept["haunts"] == [{"where": "老茶馆", "looked": "yes"}, {"where": "河边"}]
    assert "bracelet-place" not in kept
    return matter.number


def _taken_and_done(pioneer: httpx.Client, number: str) -> None:
    claimed = pioneer.post(f"/matters/{number}/claim", json={"first_reply": "我从河边找起"}).json()
    assert claimed.get("state") == "taken", claimed
    seen = {one["question"]: one["answer"] for one in pioneer.get(f"/matters/{number}").json()["answers"]}
    assert seen["大约多大年纪"] == "82 岁"
    assert seen["最后在哪里"] == "菜场东门"
    assert seen["常去的地方"] == "1. 什么地方：老茶馆，找过了吗：找过了\n2. 什么地方：河边"
    told = {"report": "在河边亭子里找到，已送回家"}
    reported = pioneer.post(f"/matters/{number}/done", json=told).json()
    assert reported.get("state") == "done", reported


def _rated(family: httpx.Client, number: str) -> None:
    form = family.get(f"/need/{number}/rate").text
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]*)"', form)[-1]
    stars = {"csrfmiddlewaretoken": token, "skill": "5", "attitude": "5", "speed": "5"}
    assert family.post(f"/need/{number}/rate", data=stars).status_code == 302
    assert Matter.objects.get().state == "closed"
    assert Rating.objects.get().speed == 5


def _told(family: httpx.Client, pioneer: httpx.Client, number: str) -> None:
    """What was raised is readable everywhere: on its page, in the categories, among the services."""
    page = words(family.get(f"/need/{number}").text)
    for told in ("82 岁", "菜场东门", "灰夹克、黑布鞋", "寻人"):
        assert told in page, told
    assert "找走失老人" in words(family.get("/services").text)
    assert "lost-person" in {one["code"] for one in pioneer.get("/categories").json()["items"]}
    assert "lost-elderly" in {one["code"] for one in pioneer.get("/services").json()["items"]}
    outside = httpx.get(f"{family.base_url}/open311/v2/services/lost-elderly.json", timeout=30).json()
    assert [one["code"] for one in outside["attributes"]][:3] == ["police", "gender", "age"]
