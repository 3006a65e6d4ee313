"""Award rounds on the desk: set up by a form, run step by step, refused where it was asked."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast
from tests.doors.desk.conftest import Enter
from tests.recognition.honours.playing import CLOSE, START, helped, opened, plan, ranked, reviewers, rival
from xianfeng.foundation.places import tree
from xianfeng.recognition.honours.models import Candidacy, Dossier, Honour, Nurturing, Round, Step
from xianfeng.recognition.honours.operations import deciding, declaring, dossiers, reviewing, rounds


@pytest.fixture
def moment() -> Iterator[time_machine.Traveller]:
    """The clock, standing at the first day of a round; the cast is made before it."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def form(cast: Cast, **more: str) -> dict[str, str]:
    """Return the form of a round as staff fill it in."""
    given = {
        "name": "三八红旗手评选", "organisation": str(cast.organisation.pk), "title": "red-banner", "level": "county",
        "since": "2026-01-01", "until": "2026-12-31", "opens": "2026-12-20", "closes": "2026-12-26",
        "review": "2026-12-30", "notice_days": "5", "rule-services": "1", "rule-services-n": "1",
        "rule-services-months": "12", "weight-index": "40", "criterion-0": "事迹", "weight-0": "60",
        "quota-0-places": "1", "reviewers": "13800000201\n13800000202\n13800000203\n",
    }  # fmt: skip
    return {**given, **more}


def do(client: Client, about: Round, name: str, **given: Any) -> Any:
    return client.post(reverse("desk:round-move", args=[about.pk, name]), given)


