"""Every page, for every role, in both modes and languages: no fault by axe, nothing outside 360 px, nothing small."""

import pytest

from tests.journeys import pages
from tests.journeys.house import House
from tests.journeys.phones import Phones

# language, mode, theme: every pair of them, dark with each language and mode once
LOOKS = [
    ("zh-hans", "std", "light"), ("zh-hans", "care", "dark"), ("en", "std", "dark"), ("en", "care", "light"),
]  # fmt: skip


def test_every_address_is_listed_here(house: House) -> None:
    listed = pages.WITHOUT_PAGE | set(pages.examples(house)) | set(pages.desk_examples(house))
    assert pages.names() - listed == set(), "a page without an example is not checked by anybody"


@pytest.mark.parametrize(("role", "path"), [("resident", "/"), ("staff-city", "/desk")])
def test_no_style_sheet_is_at_fault(house: House, phones: Phones, role: str, path: str) -> None:
    phone = phones.get(role, width=360)
    assert phone.go(path) == 200
    assert phone.axe(sheets=True) == []


@pytest.mark.parametrize("look", LOOKS, ids="-".join)
@pytest.mark.parametrize("role", [*pages.ROLES, "pioneer-busy"], ids=lambda role: role or "visitor")
def test_pages_hold(house: House, phones: Phones, role: str, look: tuple[str, str, str]) -> None:
    language, mode, theme = look
    phone = phones.get(role, width=360).prefer(language=language, mode=mode, theme=theme)
    wrong: dict[str, list[str]] = {}
    for path in pages.paths_of(role, pages.examples(house)):
        status = phone.go(path)
        found = [] if status == 200 else [f"status {status}"]
        found += [*phone.axe(), *phone.bounds()]
        found += phone.small(target=60, text=18) if mode == "care" else phone.small(target=44, text=12)
        if found:
            wrong[path] = found
            phone.shot(
                f"wrong-{role or 'visitor'}-{language}-{mode}-{path.strip('/').replace('/', '-')[:40]}",
                whole=True,
            )
    assert not wrong, "\n".join(f"{path}\n    " + "\n    ".join(lines) for path, lines in wrong.items())
