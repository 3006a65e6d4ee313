"""One living house and one browser for all journeys of a process."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pytest_django import DjangoDbBlocker

from tests.journeys.house import House, database_of_its_own, living
from tests.journeys.phones import FLAGS, Phone, Phones


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser, and the test database to copy from."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db)


@pytest.fixture(scope="session")
def house(
    areas_loaded: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A living small city."""
    with django_db_blocker.unblock():
        name = f"{connection.settings_dict['NAME']}_house"
        with database_of_its_own(name) as address, living(tmp_path_factory.mktemp("house"), address) as house:
            yield house


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    path = os.environ.get("XIANFENG_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.fail("no Chromium: apt install chromium fonts-noto-cjk, or name one in XIANFENG_CHROMIUM")
    # sync_playwright runs a loop in this thread; Django must not take that for async code
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def phones(house: House, chromium: Browser) -> Iterator[Phones]:
    """Phones to hand out; all are closed at the end, and none may have met a script error."""
    made = Phones(house, chromium)
    yield made
    made.close()


__all__ = ["BrowserContext", "Callable", "Phone"]
