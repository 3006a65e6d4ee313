"""Signing in with a number and a code, and out again."""

import pytest
from django.test import Client
from django.urls import reverse

CONSENT = "2026-11"
pytestmark = pytest.mark.usefixtures("cast", "demo")


def ask(client: Client, mobile: str = "13800000001", **more: str) -> object:
    given = {"mobile": mobile, "consent": CONSENT, "next": "/needs?skill=electric", **more}
    return client.post(reverse("portal:sign-in-code"), given, follow=True)


def test_a_number_and_its_code_open_a_session_and_lead_back(client: Client) -> None:
    page = ask(client)
    code = page.context["waiting"].code
    assert code in page.content.decode()
    assert "138****0001" in page.content.decode()
    answer = client.post(reverse("portal:sign-in"), {"code": code, "next": "/needs?skill=electric"})
    assert (answer.status_code, answer["Location"]) == (302, "/needs?skill=electric")
    cookie = answer.cookies["xf_session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
