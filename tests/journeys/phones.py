"""Phones of the cast: real Chromium contexts at 390 px (or what a test asks), signed in by one tap in the demo."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.house import House

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
WIDTH, HEIGHT = 390, 844
AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / os.environ.get("XIANFENG_PICTURES", "var/shots")

CHECKS = (Path(__file__).parent / "checks.js").read_text()


@dataclass
class Phone:
    """One phone: its page, and what went wrong in it."""

    house: House
    context: BrowserContext
    page: Page
    errors: list[str] = field(default_factory=list)

    def go(self, path: str) -> int:
        """Open a page of the house; return the status."""
        answer = self.page.goto(self.house.url + path, wait_until="load")
        return answer.status if answer else 0

    def enter(self, role: str) -> "Phone":
        """Sign in as one of the cast, with one tap."""
        self.go("/demo")
        self.page.locator(f'form:has(input[name="role"][value="{role}"]) button').first.click()
        self.page.wait_for_load_state("load")
        return self

    def shot(self, name: str, *, whole: bool = False) -> Path:
        """Keep a picture to look at, in var/shots (make pictures: in docs/pictures)."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        path = SHOTS / f"{name}.png"
        self.page.screenshot(path=str(path), full_page=whole)
        return path

    def axe(self, *, sheets: bool = False) -> list[str]:
        """Return what axe finds against WCAG 2.2 AA, a line each.

        With `sheets` it also reads the style sheets (does one lock the orientation?): they are the same on every page.
        """
        if not self.page.evaluate("() => !!window.axe"):
            self.page.evaluate(AXE.read_text())
        found: dict[str, Any] = self.page.evaluate(
            "(sheets) => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],"
            " resultTypes: ['violations'], preload: sheets})",
            sheets,
        )
        return [
            f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
            for rule in found["violations"]
            for node in rule["nodes"][:3]
        ]

    def bounds(self) -> list[str]:
        """Return what leaves the width of the screen or is cut."""
        return self._ask("bounds")

    def small(self, *, target: int, text: float) -> list[str]:
        """Return controls lower than `target` px and text smaller than `text` px."""
        return [*self._ask("targets", target), *self._ask("text", text)]

    def han(self) -> list[str]:
        """Return the Chinese words on the page."""
        return self._ask("han")

    def _ask(self, check: str, *given: float) -> list[str]:
        return list(self.page.evaluate(f"(given) => ({CHECKS}).{check}(...given)", list(given)))

    def prefer(self, *, language: str = "zh-hans", mode: str = "std", theme: str = "light") -> "Phone":
        """Set the reader's cookies."""
        given = {"xf_lang": language, "xf_mode": mode, "xf_theme": theme}
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.house.url} for name, value in given.items()]
        )
        return self


class Phones:
    """Hands out phones of one house."""

    def __init__(self, house: House, browser: Browser) -> None:
        self.house, self.browser = house, browser
        self.given: list[Phone] = []

    def get(self, role: str = "", *, width: int = WIDTH, **more: Any) -> Phone:
        """Return a phone `width` px wide, signed in as `role` if named; `more` goes to the browser's context."""
        given = {
            "viewport": {"width": width, "height": HEIGHT},
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
        }
        context = self.browser.new_context(**(given | more))
        context.set_default_timeout(10_000)
        phone = Phone(self.house, context, context.new_page())
        phone.page.on("pageerror", lambda error: phone.errors.append(f"script error: {error}"))
        phone.page.on("console", lambda line: _note(phone, line.type, line.text))
        self.given.append(phone)
        return phone.enter(role) if role else phone

    def close(self) -> None:
        """Close all; raises AssertionError when a page met a script error or broke the policy."""
        errors = [error for phone in self.given for error in phone.errors]
        for phone in self.given:
            phone.context.close()
        assert not errors, errors


def _note(phone: Phone, kind: str, text: str) -> None:
    if kind == "error" and ("Content Security Policy" in text or "Refused to" in text):
        phone.errors.append(text)
