"""Clocks of limits: time as it passes, working hours, announced workdays; stopped and resumed without loss."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.matters.watching import refused
from xianfeng.matters import clocks
from xianfeng.matters.clocks import Span

CITY = ZoneInfo("Asia/Shanghai")


def local(*when: int) -> datetime:
    return datetime(*when, tzinfo=CITY)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("written", "begins", "due"),
    [
        ("15 minutes", (2026, 10, 1, 23, 50), (2026, 10, 2, 0, 5)),
        ("2 hours", (2026, 10, 1, 9, 0), (2026, 10, 1, 11, 0)),
        ("30 days", (2026, 10, 1, 9, 0), (2026, 10, 31, 9, 0)),
        ("4 work-hours", (2026, 11, 24, 9, 0), (2026, 11, 24, 15, 0)),  # noon is not worked
        ("4 work-hours", (2026, 11, 24, 16, 0), (2026, 11, 25, 11, 0)),
        ("1 work-hours", (2026, 11, 27, 20, 0), (2026, 11, 30, 9, 30)),  # Friday evening to Monday
        ("3 workdays", (2026, 11, 23, 10, 0), (2026, 11, 26, 10, 0)),
        ("2 workdays", (2026, 11, 26, 10, 0), (2026, 11, 30, 10, 0)),  # over a weekend
        ("1 workdays", (2026, 9, 30, 10, 0), (2026, 10, 8, 10, 0)),  # over the National Day holidays
        ("1 workdays", (2026, 2, 13, 10, 0), (2026, 2, 14, 10, 0)),  # a Saturday that is worked
    ],
)
def test_a_limit_passes_when_its_clock_says(
    written: str, begins: tuple[int, ...], due: tuple[int, ...]
) -> None:
    assert clocks.read(written).after(local(*begins)) == local(*due)


@pytest.mark.parametrize(
    "text", ["", "0 days", "-1 days", "3 weeks", "3workdays", "many days", "999999 days"]
)
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no limit"):
        clocks.read(text)


def test_a_year_that_is_not_announced_fails_loudly(db: None) -> None:
    with refused("calendar-year-unknown"):
        clocks.read("3 workdays").after(local(2031, 12, 30, 10))
    assert clocks.read("3 days").after(local(2031, 12, 30, 10)) == local(2032, 1, 2, 10)


def test_the_city_can_enter_days_before_they_are_in_the_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "_own_days", lambda: {date(2031, 12, 30): False, date(2031, 12, 31): True})
    assert clocks.read("1 work-hours").after(local(2031, 12, 30, 10)) == local(2031, 12, 31, 9, 30)


START = datetime(2024, 1, 1, tzinfo=UTC)
moments = st.integers(0, 76_000_000).map(lambda seconds: START + timedelta(seconds=seconds))


@settings(max_examples=150, deadline=None)
@given(at=moments, seconds=st.integers(60, 20 * 25_200), share=st.floats(0, 1), working=st.booleans())
def test_a_clock_that_is_stopped_and_resumed_loses_nothing(
    at: datetime, seconds: int, share: float, working: bool
) -> None:
    due = Span(seconds, working).after(at)
    assert clocks.between(at, due, working=working) == seconds
    stop = at + timedelta(seconds=int((due - at).total_seconds() * share))
    left = clocks.between(stop, due, working=working)
    assert left + clocks.between(at, stop, working=working) == seconds
    later = stop + timedelta(days=5)
    resumed = Span(left, working).after(later)
    assert clocks.between(later, resumed, working=working) == left
