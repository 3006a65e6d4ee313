"""The API of deputies: the same operations as the pages, and private questions told to nobody else."""

import pytest

from tests.calling import Caller, served
from tests.cast import Cast
from tests.services.studios.keeping import asked, keeper, leader, published, studio
from xianfeng.foundation.places import city
from xianfeng.services.studios.models import Question

__all__ = ["served"]
pytestmark = pytest.mark.usefixtures("served")


def test_a_resident_finds_a_studio_by_their_address_asks_and_gives_their_word(cast: Cast) -> None:
    row, middle, resident = studio(cast), city.served(), Caller(cast.resident)
    found = Caller().get(f"/studios?lat={middle.lat}&lon={middle.lon}")
    assert [one["id"] for one in found["items"]] == [row.pk]
    asking = {"text": "路灯什么时候装？"}
    made = resident.post(f"/studios/{row.pk}/questions", asking, Idempotency_Key="one")
    again = resident.post(f"/studios/{row.pk}/questions", asking, Idempotency_Key="one")
    assert (made.status, again["id"], Question.objects.count()) == (201, made["id"], 1)
    path = f"/questions/{made['id']}"
    Caller().get(path).refused(404, "not-found")
    told = Caller(keeper(row)).post(f"{path}/answer", {"text": "下个月。"})
    assert (told["state"], told["answers"][0]["text"]) == ("answered", "下个月。")
    assert resident.post(f"{path}/word", {"got": False})["state"] == "asked"
    Caller(keeper(row)).post(f"{path}/answer", {"text": "这个月。"})
    assert resident.post(f"{path}/word", {"got": True})["state"] == "settled"
    seen = Caller().get(f"/studios/{row.pk}/questions")["items"][0]
    assert (seen["who"], seen["matter"]) == ("居**", None)
    assert Caller().get(f"/studios/{row.pk}")["rate"] is None


def test_a_private_question_is_answered_to_its_two_sides_alone(cast: Cast) -> None:
    question = asked(cast, private=True, text="我家的事")
    path = f"/questions/{question.pk}"
    Caller(keeper(question.studio)).post(f"{path}/answer", {"text": "我来"})
    assert Caller(cast.resident).get(path)["text"] == "我家的事"
    for other in (None, cast.stranger, cast.city_staff, leader(cast)):
        Caller(other).get(path).refused(404, "not-found")
        assert Caller(other).get(f"/studios/{question.studio_id}/questions")["items"] == []
    for move, given in (("answer", {"text": "好"}), ("word", {"got": True}), ("withdraw", None)):
        Caller(cast.stranger).post(f"{path}/{move}", given).refused(404, "not-found")
    assert Caller(cast.stranger).get("/me/questions")["items"] == []
    assert Caller().get("/policy-answers?q=我家")["items"] == []


def test_a_keeper_hands_a_question_over_and_reads_its_number(cast: Cast) -> None:
    question = asked(cast)
    given = {"organisation": cast.organisation.pk, "title": "装路灯"}
    handed = Caller(keeper(question.studio)).post(f"/questions/{question.pk}/hand-over", given)
    assert handed["state"] == "handed"
    assert handed["matter"]
    assert Caller(cast.resident).get(f"/questions/{question.pk}")["matter"] is None


def test_answers_on_policy_are_found_by_two_characters(cast: Cast) -> None:
    row = published(cast)
    assert [one["id"] for one in Caller().get("/policy-answers?q=低保")["items"]] == [row.pk]
    assert Caller().get("/policy-answers?q=公积金")["items"] == []
