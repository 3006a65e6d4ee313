"""Grabbing on the page: the bar says why when it is grey, and the sentence is the rule's own."""

import re

import pytest

from tests.cast import Cast, booked, need, recognised, taken
from tests.doors.portal.browsers import signed, text
from tests.matters.watching import watching
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.matters.models import Handling, Matter

GREY = r'<button class="xf-btn" type="button" aria-disabled="true" aria-describedby="why">'


def _why(browser_text: str) -> str:
    found = re.search(r'id="why">.*?</svg>(.*?)</p>', browser_text)
    assert found, browser_text[:200]
    return found[1]


def test_the_bar_names_the_remaining_capacity(cast: Cast) -> None:
    taken(cast)
    page = text(signed(cast.pioneer.spokesperson).get(f"/need/{need(cast.resident).number}"))
    assert "先按先得。您手上 1 件，还能接 2 件" in page
    english = text(signed(cast.second.spokesperson, "en").get(f"/need/{need(cast.resident).number}"))
    assert "asked for help" in english


def test_a_visitor_is_led_to_sign_in_and_back(cast: Cast) -> None:
    number = need(cast.resident).number
    page = signed(None).get(f"/need/{number}").content.decode()
    assert f'href="/sign-in?next=/need/{number}"' in page
    sent = signed(None).post(f"/need/{number}/claim")
    assert sent.status_code == 302
    assert sent["Location"].startswith("/sign-in?next=")
    assert Matter.objects.get(number=number).state == "open"


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("full", "您手上已有 3 件，办好一件再接"),
        ("kin", "这是您自己人（团队或企业）的求助，留给别人来帮"),
        ("suspended", "您的接单资格暂停了，请问推荐您的单位"),
        ("nobody", "先锋才能接单。想当先锋，请找您的单位推荐"),
    ],
)
def test_a_grey_bar_says_why_and_the_claim_says_the_same(cast: Cast, case: str, sentence: str) -> None:
    asker, person = cast.resident, cast.pioneer.spokesperson
    if case == "full":
        for _ in range(3):
            taken(cast)
    elif case == "kin":
        asker, person = cast.member, cast.speaker
    elif case == "suspended":
        people.suspend(cast.pioneer.id, by=cast.city_staff, reason="核查")
    else:
        person = cast.stranger
    number, browser = need(asker).number, signed(person)
    page = browser.get(f"/need/{number}").content.decode()
    assert re.search(GREY, page)
    assert _why(page) == sentence
    with watching() as seen:
        refused = browser.post(f"/need/{number}/claim", {"first_reply": "马上到"})
    assert refused.status_code in {403, 409}
    assert sentence in text(refused)
    assert seen.nothing()


def test_the_own_need_has_no_claim_bar_and_refuses_the_claim(cast: Cast) -> None:
    number, browser = need(cast.pioneer.spokesperson).number, signed(cast.pioneer.spokesperson)
    assert "抢单" not in text(browser.get(f"/need/{number}"))
    refused = browser.post(f"/need/{number}/claim")
    assert (refused.status_code, "这是您自己的求助，留给别人来帮" in text(refused)) == (409, True)


def test_what_somebody_else_took_is_grey_and_says_who(cast: Cast) -> None:
    page = signed(cast.second.spokesperson).get(f"/need/{taken(cast).number}").content.decode()
    assert re.search(GREY, page)
    assert _why(page) == "先锋甲 接了，这件有人帮了"
    assert "抢单，我来帮" not in text(signed(None).get(f"/need/{Matter.objects.get().number}"))


def test_a_reply_that_is_too_long_is_kept_and_told(cast: Cast) -> None:
    number, long = need(cast.resident).number, "长" * 501
    refused = signed(cast.pioneer.spokesperson).post(f"/need/{number}/claim", {"first_reply": long})
    assert refused.status_code == 422
    assert 'href="#f-first_reply"' in refused.content.decode()
    assert f'value="{long}"' in refused.content.decode()
    assert Matter.objects.get(number=number).state == "open"


