"""The whole loop by forms alone: a need is raised, claimed, met and rated, no JavaScript anywhere."""

from tests.cast import Cast
from tests.doors.portal.browsers import field, signed, text
from xianfeng.foundation.places import city, locate
from xianfeng.matters.models import Handling, Matter, Message


def typed(cast: Cast, **more: str) -> dict[str, str]:
    """Return a form of a need as somebody at the city's middle fills it."""
    middle = city.served()
    town = locate.locate(middle.lat, middle.lon).town
    assert town is not None
    return {"title": "家里跳闸停电", "wanted": "now", "area": town.code, "address": "小区A 3 幢", **more}


def test_a_need_is_raised_claimed_met_and_rated_by_forms_alone(cast: Cast) -> None:
    resident, pioneer = signed(cast.resident), signed(cast.pioneer.spokesperson)
    form = resident.get("/ask")
    sent = resident.post("/ask", typed(cast, key=field(form, "key")))
    matter = Matter.objects.get(requester=cast.resident)
    assert (sent.status_code, sent["Location"]) == (302, f"/need/{matter.number}")
    assert (matter.title, matter.state, matter.category, matter.wanted) == (
        "家里跳闸停电",
        "open",
        "electric",
        "now",
    )
    assert "发出去了" in text(resident.get(sent["Location"]))

    assert "家里跳闸停电" in text(pioneer.get("/needs"))
    page = text(pioneer.get(f"/need/{matter.number}"))
    assert "抢单，我来帮" in page
    assert "小区A 3 幢" not in page
    won = pioneer.post(f"/need/{matter.number}/claim", {"first_reply": "二十分钟到"})
    assert won["Location"] == f"/need/{matter.number}/got"
    sheet = text(pioneer.get(won["Location"]))
    assert all(words in sheet for words in ("您接到了", "小区A 3 幢", "两分钟内可退回"))

    seen = text(resident.get(f"/need/{matter.number}"))
    assert all(words in seen for words in ("先锋甲 抢单接下", "二十分钟到"))
    assert "13800000003" in text(resident.post(f"/need/{matter.number}/contact"))

    told = {"report": "换了空气开关", "helpers": "徒弟", "benefit_yuan": "1,200", "jobs": ""}
    assert pioneer.post(f"/need/{matter.number}/report", told).status_code == 302
    handling = Handling.objects.get(matter=matter)
    assert (handling.report, handling.benefit_yuan, handling.jobs) == ("换了空气开关", 1200, None)

    stars = {"skill": "5", "attitude": "4", "speed": "5", "text": "修得好", "benefit": "yes"}
    assert "属实" in text(resident.get(f"/need/{matter.number}/rate"))
    assert resident.post(f"/need/{matter.number}/rate", stars).status_code == 302
    matter.refresh_from_db()
    handling.refresh_from_db()
    assert (matter.state, handling.rating.skill, handling.rating.attitude) == ("closed", 5, 4)
    assert handling.benefit_verified_at is not None
    assert "修得好" in text(signed(None).get(f"/need/{matter.number}"))


def test_two_grab_and_the_second_reads_how_late_and_three_others(cast: Cast) -> None:
    resident, first, second = (
        signed(one) for one in (cast.resident, cast.pioneer.spokesperson, cast.second.spokesperson)
    )
    for title in ("家里跳闸停电", "插座冒火花", "水管漏水", "热水器不热"):
        resident.post("/ask", typed(cast, title=title))
    number = Matter.objects.get(title="家里跳闸停电").number
    assert first.post(f"/need/{number}/claim")["Location"].endswith("/got")
    lost = second.post(f"/need/{number}/claim")
    sheet = text(second.get(lost["Location"]))
    assert all(words in sheet for words in ("就慢了", "先锋甲", "谢谢您伸手"))
    assert all(title in sheet for title in ("插座冒火花", "水管漏水", "热水器不热"))
    assert sheet.count("抢单：") == 3
    assert first.post(f"/need/{number}/claim")["Location"].endswith("/got")


def test_the_words_of_both_sides_stand_once_however_often_they_are_sent(cast: Cast) -> None:
    signed(cast.resident).post("/ask", typed(cast))
    number = Matter.objects.get().number
    pioneer = signed(cast.pioneer.spokesperson)
    form = {"text": "几楼？", "key": field(pioneer.get(f"/need/{number}"), "key"), "pioneer": ""}
    for _ in range(2):
        assert pioneer.post(f"/need/{number}/messages", form).status_code == 302
    assert [message.text for message in Message.objects.all()] == ["几楼？"]
    assert "几楼？" not in text(signed(cast.second.spokesperson).get(f"/need/{number}"))
    asker = signed(cast.resident)
    page = asker.get(f"/need/{number}")
    answer = {"text": "三楼", "pioneer": str(cast.pioneer.pk), "key": field(page, "key")}
    assert asker.post(f"/need/{number}/messages", answer).status_code == 302
    assert "三楼" in text(pioneer.get(f"/need/{number}"))
