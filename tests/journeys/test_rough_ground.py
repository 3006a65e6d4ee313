"""Bad network, ended sessions, no JavaScript: nothing typed is lost, and a need is sent once."""

from playwright.sync_api import expect

from tests.journeys.house import House
from tests.journeys.phones import Phone, Phones

LOOSE = "SELECT count(*) FROM matters_matter WHERE title = %s"


def fill(phone: Phone, title: str) -> None:
    """Fill the shortest need."""
    phone.page.locator("#f-title").fill(title)
    if phone.page.locator("#f-area").input_value() == "":
        phone.page.locator("#f-area").select_option(index=1)


def sign_in(phone: Phone, mobile: str) -> None:
    """Sign in by number and the code that the demo shows."""
    page = phone.page
    page.locator("input[name=mobile]").fill(mobile)
    page.locator("input[name=consent]").check()
    page.locator("main form:has(input[name=mobile]) button[type=submit]").click()
    page.wait_for_url("**/sign-in/code*")
    page.locator("input[name=code]").fill(page.locator(".xf-code").inner_text().strip())
    page.locator("main form:has(input[name=code]) button[type=submit]").click()
    page.wait_for_load_state("load")


def test_reading_and_asking_work_without_javascript(house: House, phones: Phones) -> None:
    phone = phones.get(java_script_enabled=False)
    phone.go("/")
    page = phone.page
    expect(page.locator("article.xf-need").first).to_be_visible()
    page.locator("article.xf-need h2 a").first.click()
    expect(page.locator("#life")).to_be_visible()
    phone.go("/ask")
    title = "没有脚本也能求助"
    fill(phone, title)
    page.get_by_role("button", name="发出求助").click()
    page.wait_for_url("**/sign-in*")
    sign_in(phone, "13912345678")
    expect(page.locator("#f-title")).to_have_value(title)
    page.get_by_role("button", name="发出求助").click()
    page.wait_for_url("**/need/*")
    assert house.one(LOOSE, title) == 1


def test_a_need_typed_without_network_is_kept_and_sent_once(house: House, phones: Phones) -> None:
    phone = phones.get("resident-neighbour")
    phone.go("/ask")
    title = "田里没信号也要能求助"
    fill(phone, title)
    phone.context.set_offline(True)
    phone.page.get_by_role("button", name="发出求助").click()
    expect(phone.page.locator("[data-ask-said]")).to_contain_text("写的都在手机里")
    phone.page.get_by_role("button", name="发出求助").click()
    phone.context.set_offline(False)
    phone.page.wait_for_url("**/need/*", timeout=15_000)
    assert house.one(LOOSE, title) == 1


def test_a_draft_is_there_again_after_the_page_was_closed(house: House, phones: Phones) -> None:
    phone = phones.get("resident-neighbour")
    phone.go("/ask")
    fill(phone, "写到一半手机没电了")
    phone.page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('xf-draft'))")
    phone.go("/needs")
    phone.go("/ask")
    expect(phone.page.locator("#f-title")).to_have_value("写到一半手机没电了")


def test_an_ended_session_keeps_what_was_typed(house: House, phones: Phones) -> None:
    phone = phones.get("resident-english")
    phone.go("/ask")
    title = "The session ended while I was typing"
    fill(phone, title)
    house.rows(
        "UPDATE people_session SET revoked_at = now() WHERE person_id = %s RETURNING 1",
        house.person("resident-english"),
    )
    phone.page.locator(".xf-bar button[type=submit]").click()
    phone.page.wait_for_url("**/sign-in*")
    mobile = house_mobile(phone, "resident-english")
    sign_in(phone, mobile)
    expect(phone.page.locator("#f-title")).to_have_value(title)
    phone.page.locator(".xf-bar button[type=submit]").click()
    phone.page.wait_for_url("**/need/*")
    assert house.one(LOOSE, title) == 1


def house_mobile(phone: Phone, role: str) -> str:
    """Return the number of one of the cast, as the API lists it."""
    answer = phone.context.request.get(f"{phone.house.url}/api/v1/demo/cast").json()
    return str(next(one["mobile"] for one in answer["items"] if one["role"] == role))


def test_a_feed_learns_of_new_needs_without_the_stream(house: House, phones: Phones) -> None:
    pioneer = phones.get("pioneer-law")
    pioneer.context.route("**/api/v1/stream*", lambda route: route.abort())
    pioneer.go("/needs")
    pioneer.page.wait_for_function("() => document.documentElement.dataset.stream === 'cut'")
    resident = phones.get("resident")
    resident.go("/ask")
    fill(resident, "合同看不懂，想请人看看")
    resident.page.get_by_role("button", name="发出求助").click()
    resident.page.wait_for_url("**/need/*")
    number = resident.page.url.rsplit("/", 1)[1].partition("?")[0]
    expect(pioneer.page.locator(f'article[data-number="{number}"]')).to_be_visible(timeout=25_000)


def test_markup_and_nonsense_are_shown_as_typed(house: House, phones: Phones) -> None:
    phone = phones.get("resident-new")
    phone.go("/ask")
    title = "<b>𠮷</b>' OR 1=1 --👨‍👩‍👧 &amp;"
    fill(phone, title)
    phone.page.get_by_role("button", name="发出求助").dblclick()
    phone.page.wait_for_url("**/need/*")
    expect(phone.page.locator("h2.need-t")).to_have_text(title)
    assert house.one(LOOSE, title) == 1
    phone.go("/ask")
    phone.page.locator("#f-title").fill("   ")
    phone.page.get_by_role("button", name="发出求助").click()
    expect(phone.page.locator("#errors")).to_contain_text("没发出去，内容替您留着")
