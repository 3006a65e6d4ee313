"""A seat is a path prefix with cookies of its own."""

from typing import Any

from django.test import Client
from django.urls import get_script_prefix

from xianfeng.foundation.people.models import Person


def form(browser: Client, path: str, page: str, **fields: str) -> Any:
    """Post a form as the page at `page` would, with the CSRF token it shows."""
    token = browser.get(page).json()["token"]
    return browser.post(path, {**fields, "csrfmiddlewaretoken": token})


def test_links_and_paths_stay_in_the_seat(browser: Client) -> None:
    seen = browser.get("/~a/who").json()
    assert (seen["seat"], seen["here"], seen["link"]) == ("a", "/~a/who", "/~a/demo")
    assert browser.get("/who").json()["link"] == "/demo"
    assert get_script_prefix() == "/"


def test_a_seat_without_a_slash_leads_to_its_home(browser: Client) -> None:
    answer = browser.get("/~b")
    assert (answer.status_code, answer["Location"]) == (302, "/~b/")


def test_only_eight_letters_are_seats(browser: Client) -> None:
    assert browser.get("/~z/who").status_code == 404
    assert browser.get("/~ab/who").status_code == 404


def test_cookies_carry_the_name_and_the_path_of_the_seat(browser: Client) -> None:
    answer = browser.get("/~a/who")
    assert {(name, morsel["path"]) for name, morsel in answer.cookies.items()} == {("csrftoken_a", "/~a/")}


def test_two_seats_and_the_browser_itself_hold_three_people(
    browser: Client, parts: dict[str, Person]
) -> None:
    for page, role in (("/~a", "resident"), ("/~b", "pioneer-electric"), ("", "stranger")):
        answer = form(browser, f"{page}/demo/enter", f"{page}/who", role=role)
        assert (answer.status_code, answer["Location"]) == (302, f"{page}/")
    assert browser.get("/~a/who").json()["person"] == parts["resident"].id
    assert browser.get("/~b/who").json()["person"] == parts["pioneer-electric"].id
    assert browser.get("/who").json()["person"] == parts["stranger"].id
    assert browser.get("/~c/who").json()["person"] is None


def test_a_form_of_one_seat_is_refused_in_another(browser: Client) -> None:
    token = browser.get("/~a/who").json()["token"]
    browser.get("/~b/who")
    assert browser.post("/~a/who", {"csrfmiddlewaretoken": token}).status_code == 200
    assert browser.post("/~b/who", {"csrfmiddlewaretoken": token}).status_code == 403
