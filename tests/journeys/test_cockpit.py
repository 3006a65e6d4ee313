"""The cockpit in a real browser: nothing cut or overlapping at four sizes, the map's marks, numbers that stay true."""

import os
import subprocess
import sys
from collections.abc import Iterator
from time import monotonic

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.house import House
from tests.journeys.phones import FLAGS, Phone, Phones

DRAWN = (
    "() => document.querySelector('.ck-stage.gl') && document.querySelector('.ck-map').cityMap.map.loaded()"
)
SIZES = {"screen": (1920, 1080), "wall": (3840, 1080), "laptop": (1366, 768), "phone": (390, 844)}
CITY, STAFF = "/cockpit/area/330500", "staff-city"
# what overlaps another part of the board, or leaves it, or is smaller than may be read from afar
OVERLAPS = """() => {
  const asked = '.ck-top, .ck-b, .ck-key > div, .ck-stage, .ck-scope, .ck-under';
  const parts = [...document.querySelectorAll(asked)]
    .filter((e) => e.getBoundingClientRect().height);
  const wrong = [];
  const told = (e) => e.id || e.className;
  for (const [at, a] of parts.entries()) for (const b of parts.slice(at + 1)) {
    if (a.contains(b) || b.contains(a)) continue;
    const [p, q] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
    const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
    const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
    if (wide > 1 && high > 1) wrong.push(`${told(a)} over ${told(b)}`);
  }
  for (const part of document.querySelectorAll('.ck-b')) {
    const box = part.getBoundingClientRect();
    for (const e of part.querySelectorAll('h2, tr, li, p, .ck-chart')) {
      const r = e.getBoundingClientRect();
      if (e.closest('.vh, .vh-head') || !r.height) continue;
      if (r.bottom > box.bottom + 1 || r.right > box.right + 1)
        wrong.push(`cut in ${part.id}: ${e.textContent.trim().slice(0, 24)}, ${Math.round(r.bottom - box.bottom)} px`);
    }
  }
  return wrong;
}"""


