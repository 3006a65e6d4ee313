"""The house lives: pages, stream and worker answer."""

from urllib.request import urlopen

from tests.journeys.house import House
from tests.journeys.phones import Phones


def test_pages_stream_and_cast_answer(house: House, phones: Phones) -> None:
    phone = phones.get()
    assert phone.go("/demo") == 200
    assert phone.page.locator("form[action$='/demo/enter']").count() >= 60
    with urlopen(f"http://127.0.0.1:{house.stream}/health", timeout=5) as answer:
        assert answer.status == 200
