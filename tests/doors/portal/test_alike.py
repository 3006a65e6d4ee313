"""While one types: what says the same close by is named, so that the same need is not posted twice."""

from django.test import Client

from tests.cast import Cast, need
from xianfeng.foundation.places import city, locate

WORDS = "楼道灯坏了"


def test_the_page_names_them_while_one_types_and_nothing_without_a_place(cast: Cast) -> None:
    middle = city.served()
    same = need(cast.resident, "楼道灯坏了<b>")
    area = locate.locate(middle.lat, middle.lon).area.code
    place = {
        "area": area,
        "point_area": area,
        "lat": str(middle.lat),
        "lon": str(middle.lon),
        "datum": "wgs84",
    }
    told = Client().get("/ask/suggest", {"title": WORDS, **place}).content.decode()
    assert f"/need/{same.number}" in told
    assert "<mark>楼道灯坏了</mark>&lt;b&gt;" in told
    for wrong in (
        {},
        {"area": "none"},
        {**place, "lat": "x"},
        {**place, "lat": "999"},
        {**place, "datum": "mars"},
    ):
        answer = Client().get("/ask/suggest", {"title": WORDS, **wrong})
        assert answer.status_code == 200
        assert same.number not in answer.content.decode()
