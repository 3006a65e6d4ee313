"""Where the reader is: who said so is asked first, and what is said is kept."""

import pytest
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast
from tests.doors.portal.browsers import signed, text
from tests.matters.watching import watching
from xianfeng.doors.portal.views.place import Where, where
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import city, locate
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Area

pytestmark = pytest.mark.usefixtures("cast")


def here(client: Client, person: Person | None = None) -> Where:
    """Return where the house thinks that this browser is."""
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    request.person = person  # type: ignore[attr-defined]
    return where(request)


def town() -> Area:
    found = locate.locate(city.served().lat, city.served().lon).town
    assert found is not None
    return found


def test_a_visitor_who_said_nothing_is_at_the_citys_middle_and_not_known(client: Client) -> None:
    assert here(client) == Where(city.served().lat, city.served().lon, places.root(), known=False)


def test_a_visitors_area_is_kept_in_the_browser_alone(client: Client) -> None:
    with watching() as seen:
        answer = client.post("/place", {"area": town().code, "next": "/needs"})
    assert answer["Location"] == "/needs"
    assert seen.nothing()
    found = here(client)
    assert (found.area, found.lat, found.lon, found.known) == (town(), town().lat, town().lon, True)
    assert town().name in text(client.get("/place"))


def test_a_persons_area_is_kept_with_the_person_and_follows_to_another_phone(cast: Cast) -> None:
    browser = signed(cast.resident)
    with watching() as seen:
        browser.post("/place", {"area": town().code})
    assert seen.only("person.changed").new == {"fields": ["area_id", "lat", "lon"]}
    assert seen.rows == {"people_person": {cast.resident.id}}
    cast.resident.refresh_from_db()
    assert here(Client(), cast.resident).area == town()


def test_a_position_is_converted_coarsened_and_located(client: Client) -> None:
    client.post("/place", {"lat": "30.892031", "lon": "120.090511", "datum": "gcj02"})
    found = here(client)
    assert (found.lat, found.lon) == (round(found.lat, 3), round(found.lon, 3))
    assert abs(found.lat - 30.892031) > 0.001  # the map's datum lies hundreds of metres off
    assert found.area == locate.locate(found.lat, found.lon).area


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"area": "000000"}, "没有这个地方"),
        ({"lat": "91", "lon": "120"}, "这个位置不对"),
        ({"lat": "", "lon": ""}, "这个位置不对"),
        ({"lat": "30.8", "lon": "120", "datum": "mars"}, "坐标的基准不认识"),
    ],
)
def test_a_place_that_is_none_is_refused_and_nothing_is_kept(
    cast: Cast, given: dict[str, str], words: str
) -> None:
    browser = signed(cast.resident)
    with watching() as seen:
        page = browser.post("/place", given)
    assert page.status_code == 422
    assert words in text(page)
    assert seen.nothing()
    assert "xf_place" not in browser.cookies


def test_the_picker_goes_down_step_by_step_and_keeps_the_way_back(client: Client) -> None:
    county = places.children(places.root())[0]
    first = client.get("/place", {"next": "/ask"}).content.decode()
    assert f"/place?next=%2Fask&amp;area={county.code}" in first
    second = text(client.get("/place", {"next": "/ask", "area": county.code}))
    assert places.children(county)[0].name in second
    assert f"就选{county.name}" in second


def test_a_place_is_found_by_its_name(client: Client) -> None:
    assert places.full_name(town(), "zh-hans") in text(client.get("/place", {"q": town().name}))
    assert "没找到这个地方" in text(client.get("/place", {"q": "没有这样的镇"}))


def test_a_forged_or_foreign_cookie_says_nothing(client: Client) -> None:
    client.cookies["xf_place"] = "WyIzMzA1MDAiXQ:forged"
    assert not here(client).known


def test_where_asks_no_statement_once_areas_are_known(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    signed(cast.resident).post("/place", {"area": town().code})
    cast.resident.refresh_from_db()
    with django_assert_num_queries(0):
        here(Client(), cast.resident)
