"""Photographs on pages: taken in one by one, shown to whom they may be shown, kept when a form is refused."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.cast import Cast, need, taken
from tests.doors.portal.browsers import field, signed, text
from tests.doors.portal.test_ask import town
from xianfeng.matters.models import Matter, Photo


def picture(colour: str = "green") -> SimpleUploadedFile:
    """Return a small photograph."""
    buffer = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(buffer, "JPEG")
    return SimpleUploadedFile("photo.jpg", buffer.getvalue(), content_type="image/jpeg")


def test_a_photograph_is_sent_alone_and_then_belongs_to_the_need(cast: Cast) -> None:
    browser = signed(cast.resident)
    sent = browser.post("/photos", {"photo": picture()})
    key = sent.json()["key"]
    assert (sent.status_code, sent.json()["url"]) == (201, f"/photo/{key}/small")
    for reader, code in ((cast.resident, 200), (cast.stranger, 404), (None, 404)):
        assert signed(reader).get(f"/photo/{key}/small").status_code == code
    browser.post("/ask", {"title": "漏水", "area": town(), "photos": [key]})
    shown = signed(None).get(f"/photo/{key}/medium")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert shown["Cache-Control"] == "private, max-age=31536000, immutable"
    assert f"/photo/{key}/small" in signed(None).get(f"/need/{Matter.objects.get().number}").content.decode()
    assert f"/photo/{key}/small" in signed(cast.pioneer.spokesperson).get("/needs").content.decode()


def test_without_javascript_the_files_go_with_the_form_and_outlive_a_refusal(cast: Cast) -> None:
    browser = signed(cast.resident)
    refused = browser.post("/ask", {"title": "", "area": town(), "files": [picture(), picture("red")]})
    assert refused.status_code == 422
    keys = [photo.key for photo in Photo.objects.order_by("id")]
    assert all(f'name="photos" value="{key}"' in refused.content.decode() for key in keys)
    browser.post("/ask", {"title": "漏水", "area": town(), "photos": keys, "key": field(refused, "key")})
    assert Matter.objects.get().photo_count == 2


def test_what_is_no_photograph_is_told_at_its_field(cast: Cast) -> None:
    browser, torn = signed(cast.resident), SimpleUploadedFile("a.jpg", b"not a photograph", "image/jpeg")
    problem = browser.post("/photos", {"photo": torn})
    assert (problem.status_code, problem.json()["code"]) == (422, "photo-unreadable")
    torn.seek(0)
    page = browser.post("/ask", {"title": "漏水", "area": town(), "files": [torn]})
    assert (page.status_code, "这个文件不是照片，请换一张" in text(page)) == (422, True)
    assert not Matter.objects.exists()
    assert browser.post("/photos").json()["code"] == "photo-unreadable"


def test_nobody_sends_a_photograph_without_a_session(cast: Cast) -> None:
    refused = signed(None).post("/photos", {"photo": picture()})
    assert (refused.status_code, refused.json()["code"]) == (401, "sign-in-needed")


def test_an_unknown_size_or_key_is_missing(cast: Cast) -> None:
    key = signed(cast.resident).post("/photos", {"photo": picture()}).json()["key"]
    assert signed(cast.resident).get(f"/photo/{key}/original").status_code == 404
    assert signed(cast.resident).get("/photo/nothing/small").status_code == 404


def test_photographs_of_a_talk_are_seen_by_its_two_sides_alone(cast: Cast) -> None:
    matter, pioneer = need(cast.resident), signed(cast.pioneer.spokesperson)
    pioneer.post(f"/need/{matter.number}/messages", {"text": "是这种吗", "files": [picture()]})
    key = Photo.objects.get().key
    for reader, code in (
        (cast.resident, 200),
        (cast.pioneer.spokesperson, 200),
        (cast.second.spokesperson, 404),
    ):
        assert signed(reader).get(f"/photo/{key}/small").status_code == code


def test_a_report_brings_its_photographs(cast: Cast) -> None:
    matter, pioneer = taken(cast), signed(cast.pioneer.spokesperson)
    pioneer.post(f"/need/{matter.number}/report", {"report": "换好了", "files": [picture()]})
    photo = Photo.objects.get()
    assert (photo.purpose, photo.matter_id) == ("report", matter.id)
    assert f"/photo/{photo.key}/small" in signed(None).get(f"/need/{matter.number}").content.decode()
