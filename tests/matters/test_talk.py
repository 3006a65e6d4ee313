"""Questions and answers, photographs, the other side's number, the door."""

import contextlib
import io
import random

import pytest
from hypothesis import given, settings, strategies
from PIL import Image

from tests.cast import Cast, booked, closed, done, need, taken
from tests.matters.watching import refused, watching
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.people.models import Person
from xianfeng.matters import pictures, queries
from xianfeng.matters.models import Message, Photo
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import release
from xianfeng.matters.operations.photos import attach, take_in
from xianfeng.matters.operations.talking import address_for, send_message, show_other_side


@pytest.fixture(autouse=True)
def store(request: pytest.FixtureRequest) -> None:
    if "cast" in request.fixturenames:
        request.getfixturevalue("settings").MEDIA_ROOT = request.getfixturevalue("tmp_path")


def photo(by: Person, colour: str = "red") -> Photo:
    """Return a small photograph that `by` has taken in."""
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(buffer, "PNG")
    return take_in(io.BytesIO(buffer.getvalue()), buffer.tell(), by=by)


def _texts(rows: list[Message]) -> list[str]:
    return [row.text for row in rows]


def test_a_question_is_kept_beside_the_record(cast: Cast) -> None:
    matter = need(cast.resident)
    with watching() as seen:
        message = send_message(matter.number, "几点在家？", by=cast.pioneer.spokesperson)
    told = seen.only("matter.messaged")
    assert told.new == {"message": message.id, "pioneer": cast.pioneer.id}
    assert seen.rows == {"matters_message": {message.id}, "matters_matter": {matter.id}}


def test_each_pioneer_reads_the_own_thread_and_the_requester_all(cast: Cast) -> None:
    matter = need(cast.resident)
    one, two = cast.pioneer.spokesperson, cast.second.spokesperson
    send_message(matter.number, "甲问", by=one)
    send_message(matter.number, "乙问", by=two)
    send_message(matter.number, "答乙", by=cast.resident, pioneer_id=cast.second.id)
    assert _texts(queries.talk(matter, by=cast.resident)) == ["甲问", "乙问", "答乙"]
    assert _texts(queries.talk(matter, by=one)) == ["甲问"]
    assert _texts(queries.talk(matter, by=two)) == ["乙问", "答乙"]
    assert queries.talk(matter, by=cast.stranger) == []
    assert queries.talk(matter, by=cast.staff) == []


def test_the_requester_answers_only_who_asked_or_took_it(cast: Cast) -> None:
    matter = need(cast.resident)
    for pioneer_id in (None, cast.pioneer.id):
        with refused("nobody-to-answer", "pioneer"):
            send_message(matter.number, "有人吗", by=cast.resident, pioneer_id=pioneer_id)
    claim(matter.number, by=cast.pioneer.spokesperson)
    assert send_message(matter.number, "您好", by=cast.resident).pioneer_id == cast.pioneer.id


def test_once_taken_only_the_two_sides_write(cast: Cast) -> None:
    matter = taken(cast)
    assert send_message(matter.number, "在路上", by=cast.pioneer.spokesperson).pioneer_id == cast.pioneer.id
    with refused("wrong-state"):
        send_message(matter.number, "还缺人吗", by=cast.second.spokesperson)
    with refused("not-a-pioneer"):
        send_message(matter.number, "好奇", by=cast.stranger)


def test_who_is_booked_asks_before_answering(cast: Cast) -> None:
    matter = booked(cast)
    assert send_message(matter.number, "带梯子吗", by=cast.pioneer.spokesperson).pioneer_id == cast.pioneer.id
    with refused("not-found"):
        send_message(matter.number, "我来", by=cast.second.spokesperson)


@pytest.mark.parametrize(("text", "code"), [(" ", "text-missing"), ("长" * 1001, "text-too-long")])
def test_a_faulty_message_is_refused(cast: Cast, text: str, code: str) -> None:
    matter = taken(cast)
    with refused(code, "text"):
        send_message(matter.number, text, by=cast.resident)