def run(house: House, *words: str) -> str:
    """Run a program of the house against its database; return what it says."""
    environment = os.environ | {
        "DATABASE_URL": house.database, "XIANFENG_VAR": str(house.var), "XIANFENG_DEMO": "1",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


@pytest.fixture(scope="module")
def counted(house: House) -> House:
    """The house, its needs counted into the cockpit."""
    run(house, "xianfeng", "cockpit", "rebuild")
    return house


@pytest.fixture(scope="module")
def painter(chromium: Browser) -> Iterator[Browser]:
    """A browser that draws WebGL in software."""
    path = os.environ.get("XIANFENG_CHROMIUM") or "/usr/bin/chromium"
    flags = [*FLAGS, "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    browser = chromium.browser_type.launch(executable_path=path, args=flags)
    yield browser
    browser.close()


@pytest.fixture
def screens(counted: House, painter: Browser) -> Iterator[Phones]:
    """Screens to hand out; none may have met a script error or broken the policy."""
    made = Phones(counted, painter)
    yield made
    made.close()


def screen(screens: Phones, size: str, path: str, *, role: str = STAFF, **look: str) -> Phone:
    """Return a screen of a size that shows a board, its map drawn."""
    width, height = SIZES[size]
    one = screens.get(role, viewport={"width": width, "height": height}, reduced_motion="reduce").prefer(
        **look
    )
    one.context.set_default_timeout(30_000)
    assert one.go(path) == 200
    one.page.wait_for_function(DRAWN)
    return one


def outside(one: Phone) -> list[str]:
    """Return what leaves the screen; words that end in … and are whole in their title are not cut."""
    return [line for line in one.bounds() if not line.startswith("cut")]


@pytest.mark.parametrize(
    ("size", "language", "theme"),
    [("screen", "zh-hans", "dark"), ("screen", "en", "light"), ("wall", "zh-hans", "dark"),
     ("laptop", "zh-hans", "light"), ("phone", "zh-hans", "light"), ("phone", "en", "dark")],
)  # fmt: skip
def test_the_city_s_board_stands_whole(screens: Phones, size: str, language: str, theme: str) -> None:
    one = screen(screens, size, CITY, language=language, theme=theme)
    one.shot(f"cockpit-{size}{'-english' if language == 'en' else ''}", whole=size == "phone")
    assert one.page.evaluate(OVERLAPS) == []
    assert outside(one) == []
    assert one.axe() == []
    if size == "phone":
        return
    high, tall = one.page.evaluate("() => [innerHeight, document.documentElement.scrollHeight]")
    assert tall <= high
    least = 18 if size != "laptop" else 12
    assert one.small(target=24, text=least) == []


@pytest.mark.parametrize("of", ["county", "organisation", "public", "town"])
def test_boards_of_others_stand_whole(counted: House, screens: Phones, of: str) -> None:
    union = counted.one("SELECT min(code) FROM people_organisation WHERE kind = 'union'")
    town = counted.one("SELECT min(code) FROM places_area WHERE level = 'town'")
    path, role = {
        "county": ("/cockpit/area/330521", STAFF), "organisation": (f"/cockpit/organisation/{union}", STAFF),
        "public": ("/cockpit/public/330500", ""), "town": (f"/cockpit/area/{town}", STAFF),
    }[of]  # fmt: skip
    one = screen(screens, "screen", path, role=role, theme="dark")
    one.shot(f"cockpit-{of}")
    assert one.page.evaluate(OVERLAPS) == []
    assert outside(one) == []
    assert one.axe() == []


def marks(page: Page, layer: str) -> int:
    """Return how much the marks of a layer that are drawn count."""
    told: int = page.evaluate(
        """(layer) => {
            const map = document.querySelector('.ck-map').cityMap.map;
            const seen = new Map(map.queryRenderedFeatures({ layers: [layer] })
                .map(({ properties: one }) => [one.cluster_id ?? one.cell ?? one.code, one]));
            return [...seen.values()].reduce((sum, one) => sum + (one.sum ?? one.n ?? 1), 0);
        }""",
        layer,
    )
    return told


def test_the_marks_of_the_map_count_what_the_board_says(screens: Phones) -> None:
    one = screens.get(STAFF, viewport={"width": 800, "height": 900}).prefer()
    one.context.set_default_timeout(30_000)
    one.go(CITY)
    one.page.wait_for_function(DRAWN)
    one.page.locator(".ck-stage").scroll_into_view_if_needed()
    waiting = int(one.page.locator("[data-n=now-waiting]").inner_text().replace(",", ""))
    assert marks(one.page, "plates") == 5
    assert marks(one.page, "needs") == waiting > 0
    assert one.page.locator(".ck-no").count() >= 5
    one.page.locator("[data-wish=solid]").click()
    one.page.wait_for_function("() => document.querySelector('.ck-map').cityMap.map.getPitch() > 50")
    assert "view=3d" in one.page.url
    one.page.wait_for_function(DRAWN)
    assert marks(one.page, "blocks") == 5
    assert marks(one.page, "pillars") > 0


def test_without_webgl_the_server_s_drawing_leads_down_as_well(counted: House, phones: Phones) -> None:
    one = phones.get(STAFF, java_script_enabled=False)
    one.go(CITY)
    assert one.page.locator("#plates .pl").count() == 5
    one.page.locator(".ck-scope a", has_text="德清县").click()
    one.page.wait_for_url("**/cockpit/area/330521")
    one.page.locator("#key a.fg").last.click()
    one.page.wait_for_url("**/cockpit/area/330521/rows/*")


TODAY = """SELECT count(*) FROM matters_matter
    WHERE closed_at >= date_trunc('day', now() AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai'"""


def settled_shown(page: Page, count: int, seconds: float) -> float:
    """Wait until the open board says that so many were closed today; return how long that took."""
    begun = monotonic()
    shown = "document.querySelector('[data-n=now-closed_today]').textContent.replaceAll(',', '')"
    page.wait_for_function(f"(count) => {shown} === String(count)", arg=count, timeout=seconds * 1000)
    return monotonic() - begun


def test_200_needs_are_settled_while_the_board_is_open_and_its_numbers_end_true(
    counted: House, screens: Phones
) -> None:
    one = screen(screens, "screen", CITY, theme="dark")
    one.page.wait_for_function("() => document.documentElement.dataset.stream === 'open'")
    before = counted.one(TODAY)
    assert run(counted, "tests.journeys.settling", "200") == "200"
    after = counted.one(TODAY)
    assert after == before + 200
    settled_shown(one.page, after, 30)
    counted.stop("stream")
    one.page.wait_for_function("() => document.documentElement.dataset.stream === 'cut'")
    run(counted, "tests.journeys.settling", "3")
    counted.start("stream")
    settled_shown(one.page, after + 3, 40)
    assert "all sums are those of a recount" in run(counted, "xianfeng", "cockpit", "check")
