"""成果、直播、反馈、数字: pages of what pioneers show, as visitors, residents and pioneers open them."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from tests.cast import Cast, closed
from tests.doors.portal.browsers import field, signed, text
from tests.matters.test_telling import deliver
from tests.matters.watching import watching
from tests.recognition.showcase.showing import (
    adopted,
    announced,
    asked,
    drafted,
    jpeg,
    proposed,
    published,
    running,
    submitted,
)
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Refusal
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.ui.refusals import UNREAD
from xianfeng.recognition.showcase import cards
from xianfeng.recognition.showcase.models import (
    Achievement,
    Adoption,
    Benefit,
    Comment,
    Feedback,
    Live,
    Picture,
)
from xianfeng.recognition.showcase.operations import lives
from xianfeng.recognition.showcase.operations.benefits import Claim, claim
from xianfeng.recognition.showcase.operations.feedback import about, send

TYPED = {"kind": "method", "title": "育秧办法", "text": "先催芽", "video_link": "https://v.example/1"}
MOST = 12
MP4 = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 8


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("秧田.jpg", jpeg().read(), "image/jpeg")


def film(content: bytes = MP4) -> SimpleUploadedFile:
    return SimpleUploadedFile("秧田.mp4", content, "video/mp4")


def test_a_pioneer_writes_an_achievement_by_the_form_and_sends_it_in(cast: Cast) -> None:
    browser, settled = signed(cast.pioneer.spokesperson), closed(cast)
    page = browser.get("/achievement/new")
    assert settled.title in text(page)
    given = {**TYPED, "key": field(page, "key"), "matters": [settled.number], "files": [photo()]}
    answer = browser.post("/achievement/new", given)
    row = Achievement.objects.get()
    assert answer["Location"] == f"/achievement/{row.pk}"
    assert (row.title, row.state, row.pictures.count(), row.matters.count()) == ("育秧办法", "draft", 1, 1)
    seen = text(browser.get(answer["Location"]))
    assert "交给单位看" in seen
    assert browser.post(f"/achievement/{row.pk}/submit")["Location"] == f"/achievement/{row.pk}"
    row.refresh_from_db()
    assert row.state == "submitted"
    assert "等单位看" in text(browser.get("/achievements?mine=1"))


def test_a_form_sent_twice_writes_once(cast: Cast) -> None:
    browser = signed(cast.pioneer.spokesperson)
    given = {**TYPED, "key": field(browser.get("/achievement/new"), "key")}
    browser.post("/achievement/new", given)
    with watching() as seen:
        assert browser.post("/achievement/new", given).status_code == 302
    assert seen.nothing()


@pytest.mark.parametrize(
    ("given", "at", "words"),
    [
        ({"title": ""}, "title", "这里还空着"), ({"video_link": "javascript:alert(1)"}, "video_link", "完整的网址"),
        ({"kind": ""}, "kind", "请选一类"), ({"grew_from": "x"}, "grew_from", "没有找到这项成果"),
    ],
)  # fmt: skip
def test_what_is_refused_keeps_what_was_typed(cast: Cast, given: dict[str, str], at: str, words: str) -> None:
    browser = signed(cast.pioneer.spokesperson)
    with watching() as seen:
        page = browser.post("/achievement/new", {**TYPED, **given})
    assert page.status_code == 422
    assert words in page.context["errors"][at]
    assert "先催芽" in page.content.decode()
    assert seen.nothing()


def test_who_is_no_pioneer_is_told_so(cast: Cast) -> None:
    assert signed(cast.resident).get("/achievement/new").status_code == 403
    assert Client().get("/achievement/new")["Location"].startswith("/sign-in?")


def test_only_published_achievements_are_listed_and_found(client: Client, cast: Cast) -> None:
    drafted(cast, title="草稿不公开")
    submitted(cast, title="等着的也不公开")
    published(cast, title="氟塑料调机课", kind="course")
    page = client.get("/achievements")
    assert [card.row.title for card in page.context["cards"]] == ["氟塑料调机课"]
    assert len(client.get("/achievements?q=塑料").context["cards"]) == 1
    assert client.get("/achievements?q=水稻").context["cards"] == []
    assert client.get("/achievements?kind=case").context["cards"] == []
    assert client.get(f"/achievements?area={cast.there.code}").context["cards"] == []
    assert "没找到" in text(client.get("/achievements?q=水稻"))


def test_foreign_drafts_and_missing_ones_look_alike(cast: Cast) -> None:
    row = drafted(cast)
    for browser in (Client(), signed(cast.resident), signed(cast.second.spokesperson)):
        for path in (f"/achievement/{row.pk}", "/achievement/999999"):
            assert browser.get(path).status_code == 404
        assert browser.post(f"/achievement/{row.pk}/submit").status_code in {302, 404}
    row.refresh_from_db()
    assert row.state == "draft"


def test_a_page_shows_the_chain_with_the_sum_along_it(client: Client, cast: Cast) -> None:
    first = published(cast, title="甲")
    second = published(cast, cast.second, title="乙", grew_from=first.pk)
    adopted(first, cast.resident, 1_000)
    adopted(second, cast.resident, 200)
    deliver()
    page = client.get(f"/achievement/{second.pk}")
    assert [(joint.link.title, joint.total, joint.here) for joint in page.context["chain"]] == [
        ("甲", 1_000, False), ("乙", 1_200, True),
    ]  # fmt: skip
    assert page.context["sum"] == 1_200
    assert "从“甲”长出来" in text(page)


def test_a_resident_asks_to_use_it_and_is_led_to_the_need(cast: Cast) -> None:
    row, browser = published(cast), signed(cast.resident)
    page = browser.get(f"/achievement/{row.pk}/use")
    answer = browser.post(f"/achievement/{row.pk}/use", {"text": "我家三亩田", "key": field(page, "key")})
    matter = Adoption.objects.get().matter
    assert answer["Location"] == f"/need/{matter.number}"
    assert (matter.text, matter.offered_to_id) == ("我家三亩田", cast.pioneer.pk)
    own = signed(cast.pioneer.spokesperson)
    assert "我想用" not in text(own.get(f"/achievement/{row.pk}"))
    assert own.get(f"/achievement/{row.pk}/use").status_code == 403


def test_a_benefit_is_claimed_by_the_form_and_judged_by_staff(cast: Cast) -> None:
    row, browser = published(cast), signed(cast.pioneer.spokesperson)
    given = {"kind": "income", "beneficiary": "firm", "amount": "12,000", "text": "合同", "files": [photo()]}
    assert browser.post(f"/achievement/{row.pk}/benefit", given)["Location"] == f"/achievement/{row.pk}"
    benefit = Benefit.objects.get()
    assert (benefit.yuan, benefit.state, benefit.pictures.count()) == (12_000, "claimed", 1)
    assert "属实" not in text(browser.get(f"/achievement/{row.pk}"))
    staff = signed(cast.staff)
    assert "不属实" in text(staff.get(f"/achievement/{row.pk}"))
    staff.post(f"/benefit/{benefit.pk}/judge", {"verified": "1"})
    benefit.refresh_from_db()
    assert benefit.state == "verified"
    assert (
        signed(cast.resident)
        .post(f"/benefit/{benefit.pk}/judge", {"verified": "0", "words": "不"})
        .status_code
        == 404
    )


@pytest.mark.parametrize("amount", ["", "-1", "1e9", "一万", "9" * 20])
def test_an_amount_that_is_none_is_refused_at_its_field(cast: Cast, amount: str) -> None:
    row, browser = published(cast), signed(cast.pioneer.spokesperson)
    given = {"kind": "income", "beneficiary": "firm", "amount": amount, "text": "合同"}
    page = browser.post(f"/achievement/{row.pk}/benefit", given)
    assert page.status_code == 422
    assert "amount" in page.context["errors"]
    assert not Benefit.objects.exists()


def test_a_film_is_kept_and_played_from_where_the_player_asks(cast: Cast) -> None:
    row, browser = drafted(cast), signed(cast.pioneer.spokesperson)
    assert browser.post(f"/achievement/{row.pk}/video", {"video": film()}).status_code == 302
    whole = browser.get(f"/achievement/{row.pk}/film")
    assert (b"".join(whole.streaming_content), whole["Content-Type"]) == (MP4, "video/mp4")  # type: ignore[attr-defined]
    for asked_for, part in (("bytes=4-7", MP4[4:8]), ("bytes=-16", MP4[-16:]), ("bytes=100-", MP4[100:])):
        answer = browser.get(f"/achievement/{row.pk}/film", headers={"Range": asked_for})
        assert (answer.status_code, b"".join(answer.streaming_content)) == (206, part)  # type: ignore[attr-defined]
    assert browser.get(f"/achievement/{row.pk}/film", headers={"Range": "bytes=99999-"}).status_code == 200
    assert Client().get(f"/achievement/{row.pk}/film").status_code == 404


@pytest.mark.parametrize("content", [b"", b"GIF89a" + b"\0" * 20, b"<script>alert(1)</script>"])
def test_what_is_no_film_is_refused(cast: Cast, content: bytes) -> None:
    row, browser = drafted(cast), signed(cast.pioneer.spokesperson)
    page = browser.post(f"/achievement/{row.pk}/video", {"video": film(content)})
    assert page.status_code == 422
    assert "MP4" in page.context["errors"]["video"]


def test_who_sends_a_film_that_is_too_big_reads_what_to_do(cast: Cast) -> None:
    row = drafted(cast)
    browser = signed(cast.pioneer.spokesperson)
    refusal = Refusal("video-too-big", params={"megabytes": 200})
    answer = browser.post(f"/achievement/{row.pk}/video", **{UNREAD: refusal})  # type: ignore[arg-type]
    assert answer.status_code == 413
    assert "视频最大 200 MB" in text(answer)


def test_the_sharing_card_is_a_picture_with_a_code_that_leads_to_the_page(client: Client, cast: Cast) -> None:
    row = published(cast, title="一个很长很长的名字" * 6)
    answer = client.get(f"/achievement/{row.pk}/card.png")
    image = Image.open(io.BytesIO(answer.content))
    assert (answer["Content-Type"], image.format, image.size) == ("image/png", "PNG", (900, 1200))
    corner = image.crop((900 - 64 - 260, 1200 - 64 - 260, 900 - 64, 1200 - 64)).convert("L")
    dark = sum(corner.histogram()[:100])
    assert 0.2 < dark / (260 * 260) < 0.7
    assert client.get(f"/achievement/{drafted(cast).pk}/card.png").status_code == 404


def test_without_a_chinese_font_the_card_says_what_to_install(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards._font.cache_clear()
    monkeypatch.setattr(cards, "FONTS", ())
    answer = client.get(f"/achievement/{published(cast).pk}/card.png")
    assert answer.status_code == 503
    assert "fonts-noto-cjk" in text(answer)
    cards._font.cache_clear()


def test_a_photograph_is_sent_alone_and_attached(cast: Cast) -> None:
    browser = signed(cast.pioneer.spokesperson)
    answer = browser.post("/achievement-photos", {"photo": photo()})
    key = answer.json()["key"]
    assert browser.get(answer.json()["url"]).status_code == 200
    assert Client().get(answer.json()["url"]).status_code == 404
    browser.post("/achievement/new", {**TYPED, "photos": [key]})
    assert Picture.objects.get().achievement == Achievement.objects.get()
    assert Client().post("/achievement-photos", {"photo": photo()}).status_code == 401


def test_a_broadcast_is_proposed_by_the_form(cast: Cast) -> None:
    browser, begin = signed(cast.pioneer.spokesperson), timezone.localtime(clock.now() + timedelta(days=2))
    given = {
        "title": "直播教插秧",
        "link": "https://live.example/2",
        "day": f"{begin:%Y-%m-%d}",
        "hour": "14:30",
    }
    assert browser.post("/live/new", given)["Location"] == "/lives?mine=1"
    row = Live.objects.get()
    assert (row.state, timezone.localtime(row.starts_at).hour) == ("proposed", 14)
    page = browser.post("/live/new", {**given, "day": ""})
    assert "starts_at" in page.context["errors"]
    assert Client().get(f"/live/{row.pk}").status_code == 404


def test_a_viewer_is_counted_once_when_the_pages_dot_is_fetched(cast: Cast) -> None:
    row, visitor = running(cast), Client()
    assert Client().get(f"/live/{row.pk}/seen/dot.gif").status_code == 200  # no page, no cookie: nobody
    page = visitor.get(f"/live/{row.pk}")
    dot = re.search(r'src="(/live/\d+/seen/dot\.gif)"', page.content.decode())
    assert dot
    for browser in (visitor, visitor, signed(cast.resident), signed(cast.resident)):
        browser.get(dot[1])
    row.refresh_from_db()
    assert row.viewers == 2


def test_its_pioneer_starts_and_ends_it_on_its_page(cast: Cast) -> None:
    row, browser = announced(cast), signed(cast.pioneer.spokesperson)
    assert "开播了" in text(browser.get(f"/live/{row.pk}"))
    browser.post(f"/live/{row.pk}/start")
    browser.post(f"/live/{row.pk}/end")
    row.refresh_from_db()
    assert row.state == "ended"
    assert signed(cast.resident).post(f"/live/{row.pk}/start").status_code == 404
    assert browser.post(f"/live/{row.pk}/dance").status_code == 404


def test_a_resident_is_reminded_and_not_any_more(cast: Cast) -> None:
    row, browser = announced(cast), signed(cast.resident)
    browser.post(f"/live/{row.pk}/subscribe")
    assert "不用提醒了" in text(browser.get(f"/live/{row.pk}"))
    browser.post(f"/live/{row.pk}/unsubscribe")
    assert "开播前提醒我" in text(browser.get(f"/live/{row.pk}"))


def test_a_comment_waits_for_the_pioneer(cast: Cast) -> None:
    row, browser, own = running(cast), signed(cast.resident), signed(cast.pioneer.spokesperson)
    browser.post(f"/live/{row.pk}/comment", {"text": "讲得真好"})
    assert "讲得真好" in text(browser.get(f"/live/{row.pk}"))
    assert "讲得真好" not in text(Client().get(f"/live/{row.pk}"))
    own.post(f"/comment/{Comment.objects.get().pk}/judge", {"show": "1"})
    assert "讲得真好" in text(Client().get(f"/live/{row.pk}"))
    assert "这里还空着" in text(browser.post(f"/live/{row.pk}/comment", {"text": " "}))


def test_a_problem_said_becomes_a_need_and_thanks_are_answered(cast: Cast) -> None:
    row, browser, own = published(cast), signed(cast.resident), signed(cast.pioneer.spokesperson)
    page = browser.get(f"/feedback/achievement/{row.pk}")
    answer = browser.post(
        f"/feedback/achievement/{row.pk}", {"kind": "problem", "text": "不灵", "key": field(page, "key")}
    )
    matter = Feedback.objects.get().matter
    assert matter is not None
    assert answer["Location"] == f"/need/{matter.number}"
    assert (
        browser.post(f"/feedback/pioneer/{cast.pioneer.pk}", {"kind": "thanks", "text": "谢谢您"})["Location"]
        == "/me/feedback"
    )
    thanks = Feedback.objects.get(kind="thanks")
    assert "谢谢您" in text(own.get("/me/feedback"))
    own.post(f"/me/feedback/{thanks.pk}/answer", {"answer": "不客气"})
    assert "不客气" in text(browser.get("/me/feedback"))
    assert own.get(f"/feedback/pioneer/{cast.pioneer.pk}").status_code == 403
    assert "谢谢您" not in text(signed(cast.stranger).get("/me/feedback"))


def test_figures_lead_to_exactly_their_rows(client: Client, cast: Cast) -> None:
    row = published(cast)
    adopted(row, cast.resident, 3_000)
    closed(cast)
    send("thanks", "秘密的谢谢", about(cast.resident, "achievement", row.pk), by=cast.resident)
    lives.count_viewers(running(cast).pk, ["a", "b"])
    deliver()
    page = client.get("/figures")
    shown = {line.words: line.value for line in page.context["lines"]}
    assert shown == {
        "解决的难题": "1", "核实的增收": "3,000", "发布的成果": "1", "一键预约": "0", "直播": "1", "看直播的人": "2",
        "收到的反馈": "1", "其中有问题的": "0", "办结的问题": "0 / 0", "满意的问题": "0 / 0",
    }  # fmt: skip
    for line in page.context["lines"]:
        rows = client.get(line.url)
        assert len(rows.context["rows"]) == rows.context["count"]
        assert "秘密" not in text(rows)
    assert client.get(f"/figures?area={cast.there.code}").context["figures"].achievements == 0
    assert client.get("/figures?year=1999&area=%00").context["figures"].achievements == 1
    assert client.get("/figures/nothing").status_code == 404


def test_rows_of_a_figure_go_on_page_by_page(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xianfeng.doors.portal.views.figures.PAGE", 2)
    for at in range(5):
        published(cast, title=f"第{at}项")
    seen, url = [], f"/figures/achievements?area={cast.here.code}"
    while url:
        page = client.get(url)
        seen += [row.what for row in page.context["rows"]]
        url = page.context["more"]
    assert seen == [f"第{at}项" for at in reversed(range(5))]


def _everything(cast: Cast, rows: int) -> dict[str, str]:
    """Return pages with `rows` rows each, by who opens them."""
    roots = [published(cast, title=f"第{at}项") for at in range(rows)]
    for at in range(rows):
        asked(roots[0], cast.resident)
        claim(roots[0].pk, Claim("income", 10 + at, "firm", "合同"), by=cast.pioneer.spokesperson)
        published(cast, title=f"长出来的{at}", grew_from=roots[0].pk)
        send("thanks", "谢谢", about(cast.resident, "achievement", roots[0].pk), by=cast.resident)
    live = running(cast)
    for at in range(rows):
        announced(cast, title=f"预告{at}")
        lives.comment(live.pk, f"留言{at}", by=cast.resident)
    proposed(cast)
    return {
        "/achievements": "", f"/achievement/{roots[0].pk}": "", f"/live/{live.pk}": "", "/lives": "", "/figures": "",
        "/figures/achievements": "", "/figures/feedback": "", "/me/feedback": "resident",
        "/achievements?mine=1": "pioneer", "/lives?mine=1": "pioneer", "/achievement/new": "pioneer",
        f"/achievement/{roots[0].pk}/use": "resident", f"/feedback/live/{live.pk}": "resident", "/live/new": "pioneer",
    }  # fmt: skip


# as measured: statements of each page, at one row and at three
COUNTS = {
    "/achievements": 2, "/achievement/n": 6, "/live/n": 2, "/lives": 1, "/figures": 12, "/figures/achievements": 2,
    "/figures/feedback": 2, "/me/feedback": 3, "/achievements?mine=n": 5, "/lives?mine=n": 4, "/achievement/new": 4,
    "/achievement/n/use": 5, "/feedback/live/n": 4, "/live/new": 4,
}  # fmt: skip


def _who(cast: Cast, name: str) -> Person | None:
    return {"": None, "resident": cast.resident, "pioneer": cast.pioneer.spokesperson}[name]


def test_no_page_asks_more_for_more_rows(cast: Cast) -> None:
    counts: list[dict[str, int]] = []
    for rows in (1, 3):
        pages, found = _everything(cast, rows), {}
        for path, who in pages.items():
            browser = signed(_who(cast, who))
            browser.get(path)
            with CaptureQueriesContext(
                connection,
            ) as asked_for:
                assert browser.get(path).status_code == 200
            found[re.sub(r"\d+", "n", path)] = len(asked_for)
        counts.append(found)
    assert counts[0] == counts[1]
    assert counts[0] == COUNTS
    assert max(counts[0].values()) <= MOST


def test_nothing_typed_is_taken_for_markup(client: Client, cast: Cast, settings: Settings) -> None:
    row = published(cast, title="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>{{ 7|add:7 }}")
    for path in (f"/achievement/{row.pk}", "/achievements", "/figures/achievements"):
        page: Any = client.get(path)
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()
        assert "media-src 'self'" in page["Content-Security-Policy"]
