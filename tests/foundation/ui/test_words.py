"""Measures as people say them: no blank between Chinese characters, one beside a number."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.ui import words


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (20, "等了不到 1 分钟", "waited under a minute"),
        (360, "等了 6 分钟", "waited 6 minutes"),
        (3_600, "等了 1 小时", "waited 1 hour"),
        (3 * 86_400, "等了 3 天", "waited 3 days"),
    ],
)  # fmt: skip
def test_a_wait_is_told_with_a_blank_beside_its_number_alone(
    seconds: int, chinese: str, english: str
) -> None:
    since = clock.now() - timedelta(seconds=seconds)
    with override("zh-hans"):
        assert words.waited(since) == chinese
    with override("en"):
        assert words.waited(since) == english


@pytest.mark.parametrize(
    ("seconds", "chinese"), [(20, "还剩不到 1 分钟"), (7_300, "还剩 2 小时"), (-1, "已到时限")]
)
def test_what_is_left_is_told_with_a_blank_beside_its_number_alone(seconds: int, chinese: str) -> None:
    with override("zh-hans"):
        assert words.left(clock.now() + timedelta(seconds=seconds + 0.5)) == chinese
