"""The public portrait over the API says what the page says."""

from django.test import Client

from tests.cast import Cast, closed
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.places import cells


def test_a_program_reads_the_public_portrait_and_no_gap(client: Client, cast: Cast) -> None:
    matter = closed(cast)
    answer = client.get(f"/api/v1/pioneers/{cast.pioneer.pk}/portrait")
    told = answer.json()
    assert (answer.status_code, told["kind"], told["done"], told["stars"]) == (200, "individual", 1, 4.0)
    lat, lon = cells.middle(matter.cell)
    assert told["places"] == [{"lat": lat, "lon": lon, "done": 1}]
    assert [one["title"] for one in told["honours"]] == ["先锋"]
    assert "gaps" not in told


def test_a_suspended_pioneer_and_none_look_alike_to_programs(client: Client, cast: Cast) -> None:
    people.suspend(cast.pioneer.pk, by=cast.staff, reason="核实中")
    answers = [client.get(f"/api/v1/pioneers/{pk}/portrait") for pk in (cast.pioneer.pk, 999_999)]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(404, "not-found")] * 2