def test_who_speaks_for_several_chooses_whom_the_need_is_taken_for(cast: Cast) -> None:
    speaker = cast.speaker
    alone = recognised("发言人自己", speaker, cast.organisation, cast.city_staff)
    number, browser = need(cast.resident).number, signed(speaker)
    page = browser.get(f"/need/{number}").content.decode()
    offered = re.findall(r'<option value="(\d+)">', page)
    assert offered == [str(alone.pk), str(cast.collective.pk)]
    assert browser.post(f"/need/{number}/claim", {"pioneer": str(cast.collective.pk)})["Location"].endswith(
        "/got"
    )
    assert Handling.objects.get().pioneer_id == cast.collective.pk


def test_nobody_takes_a_need_for_a_pioneer_they_do_not_speak_for(cast: Cast) -> None:
    number = need(cast.resident).number
    signed(cast.second.spokesperson).post(f"/need/{number}/claim", {"pioneer": str(cast.pioneer.pk)})
    assert Handling.objects.get().pioneer_id == cast.second.pk
    assert Pioneer.objects.get(pk=cast.pioneer.pk).held == 0


def test_the_winner_may_return_it_without_a_reason_for_two_minutes(cast: Cast) -> None:
    number, browser = taken(cast).number, signed(cast.pioneer.spokesperson)
    assert "两分钟内可退回" in text(browser.get(f"/need/{number}/got"))
    assert browser.post(f"/need/{number}/release")["Location"] == f"/need/{number}"
    matter = Matter.objects.get(number=number)
    assert (matter.state, matter.released_count) == ("open", 0)


def test_the_sheets_are_for_who_grabbed(cast: Cast) -> None:
    number = taken(cast).number
    for person in (cast.second.spokesperson, cast.resident):
        assert signed(person).get(f"/need/{number}/got")["Location"] == f"/need/{number}"
    assert signed(cast.second.spokesperson).get(f"/need/{number}/late")["Location"] == f"/need/{number}"
    forged = signed(cast.second.spokesperson).get(f"/need/{number}/late?at=forged")
    assert forged["Location"] == f"/need/{number}"


def test_the_times_of_a_race_and_their_difference_agree(cast: Cast) -> None:
    number = need(cast.resident).number
    signed(cast.pioneer.spokesperson).post(f"/need/{number}/claim")
    browser = signed(cast.second.spokesperson)
    sheet = browser.get(browser.post(f"/need/{number}/claim")["Location"]).content.decode()
    first, mine = (sum(float(part) * 60**at for at, part in enumerate(reversed(one.split(":"))))
                   for one in re.findall(r'class="s"[^>]*>([\d:.]+)<', sheet))  # fmt: skip
    late = re.search(r"就慢了 ([\d.]+) 秒", sheet)
    assert late
    assert round(mine - first, 1) == float(late[1])


@pytest.mark.parametrize(
    "verb", ["claim", "accept", "withdraw", "messages", "contact", "visit", "verify-benefit"]
)
def test_a_foreign_booking_and_a_missing_one_look_alike(cast: Cast, verb: str) -> None:
    browser = signed(cast.stranger)
    for number in (booked(cast).number, "261124-999999"):
        with watching() as seen:
            assert browser.post(f"/need/{number}/{verb}", {"text": "喂", "visit": "1"}).status_code in {
                403,
                404,
            }
        assert seen.nothing()
    assert browser.get(f"/need/{booked(cast).number}").status_code == 404


@pytest.mark.parametrize(
    "verb", ["release", "report", "rate", "change-rating", "dispute", "reopen", "team", "turn-down"]
)
def test_the_page_of_a_move_is_for_who_may_make_it(cast: Cast, verb: str) -> None:
    number = taken(cast).number
    assert signed(cast.stranger).get(f"/need/{number}/{verb}").status_code == 404
    assert signed(cast.stranger).post(f"/need/{number}/{verb}", {"reason": "x"}).status_code == 404
    assert (
        signed(None).get(f"/need/{number}/{verb}")["Location"] == f"/sign-in?next=%2Fneed%2F{number}%2F{verb}"
    )
