"""Honours on the phone: rounds for everybody, one's file, declaring, reviewing, objecting, checking a certificate."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast, closed
from tests.recognition.honours.playing import (
    CLOSE,
    START,
    helped,
    in_review,
    opened,
    plan,
    ranked,
    reviewers,
    rival,
)
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import steps
from xianfeng.foundation.people.models import Person
from xianfeng.recognition.honours import certificates
from xianfeng.recognition.honours.models import Candidacy, Dossier, Honour, Objection
from xianfeng.recognition.honours.operations import deciding, rounds


@pytest.fixture
def moment() -> Iterator[time_machine.Traveller]:
    """The clock, standing at the first day of a round; the cast is made before it."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def browser(person: Person | None = None) -> Client:
    """Return a browser, of somebody who signed in or of a visitor."""
    client = Client()
    if person:
        client.cookies["xf_session"] = steps.open_session(person, "test", clock.now())
    return client


def test_a_draft_is_nobodys_and_an_open_round_is_everybodys(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    draft = rounds.draft(plan(cast), by=cast.staff)
    anybody = browser()
    assert anybody.get(reverse("portal:honour-round", args=[draft.pk])).status_code == 404
    rounds.open_round(draft.pk, by=cast.staff)
    assert anybody.get(reverse("portal:honour-round", args=[draft.pk])).status_code == 200
    assert [card.row.pk for card in anybody.get(reverse("portal:honours")).context["rounds"]] == [draft.pk]


def test_a_pioneer_fills_the_file_once_and_declares_with_it(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    matter = closed(cast, cast.pioneer)
    about = opened(cast)
    client, pioneer = browser(cast.pioneer.spokesperson), cast.pioneer
    own = reverse("portal:honour-file", args=[pioneer.pk])
    assert len(client.get(own).context["gaps"]) == 3
    client.post(own, {"profile": "做了二十年电工，" * 5, "specialities": ["electric"]})
    client.post(reverse("portal:honour-deed", args=[pioneer.pk]), {"title": "雨夜抢修", "day": "2026-07-01"})
    client.post(reverse("portal:honour-need", args=[pioneer.pk]), {"number": matter.number})
    sent = SimpleUploadedFile("a.pdf", b"%PDF-1.7 x", "application/pdf")
    client.post(reverse("portal:honour-document", args=[pioneer.pk]), {"title": "证书", "document": sent})
    row = Dossier.objects.get()
    assert sorted(row.items.values_list("kind", flat=True)) == ["deed", "file", "matter"]
    page = client.get(reverse("portal:honour-declare", args=[about.pk]))
    assert (page.context["gaps"], [one.met for one in page.context["answers"]]) == ([], [True])
    client.post(
        reverse("portal:honour-declare", args=[about.pk]), {"pioneer": pioneer.pk, "statement": "请考虑我"}
    )
    declared = Candidacy.objects.get()
    assert (declared.state, declared.how, declared.items.count()) == ("declared", "self", 3)
    client.post(reverse("portal:honour-withdraw", args=[declared.pk]))
    declared.refresh_from_db()
    assert declared.state == "withdrawn"


@pytest.mark.parametrize(
    ("name", "given", "status"),
    [
        ("honour-deed", {"title": " "}, 422), ("honour-deed", {"title": "事", "day": "昨天"}, 422),
        ("honour-need", {"number": "没有"}, 422), ("honour-document", {"title": "空的"}, 422),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_file_is_told(
    moment: time_machine.Traveller, cast: Cast, name: str, given: dict[str, str], status: int
) -> None:
    client = browser(cast.pioneer.spokesperson)
    assert client.post(reverse(f"portal:{name}", args=[cast.pioneer.pk]), given).status_code == status


def test_the_file_of_somebody_else_is_not_there(moment: time_machine.Traveller, cast: Cast) -> None:
    about = opened(cast)
    client = browser(cast.resident)
    assert client.get(reverse("portal:honour-file", args=[cast.pioneer.pk])).status_code == 404
    assert client.get(reverse("portal:honour-declare", args=[about.pk])).status_code == 404
    assert browser().get(reverse("portal:honour-file", args=[cast.pioneer.pk])).status_code == 302


def test_reviewers_score_on_the_phone_and_others_find_nothing(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    helped(cast, cast.pioneer)
    about, (row,) = in_review(cast, moment, [cast.pioneer])
    first, second, _ = reviewers(about)
    page = reverse("portal:honour-review", args=[about.pk])
    client = browser(first)
    assert client.get(page).context["open"] == 1
    sent = reverse("portal:honour-score", args=[row.pk])
    for points in ("101", "很好", ""):
        assert client.post(sent, {"p-1": points}).status_code == 422
    client.post(sent, {"p-1": "88"})
    assert list(row.scores.values_list("points", flat=True)) == [88]
    assert browser(second).get(page).context["given"] == 0
    client.post(sent, {"keep_out": "1"})
    assert client.get(page).context["open"] == 0
    assert browser(cast.resident).get(page).status_code == 404


def test_anybody_who_signed_in_objects_and_reads_the_answer_but_not_who_objected(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    helped(cast, cast.pioneer)
    about, (row,) = ranked(cast, moment, [cast.pioneer], [90])
    deciding.announce(about.pk, by=cast.staff)
    client = browser(cast.resident)
    page = reverse("portal:honour-object", args=[row.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"text": " "}).status_code == 422
    client.post(page, {"text": "这件事有疑问"})
    deciding.answer(Objection.objects.get().pk, "查过了，属实", upheld=False, by=cast.staff)
    shown = browser().get(reverse("portal:honour-round", args=[about.pk])).content.decode()
    assert "查过了，属实" in shown
    assert "这件事有疑问" not in shown
    assert cast.pioneer.name in shown


def test_a_certificate_is_read_and_its_code_checked_by_anybody_until_it_is_revoked(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    helped(cast, cast.pioneer)
    about, _ = ranked(cast, moment, [cast.pioneer], [90])
    deciding.announce(about.pk, by=cast.staff)
    moment.shift(timedelta(days=20))
    deciding.decide(about.pk, by=cast.staff)
    honour, anybody = Honour.objects.get(), browser()
    paper = anybody.get(reverse("portal:honour-paper", args=[honour.code]))
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    page = reverse("portal:honour-check")
    assert anybody.get(page, {"code": certificates.shown(honour.code)}).context["found"].stands == "valid"
    assert anybody.get(page, {"code": "假的"}).context["found"] is None
    cards = anybody.get(reverse("portal:honours")).context["cards"]
    assert [card.one.pioneer.pk for card in cards] == [cast.pioneer.pk]
    deciding.revoke(honour.pk, "弄虚作假", by=cast.staff)
    assert "弄虚作假" in anybody.get(page, {"code": honour.code}).content.decode()
    assert anybody.get(reverse("portal:honour-paper", args=[honour.code])).status_code == 404
    assert anybody.get(reverse("portal:honours")).context["cards"] == []


@pytest.mark.parametrize("many", [1, 3])
def test_pages_ask_the_same_at_one_and_at_three(
    moment: time_machine.Traveller, cast: Cast, many: int
) -> None:
    everybody = [cast.pioneer, rival(cast), rival(cast, 61, "先锋丁")][:many]
    helped(cast, *everybody)
    about, _ = in_review(cast, moment, everybody)
    client = browser(reviewers(about)[0])
    pages = {
        reverse("portal:honours"): 5, reverse("portal:honour-round", args=[about.pk]): 9,
        reverse("portal:honour-review", args=[about.pk]): 8,
    }  # fmt: skip
    found = {}
    for path in pages:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        found[path] = len(asked)
    assert found == pages
    assert clock.now() > CLOSE
