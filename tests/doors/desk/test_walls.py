"""Who comes in, and how far: every address of the desk, asked by those who have no business there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from tests.cast import Cast, closed, done, need
from tests.doors.desk.conftest import Enter
from tests.matters.watching import watching
from tests.recognition.honours.playing import plan
from tests.recognition.showcase.showing import submitted
from xianfeng.doors.desk import operations
from xianfeng.doors.desk.importing import keeping
from xianfeng.doors.desk.models import Export, PeopleList
from xianfeng.doors.desk.urls import urlpatterns
from xianfeng.foundation.kernel import clock, keyring
from xianfeng.foundation.people.models import Pioneer
from xianfeng.matters.models import AbuseReport, Matter, Rating
from xianfeng.matters.operations.abuse import report_abuse
from xianfeng.matters.operations.handling import Report
from xianfeng.recognition.honours.operations import rounds

GET = {
    "queue",
    "matters",
    "pioneers",
    "recognise",
    "firms",
    "reports",
    "showcase",
    "undelivered",
    "exports",
    "keys",
    "people-lists",
    "people-list",
    "transfer",
    "matter",
    "pioneer",
    "rings",
    "honours",
    "honours-given",
    "honour-titles",
    "honour-month",
    "honour-pool",
    "round-new",
    "round",
    "round-change",
    "round-candidates",
    "round-portraits",
    "portrait",
    "portrait-paper",
    "services",
    "service",
    "court",
    "deputies",
    "meetings",
}
CITY = {"undelivered", "keys", "services", "service", "deputies"}  # for staff of the city alone
POST = {
    "service-save", "service-publish", "service-drop", "service-withdraw", "court-appoint", "court-decline",
    "deputies-draw", "deputies-open", "deputies-close", "deputies-judge",
    "team-form", "team-seat", "team-leave", "team-dissolve",
    "void-rating", "restore-rating", "honour-revoke", "honour-month-confirm", "round-new", "round-change",
    "round-move", "round-portraits",
    "issue-key", "revoke-key", "judge-show",
    "bulk", "save-filter", "drop-filter", "number", "move", "suspend", "reinstate", "verify-firm", "judge", "retry",
    "export", "recognise", "list-columns", "list-take", "list-drop", "people-lists", "transfer",
}  # fmt: skip
OWN = {
    "photo",
    "fetch",
    "report",
    "list-rejects",
    "portraits-fetch",
    "court-case",
}  # asked in tests of their own


def addresses(cast: Cast) -> dict[str, str]:
    """Return every address of the desk, filled with things that lie within the reach of staff here."""
    matter = done(cast, report=Report("修好了", benefit_yuan=1200))
    report = report_abuse("matter", matter.number, by=cast.stranger, reason="other")
    kept = operations.save_filter("我的", "state=open", by=cast.staff)
    export = operations.ask_export("matters", "", file_format="csv", language="zh-hans", by=cast.staff)
    Export.objects.filter(pk=export.pk).update(done_at=clock.now(), rows=0, path="exports/none.csv")
    sent = keeping.send("a.csv", b"x", organisation_id=None, language="zh-hans", by=cast.staff)
    PeopleList.objects.filter(pk=sent.pk).update(rejects_sealed=keyring.seal("people-list", "x"))
    shown, days = submitted(cast), {"opens_at": clock.now(), "closes_at": clock.now() + timedelta(days=7)}
    days |= {"review_until": clock.now() + timedelta(days=10)}
    rated, draft = closed(cast), rounds.draft(plan(cast, **days), by=cast.staff)
    rating = Rating.objects.get(handling__matter=rated)
    arguments: dict[str, list[object]] = {
        "judge-show": ["achievement", shown.pk, "publish"],
        "revoke-key": [1], "void-rating": [rating.pk], "restore-rating": [rating.pk], "honour-revoke": [1],
        "round": [draft.pk], "round-change": [draft.pk], "round-candidates": [draft.pk],
        "round-move": [draft.pk, "open"], "round-portraits": [draft.pk], "portraits-fetch": [1],
        "portrait": ["pioneer", cast.pioneer.pk], "portrait-paper": ["pioneer", cast.pioneer.pk],
        "matter": [matter.number], "number": [matter.number], "move": [matter.number, "verify"],
        "pioneer": [cast.pioneer.pk], "suspend": [cast.pioneer.pk], "reinstate": [cast.pioneer.pk],
        "judge": [report.pk], "drop-filter": [kept.pk], "fetch": [export.pk], "export": ["matters"],
        "transfer": [matter.number], "people-list": [sent.pk], "list-columns": [sent.pk], "list-take": [sent.pk],
        "list-drop": [sent.pk], "list-rejects": [sent.pk], "photo": ["none", "small"],
        "report": ["matter", matter.number],
        **{name: ["help-open"] for name in names() if name == "service" or name.startswith("service-")},
        **{name: ["1"] for name in ("court-case", "court-appoint", "court-decline")},
        "deputies-close": [1], "deputies-judge": [1, "publish"],
        "team-seat": [1], "team-leave": [1, 1], "team-dissolve": [1],
    }  # fmt: skip
    return {name: reverse(f"desk:{name}", args=arguments.get(name, [])) for name in names()}


def names() -> list[str]:
    return [str(one.name) for one in urlpatterns if isinstance(one, URLPattern)]


def test_every_address_is_walked_by_these_tests() -> None:
    assert set(names()) == GET | POST | OWN


def test_a_visitor_is_led_to_the_sign_in_page_everywhere(cast: Cast) -> None:
    known = addresses(cast)
    for name, address in known.items():
        answer = Client().post(address) if name in POST else Client().get(address)
        assert (name, answer.status_code) == (name, 302)
        assert answer["Location"].startswith(reverse("portal:sign-in"))


@pytest.mark.parametrize("who", ["resident", "pioneer", "stranger"])
def test_somebody_who_is_no_staff_finds_no_desk_and_moves_nothing(cast: Cast, enter: Enter, who: str) -> None:
    known = addresses(cast)
    found = getattr(cast, who)
    client = enter(found.spokesperson if isinstance(found, Pioneer) else found)
    with watching() as seen:
        for name in sorted(set(known) - {"report"}):
            if name in GET | OWN:
                assert (name, client.get(known[name]).status_code) == (name, 404)
            if name in POST:
                assert (name, client.post(known[name], {"move": "file", "format": "csv"}).status_code) == (
                    name,
                    404,
                )
    assert seen.nothing()


FOREIGN = [
    "matter",
    "number",
    "move",
    "pioneer",
    "suspend",
    "reinstate",
    "judge",
    "drop-filter",
    "fetch",
    "photo",
    "transfer",
    "people-list",
    "list-columns",
    "list-take",
    "list-drop",
    "list-rejects",
    "void-rating",
    "restore-rating",
    "round",
    "round-change",
    "round-candidates",
    "round-move",
    "round-portraits",
    "portrait",
    "portrait-paper",
]


def test_staff_of_another_organisation_find_nothing_of_ours_and_move_nothing(
    cast: Cast, enter: Enter
) -> None:
    known, client = addresses(cast), enter(cast.other_staff)
    given = {"side": "requester", "words": "因为", "hide": "1"}
    with watching() as seen:
        for name in FOREIGN:
            answer = client.post(known[name], given) if name in POST else client.get(known[name])
            assert (name, answer.status_code) == (name, 404)
    assert seen.nothing()


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("file", {}), ("decline", {"words": "不行"}), ("merge", {"survivor": "x"}), ("assign", {"pioneer": "1"}),
        ("extend", {"words": "等等"}), ("verify", {}), ("unprove", {"words": "不对"}), ("steal", {}),
    ],
)  # fmt: skip
def test_no_move_reaches_a_foreign_matter(cast: Cast, enter: Enter, name: str, given: dict[str, str]) -> None:
    matter, client = need(cast.resident), enter(cast.other_staff)
    with watching() as seen:
        answer = client.post(reverse("desk:move", args=[matter.number, name]), given)
    assert answer.status_code == 404
    assert seen.nothing()


def test_a_foreign_matter_is_filed_by_no_bulk(cast: Cast, enter: Enter) -> None:
    matter = need(cast.resident)
    Matter.objects.filter(pk=matter.pk).update(state="raised")
    client = enter(cast.other_staff)
    with watching() as seen:
        answer = client.post(reverse("desk:bulk"), {"move": "file", "numbers": [matter.number]})
    assert answer.status_code == 409
    assert seen.nothing()


SHOWN = {
    "queue": "灯坏了", "matters": "灯坏了", "pioneers": "先锋甲", "firms": "一家企业", "reports": "灯坏了",
}  # fmt: skip


def test_lists_of_staff_elsewhere_show_nothing_of_ours(cast: Cast, enter: Enter) -> None:
    addresses(cast)
    client = enter(cast.other_staff)
    for name, word in SHOWN.items():
        assert word not in client.get(reverse(f"desk:{name}")).content.decode()
    assert AbuseReport.objects.exists()


def test_lists_of_staff_here_and_of_the_city_show_what_is_ours(cast: Cast, enter: Enter) -> None:
    addresses(cast)
    for person in (cast.staff, cast.city_staff):
        client = enter(person)
        for name, word in SHOWN.items():
            assert word in client.get(reverse(f"desk:{name}")).content.decode()


def test_only_staff_of_the_city_mend_deliveries_and_verify_firms(cast: Cast, enter: Enter) -> None:
    assert enter(cast.staff).get(reverse("desk:undelivered")).status_code == 404
    assert enter(cast.staff).post(reverse("desk:retry")).status_code == 404
    assert enter(cast.staff).post(reverse("desk:verify-firm"), {}).status_code == 404
    assert enter(cast.city_staff).get(reverse("desk:undelivered")).status_code == 200


@pytest.mark.parametrize("name", sorted(GET))
def test_every_page_opens_for_staff_in_both_languages(cast: Cast, enter: Enter, name: str) -> None:
    address, client = addresses(cast)[name], enter(cast.city_staff if name in CITY else cast.staff)
    for language in ("zh-hans", "en"):
        client.cookies["xf_lang"] = language
        assert client.get(address).status_code == 200
