"""The pages as they look, for the documentation: `make pictures` writes them into docs/pictures."""

import pytest

from tests.journeys import pages
from tests.journeys.house import House
from tests.journeys.phones import Phones

# name: role, path, language, mode, theme
PICTURES = {
    "home": ("resident", "/", "zh-hans", "std", "light"),
    "home-large": ("resident-elder", "/", "zh-hans", "care", "light"),
    "home-english": ("resident", "/", "en", "std", "light"),
    "home-dark": ("resident", "/", "zh-hans", "std", "dark"),
    "needs": ("pioneer-electric", "/needs", "zh-hans", "std", "light"),
    "needs-english": ("pioneer-electric", "/needs", "en", "std", "dark"),
    "need": ("pioneer-electric", "need", "zh-hans", "std", "light"),
    "need-large": ("pioneer-electric", "need", "en", "care", "light"),
    "ask": ("resident", "/ask", "zh-hans", "std", "light"),
    "ask-large": ("resident-elder", "/ask", "zh-hans", "care", "light"),
    "ask-english": ("resident", "/ask", "en", "std", "light"),
    "pioneers": ("resident", "/pioneers", "zh-hans", "std", "light"),
    "pioneer-page": ("resident", "pioneer", "zh-hans", "std", "light"),
    "menu": ("resident", "/menu", "zh-hans", "std", "light"),
    "me": ("resident", "/me", "zh-hans", "std", "light"),
    "inbox": ("resident", "/me/inbox", "zh-hans", "std", "light"),
}  # fmt: skip


@pytest.mark.parametrize("name", PICTURES)
def test_a_page_stands_whole_in_its_picture(house: House, phones: Phones, name: str) -> None:
    role, path, language, mode, theme = PICTURES[name]
    found = pages.examples(house)
    path = {"need": found["portal:need"][0][1], "pioneer": found["portal:pioneer"][0][1]}.get(path, path)
    phone = phones.get(role).prefer(language=language, mode=mode, theme=theme)
    assert phone.go(path) == 200
    assert phone.bounds() == []
    phone.shot(name)
