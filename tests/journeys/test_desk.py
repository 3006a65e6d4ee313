"""The desk in a real browser: every page on the PC and on the phone, and a queue of fifty cleared by keys."""

from time import monotonic

import pytest

from tests.journeys import pages
from tests.journeys.house import House
from tests.journeys.phones import Phone, Phones

STAFF = "staff-city"
QUEUE, MINUTES = 50, 10


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_desks_pages_hold(house: House, phones: Phones, width: int, language: str, theme: str) -> None:
    desk = phones.get(STAFF, width=width).prefer(language=language, theme=theme)
    wrong: dict[str, list[str]] = {}
    for path in {path for paths in pages.desk_examples(house).values() for path in paths}:
        status = desk.go(path)
        found = [] if status == 200 else [f"status {status}"]
        found += [*desk.axe(), *desk.bounds()]
        if found:
            wrong[path] = found
            desk.shot(f"wrong-desk-{width}-{language}-{path.strip('/').replace('/', '-')[:30]}", whole=True)
    assert not wrong, "\n".join(f"{path}\n    " + "\n    ".join(lines) for path, lines in wrong.items())


def raise_many(phone: Phone, count: int) -> list[str]:
    """Raise needs over the API as the resident; return their numbers."""
    api, ask = f"{phone.house.url}/api/v1", phone.context.request
    cast = ask.get(f"{api}/demo/cast").json()["items"]
    mobile = next(one["mobile"] for one in cast if one["role"] == "resident-neighbour")
    code = ask.post(f"{api}/sessions/code", data={"mobile": mobile}).json()["demo_code"]
    token = ask.post(f"{api}/sessions", data={"mobile": mobile, "code": code}).json()["token"]
    numbers = []
    for at in range(count):
        need = {
            "service": "help-open",
            "title": f"第 {at + 1} 件，等太久了",
            "lat": 30.87,
            "lon": 120.09,
            "datum": "wgs84",
        }
        answer = ask.post(f"{api}/matters", data=need, headers={"Authorization": f"Bearer {token}"})
        assert answer.status == 201, answer.text()
        numbers.append(answer.json()["number"])
    return numbers


def test_a_member_of_staff_clears_fifty_within_ten_minutes(house: House, phones: Phones) -> None:
    """Half are given to the pioneer suggested (A), half are declined with a usual reason (D, Enter)."""
    desk = phones.get(STAFF, width=1440)
    numbers = raise_many(desk, QUEUE)
    house.rows("UPDATE matters_matter SET due_at = now() WHERE number = ANY(%s) RETURNING 1", numbers)
    waiting = "SELECT count(*) FROM matters_matter WHERE number = ANY(%s) AND state = 'open' AND listed"
    until = monotonic() + 30
    while house.one(waiting, numbers) < QUEUE and monotonic() < until:
        desk.page.wait_for_timeout(500)
    desk.go("/desk?kind=listed")
    desk.shot("desk-queue")
    start, decided = monotonic(), 0
    while house.one(waiting, numbers):
        row = desk.page.locator("#side").get_attribute("data-at")
        desk.page.keyboard.press("d" if decided % 2 else "a")
        if decided % 2:
            desk.page.keyboard.press("Enter")
        desk.page.wait_for_function("(row) => document.getElementById('side')?.dataset.at !== row", arg=row)
        decided += 1
    took = monotonic() - start
    print(f"{decided} decided in {took:.0f} s")
    states = dict(
        house.rows("SELECT state, count(*) FROM matters_matter WHERE number = ANY(%s) GROUP BY 1", numbers)
    )
    assert states.keys() == {"taken", "declined"}
    assert took < MINUTES * 60
