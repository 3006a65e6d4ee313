"""The public portrait as its readers meet it: words, drawings, the paper; what is private stays out."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, closed, need
from tests.doors.portal.browsers import signed, text
from tests.recognition.showcase.showing import published
from xianfeng.foundation.people import operations as people
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.rating import Stars, rate
from xianfeng.recognition.merit import operations as merit
from xianfeng.recognition.portraits import drawing


def test_anybody_reads_counts_drawings_and_services_and_no_gap(client: Client, cast: Cast) -> None:
    people.change_profile(by=cast.resident, name="王小明")
    cast.resident.refresh_from_db()
    closed(cast)
    merit.refresh(force=True)
    answer = client.get(f"/pioneer/{cast.pioneer.pk}/portrait")
    told, page = text(answer), answer.content.decode()
    for words in (
        "先锋甲",
        "一共办成 1 件",
        "在哪里帮过人",
        "灯坏了，帮忙看看",
        "王**",
        "4.0 星",
        "先锋指数",
    ):
        assert words in told, words
    assert "还差的" not in told
    assert "打分还少" not in told
    assert "王小明" not in told
    for drawn in ('class="radar"', 'class="pt-map"', 'class="pt-mark"'):
        assert drawn in page
    assert "<style" not in page
    assert " style=" not in page


def test_the_own_side_reads_gaps_and_others_do_not(cast: Cast) -> None:
    address = f"/pioneer/{cast.pioneer.pk}/portrait"
    closed(cast)
    assert "打分还少：办成 1 件，只有 1 次打分" in text(signed(cast.pioneer.spokesperson).get(address))
    for reader in (None, cast.resident, cast.second.spokesperson, cast.staff):
        assert "打分还少" not in text(signed(reader).get(address))


def test_the_portrait_of_a_suspended_pioneer_is_not_there_and_looks_like_none(
    client: Client, cast: Cast
) -> None:
    people.suspend(cast.pioneer.pk, by=cast.staff, reason="核实中")
    answers = [
        client.get(f"/pioneer/{pk}/portrait{end}")
        for pk in (cast.pioneer.pk, 999_999)
        for end in ("", ".pdf")
    ]
    assert [one.status_code for one in answers] == [404] * 4


def test_a_collective_has_a_portrait_and_it_reads_english(cast: Cast) -> None:
    matter = claim(need(cast.resident).number, by=cast.speaker, pioneer=cast.collective)
    report_done(matter.number, Report("好了"), by=cast.speaker)
    rate(matter.number, Stars(5, 5, 5), by=cast.resident)
    told = text(signed(None, "en").get(f"/pioneer/{cast.collective.pk}/portrait"))
    for words in ("Team", "1 done", "Where help was given", "What they really do"):
        assert words in told, words


def test_the_paper_comes_as_pdf(client: Client, cast: Cast) -> None:
    closed(cast)
    answer = client.get(f"/pioneer/{cast.pioneer.pk}/portrait.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_eight_statements_of_a_visitor_and_ten_of_who_signed_in(cast: Cast, rows: int) -> None:
    for at in range(rows):
        closed(cast)
        published(cast, title=f"办法{at}")
    merit.refresh(force=True)
    drawing.map_of([])
    counts = []
    for reader in (None, cast.resident):
        browser = signed(reader)
        with CaptureQueriesContext(connection) as seen:
            browser.get(f"/pioneer/{cast.pioneer.pk}/portrait")
        counts.append(len(seen))
    assert counts == [8, 10]
