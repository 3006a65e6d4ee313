"""What is due is done one by one; what fails, or has moved on, keeps nothing else waiting."""

import logging

import pytest

from tests.cast import Cast
from xianfeng.foundation.kernel import due
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people.models import Person


def test_one_that_fails_and_one_that_moved_on_are_passed_by_and_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def deed(key: str) -> bool:
        if key == "fails":
            raise RuntimeError
        if key == "moved on":
            raise Refused("not-open")
        return key == "done"

    with caplog.at_level(logging.INFO):
        done = [due.act(deed, key, "limit of") for key in ("fails", "moved on", "done", "not yet")]
    assert done == [0, 0, 1, 0]
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]
    assert "limit of fails could not be done" in caplog.text


def test_more_than_a_batch_is_gone_over_once_though_the_first_ones_fail(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "BATCH", 3)
    everybody = sorted(Person.objects.values_list("pk", flat=True))
    asked: list[int] = []

    def deed(pk: int) -> bool:
        asked.append(pk)
        if pk in everybody[:3]:
            raise RuntimeError
        return True

    assert due.act_on_all(Person.objects.all(), deed, "person") == len(everybody) - 3
    assert asked == everybody
