"""What one side says apart the other side never reads, wherever case text is shown; and what is kept of persons."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast, somebody
from tests.doors.portal.browsers import signed
from tests.matters.test_telling import deliver
from tests.matters.watching import refused
from tests.services.mediation.playing import (
    MOBILE,
    agreed,
    mediator,
    opened,
    talking,
)
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy import erasing, telling
from xianfeng.foundation.record import verify
from xianfeng.foundation.record.models import Announcement, Entry, Outbox
from xianfeng.services.mediation import papers, queries
from xianfeng.services.mediation.models import Agreement, Case, Party, Talk
from xianfeng.services.mediation.operations import agreeing, leading, lessons, opening
from xianfeng.services.mediation.operations import talking as talks
from xianfeng.services.mediation.operations.opening import Named

SECRET = "底线是两千块"  # said apart by the resident
PART = "两千块"
ANSWER = "我替您去说说看"  # said apart to the resident by the mediator


@pytest.fixture(autouse=True)
def plain_files(settings: Any, tmp_path: Any) -> None:
    """Static files need not have been collected."""
    store = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES, settings.STATIC_ROOT = {**settings.STORAGES, "staticfiles": store}, tmp_path


def _spoken(cast: Cast) -> Case:
    """Return a case with something said apart on the resident's side, an agreement, and a lesson to come."""
    case = agreed(cast)
    assert case.mediator is not None
    number = case.matter.number
    talks.say(number, SECRET, by=cast.resident, channel="applicant")
    talks.say(number, ANSWER, by=case.mediator, channel="applicant")
    talks.say(number, "大家好好谈", by=case.mediator)
    deliver()
    return queries.whole().get(pk=case.pk)


def _others(cast: Cast) -> list[Person | None]:
    """Return everybody who must not read it: the other side, staff, other pioneers, a stranger, a visitor."""
    return [
        cast.stranger,
        cast.staff,
        cast.city_staff,
        cast.other_staff,
        cast.pioneer.spokesperson,
        cast.member,
        None,
    ]


def _hides(browser: Client, path: str) -> None:
    response = browser.get(path)
    whole = response.content.decode("utf-8", "replace")
    if response.headers.get("Content-Type", "").startswith("application/json"):
        whole = json.dumps(json.loads(whole), ensure_ascii=False)
    assert SECRET not in whole, path
    assert ANSWER not in whole, path