def test_photographs_of_a_message_are_seen_by_its_two_sides_alone(cast: Cast) -> None:
    matter, picture = need(cast.resident), photo(cast.pioneer.spokesperson)
    send_message(matter.number, "是这个吗", by=cast.pioneer.spokesperson, photos=[picture.key])
    for person in (cast.resident, cast.pioneer.spokesperson):
        assert queries.photo_for(person, picture.key).pk == picture.pk
    for other in (cast.second.spokesperson, cast.stranger, cast.staff, None):
        with pytest.raises(Missing):
            queries.photo_for(other, picture.key)


def test_the_firms_responsible_person_sees_the_photographs_of_its_threads(cast: Cast) -> None:
    matter = need(cast.responsible, firm_id=cast.firm.id)
    picture = photo(cast.pioneer.spokesperson)
    send_message(matter.number, "是这台吗", by=cast.pioneer.spokesperson, photos=[picture.key])
    type(cast.firm).objects.update(responsible=cast.stranger)
    assert queries.photo_for(cast.stranger, picture.key).pk == picture.pk
    assert len(queries.talk(matter, by=cast.stranger)) == 1


def test_a_photograph_is_its_owners_alone_until_it_is_attached(cast: Cast) -> None:
    picture = photo(cast.resident)
    with pytest.raises(Missing):
        queries.photo_for(cast.stranger, picture.key)
    with pytest.raises(Missing):
        queries.photo_for(None, "no-such-key")
    assert queries.photo_for(cast.resident, picture.key).pk == picture.pk
    matter = need(cast.resident)
    with watching() as seen:
        assert attach(matter.number, picture.key, by=cast.resident).photo_count == 1
    assert seen.only("matter.photo-added").new == {"purpose": "need"}
    assert queries.photo_for(None, picture.key).pk == picture.pk


def test_photographs_sent_with_a_need_are_counted_once_each(cast: Cast) -> None:
    one, two = photo(cast.resident), photo(cast.resident)
    matter = need(cast.resident, photos=(one.key, two.key, one.key))
    assert (matter.photo_count, matter.photos.count()) == (2, 2)


def test_nobody_attaches_anothers_photograph_or_to_anothers_need(cast: Cast) -> None:
    matter, mine, theirs = need(cast.resident), photo(cast.resident), photo(cast.stranger)
    with refused("photo-unknown", "photos"):
        attach(matter.number, theirs.key, by=cast.resident)
    with refused("not-found"):
        attach(matter.number, theirs.key, by=cast.stranger)
    with refused("photo-unknown", "photos"):
        need(cast.resident, photos=(mine.key, theirs.key))


def test_six_photographs_are_the_most(cast: Cast) -> None:
    matter = need(cast.resident, photos=tuple(photo(cast.resident).key for _ in range(6)))
    seventh = photo(cast.resident)
    with refused("too-many-photos", "photos"):
        attach(matter.number, seventh.key, by=cast.resident)


def test_the_taker_attaches_to_the_report_and_the_requester_does_not(cast: Cast) -> None:
    matter = taken(cast)
    picture = photo(cast.pioneer.spokesperson)
    assert attach(matter.number, picture.key, by=cast.pioneer.spokesperson, purpose="report").photo_count == 0
    mine = photo(cast.resident)
    with refused("not-found"):
        attach(matter.number, mine.key, by=cast.resident, purpose="report")


def test_what_is_no_photograph_is_refused(cast: Cast) -> None:
    with refused("photo-unreadable", "photo"):
        take_in(io.BytesIO(b"<svg onload=alert(1)>"), 20, by=cast.resident)
    with refused("photo-too-big", "photo"):
        take_in(io.BytesIO(b""), 10 * 1024 * 1024 + 1, by=cast.resident)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@settings(max_examples=40, deadline=None)
