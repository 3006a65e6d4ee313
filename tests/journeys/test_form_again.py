"""A form that comes back with what is missing says so, and no longer that it is being sent."""

from playwright.sync_api import expect

from tests.journeys.house import House
from tests.journeys.phones import Phones


def test_a_form_that_came_back_is_no_longer_being_sent(house: House, phones: Phones) -> None:
    phone = phones.get("resident")
    phone.go("/ask")
    page, said = phone.page, phone.page.locator("[data-ask-said]")
    before = said.inner_text()
    page.locator("#f-title").fill("")
    page.locator(".xf-bar button").click()
    expect(page.locator("#errors")).to_contain_text("这里还空着")
    assert said.inner_text() == before
    page.locator("#f-title").fill("灯坏了，站上凳子够不着")
    page.locator(".xf-bar button").click()
    page.wait_for_url("**/need/*")
    assert house.one("SELECT count(*) FROM matters_matter WHERE title = '灯坏了，站上凳子够不着'") == 1
