"""What stands in place of erased words is read in the reader's language, on the pages of either door and in the API."""

import pytest

from tests.cast import Cast, closed
from tests.doors.desk.conftest import Enter
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy.erasing import erase


def page(enter: Enter, person: Person, path: str, language: str) -> str:
    client = enter(person)
    client.cookies["xf_lang"] = language
    answer = client.get(path, headers={"accept-language": "en" if language == "en" else "zh-CN"})
    assert answer.status_code == 200
    return answer.content.decode()


TITLES = [("en", "(deleted)", "已删除"), ("zh-hans", "（已删除）", "(deleted)")]


@pytest.mark.parametrize(("language", "said", "other"), TITLES)
def test_a_title_that_went_is_told_in_the_readers_language(
    cast: Cast, enter: Enter, language: str, said: str, other: str
) -> None:
    matter = closed(cast)
    erase("0001", by=cast.resident)
    for path in (
        f"/need/{matter.number}",
        f"/desk/matters/{matter.number}",
        f"/api/v1/matters/{matter.number}",
    ):
        told = page(enter, cast.staff, path, language)
        assert said in told, path
        assert other not in told, path


@pytest.mark.parametrize(("language", "said"), [("en", "has left"), ("zh-hans", "已注销")])
def test_a_pioneer_who_left_is_told_in_the_readers_language(
    cast: Cast, enter: Enter, language: str, said: str
) -> None:
    matter = closed(cast)
    erase("0003", by=cast.pioneer.spokesperson)
    for path in (
        f"/need/{matter.number}",
        f"/desk/matters/{matter.number}",
        f"/desk/pioneers/{cast.pioneer.pk}",
    ):
        assert said in page(enter, cast.staff, path, language), path
