"""Honours for programs: rounds, declaring, objecting, checking a certificate; done once however often it is sent."""

from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client

from tests.cast import Cast
from tests.recognition.honours.playing import CLOSE, helped, opened, plan, ranked, score_all
from tests.recognition.honours.test_certificates import conferred
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import steps
from xianfeng.foundation.people.models import Person
from xianfeng.recognition.honours.models import Candidacy, Honour, Objection
from xianfeng.recognition.honours.operations import deciding, declaring, rounds

API = "/api/v1/honours"


def post(person: Person | None, path: str, given: dict[str, Any], key: str = "") -> Any:
    """Send `given` as a program of `person`."""
    headers = {"Authorization": f"Bearer {steps.open_session(person, 'test', clock.now())}"} if person else {}
    headers |= {"Idempotency-Key": key} if key else {}
    return Client().post(f"{API}{path}", given, content_type="application/json", headers=headers)


def test_rounds_are_read_by_anybody_and_drafts_by_nobody(moment: time_machine.Traveller, cast: Cast) -> None:
    draft = rounds.draft(plan(cast), by=cast.staff)
    about = opened(cast)
    found = Client().get(f"{API}/rounds").json()
    assert [one["id"] for one in found["items"]] == [about.pk]
    one = Client().get(f"{API}/rounds/{about.pk}", headers={"Accept-Language": "en"}).json()
    assert (one["rules"], one["chosen"], one["title"]) == (
        ["1 services done within 12 months"], [], "March 8th Red-Banner Holder",
    )  # fmt: skip
    assert one["criteria"][1] == {"label": "事迹", "weight": 50}
    assert Client().get(f"{API}/rounds/{draft.pk}").status_code == 404


def test_a_declaration_sent_twice_under_one_key_is_one(moment: time_machine.Traveller, cast: Cast) -> None:
    about = opened(cast)
    path, given = f"/rounds/{about.pk}/candidacies", {"pioneer": cast.pioneer.pk, "statement": "请考虑"}
    assert post(None, path, given).status_code == 401
    assert post(cast.resident, path, given).json()["code"] == "no-colleague"
    answers = [post(cast.pioneer.spokesperson, path, given, key="one-declaration") for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert (answers[1].headers["Idempotent-Replay"], Candidacy.objects.count()) == ("true", 1)
    assert answers[0].json()["how"] == "self"


def test_an_objection_is_filed_once_and_only_under_notice(moment: time_machine.Traveller, cast: Cast) -> None:
    helped(cast, cast.pioneer)
    about, (row,) = ranked(cast, moment, [cast.pioneer], [90])
    path, given = f"/candidacies/{row.pk}/objections", {"text": "有疑问"}
    assert post(cast.resident, path, given).status_code == 404
    deciding.announce(about.pk, by=cast.staff)
    assert post(cast.resident, path, given, key="one-objection").status_code == 201
    assert post(cast.resident, path, given, key="one-objection").status_code == 201
    assert post(cast.resident, path, given).json()["code"] == "objection-waits"
    assert Objection.objects.count() == 1
    chosen = Client().get(f"{API}/rounds/{about.pk}").json()["chosen"]
    assert [one["candidacy"] for one in chosen] == [row.pk]


def test_a_certificate_is_checked_by_its_code(moment: time_machine.Traveller, cast: Cast) -> None:
    honour = conferred(cast, moment)
    found = Client().get(f"{API}/check/{honour.code}").json()
    assert (found["stands"], found["pioneer"]["id"], found["title"]) == (
        "valid",
        cast.pioneer.pk,
        "三八红旗手",
    )
    assert Client().get(f"{API}/check/ZZZZZZZZZZZZ").status_code == 404


def test_a_round_is_run_by_a_program_of_its_staff_and_by_nobody_else(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    helped(cast, cast.pioneer)
    about = rounds.draft(plan(cast), by=cast.staff)
    moves = f"/rounds/{about.pk}/moves"
    for stranger in (cast.resident, cast.other_staff):
        assert post(stranger, moves, {"move": "open"}).status_code == 404
    assert post(None, moves, {"move": "open"}).status_code == 401
    assert post(cast.staff, moves, {"move": "invent"}).status_code == 422
    again = [post(cast.staff, moves, {"move": "open"}, key="open-it-once").json() for _ in range(2)]
    assert [one["state"] for one in again] == ["open", "open"]
    row = declaring.declare(about.pk, cast.pioneer.pk, by=cast.pioneer.spokesperson)
    assert post(cast.staff, moves, {"move": "close"}).json()["code"] == "round-too-early"
    moment.move_to(CLOSE)
    assert post(cast.staff, moves, {"move": "close"}).json()["state"] == "review"
    score_all(about, [row], [90])
    assert [post(cast.staff, moves, {"move": one}).json()["state"] for one in ("rank", "announce")] == [
        "ranked", "notice",
    ]  # fmt: skip
    objection = deciding.object_to(row.pk, "有疑问", by=cast.resident)
    path, given = f"/objections/{objection.pk}/answer", {"text": "查过了，属实", "upheld": False}
    assert post(cast.other_staff, path, given).status_code == 404
    assert [post(cast.staff, path, given, key="answer-it-once").json()["state"] for _ in range(2)] == [
        "selected"
    ] * 2
    assert post(cast.staff, path, given).json()["code"] == "objection-answered"
    assert post(cast.staff, moves, {"move": "decide"}).json()["code"] == "notice-runs"
    moment.shift(timedelta(days=30))
    assert post(cast.staff, moves, {"move": "decide"}).json()["state"] == "decided"
    assert Honour.objects.get().pioneer_id == cast.pioneer.pk


def test_a_round_is_called_off_by_a_program_with_its_reason(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    about = opened(cast)
    assert post(cast.staff, f"/rounds/{about.pk}/moves", {"move": "cancel"}).json()["code"] == "text-missing"
    told = post(cast.staff, f"/rounds/{about.pk}/moves", {"move": "cancel", "words": "今年不办了"}).json()
    about.refresh_from_db()
    assert (told["state"], about.short_reason) == ("cancelled", "今年不办了")