Paths = Callable[[Case], list[str]]
PLACES: dict[str, Paths] = {
    "need page": lambda case: [f"/need/{case.matter.number}"],
    "case page": lambda case: [f"/court/{case.matter.number}", "/court"],
    "search": lambda _: [f"/needs?q={PART}", f"/achievements?q={PART}", f"/desk/matters?q={PART}"],
    "export of own data": lambda _: ["/me/data", "/me/data.json"],
    "export of staff": lambda _: ["/desk/export/matters", "/desk/export/matters?format=csv"],
    "api": lambda case: [
        f"/api/v1/matters/{case.matter.number}", f"/api/v1/cases/{case.matter.number}", "/api/v1/cases",
        f"/api/v1/cases/{case.matter.number}/talks", "/api/v1/me/data", "/api/v1/notices",
    ],
    "pdf": lambda case: [f"/court/{case.matter.number}/agreement.pdf"],
    "notices": lambda _: ["/me/inbox"],
    "record sentences": lambda case: [f"/desk/matters/{case.matter.number}", f"/desk/court/{case.matter.number}"],
    "calendar": lambda _: ["/court/dates.ics"],
    "lessons": lambda _: ["/court/lessons", "/api/v1/lessons"],
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_what_was_said_apart_is_read_by_nobody_else(cast: Cast, place: str) -> None:
    case = _spoken(cast)
    for person in _others(cast):
        for path in PLACES[place](case):
            _hides(signed(person), path)


def test_the_own_side_and_the_mediator_read_it_and_both_pages_show_the_common_talk(cast: Cast) -> None:
    case = _spoken(cast)
    for person in (cast.resident, case.mediator):
        page = signed(person).get(f"/court/{case.matter.number}").content.decode()
        assert SECRET in page
        assert ANSWER in page
    other = signed(cast.stranger).get(f"/court/{case.matter.number}").content.decode()
    assert "大家好好谈" in other
    assert "和调解员单独说了一段话" not in other


def test_that_the_other_side_spoke_apart_is_not_told_either(cast: Cast) -> None:
    case = _spoken(cast)
    assert [one.code for one in queries.life(case, by=cast.stranger)].count("case.spoke-apart") == 0
    assert [one.code for one in queries.life(case, by=cast.resident)].count("case.spoke-apart") == 2
    assert not Notice.objects.filter(person=cast.stranger, code__startswith="case.spoke-apart").exists()
    assert Notice.objects.filter(person=cast.resident, code="case.spoke-apart.party").count() == 1


def test_nobody_speaks_into_the_other_sides_talk(cast: Cast) -> None:
    number = talking(cast).matter.number
    for person in (cast.stranger, cast.staff, cast.member):
        with refused("not-found"):
            talks.say(number, "偷听", by=person, channel="applicant")
    assert not Talk.objects.exists()


def test_two_on_one_side_read_the_same_talk_and_who_left_reads_no_more(cast: Cast) -> None:
    mediator(cast)
    friend = somebody(51, "同伴")
    number = opened(cast, others=[Named("同伴", MOBILE.format(51))]).matter.number
    for person in (friend, cast.stranger):
        case = opening.consent(number, by=person)
    talks.say(number, SECRET, by=cast.resident, channel="applicant")
    assert len(queries.talks(case, by=friend)) == 1
    opening.leave(number, by=friend)
    assert queries.talks(queries.case_for(friend, number), by=friend) == []


def test_a_mediator_who_was_replaced_reads_no_more(cast: Cast) -> None:
    case = talking(cast)
    first = case.mediator
    assert first is not None
    talks.say(case.matter.number, SECRET, by=cast.resident, channel="applicant")
    mediator(cast, 42, "调解员乙")
    leading.object_to(case.matter.number, "和对方熟", by=cast.resident)
    with refused("not-found"):
        queries.case_for(first, case.matter.number)
    _hides(signed(first), f"/court/{case.matter.number}")


def test_the_record_the_outbox_and_every_table_keep_no_word_of_a_case_in_clear(cast: Cast) -> None:
    case = _spoken(cast)
    agreement = Agreement.objects.get()
    agreeing.keep_paper(case.matter.number, by=cast.resident, address="https://example.com/check")
    for model in (Entry, Outbox, Announcement, Notice, Talk, Party, Agreement, Case):
        rows = list(model.objects.values_list())
        whole = str([[bytes(one) if isinstance(one, memoryview) else one for one in row] for row in rows])
        for words in (SECRET, ANSWER, "大家好好谈", "赔三千元", "对门邻居"):
            assert words not in whole, (model, words)
    assert agreement.digest in str(list(Entry.objects.values_list("new")))


def test_the_paper_is_made_once_kept_with_its_hash_and_checked_by_its_code_without_a_name(cast: Cast) -> None:
    case = _spoken(cast)
    path = f"/court/{case.matter.number}/agreement.pdf"
    first = signed(cast.stranger).get(path)
    assert first.headers["Content-Type"] == "application/pdf"
    assert signed(cast.resident).get(path).content == first.content
    row = Agreement.objects.get()
    assert row.paper_hash == hashlib.sha256(papers.kept(row)).hexdigest()
    for person in (cast.staff, cast.member):
        assert signed(person).get(path).status_code == 404
    page = Client().get(f"/court/check?code={papers.shown(row.code)}").content.decode()
    assert row.digest in page
    for words in ("居民", "3,000", "赔三千元", case.matter.number):
        assert words not in re.sub(r"<[^>]+>", "", page), words
    told = Client().get(f"/api/v1/agreements/check/{row.code}").json()
    assert (told["state"], told["signatures"], told["paper_sha256"]) == ("in-force", 2, row.paper_hash)
    assert Client().get("/api/v1/agreements/check/AAAABBBBCCCC").status_code == 404


def test_a_file_that_was_changed_is_not_the_one(cast: Cast) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    case = _spoken(cast)
    content = signed(cast.resident).get(f"/court/{case.matter.number}/agreement.pdf").content
    code = Agreement.objects.get().code
    for given, words in ((content, "就是这份文件"), (content + b" ", "不是原来的文件")):
        file = SimpleUploadedFile("a.pdf", given, "application/pdf")
        assert words in Client().post("/court/check", {"code": code, "file": file}).content.decode()


def test_a_person_is_told_their_cases_own_words_and_what_they_signed(cast: Cast) -> None:
    _spoken(cast)
    told = telling.own_data(cast.resident)
    assert [row["text"] for row in told["case_talks"]] == [SECRET]
    assert (len(told["cases"]), len(told["agreements"]), len(told["duties"])) == (1, 1, 1)
    other = telling.own_data(cast.stranger)
    assert (len(other["cases"]), other["case_talks"]) == (1, [])


def test_every_section_and_field_has_its_name_in_both_languages(cast: Cast) -> None:
    case = _spoken(cast)
    assert case.mediator is not None
    for person in (cast.resident, case.mediator):
        for name, rows in telling.own_data(person).items():
            for key in {name, *(field for row in rows if isinstance(row, dict) for field in row)}:
                assert telling.label(key, "zh") != key.replace("_", " ") or key == "made_at", key


def test_who_leaves_goes_out_of_what_runs_and_leaves_no_words(cast: Cast) -> None:
    case = talking(cast)
    talks.say(case.matter.number, SECRET, by=cast.stranger, channel="respondent")
    erasing.erase("0009", by=cast.stranger)
    case = queries.whole().get(pk=case.pk)
    assert (case.state, Talk.objects.count()) == ("failed", 0)
    assert Party.objects.get(person=cast.stranger).name_sealed is None
    assert list(verify.chain_findings()) == []


def test_an_agreement_that_is_still_owed_stays_for_the_other_side(cast: Cast) -> None:
    case = agreed(cast)
    agreeing.keep_paper(case.matter.number, by=cast.resident, address="https://example.com/check")
    erasing.erase("0009", by=cast.stranger)
    row = Agreement.objects.get()
    assert queries.whole().get(pk=case.pk).state == "agreed"
    assert row.text_sealed is not None
    assert row.paper_sealed is not None
    assert queries.agreement(queries.case_for(cast.resident, case.matter.number), by=cast.resident) == row


def test_a_mediator_who_leaves_is_replaced(cast: Cast) -> None:
    case = talking(cast)
    second = mediator(cast, 42, "调解员乙")
    assert case.mediator is not None
    erasing.erase("0041", by=case.mediator)
    assert queries.whole().get(pk=case.pk).mediator == second


def test_a_lesson_of_a_case_says_nothing_of_what_was_said_apart(cast: Cast) -> None:
    case = talking(cast)
    assert case.mediator is not None
    talks.say(case.matter.number, SECRET, by=cast.resident, channel="applicant")
    talks.fail(case.matter.number, "没谈成", by=case.mediator)
    row = lessons.draft(case.matter.number, by=case.mediator)
    assert SECRET not in row.title + row.text
