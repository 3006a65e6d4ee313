"""成果和直播 on the desk: judged by the organisation that vouches for the pioneer, and by nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.doors.desk.conftest import Enter
from tests.doors.portal.browsers import text
from tests.matters.watching import watching
from tests.recognition.showcase.showing import announced, picture, proposed, published, running, submitted
from xianfeng.foundation.places import tree
from xianfeng.recognition.showcase.models import Comment, Feedback
from xianfeng.recognition.showcase.operations import lives
from xianfeng.recognition.showcase.operations.benefits import Claim, claim
from xianfeng.recognition.showcase.operations.feedback import about, send
from xianfeng.recognition.showcase.queries import waiting


def _benefit(cast: Cast) -> Any:
    photo = picture(cast.pioneer.spokesperson)
    given = Claim("income", 900, "firm", "合同", [photo.key])
    return claim(published(cast).pk, given, by=cast.pioneer.spokesperson)


def _idea(cast: Cast) -> Any:
    return send("idea", "印本小册子", about(cast.resident, "pioneer", cast.pioneer.pk), by=cast.resident)


CASES: dict[str, tuple[Callable[[Cast], Any], str, str, dict[str, str]]] = {
    "achievement": (submitted, "publish", "published", {}),
    "achievement return": (submitted, "return", "returned", {"words": "写清楚"}),
    "achievement refuse": (submitted, "refuse", "refused", {"words": "不合适"}),
    "achievement take_down": (published, "take_down", "taken-down", {"words": "抄的"}),
    "live": (proposed, "announce", "announced", {}),
    "live refuse": (proposed, "refuse", "refused", {"words": "网址打不开"}),
    "live take_down": (announced, "take_down", "taken-down", {"words": "跑题"}),
    "benefit": (_benefit, "verify", "verified", {}),
    "benefit refuse": (_benefit, "refuse", "refused", {"words": "没有合同"}),
    "comment": (lambda cast: lives.comment(running(cast).pk, "好", by=cast.resident), "show", "shown", {}),
    "comment hide": (
        lambda cast: lives.comment(running(cast).pk, "广告", by=cast.resident),
        "hide",
        "hidden",
        {},
    ),
    "feedback": (_idea, "answer", "answered", {"words": "好主意"}),
}


@pytest.mark.parametrize("case", CASES)
def test_staff_of_the_organisation_decide_and_others_find_nothing(
    cast: Cast, enter: Enter, case: str
) -> None:
    arrange, name, after, given = CASES[case]
    row, kind = arrange(cast), case.partition(" ")[0]
    path = f"/desk/showcase/{kind}/{row.pk}/{name}"
    for person in (cast.resident, cast.other_staff, cast.pioneer.spokesperson):
        if kind in {"comment", "feedback"} and person == cast.pioneer.spokesperson:
            continue  # theirs to judge, on the portal; the desk is closed to them anyway
        with watching() as seen:
            assert enter(person).post(path, given).status_code == 404
        assert seen.entries == []
    answer = enter(cast.staff).post(path, given)
    assert answer["Location"] == f"/desk/showcase?kind={kind}"
    row.refresh_from_db()
    assert row.state == after


@pytest.mark.parametrize(
    "case", [name for name, (_, _, _, given) in CASES.items() if given and "feedback" not in name]
)
def test_a_no_without_a_reason_is_told_on_the_list(cast: Cast, enter: Enter, case: str) -> None:
    arrange, name, _, _ = CASES[case]
    row, kind = arrange(cast), case.partition(" ")[0]
    state = row.state
    page = enter(cast.staff).post(f"/desk/showcase/{kind}/{row.pk}/{name}", {"words": " ", "kind": kind})
    assert page.status_code == 422
    assert "这里还空着" in text(page)
    row.refresh_from_db()
    assert row.state == state


def test_each_organisation_sees_its_own_and_the_city_all(cast: Cast, enter: Enter) -> None:
    submitted(cast, title="这里的")
    submitted(cast, cast.second, title="那里的")

    def titles(client: Client) -> list[str]:
        return [row.title for row, _ in client.get("/desk/showcase?kind=achievement").context["rows"]]

    assert titles(enter(cast.staff)) == ["这里的"]
    assert titles(enter(cast.other_staff)) == ["那里的"]
    assert titles(enter(cast.city_staff)) == ["这里的", "那里的"]
    assert enter(cast.resident).get("/desk/showcase").status_code == 404


def test_it_opens_where_something_waits(cast: Cast, enter: Enter) -> None:
    proposed(cast)
    page = enter(cast.staff).get("/desk/showcase?kind=nonsense")
    assert page.context["kind"] == "live"
    assert "同意，预告出去" in text(page)


def test_names_nobody_knows_are_not_there(cast: Cast, enter: Enter) -> None:
    row = submitted(cast)
    for path in (f"achievement/{row.pk}/verify", f"thing/{row.pk}/publish", "achievement/999999/publish"):
        assert enter(cast.staff).post(f"/desk/showcase/{path}").status_code == 404


def test_two_staff_decide_once_and_the_second_reads_why(cast: Cast, enter: Enter) -> None:
    row = submitted(cast)
    enter(cast.staff).post(f"/desk/showcase/achievement/{row.pk}/publish")
    page = enter(cast.city_staff).post(f"/desk/showcase/achievement/{row.pk}/refuse", {"words": "不行"})
    assert page.status_code == 409
    assert "请刷新看看" in text(page)


def test_no_list_asks_more_for_more_rows(cast: Cast, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "_LOOK_EVERY_SECONDS", 3600.0)
    client, counts = enter(cast.staff), []
    for rows in (1, 3):
        for at in range(rows):
            submitted(cast, title=f"第{at}项", pictures=[picture(cast.pioneer.spokesperson).key])
            proposed(cast)
            _benefit(cast)
            lives.comment(running(cast).pk, "好", by=cast.resident)
            _idea(cast)
        found = {}
        for kind in waiting.KINDS:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(f"/desk/showcase?kind={kind}").status_code == 200
            found[kind] = len(asked)
        counts.append(found)
    assert counts[0] == counts[1] == {
        "achievement": 11, "live": 9, "benefit": 10, "comment": 9, "feedback": 9, "published": 9, "aired": 9,
    }  # fmt: skip
    assert Comment.objects.count() == Feedback.objects.count() == 4
