"""Signing in with a number and a code, and out again."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from tests.cast import Cast
from tests.doors.portal.browsers import signed, text
from tests.matters.watching import watching
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.people.models import Consent, Person, Session, SignInCode
from xianfeng.foundation.people.operations import ask_code

BACK = "/needs?skill=electric"
pytestmark = pytest.mark.usefixtures("cast")


def version() -> str:
    return str(catalogue.load("people")["privacy"]["version"])


def asked(client: Client, mobile: str = "138 0000 0001", **more: str) -> Any:
    """Ask for a code as the page does, and go where it leads."""
    given = {"mobile": mobile, "consent": version(), "next": BACK, **more}
    return client.post("/sign-in/code", given, follow=True)


def test_a_number_and_its_code_open_a_session_and_lead_back(
    client: Client, demo: Settings, cast: Cast
) -> None:
    page = asked(client)
    code = page.context["waiting"].code
    assert code in text(page)
    assert "138****0001" in text(page)
    assert "13800000001" not in page.request["PATH_INFO"]
    agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126 Mobile"
    with watching() as seen:
        answer = client.post("/sign-in", {"code": code, "next": BACK}, headers={"user-agent": agent})
    assert (answer.status_code, answer["Location"]) == (302, BACK)
    cookie = answer.cookies["xf_session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (
        True,
        "Lax",
        "/",
        "",
    )
    assert Session.objects.get(person=cast.resident).device == "Android · Chrome"
    assert Consent.objects.get(person=cast.resident).version == version()
    assert seen.only("person.consented").id == cast.resident.id
    assert seen.tables == {"people_session", "people_sign_in_code", "people_consent", "people_person"}
    assert "登录好了" in text(client.get("/about"))


def test_the_cookie_is_for_https_alone_where_the_house_is(client: Client, demo: Settings) -> None:
    demo.HTTPS = True
    code = asked(client).context["waiting"].code
    assert client.post("/sign-in", {"code": code}).cookies["xf_session"]["secure"] is True


def test_outside_the_demo_no_page_shows_a_code(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    page = asked(client)
    assert page.context["waiting"].code == ""
    assert "demo-code" not in page.content.decode()


def test_somebody_new_joins_by_the_first_sign_in(client: Client, demo: Settings) -> None:
    code = asked(client, "+86 139-1234-5678").context["waiting"].code
    before = Person.objects.count()
    client.post("/sign-in", {"code": code})
    assert Person.objects.count() == before + 1


@pytest.mark.parametrize(
    ("given", "at", "words"),
    [
        ({"mobile": "12345"}, "mobile", "手机号不对"),
        ({"mobile": ""}, "mobile", "手机号不对"),
        ({"consent": ""}, "consent", "请先看一眼隐私说明"),
        ({"consent": "1999-01"}, "consent", "请先看一眼隐私说明"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    client: Client, given: dict[str, str], at: str, words: str
) -> None:
    with watching() as seen:
        page = asked(client, **{"mobile": "13800000001", **given})
    assert page.status_code == 422
    assert seen.nothing()
    body = page.content.decode()
    assert f'href="#f-{at}"' in body
    assert f'id="e-{at}"' in body
    assert words in text(page)
    assert f'value="{given.get("mobile", "13800000001")}"' in body
    assert f'value="{BACK}"' in body


def test_a_wrong_code_is_said_so_and_the_next_try_may_be_right(client: Client, demo: Settings) -> None:
    code = asked(client).context["waiting"].code
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    page = client.post("/sign-in", {"code": wrong, "next": BACK})
    assert page.status_code == 422
    assert "验证码不对" in text(page)
    assert client.post("/sign-in", {"code": code, "next": BACK})["Location"] == BACK


def test_a_code_that_has_ended_is_asked_for_anew(client: Client, demo: Settings) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        code = asked(client).context["waiting"].code
        moment.shift(timedelta(minutes=6))
        page = client.post("/sign-in", {"code": code})
    assert page.status_code == 422
    assert "验证码过期了" in text(page)
    assert not Session.objects.exists()


def test_a_code_without_the_number_that_waits_for_it_is_refused(client: Client, demo: Settings) -> None:
    code = asked(client).context["waiting"].code
    page = Client().post("/sign-in", {"code": code})
    assert page.status_code == 422
    assert "验证码过期了" in text(page)
    client.cookies["xf_signing"] = "gAAAAforged"
    assert client.post("/sign-in", {"code": code}).status_code == 422
    assert client.get("/sign-in/code")["Location"].startswith("/sign-in?")


def test_too_many_codes_are_refused_with_the_time_to_wait(client: Client) -> None:
    for _ in range(catalogue.load("people")["limits"]["codes_per_mobile_per_hour"]):
        ask_code("13800000001", address="10.0.0.1")
    sent = SignInCode.objects.count()
    page = asked(client)
    assert page.status_code == 429
    assert 0 < int(page["Retry-After"]) <= 3600
    assert "要得太勤了" in text(page)
    assert "138 0000 0001" in page.content.decode()
    assert SignInCode.objects.count() == sent


def test_the_way_back_never_leaves_the_house(client: Client, demo: Settings) -> None:
    for away in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"):
        code = asked(client, next=away).context["waiting"].code
        assert client.post("/sign-in", {"code": code, "next": away})["Location"] == "/"
        client.cookies.clear()


def test_who_is_signed_in_already_is_led_on(cast: Cast) -> None:
    assert signed(cast.resident).get("/sign-in", {"next": BACK})["Location"] == BACK


def test_signing_out_ends_the_session_in_hand_alone(cast: Cast) -> None:
    here, there = signed(cast.resident), signed(cast.resident)
    answer = here.post("/sign-out")
    assert answer["Location"] == "/"
    assert answer.cookies["xf_session"]["max-age"] == 0
    assert here.get("/me").status_code == 302
    assert there.get("/me").status_code == 200
    assert here.get("/sign-out").status_code == 405


def test_a_page_of_ones_own_leads_a_visitor_to_sign_in_and_back(client: Client) -> None:
    assert client.get("/me/needs?cursor=x")["Location"] == "/sign-in?next=%2Fme%2Fneeds%3Fcursor%3Dx"
    sent = client.post("/me/inbox/read", headers={"referer": "http://testserver/me/inbox"})
    assert sent["Location"] == "/sign-in?next=%2Fme%2Finbox"
    partial = client.get("/me", headers={"hx-request": "true"})
    assert (partial.status_code, partial["HX-Redirect"]) == (204, "/sign-in?next=%2Fme")
    assert "no-store" in client.get("/me")["Cache-Control"]
