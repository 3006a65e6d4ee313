"""Asking for any service on the page: its questions as fields, no JavaScript needed, and nothing typed is lost."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.cast import Cast
from tests.doors.portal.browsers import field, signed, text
from tests.doors.portal.test_ask import town
from tests.matters.systems.folders import write
from tests.matters.watching import watching
from xianfeng.doors.portal import drafts
from xianfeng.foundation.kernel import catalogue
from xianfeng.matters import services
from xianfeng.matters.models import Matter, Particulars, Photo, Service
from xianfeng.matters.systems import loading, reading

FORM = """questions:
  - {code: seen, kind: choice, zh: 见过吗, en: Seen, required: true, options: [
      {code: "yes", zh: 见过, en: "Yes"}, {code: "no", zh: 没有, en: "No"}]}
  - {code: where, kind: place, zh: 在哪见的, en: Where, required: true, when: {question: seen, is: "yes"}}
  - {code: lost-on, kind: date, zh: 哪天, en: Which day}
  - {code: high, kind: number, zh: 多高, en: How high, zh_unit: 厘米, en_unit: cm, least: 30, most: 250, whole: true}
  - {code: face, kind: photo, zh: 照片, en: Photograph, most: 2}
  - {code: kin, kind: repeat, zh: 家里人, en: Family, times: 2, questions: [
      {code: name, kind: line, zh: 称呼, en: Name, required: true}, {code: near, kind: choice, zh: 住得近吗,
       en: Lives near, options: [{code: near, zh: 近, en: Near}, {code: far, zh: 远, en: Far}]}]}
