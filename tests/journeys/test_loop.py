"""The main loop, played by hand on phones side by side."""

import io
from time import monotonic

from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.journeys.house import House
from tests.journeys.phones import Phone, Phones

CLAIMS = """SELECT count(*) FROM record_entry e JOIN matters_matter m ON m.id = e.subject_id
    WHERE e.subject_kind = 'matter' AND m.number = %s AND e.code = 'matter.claimed'"""
THREE = ("pioneer-electric", "pioneer-electric-2", "pioneer-electric-3")


def photograph() -> bytes:
    """Return a large JPEG, as a phone takes it."""
    image = Image.new("RGB", (2400, 1800), "#cfe3da")
    ImageDraw.Draw(image).rectangle((400, 500, 1900, 1400), fill="#8a6d3b")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def ask(phone: Phone, title: str, *, photo: bool = False) -> str:
    """Post a need by the page; return its number."""
    page = phone.page
    phone.go("/ask")
    page.get_by_label("出了什么事").fill(title)
    page.get_by_text("现在", exact=True).click()
    if page.locator("#f-area").input_value() == "":
        page.locator("#f-area").select_option(index=1)
    page.locator("#f-address").fill("三单元 201")
    if photo:
        page.locator("input[type=file]").set_input_files(
            {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
        )
        expect(page.locator("input[name=photos]")).to_have_count(1)
    page.get_by_role("button", name="发出求助").click()
    page.wait_for_url("**/need/*")
    return page.url.rsplit("/", 1)[1].partition("?")[0]


def tap_together(number: str, phones: list[Phone]) -> None:
    """Let all phones send the claim at the same moment, none waiting for another's answer."""
    for phone in phones:
        phone.page.evaluate(
            "() => setTimeout(() => document.querySelector('form[data-claim] button[type=submit]').click(), 300)"
        )
    for phone in phones:
        phone.page.wait_for_url(f"**/need/{number}/*")


def test_a_need_is_raised_grabbed_by_one_met_and_rated(house: House, phones: Phones) -> None:
    resident = phones.get("resident")
    pioneers = [phones.get(role) for role in THREE]
    for phone in pioneers:
        phone.go("/needs")
        expect(phone.page.locator("[data-feed]")).to_be_visible()
        phone.page.wait_for_function("() => document.documentElement.dataset.stream === 'open'")
    title = "厨房插座冒火花，不敢用"
    number = ask(resident, title, photo=True)
    sent = monotonic()
    for phone in pioneers:
        expect(phone.page.locator(f'article[data-number="{number}"] img')).to_be_visible(timeout=5_000)
    assert monotonic() - sent < 2.0

    first, second = pioneers[0], pioneers[1]
    for phone in (first, second):
        phone.page.locator(f'article[data-number="{number}"] h2 a').click()
        phone.page.wait_for_url(f"**/need/{number}")
        assert "三单元" not in phone.page.content()
    tap_together(number, [first, second])
    won, lost = (first, second) if "/got" in first.page.url else (second, first)
    assert "/got" in won.page.url
    assert "/late" in lost.page.url
    expect(won.page.get_by_role("dialog")).to_contain_text("您接到了")
    expect(won.page.get_by_role("dialog")).to_contain_text("三单元 201")
    expect(lost.page.get_by_role("dialog")).to_contain_text("就慢了")
    assert lost.page.locator(".alt li").count() == 3
    won.shot("got")
    lost.shot("late")
    assert (
        house.one(
            "SELECT count(*) FROM matters_handling h JOIN matters_matter m ON m.id = h.matter_id WHERE m.number = %s",
            number,
        )
        == 1
    )
    expect(pioneers[2].page.locator(f'article[data-number="{number}"]')).to_contain_text("有人接了")

    won.page.get_by_role("dialog").get_by_role("button", name="打电话").click()
    expect(won.page.locator("a[href^='tel:190']")).to_be_visible()
    assert house.rows(
        "SELECT 1 FROM record_entry WHERE code = 'person.contact-shown' AND subject_id = %s",
        house.person("resident"),
    )

    won.go(f"/need/{number}/report")
    won.page.get_by_label("办了什么").fill("换了插座和一段老化的线，试了电，安全了")
    won.page.get_by_label("省下或多挣了多少").fill("200")
    won.page.get_by_role("button", name="办好了").click()
    won.page.wait_for_url(f"**/need/{number}")

    expect(resident.page.get_by_role("link", name="去打分")).to_be_visible(timeout=5_000)
    resident.page.get_by_role("link", name="去打分").click()
    for name in ("skill", "attitude", "speed"):
        resident.page.locator(f"label:has(input[name={name}][value='5'])").click()
    resident.page.get_by_label("想说的话").fill("来得快，手艺好")
    resident.page.get_by_text("属实").click()
    resident.shot("rate")
    resident.page.get_by_role("button", name="打好了").click()
    resident.page.wait_for_url(f"**/need/{number}")
    assert house.rows("SELECT state FROM matters_matter WHERE number = %s", number) == [("closed",)]
    expect(resident.page.locator("#life")).to_contain_text("核实过了")
    resident.shot("need-closed", whole=True)

    resident.page.locator("#life .xf-pio a").click()
    expect(resident.page.locator("main")).to_contain_text("来得快，手艺好")
    resident.shot("pioneer-whole", whole=True)


def test_the_same_claim_twice_is_one_claim(house: House, phones: Phones) -> None:
    number = ask(phones.get("resident-neighbour"), "水管漏了，关不住")
    pioneer = phones.get("pioneer-electric-2")
    pioneer.go(f"/need/{number}")
    pioneer.page.locator("form[data-claim] button[type=submit]").dblclick()
    pioneer.page.wait_for_url("**/got*")
    pioneer.page.go_back()
    pioneer.go(f"/need/{number}/got")
    assert (
        house.one(
            CLAIMS,
            number,
        )
        == 1
    )
    pioneer.page.get_by_role("button", name="两分钟内可退回").click()
    pioneer.page.wait_for_load_state("load")
    assert house.rows("SELECT state, released_count FROM matters_matter WHERE number = %s", number) == [
        ("open", 0)
    ]
