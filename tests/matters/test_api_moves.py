"""Every move over the API: who may, what is answered, what is refused and why."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from PIL import Image
from pytest_django import Settings

from tests.calling import HERE, Caller, served
from tests.cast import Cast, booked, closed, done, need, ordered, taken
from tests.matters.watching import watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.places import datum
from xianfeng.foundation.record.models import Entry
from xianfeng.matters.models import Matter, Visit

__all__ = ["served"]
pytestmark = pytest.mark.usefixtures("served")


def test_a_lost_claim_says_who_when_by_how_much_and_names_three_needs_like_it(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        matter = taken(cast)
        near = [need(cast.resident, north=0.001 * step) for step in (1, 2, 3, 4)]
        moment.shift(0.4)
        lost = Caller(cast.second.spokesperson).post(f"/matters/{matter.number}/claim")
    lost.refused(409, "already-taken")
    assert (lost["winner"], lost["late_seconds"], lost["number"]) == ("先锋甲", 0.4, matter.number)
    assert lost["taken_at"] is not None
    assert lost["similar"] == [one.number for one in near[:3]]


def test_a_claim_for_a_collective_names_it_and_one_for_a_foreign_pioneer_is_refused(cast: Cast) -> None:
    matter, caller = need(cast.resident), Caller(cast.speaker)
    path = f"/matters/{matter.number}/claim"
    caller.post(path, {"pioneer": cast.pioneer.id}).refused(403, "not-the-spokesperson", "pioneer")
    won = caller.post(path, {"pioneer": cast.collective.id})
    assert (won["taken_by"]["name"], won["taken_by"]["kind"]) == ("集体", "collective")


def test_who_is_no_pioneer_is_told_so(cast: Cast) -> None:
    matter = need(cast.resident)
    Caller(cast.stranger).post(f"/matters/{matter.number}/claim").refused(403, "not-a-pioneer")


def test_a_booking_is_accepted_or_turned_down_by_the_one_it_is_offered_to(cast: Cast) -> None:
    first, second, pioneer = booked(cast), booked(cast), Caller(cast.pioneer.spokesperson)
    assert [one["number"] for one in pioneer.get("/matters?offered=true")["items"]] == [
        second.number,
        first.number,
    ]
    Caller(cast.second.spokesperson).post(f"/matters/{first.number}/accept").refused(404, "not-found")
    assert pioneer.post(f"/matters/{first.number}/accept")["state"] == "taken"
    assert pioneer.post(f"/matters/{second.number}/decline", {"reason": "那天不在"})["state"] == "open"


def test_staff_decline_with_a_reason_and_strangers_find_nothing(cast: Cast) -> None:
    matter = need(cast.resident)
    path = f"/matters/{matter.number}/decline"
    Caller(cast.stranger).post(path, {"reason": "不想"}).refused(404, "not-found")
    Caller(cast.city_staff).post(path).refused(422, "text-missing", "reason")
    assert Caller(cast.city_staff).post(path, {"reason": "不归我们管"})["state"] == "declined"
    Caller(cast.stranger).get(f"/matters/{matter.number}").refused(404, "not-found")


def test_release_dispute_reopen_withdraw_and_rating_go_their_way(cast: Cast) -> None:
    resident, pioneer = Caller(cast.resident), Caller(cast.pioneer.spokesperson)
    with time_machine.travel(clock.now(), tick=False) as moment:
        path = f"/matters/{taken(cast).number}"
        moment.shift(timedelta(minutes=3))
        pioneer.post(f"{path}/release").refused(422, "text-missing", "reason")
        assert pioneer.post(f"{path}/release", {"reason": "病了"})["released_count"] == 1
        assert resident.post(f"{path}/withdraw")["state"] == "withdrawn"
        path = f"/matters/{done(cast).number}"
        assert resident.post(f"{path}/dispute", {"reason": "还是不亮"})["state"] == "taken"
        assert pioneer.post(f"{path}/done", {"report": "再换了", "benefit_yuan": 300})["state"] == "done"
        rated = resident.post(f"{path}/rate", {"skill": 6, "attitude": 1, "speed": 1})
        rated.refused(422, "field-invalid", "skill")
        assert resident.post(f"{path}/rate", {"skill": 5, "attitude": 5, "speed": 5})["state"] == "closed"
        changed = resident.send(
            "PUT", f"{path}/rating", {"skill": 3, "attitude": 5, "speed": 5, "text": "又坏了"}
        )
        assert changed["state"] == "closed"
        assert resident.post(f"{path}/benefit", {"verified": True})["state"] == "closed"
        assert resident.post(f"{path}/reopen", {"reason": "又坏了"})["state"] == "taken"
    whole = resident.get(path)
    rated_one = next(one for one in whole["handlings"] if one["rating"])
    assert (whole["side"], rated_one["rating"]["skill"]) == ("requester", 3)
    assert rated_one["benefit_verified"] is True


def test_staff_assign_extend_and_merge(cast: Cast) -> None:
    staff = Caller(cast.city_staff)
    matter, other = need(cast.resident), need(cast.resident)
    assigned = staff.post(f"/matters/{matter.number}/assign", {"pioneer": cast.pioneer.id})
    assert (assigned["state"], assigned["taken_by"]["id"]) == ("taken", cast.pioneer.id)
    longer = staff.post(f"/matters/{matter.number}/extend", {"reason": "等配件"})
    assert longer["due_at"] > assigned["due_at"]
    assert staff.post(f"/matters/{other.number}/merge", {"survivor": matter.number})["state"] == "merged"
    Caller(cast.resident).post(f"/matters/{matter.number}/extend", {"reason": "等"}).refused(404, "not-found")


def test_number_and_door_are_for_the_two_sides_alone_and_every_look_is_recorded(cast: Cast) -> None:
    matter = taken(cast, address="三号楼 201")
    path = f"/matters/{matter.number}"
    for caller in (Caller(), Caller(cast.stranger), Caller(cast.second.spokesperson)):
        assert caller.get(path)["address"] == ""
        assert "1380000" not in str(caller.get(path).body)
    Caller(cast.stranger).get(f"{path}/contact").refused(404, "not-found")
    Caller().get(f"{path}/contact").refused(401, "sign-in-needed")
    before = Entry.objects.filter(code="person.contact-shown").count()
    shown = Caller(cast.pioneer.spokesperson).get(f"{path}/contact")
    assert (shown["mobile"], shown["address"]) == ("13800000001", "三号楼 201")
    assert shown.headers["Cache-Control"] == "no-store"
    assert Entry.objects.filter(code="person.contact-shown").count() == before + 1
    assert Caller(cast.resident).get(f"{path}/contact")["mobile"] == "13800000003"


def test_the_two_sides_talk_and_nobody_else_reads_it(cast: Cast) -> None:
    matter = taken(cast)
    path = f"/matters/{matter.number}/messages"
    sent = Caller(cast.pioneer.spokesperson).post(path, {"text": "几点方便？"})
    assert (sent.status, sent["author"], sent["mine"]) == (201, "先锋甲", True)
    Caller(cast.resident).post(path, {"text": "七点以后"})
    talk = Caller(cast.resident).get(path)["items"]
    assert [(one["author"], one["mine"], one["text"]) for one in talk] == [
        ("先锋甲", False, "几点方便？"), ("居**", True, "七点以后"),
    ]  # fmt: skip
    assert Caller(cast.stranger).get(path)["items"] == []


def test_a_team_is_called_and_agrees_a_visit(cast: Cast) -> None:
    matter = taken(cast)
    called = Caller(cast.pioneer.spokesperson).post(
        f"/matters/{matter.number}/team", {"team": cast.collective.id}
    )
    assert (called["name"], called["agreed_at"]) == ("集体", None)
    path = f"/visits/{called['id']}/answer"
    Caller(cast.stranger).post(path, {"visit_at": "2027-01-01T08:00:00+08:00"}).refused(404, "not-found")
    Caller(cast.speaker).post(path, {"visit_at": "2027-01-01T08:00:00"}).refused(
        422, "field-invalid", "visit_at"
    )
    agreed = Caller(cast.speaker).post(path, {"visit_at": "2027-01-01T08:00:00+08:00"})
    assert agreed["visit_at"] == "2027-01-01T00:00:00Z"
    assert Visit.objects.get().agreed_at is not None


def test_offers_are_published_ordered_and_taken_back(cast: Cast) -> None:
    pioneer = Caller(cast.pioneer.spokesperson)
    serving = {"title": "修灯", "skill": "electric", "times": "周末", "capacity": 1}
    Caller(cast.stranger).post("/offers", serving).refused(403, "not-a-pioneer", "pioneer")
    pioneer.post("/offers", serving | {"skill": "x"}).refused(422, "category-unknown", "skill")
    offer = pioneer.post("/offers", serving | {"area": cast.here.code})
    order = {"service": "help-booking", "title": "请来修灯", "offer": offer["id"], **HERE}
    booked_now = Caller(cast.resident).post("/matters", order)
    assert (booked_now["state"], booked_now["offered_to"]["name"]) == ("offered", "先锋甲")
    assert [one["free"] for one in Caller().get("/offers?skill=electric")["items"]] == [0]
    Caller(cast.resident).post("/matters", order).refused(409, "offer-full", "offer")
    assert pioneer.send("DELETE", f"/offers/{offer['id']}")["withdrawn_at"] is not None
    assert Caller().get("/offers")["items"] == []


def test_a_firm_asks_through_its_responsible_person(cast: Cast) -> None:
    given = {"title": "送料机卡料", "firm": cast.firm.id, **HERE}
    assert Caller(cast.responsible).post("/matters", given)["requester"] == "一家企业"
    Caller(cast.resident).post("/matters", given).refused(422, "firm-not-yours", "firm")


def test_a_datum_is_converted_and_must_be_said(cast: Cast) -> None:
    caller = Caller(cast.resident)
    lat, lon = datum.from_wgs84(30.89, 120.09, "gcj02")
    raised = caller.post("/matters", {"title": "灯坏了", "lat": lat, "lon": lon, "datum": "gcj02"})
    assert (round(raised["lat"], 6), round(raised["lon"], 6)) == (30.89, 120.09)
    assert Matter.objects.get().lat == raised["lat"]
    caller.post("/matters", {"title": "灯坏了", "lat": 30.89, "lon": 120.09}).refused(
        422, "field-invalid", "datum"
    )


def _picture(width: int = 40, height: int = 20) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "green").save(file, "JPEG")
    file.seek(0)
    file.name = "photo.jpg"
    return file


def test_a_photograph_is_sent_once_attached_and_seen(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    caller = Caller(cast.resident)
    headers = caller.headers | {"Idempotency-Key": "p"}
    sent = [caller.client.post("/api/v1/photos", {"photo": _picture()}, headers=headers) for _ in range(2)]
    assert [one.status_code for one in sent] == [201, 201]
    assert sent[0].json() == sent[1].json()
    key = sent[0].json()["key"]
    Caller(cast.stranger).get(f"/photos/{key}/small").refused(404, "not-found")
    raised = caller.post("/matters", {"title": "灯坏了", "photos": [key], **HERE})
    assert raised["photo_count"] == 1
    assert Caller().get(f"/matters/{raised['number']}")["photos"] == [key]
    seen = Caller().client.get(f"/api/v1/photos/{key}/small")
    assert (seen.status_code, seen["Content-Type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(seen.getvalue())).size == (40, 20)
    Caller().get(f"/photos/{key}/huge").refused(404, "not-found")
    broken = caller.client.post(
        "/api/v1/photos", {"photo": io.BytesIO(b"no picture")}, headers=caller.headers
    )
    assert broken.json()["code"] == "photo-unreadable"


def test_a_photograph_that_could_not_be_kept_leaves_no_files(
    cast: Cast, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    caller = Caller(cast.resident)
    with watching() as seen:
        headers = caller.headers | {"Idempotency-Key": "x" * 256}
        assert caller.client.post("/api/v1/photos", {"photo": _picture()}, headers=headers).status_code == 422
    assert seen.nothing()
    assert not list(tmp_path.rglob("*.jpg"))


def test_closed_and_ordered_matters_are_seen_as_their_readers_may(cast: Cast) -> None:
    hidden, public = ordered(cast), closed(cast)
    assert Caller().get(f"/matters/{public.number}")["state"] == "closed"
    Caller().get(f"/matters/{hidden.number}").refused(404, "not-found")
    for person, side in ((cast.resident, "requester"), (cast.pioneer.spokesperson, "offered")):
        assert Caller(person).get(f"/matters/{hidden.number}")["side"] == side