"""


@pytest.fixture
def lending(cast: Cast, tmp_path: Path) -> str:
    """A service that asks everything there is to ask."""
    loading.load(reading.read(write(tmp_path, forms__lend_ladder=FORM)))
    services.forget()
    services.remember()
    return "/ask?service=lend-ladder"


def picture() -> SimpleUploadedFile:
    held = BytesIO()
    Image.new("RGB", (40, 30), "red").save(held, "JPEG")
    return SimpleUploadedFile("face.jpg", held.getvalue(), "image/jpeg")


def whole() -> dict[str, Any]:
    return {
        "title": "借梯子", "area": town(), "q.seen": "yes", "q.where": "30.89,120.09 东门", "q.lost-on": "2026-05-01",
        "q.high": "160", "q.kin.1.name": "女儿", "q.kin.1.near": "far", "q.kin.2.name": "儿子",
    }  # fmt: skip


def test_every_service_one_may_ask_for_is_listed_by_system(cast: Cast, lending: str) -> None:
    page = signed(None).get("/services").content.decode()
    assert 'href="/ask?service=rubbish"' in page
    assert 'href="/ask?service=lend-ladder"' in page
    assert "help-booking" not in page
    assert "meeting-task" not in page


def test_the_questions_of_a_service_are_fields_of_the_form(cast: Cast, lending: str) -> None:
    page = signed(cast.resident).get(lending).content.decode()
    for name in ("q.seen", "q.where", "q.lost-on", "q.high", "f.face", "q.kin.1.name", "q.kin.1.near"):
        assert f'name="{name}"' in page
    assert "想借什么" in page
    assert "“见过吗”选了“见过”才填" in page
    assert 'value="借梯子"' in page


def test_what_is_answered_is_kept_and_shown(cast: Cast, lending: str) -> None:
    browser = signed(cast.resident)
    sent = browser.post(lending, {**whole(), "f.face": picture()})
    matter = Matter.objects.get()
    kept = Particulars.objects.get(matter=matter).answers
    photo = Photo.objects.get()
    assert kept == {
        "seen": "yes", "where": {"words": "东门", "lat": 30.89, "lon": 120.09}, "lost-on": "2026-05-01", "high": 160,
        "face": [photo.key], "kin": [{"name": "女儿", "near": "far"}, {"name": "儿子"}],
    }  # fmt: skip
    assert (photo.matter_id, matter.photo_count, matter.service_code) == (matter.id, 1, "lend-ladder")
    shown = text(browser.get(sent["Location"]))
    for words in ("160 厘米", "东门", "2026-05-01", "1. 称呼：女儿，住得近吗：远", "2. 称呼：儿子"):
        assert words in shown


def test_what_is_not_asked_is_left_out(cast: Cast, lending: str) -> None:
    signed(cast.resident).post(lending, {**whole(), "q.seen": "no", "q.where": "东门", "q.more": "x"})
    assert "where" not in Particulars.objects.get().answers


def test_every_mistake_is_said_at_its_field_and_all_is_kept(cast: Cast, lending: str) -> None:
    typed = {
        **whole(),
        "q.high": "999",
        "q.where": "",
        "q.kin.2.name": "",
        "q.kin.2.near": "near",
        "f.face": picture(),
    }
    with watching() as seen:
        refused = signed(cast.resident).post(lending, typed)
    page = refused.content.decode()
    assert refused.status_code == 422
    for anchor in ("f-high", "f-where", "f-kin.2.name"):
        assert f'href="#{anchor}"' in page
    assert 'value="999"' in page
    assert 'value="女儿"' in page
    assert f'name="q.face" value="{Photo.objects.get().key}"' in page
    assert not Matter.objects.exists()
    assert "matters_matter" not in seen.tables


def test_a_turn_more_of_a_repeat_loses_nothing(cast: Cast, lending: str) -> None:
    typed = {**whole(), "q.kin.2.name": "", "more": "kin", "f.face": picture()}
    again = signed(cast.resident).post(lending, typed)
    page = again.content.decode()
    assert (again.status_code, 'name="q.kin.2.name"' in page, 'value="女儿"' in page) == (200, True, True)
    assert Photo.objects.get().key in page
    assert not Matter.objects.exists()


def test_answers_wait_for_the_sign_in(cast: Cast, lending: str) -> None:
    browser = signed(None)
    browser.post(lending, {**whole(), "q.seen": ["yes"], "key": "k"})
    browser.cookies.update(signed(cast.resident).cookies)
    kept = browser.get(lending)
    page = kept.content.decode()
    assert ('value="160"' in page, 'value="儿子"' in page) == (True, True)
    assert drafts.read_answers(browser.get("/ask").wsgi_request) == {}
    browser.post(lending, {**whole(), "key": field(kept, "key")})
    assert Matter.objects.get().service_code == "lend-ladder"


def test_the_same_answers_sent_twice_are_one_need_and_other_answers_are_asked_about(
    cast: Cast, lending: str
) -> None:
    browser = signed(cast.resident)
    key = field(browser.get(lending), "key")
    places = {browser.post(lending, {**whole(), "key": key})["Location"] for _ in range(2)}
    assert len(places) == 1
    assert browser.post(lending, {**whole(), "q.high": "170", "key": key}).status_code == 409


def test_a_withdrawn_service_says_so_and_an_unknown_one_is_not_there(cast: Cast, lending: str) -> None:
    Service.objects.filter(code="lend-ladder").update(current=False)
    services.forget()
    page = signed(cast.resident).get(lending)
    assert (page.status_code, "已经停了" in text(page)) == (422, True)
    assert signed(cast.resident).get("/ask?service=help-booking").status_code == 404
    assert signed(cast.resident).get("/ask?service=meeting-task").status_code == 404


def test_too_many_answers_are_refused_and_nothing_is_raised(cast: Cast, lending: str) -> None:
    most = catalogue.load("limits")["answer"]["most"]
    many = {f"q.x{at}": "1" for at in range(most + 1)}
    refused = signed(cast.resident).post(lending, {**whole(), **many})
    assert (refused.status_code, f"最多 {most} 个" in text(refused)) == (422, True)
    flood = {f"q.x{at}": "1" for at in range(10_000)}
    assert signed(cast.resident).post(lending, {**whole(), **flood}).status_code in {400, 413, 422}
    assert not Matter.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_form_costs_the_same_however_much_is_answered(
    cast: Cast, lending: str, rows: int, django_assert_num_queries: Any
) -> None:
    browser = signed(cast.resident)
    typed = {**whole(), "title": "", **{f"q.kin.{turn}.name": "甲" for turn in range(1, rows + 1)}}
    browser.get(lending)
    with django_assert_num_queries(2):
        browser.get(lending)
    with django_assert_num_queries(2):
        browser.post(lending, {**typed, "more": "kin"})