def test_a_round_is_set_up_by_the_form_alone_and_changed_while_it_is_a_draft(
    moment: time_machine.Traveller, cast: Cast, staff: Client
) -> None:
    assert staff.get(reverse("desk:round-new")).status_code == 200
    response = staff.post(reverse("desk:round-new"), form(cast))
    about = Round.objects.get()
    assert response["Location"] == reverse("desk:round", args=[about.pk])
    assert (about.opens_at, about.closes_at) == (START.replace(hour=0), CLOSE.replace(hour=0))
    assert [(one.kind, one.n, one.months) for one in about.rules.all()] == [("services", 1.0, 12)]
    assert [(one.source, one.weight) for one in about.criteria.order_by("position")] == [
        ("index", 40),
        ("review", 60),
    ]
    assert about.reviewers.get(chair=True).person.pk == reviewers(about)[0].pk
    change = reverse("desk:round-change", args=[about.pk])
    page = staff.get(change)
    assert page.context["typed"]["closes"] == "2026-12-26"
    staff.post(change, form(cast, notice_days="7"))
    about.refresh_from_db()
    assert about.notice_days == 7


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"weight-0": "50"}, "criteria"), ({"since": "昨天"}, "since"), ({"notice_days": "很久"}, "notice_days"),
        ({"rule-services-n": "多"}, "rules"), ({"quota-0-places": "x"}, "quotas"), ({"reviewers": "138"}, "mobile"),
        ({"organisation": "9999999999999999999999"}, "organisation"), ({"quota-0-area": "nowhere"}, "quotas"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_form_is_told_and_what_was_typed_stays(
    moment: time_machine.Traveller, cast: Cast, staff: Client, more: dict[str, str], field: str
) -> None:
    response = staff.post(reverse("desk:round-new"), form(cast, **more))
    assert response.status_code == 422
    assert list(response.context["errors"]) == [field]
    assert response.context["typed"]["name"] == "三八红旗手评选"
    assert not Round.objects.exists()


def test_a_round_is_run_to_its_certificate_by_buttons(
    moment: time_machine.Traveller, cast: Cast, staff: Client
) -> None:
    helped(cast, cast.pioneer)
    third = rival(cast)
    about = rounds.draft(plan(cast), by=cast.staff)
    do(staff, about, "open")
    field = staff.get(reverse("desk:round-candidates", args=[about.pk]))
    assert [(one.name, one.fine) for one in field.context["rows"]] == [
        (cast.pioneer.name, True),
        (third.name, False),
    ]
    do(staff, about, "declare", pioneer=cast.pioneer.pk)
    early = do(staff, about, "close")
    assert early.status_code == 409
    moment.move_to(CLOSE)
    do(staff, about, "close")
    row = Candidacy.objects.get()
    lacking = do(staff, about, "rank")
    assert (lacking.status_code, row.state) == (409, "admitted")
    assert cast.pioneer.name in lacking.content.decode()
    for person in reviewers(about):
        reviewing.score(row.pk, {1: 80}, by=person)
    do(staff, about, "rank")
    do(staff, about, "announce")
    objection = deciding.object_to(row.pk, "不是他做的", by=cast.resident)
    moment.shift(timedelta(days=10))
    assert do(staff, about, "decide").status_code == 409
    do(staff, about, "answer", objection=objection.pk, words="查过了，是他", upheld="0")
    do(staff, about, "decide")
    honour = Honour.objects.get()
    assert staff.get(reverse("desk:round", args=[about.pk])).status_code == 200
    given = staff.get(reverse("desk:honours-given"))
    assert [row[0].pk for row in given.context["rows"]] == [honour.pk]
    assert staff.post(reverse("desk:honour-revoke", args=[honour.pk]), {"words": ""}).status_code == 422
    staff.post(reverse("desk:honour-revoke", args=[honour.pk]), {"words": "弄虚作假"})
    honour.refresh_from_db()
    assert honour.revoked_reason == "弄虚作假"


def test_rounds_of_others_are_not_there_and_residents_find_no_desk(
    moment: time_machine.Traveller, cast: Cast, staff: Client, enter: Enter
) -> None:
    about = opened(cast)
    stranger, resident = enter(cast.other_staff), enter(cast.resident)
    for path in ("round", "round-candidates", "round-change"):
        assert stranger.get(reverse(f"desk:{path}", args=[about.pk])).status_code == 404
    assert do(stranger, about, "cancel", words="不要了").status_code == 404
    assert do(staff, about, "nonsense").status_code == 404
    for path in ("honours", "round-new", "honours-given", "honour-titles"):
        assert resident.get(reverse(f"desk:{path}")).status_code == 404
        assert staff.get(reverse(f"desk:{path}")).status_code == 200


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_of_a_round_asks_the_same_at_one_and_at_three(
    moment: time_machine.Traveller, cast: Cast, staff: Client, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        tree, "_LOOK_EVERY_SECONDS", 3600.0
    )  # no look at the areas' version falls into the count
    everybody = [cast.pioneer, rival(cast), rival(cast, 61, "先锋丁")][:many]
    helped(cast, *everybody)
    about, _ = ranked(cast, moment, everybody, [90, 80, 70][:many])
    pages = {"round": 12, "round-candidates": 10}
    for name, most in pages.items():
        with CaptureQueriesContext(connection) as asked:
            assert staff.get(reverse(f"desk:{name}", args=[about.pk])).status_code == 200
        assert len(asked) == most
    with CaptureQueriesContext(connection) as asked:
        staff.get(reverse("desk:honours"))
    assert len(asked) == 4


def test_declaring_through_the_field_needs_an_open_round(
    moment: time_machine.Traveller, cast: Cast, staff: Client
) -> None:
    about = opened(cast)
    declaring.declare(about.pk, cast.pioneer.pk, by=cast.pioneer.spokesperson)
    moment.move_to(CLOSE)
    assert do(staff, about, "declare", pioneer=cast.pioneer.pk).status_code == 409
    assert do(staff, about, "declare", pioneer="x").status_code == 404


def test_staff_confirm_pioneers_of_the_month_and_nurture_whom_people_praise(
    cast: Cast, staff: Client
) -> None:
    month = staff.get(reverse("desk:honour-month"))
    assert (month.status_code, month.context["proposed"]) == (200, [])
    scope = month.context["scope"]
    sent = {"month": "2026-03", "scope": scope, "pioneer": cast.pioneer.pk}
    assert staff.post(reverse("desk:honour-month-confirm"), sent).status_code == 409
    assert staff.post(reverse("desk:honour-month-confirm"), {**sent, "scope": "a1"}).status_code == 404
    pool, office = reverse("desk:honour-pool"), str(cast.organisation.pk)
    given = {
        "act": "enter", "name": "热心人", "mobile": "13800000077", "organisation": office, "area": cast.here.code,
        "deed": "天天扫雪",
    }  # fmt: skip
    assert staff.post(pool, {**given, "area": "nowhere"}).status_code == 422
    assert staff.post(pool, given).status_code == 302
    row = Dossier.objects.get()
    dossiers.tell_deed(row.pk, dossiers.Deed("帮人搬家"), by=cast.resident)
    assert [one.pk for one in staff.get(pool).context["pool"]] == [row.pk]
    training = {
        "act": "take-up",
        "dossier": row.pk,
        "organisation": office,
        "plan": "跟着学",
        "training": "听课\n跟单",
    }
    assert staff.post(pool, {**training, "mobile": "13800000077"}).status_code == 422  # oneself
    assert staff.post(pool, {**training, "mobile": "13800000005"}).status_code == 302
    step = Step.objects.order_by("position")[0]
    staff.post(pool, {"act": "tick", "step": step.pk})
    step.refresh_from_db()
    assert step.done_at is not None
    staff.post(pool, {"act": "finish", "nurturing": step.nurturing_id})
    assert Nurturing.objects.get().ended_at is not None
    assert staff.post(pool, {"act": "dance"}).status_code == 404


def test_the_last_day_that_staff_wrote_is_the_last_day_that_is_shown(
    moment: time_machine.Traveller, cast: Cast, staff: Client
) -> None:
    staff.post(reverse("desk:round-new"), form(cast))
    about = Round.objects.get()
    assert (timezone.localtime(about.last_day).date().isoformat(), about.closes_at) == (
        "2026-12-26",
        CLOSE.replace(hour=0),
    )
    shown = staff.get(reverse("desk:round", args=[about.pk])).content.decode()
    assert "12 月 26 日" in shown
    assert "12 月 27 日" not in shown
