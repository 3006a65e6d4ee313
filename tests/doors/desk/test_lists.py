"""The lists: filters as the address, honest counts, the same statements at one row and at three."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast, need, recognised, somebody, taken
from tests.doors.desk.conftest import Enter
from tests.matters.watching import watching
from xianfeng.doors.desk import tasks
from xianfeng.doors.desk.models import SavedFilter, Title
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Firm, Pioneer, PioneerRemark
from xianfeng.foundation.record.models import Delivery, Outbox
from xianfeng.matters.operations.abuse import report_abuse

_many = iter(range(100, 999))


def titles(client: Client, query: str) -> list[str]:
    page = client.get(f"{reverse('desk:matters')}?{query}")
    return [row.title for row in page.context["rows"]]


ALL = ["修空调", "路灯坏了", "水管漏水"]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", ALL), ("state=taken", ["路灯坏了"]), ("state=x", ALL),
        ("service=help-open", ALL), ("service=help-booking", []), ("category=electric", ["路灯坏了"]),
        ("words=灯坏", ["路灯坏了"]), ("words=LED", []),
        ("words=%25%25", []), ("words=水管 漏水", []), ("words=灯", []),
        ("since=2099-01-01", []), ("until=2000-01-01", []), ("since=昨天", ALL),
         ("since=2026-02-31", ALL),
        ("listed=1", []), ("organisation=x", ALL),
    ],
)  # fmt: skip
def test_the_address_is_the_filter(cast: Cast, staff: Client, query: str, wanted: list[str]) -> None:
    for minutes, title in ((30, "水管漏水"), (20, "路灯坏了"), (10, "修空调")):
        with time_machine.travel(clock.now() - timedelta(minutes=minutes), tick=False):
            if title == "路灯坏了":
                taken(cast, title=title, category="electric")
            else:
                need(cast.resident, title, category="machines")
    tasks.index_titles()
    assert titles(staff, query) == wanted


def test_a_number_finds_its_matter(cast: Cast, staff: Client) -> None:
    matter = need(cast.resident)
    need(cast.resident, "另一件")
    assert titles(staff, f"words={matter.number}") == [matter.title]


def test_titles_get_their_keys_once_and_only_new_ones_are_looked_for(cast: Cast) -> None:
    first = need(cast.resident, "A 𠮷家的LED灯")
    assert (tasks.index_titles(), tasks.index_titles()) == (1, 0)
    assert Title.objects.get(matter=first).keys == sorted({"a𠮷", "𠮷家", "家的", "的l", "le", "ed", "d灯"})
    need(cast.resident)
    assert (tasks.index_titles(everything=True), tasks.index_titles(everything=True)) == (1, 0)


def test_pages_follow_each_other_without_gap_or_repetition(
    cast: Cast, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(catalogue.load("desk")["lists"], "page", 2)
    with time_machine.travel(clock.now(), tick=False):  # the same instant: the id decides
        numbers = [need(cast.resident).number for _ in range(5)]
    address, seen = reverse("desk:matters"), []
    while address:
        page = staff.get(address)
        seen += [row.number for row in page.context["rows"]]
        address = page.context["more"]
    assert seen == numbers[::-1]


def test_a_cursor_that_was_forged_is_refused(staff: Client) -> None:
    for name in ("queue", "matters", "pioneers", "firms"):
        assert staff.get(f"{reverse(f'desk:{name}')}?after=forged").status_code == 422


def test_counts_are_true_or_say_that_there_are_more(
    cast: Cast, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        need(cast.resident)
    assert staff.get(reverse("desk:matters")).context["how_many"] == "3 件"
    monkeypatch.setitem(catalogue.load("desk")["lists"], "count_most", 2)
    assert staff.get(reverse("desk:matters")).context["how_many"] == "超过 2 件"


def _pioneer(cast: Cast) -> object:
    return recognised("又一位", somebody(next(_many)), cast.organisation, cast.city_staff)


def _firm(cast: Cast) -> object:
    return people.verify_firm(
        "又一家", area_id=cast.here.id, responsible=cast.responsible, by=cast.city_staff
    )


def _report(cast: Cast) -> object:
    return report_abuse("matter", need(cast.resident).number, by=cast.stranger, reason="other")


def _failed(cast: Cast) -> object:
    event = need(cast.resident).pk
    outbox = Outbox.objects.filter(subject_id=event).order_by("-id")[0]
    return Delivery.objects.create(
        outbox=outbox, consumer="matters.notices", attempts=2, next_try_at=clock.now(), error="OSError"
    )


LISTS: dict[str, tuple[int, Callable[[Cast], object]]] = {
    "matters": (7, lambda cast: taken(cast)), "pioneers": (5, _pioneer), "firms": (4, _firm), "reports": (4, _report),
    "undelivered": (5, _failed),
}  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_at_one_row_and_at_three(
    cast: Cast, enter: Enter, name: str, rows: int
) -> None:
    statements, arrange = LISTS[name]
    client = enter(cast.city_staff)
    for _ in range(rows):
        arrange(cast)
    client.get(reverse(f"desk:{name}"))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse(f"desk:{name}"))
    assert len(asked) == statements


@pytest.mark.parametrize("rows", [1, 3])
def test_one_matter_costs_the_same_however_much_was_said(cast: Cast, staff: Client, rows: int) -> None:
    from xianfeng.matters.operations.talking import send_message

    matter = taken(cast)
    for number in range(rows):
        send_message(matter.number, f"第 {number} 句", by=cast.resident)
    staff.get(reverse("desk:matter", args=[matter.number]))
    with CaptureQueriesContext(connection) as asked:
        staff.get(reverse("desk:matter", args=[matter.number]))
    assert (
        len(asked) == 12
    )  # among them: was this look written within the hour, and what happened here before


def test_a_filter_is_kept_under_a_name_shown_and_dropped(cast: Cast, staff: Client, enter: Enter) -> None:
    answer = staff.post(reverse("desk:save-filter"), {"name": "在办的", "state": "taken", "category": ""})
    assert answer["Location"] == f"{reverse('desk:matters')}?state=taken"
    page = staff.get(reverse("desk:matters")).content.decode()
    assert page.count("在办的") == 3  # in the margin, in the list, and named by the button that drops it
    assert "在办的" not in enter(cast.city_staff).get(reverse("desk:matters")).content.decode()
    kept = SavedFilter.objects.get()
    staff.post(reverse("desk:drop-filter", args=[kept.pk]))
    assert not SavedFilter.objects.exists()


def test_the_same_name_again_means_the_new_filter(cast: Cast, staff: Client) -> None:
    for state in ("taken", "open"):
        staff.post(reverse("desk:save-filter"), {"name": "我的", "state": state})
    assert SavedFilter.objects.get().query == "state=open"


def test_a_failed_delivery_is_tried_again_at_once(cast: Cast, enter: Enter) -> None:
    client = enter(cast.city_staff)
    with time_machine.travel(clock.now(), tick=False):
        waiting = [_failed(cast), _failed(cast)][0]
        Delivery.objects.update(next_try_at=clock.now() + timedelta(hours=1))
        client.post(reverse("desk:retry"), {"delivery": waiting.pk})  # type: ignore[attr-defined]
        due = set(Delivery.objects.filter(next_try_at__lte=clock.now()).values_list("id", flat=True))
        assert due == {waiting.pk}  # type: ignore[attr-defined]
        client.post(reverse("desk:retry"))
        assert Delivery.objects.filter(next_try_at__lte=clock.now()).count() == 2


RECOGNISED = {
    "kind": "individual", "name": "新来的", "mobile": "13900000077", "title": "家园先锋", "level": "county",
    "skills": ["electric"], "motto": "随叫随到",
}  # fmt: skip


def test_a_pioneer_is_recognised_by_number(cast: Cast, staff: Client) -> None:
    given = RECOGNISED | {"organisation": cast.organisation.pk, "area": cast.here.code}
    answer = staff.post(reverse("desk:recognise"), given)
    pioneer = Pioneer.objects.get(name="新来的")
    assert answer["Location"] == reverse("desk:pioneer", args=[pioneer.pk])
    assert (pioneer.organisation_id, pioneer.spokesperson.name) == (cast.organisation.pk, "新来的")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"mobile": "12"}, "mobile"), ({"name": " "}, "name"), ({"skills": []}, "skills"), ({"area": "x"}, "area"),
        ({"organisation": "0"}, "organisation"), ({"organisation": "x"}, "organisation"), ({"title": ""}, "title"),
        ({"mobile": "13800000003"}, "mobile"),
    ],
)  # fmt: skip
def test_a_form_that_is_wrong_says_where_and_keeps_what_was_typed(
    cast: Cast, staff: Client, change: dict[str, object], field: str
) -> None:
    given = RECOGNISED | {"organisation": cast.organisation.pk, "area": cast.here.code} | change
    page = staff.post(reverse("desk:recognise"), given)
    assert 400 <= page.status_code < 500
    assert list(page.context["errors"]) == [field]
    assert "随叫随到" in page.content.decode()
    assert not Pioneer.objects.filter(name="新来的").exists()


def test_nobody_is_recognised_for_another_organisation_or_elsewhere(cast: Cast, staff: Client) -> None:
    for change in ({"organisation": cast.other_organisation.pk}, {"area": cast.there.code}):
        given = RECOGNISED | {"organisation": cast.organisation.pk, "area": cast.here.code} | change
        with watching() as seen:
            assert staff.post(reverse("desk:recognise"), given).status_code == 422
        assert seen.nothing()


def test_a_pioneer_is_suspended_and_reinstated_with_words_that_are_kept(cast: Cast, staff: Client) -> None:
    for name, words in (("suspend", "投诉核实中"), ("reinstate", "查清了")):
        staff.post(reverse(f"desk:{name}", args=[cast.pioneer.pk]), {"words": words})
        suspended = Pioneer.objects.get(pk=cast.pioneer.pk).suspended_at is not None
        assert suspended == (name == "suspend")
        assert words in staff.get(reverse("desk:pioneer", args=[cast.pioneer.pk])).content.decode()
    assert [one.text for one in PioneerRemark.objects.order_by("id")] == ["投诉核实中", "查清了"]


@pytest.mark.parametrize("name", ["suspend", "reinstate"])
def test_neither_is_done_without_words(cast: Cast, staff: Client, name: str) -> None:
    with watching() as seen:
        assert staff.post(reverse(f"desk:{name}", args=[cast.pioneer.pk]), {"words": ""}).status_code == 422
    assert seen.nothing()


def test_staff_of_the_city_verify_a_firm_by_the_number_of_its_responsible_person(
    cast: Cast, enter: Enter
) -> None:
    given = {"name": "新企业", "area": cast.here.code, "person": "负责人乙", "mobile": "13900000088"}
    enter(cast.city_staff).post(reverse("desk:verify-firm"), given)
    firm = Firm.objects.get(name="新企业")
    assert (firm.responsible.name, firm.area_id) == ("负责人乙", cast.here.id)


def test_somebody_reports_from_a_page_and_goes_back(cast: Cast, enter: Enter) -> None:
    matter, client = need(cast.resident), enter(cast.stranger)
    address = reverse("desk:report", args=["matter", matter.number])
    assert matter.title in client.get(address).content.decode()
    assert client.post(address, {"reason": "", "next": "/needs"}).status_code == 422
    answer = client.post(address, {"reason": "insult", "next": "/needs"})
    assert answer["Location"] == "/needs"
    assert matter.abuse_reports.get().reporter_id == cast.stranger.id


@pytest.mark.parametrize("hide", [True, False])
def test_a_report_is_judged_on_the_desk(cast: Cast, staff: Client, hide: bool) -> None:
    report = report_abuse("matter", need(cast.resident).number, by=cast.stranger, reason="other")
    given = {"words": "看过了", "hide": "1" if hide else ""}
    answer = staff.post(reverse("desk:judge", args=[report.pk]), given)
    assert answer["Location"] == reverse("desk:reports")
    report.refresh_from_db()
    assert (report.hidden, report.matter.hidden) == (hide, hide)
