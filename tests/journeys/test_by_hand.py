"""Two journeys as those make them who have it hardest: a farmer on a bad network, an old resident who does not type."""

import io
import json
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.journeys.house import House
from tests.journeys.phones import Phone, Phones

# what 2G is in the field: 250 kbit/s down, 50 kbit/s up, 300 ms there and back
TWO_G = {
    "offline": False, "latency": 300, "downloadThroughput": 250_000 / 8, "uploadThroughput": 50_000 / 8,
    "connectionType": "cellular2g",
}  # fmt: skip
LOOSE = "SELECT count(*) FROM matters_matter WHERE title = %s"
PHOTOS = "SELECT photo_count FROM matters_matter WHERE title = %s"
WORDS_SECONDS = 10
TALL = 60  # least height of what is tapped in large mode, in px


def photograph() -> bytes:
    """Return a photograph as heavy as a phone's: 12 million pixels with detail of every size, about 4 MB."""
    coarse = Image.effect_noise((40, 30), 90).resize((4000, 3000), Image.Resampling.BICUBIC)
    middle = Image.effect_noise((500, 375), 60).resize((4000, 3000), Image.Resampling.BICUBIC)
    fine = Image.effect_noise((2000, 1500), 24).resize((4000, 3000), Image.Resampling.BICUBIC)
    bands = [Image.blend(Image.blend(coarse, middle, 0.4), fine, share) for share in (0.3, 0.35, 0.25)]
    buffer = io.BytesIO()
    Image.merge("RGB", bands).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@dataclass
