"""Browsers of the cast, and answers read as their readers do: words without tags, fields by name."""

import html
import re
from typing import Any

from django.test import Client

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import steps
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.sessions import COOKIE


def signed(person: Person | None, language: str = "zh-hans") -> Client:
    """Return the browser of `person` (None: a visitor), who reads `language`."""
    browser = Client()
    browser.cookies["xf_lang"] = language
    if person is not None:
        browser.cookies[COOKIE] = steps.open_session(person, "test", clock.now())
    return browser


def text(response: Any) -> str:
    """Return the words of a page, runs of blanks as one."""
    plain = re.sub(r"<[^>]+>", "", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(plain))


def markup(response: Any) -> str:
    """Return a page's markup, however its template breaks lines: blanks as one, none at the edges of tags."""
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", re.sub(r"\s+", " ", response.content.decode()))


def field(response: Any, name: str) -> str:
    """Return the value of the first field `name` of a page's forms."""
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', response.content.decode())
    assert found, name
    return html.unescape(found[1])