@given(dice=strategies.randoms(use_true_random=False))
def test_a_torn_photograph_is_opened_or_refused_and_nothing_else(kind: str, dice: random.Random) -> None:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((24, 24)).convert("RGB").save(buffer, kind)
    torn = bytearray(buffer.getvalue())
    for _ in range(dice.randint(1, 6)):
        torn[dice.randrange(len(torn))] = dice.randrange(256)
    torn = torn[: dice.randint(1, len(torn))]
    with contextlib.suppress(Refused):
        assert pictures.opened(io.BytesIO(torn), len(torn)).mode == "RGB"


def test_a_photograph_is_turned_upright_and_stripped_of_what_the_camera_wrote(cast: Cast) -> None:
    buffer, exif = io.BytesIO(), Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "camera of somebody"  # turned by a quarter; the maker
    Image.new("RGB", (400, 300)).save(buffer, "JPEG", exif=exif)
    size = buffer.tell()
    picture = take_in(io.BytesIO(buffer.getvalue()), size, by=cast.resident)
    assert (picture.width, picture.height) == (300, 400)
    from django.core.files.storage import default_storage

    for name in pictures.SIZES:
        with default_storage.open(pictures.path(picture.key, name)) as file:
            assert not Image.open(file).getexif()
    pictures.removed(picture.key)
    assert not default_storage.exists(pictures.path(picture.key, "small"))


def test_the_number_is_shown_to_the_two_sides_while_in_hand_and_each_look_is_recorded(cast: Cast) -> None:
    matter = taken(cast)
    with watching() as seen:
        assert show_other_side(matter.number, by=cast.pioneer.spokesperson) == "13800000001"
    told = seen.only("person.contact-shown")
    assert (told.kind, told.id, told.actor) == (
        "person", cast.resident.id, ("person", cast.pioneer.spokesperson_id),
    )  # fmt: skip
    assert told.new == {"matter": matter.id, "to": cast.pioneer.spokesperson_id}
    assert seen.rows == {"people_person": {cast.resident.id}}
    assert show_other_side(matter.number, by=cast.resident) == "13800000003"


def test_the_number_is_shown_to_nobody_else_and_at_no_other_time(cast: Cast) -> None:
    matter = taken(cast)
    for person in (cast.second.spokesperson, cast.stranger, cast.staff, cast.city_staff):
        with refused("not-found"):
            show_other_side(matter.number, by=person)
    release(matter.number, by=cast.pioneer.spokesperson)
    ended = closed(cast)
    for number in (matter.number, ended.number):
        for person in (cast.pioneer.spokesperson, cast.resident):
            with refused("not-found"):
                show_other_side(number, by=person)


def test_the_door_is_told_to_the_taker_while_in_hand_and_always_to_who_wrote_it(cast: Cast) -> None:
    matter = need(cast.resident, address="三单元 201")
    assert address_for(matter, cast.pioneer.spokesperson) == ""
    mine = claim(matter.number, by=cast.pioneer.spokesperson)
    assert address_for(mine, cast.pioneer.spokesperson) == "三单元 201"
    assert address_for(mine, cast.second.spokesperson) == address_for(mine, cast.staff) == ""
    assert address_for(mine, cast.resident) == "三单元 201"
    opened = release(matter.number, by=cast.pioneer.spokesperson)
    assert address_for(opened, cast.pioneer.spokesperson) == ""


def test_the_door_is_sealed_at_rest(cast: Cast) -> None:
    matter = need(cast.resident, address="三单元 201")
    assert "三单元 201".encode() not in bytes(type(matter).objects.get(pk=matter.pk).address_sealed or b"")


def test_a_finished_need_may_still_be_talked_about(cast: Cast) -> None:
    matter = done(cast)
    assert send_message(matter.number, "谢谢", by=cast.resident).pioneer_id == cast.pioneer.id