class Wire:
    """What goes over one page's network from now on: bytes down, bytes up, as the browser counts them."""

    page: Page
    down: float = 0
    up: int = 0
    began: float = field(default_factory=monotonic)

    def __post_init__(self) -> None:
        self.link = self.page.context.new_cdp_session(self.page)
        self.link.send("Network.enable")
        self.link.send("Network.emulateNetworkConditions", TWO_G)
        self.link.on("Network.loadingFinished", self._finished)
        self.link.on("Network.requestWillBeSent", self._sent)

    def _finished(self, told: dict[str, Any]) -> None:
        self.down += told["encodedDataLength"]

    def _sent(self, told: dict[str, Any]) -> None:
        entries = told["request"].get("postDataEntries", [])
        self.up += sum(len(one.get("bytes", "")) * 3 // 4 for one in entries)
        self.up += len(json.dumps(told["request"]["headers"]))

    def told(self) -> str:
        """Return seconds and kilobytes since the beginning."""
        return f"{monotonic() - self.began:.1f} s, {self.down / 1000:.0f} KB down, {self.up / 1000:.0f} KB up"


def compose(phone: Phone, title: str) -> None:
    """Open the form from home by a tap, write a sentence, choose a photograph."""
    page = phone.page
    page.locator("a.xf-ask").click()
    page.wait_for_load_state("load")
    page.locator("#f-title").fill(title)
    if page.locator("#f-area").input_value() == "":
        page.locator("#f-area").select_option(index=1)
    page.locator("input[type=file]").set_input_files(
        {"name": "pump.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    )


def test_a_farmer_on_a_bad_network_sends_words_and_one_photograph(house: House, phones: Phones) -> None:
    phone = phones.get("resident-neighbour")
    phone.go("/")
    title = "稻田里的水泵不转了"
    wire = Wire(phone.page)
    compose(phone, title)
    phone.page.get_by_role("button", name="发出求助").click()
    tapped = monotonic()
    while house.one(LOOSE, title) == 0:
        phone.page.wait_for_timeout(50)
        assert monotonic() - tapped < WORDS_SECONDS
    print("words sent:", wire.told(), f"{monotonic() - tapped:.1f} s after the tap")
    expect(phone.page.locator("[data-ask-said]")).to_contain_text("照片正跟着来", timeout=5_000)
    phone.shot("farmer-1-photograph-follows")
    phone.page.wait_for_url("**/need/*", timeout=90_000)
    print("photograph there:", wire.told())
    assert house.one(LOOSE, title) == 1
    assert house.one(PHOTOS, title) == 1
    assert wire.down < 100_000
    expect(phone.page.locator("main img[src*='/photo/']").first).to_be_visible(timeout=30_000)
    phone.shot("farmer-2-sent", whole=True)


def test_words_are_sent_when_the_photograph_never_arrives_and_it_can_follow_later(
    house: House, phones: Phones
) -> None:
    phone = phones.get("resident-new")
    phone.page.clock.install()
    phone.go("/")
    title = "鱼塘增氧机坏了"
    phone.page.route("**/photos", lambda route: route.abort())
    compose(phone, title)
    phone.page.get_by_role("button", name="发出求助").click()
    said = phone.page.locator("[data-ask-said]")
    expect(said).to_contain_text("照片正跟着来")
    assert house.one(LOOSE, title) == 1
    for _ in range(6):  # all its pauses
        phone.page.clock.run_for(45_000)
        phone.page.wait_for_timeout(200)
    expect(said).to_contain_text("照片没传上去")
    expect(phone.page.get_by_role("link", name="看看我的求助")).to_be_visible()
    phone.shot("farmer-3-photograph-lost")
    phone.page.unroute("**/photos")
    phone.page.locator(".xf-upl canvas").click()
    for _ in range(20):
        phone.page.clock.run_for(1_000)
        phone.page.wait_for_timeout(100)
        if "/need/" in phone.page.url:
            break
    assert (house.one(LOOSE, title), house.one(PHOTOS, title)) == (1, 1)
    assert "/need/" in phone.page.url


def test_a_photograph_on_its_way_outlives_a_form_that_is_shown_again(house: House, phones: Phones) -> None:
    phone = phones.get("resident-new")
    page = phone.page
    phone.go("/")
    Wire(page)
    title = "大棚的卷帘机卡住了"
    compose(phone, "")
    page.get_by_role("button", name="发出求助").click()
    expect(page.locator("#errors")).to_contain_text("没发出去，内容替您留着")
    expect(page.locator(".xf-upl li")).to_have_count(1)
    page.locator("#f-title").fill(title)
    page.get_by_role("button", name="发出求助").click()
    page.wait_for_url("**/need/*", timeout=90_000)
    assert (house.one(LOOSE, title), house.one(PHOTOS, title)) == (1, 1)


def test_an_old_resident_finds_help_without_typing(house: House, phones: Phones) -> None:
    phone = phones.get("resident-elder").prefer(mode="care")
    page = phone.page
    page.add_init_script("addEventListener('keydown', () => localStorage.setItem('typed', '1'), true)")
    phone.go("/")
    phone.shot("elder-1-home")
    began = monotonic()
    tap(page.locator("a.xf-ask"))
    page.wait_for_url("**/ask")
    assert phone.small(target=TALL, text=18) == []
    phone.shot("elder-2-examples", whole=True)
    tap(page.get_by_role("link", name="想请人陪我去看病"))
    page.wait_for_url("**/ask?say=*")
    phone.shot("elder-3-form", whole=True)
    expect(page.locator("#f-title")).to_have_value("想请人陪我去看病")
    tap(page.get_by_role("button", name="发出求助"))
    page.wait_for_url("**/need/*")
    print(f"three taps, {monotonic() - began:.1f} s")
    phone.shot("elder-4-sent", whole=True)
    number = page.url.rsplit("/", 1)[1].partition("?")[0]
    assert house.rows("SELECT state, category, title FROM matters_matter WHERE number = %s", number) == [
        ("open", "elderly", "想请人陪我去看病")
    ]
    assert page.evaluate("() => localStorage.getItem('typed')") is None


def tap(what: Locator) -> None:
    """Tap what is large enough for a hand that shakes."""
    box = what.bounding_box()
    assert box
    assert min(box["height"], box["width"]) >= TALL, box
    what.click()
