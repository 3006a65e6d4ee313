"""Certificates: a PDF with its font inside, and a code that anybody can check."""

import re
from datetime import timedelta

import pytest
import time_machine

from tests.cast import Cast
from tests.matters.watching import refused
from tests.recognition.honours.playing import START, helped, ranked
from xianfeng.foundation.ui import paper
from xianfeng.recognition.honours import certificates
from xianfeng.recognition.honours.models import Honour
from xianfeng.recognition.honours.operations import deciding


def conferred(cast: Cast, moment: time_machine.Traveller) -> Honour:
    """Return an honour that was given after its notice."""
    helped(cast, cast.pioneer)
    about, _ = ranked(cast, moment, [cast.pioneer], [90])
    about = deciding.announce(about.pk, by=cast.staff)
    assert about.notice_until is not None
    moment.move_to(about.notice_until)
    deciding.decide(about.pk, by=cast.staff)
    return Honour.objects.get()


def test_a_certificate_is_a_pdf_with_the_chinese_font_in_it_and_the_same_each_time(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    honour = conferred(cast, moment)
    made = certificates.certificate(honour, address="https://city.example/honours/check/ABC")
    assert made.startswith(b"%PDF-")
    fonts = set(re.findall(rb"/FontName\s*/[A-Z]{6}\+([A-Za-z0-9-]+)", made))
    assert any(b"CJK" in name or b"SourceHan" in name for name in fonts)
    assert b"/FontFile3" in made
    assert certificates.certificate(honour, address="https://city.example/honours/check/ABC") == made
    assert certificates.certificate(honour, address="https://city.example/x", language="en") != made


def test_a_machine_without_a_chinese_font_says_so(
    moment: time_machine.Traveller, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    honour = conferred(cast, moment)
    paper.family.cache_clear()
    monkeypatch.setattr(paper, "FAMILIES", ("No Such Font",))
    monkeypatch.setattr(paper, "SERIFS", ())
    with refused("paper-fonts-missing"):
        certificates.certificate(honour, address="https://city.example/x")
    paper.family.cache_clear()


def test_a_code_is_checked_as_it_is_read_aloud_and_tells_what_became_of_the_honour(
    moment: time_machine.Traveller, cast: Cast
) -> None:
    honour = conferred(cast, moment)
    printed = certificates.shown(honour.code)
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", printed)
    found = certificates.check(f" {printed.lower()} ")
    assert found is not None
    assert (found.honour.pk, found.stands) == (honour.pk, "valid")
    assert certificates.check("AAAA-AAAA-AAAA") is None
    Honour.objects.update(until=START + timedelta(days=40))
    moment.move_to(START + timedelta(days=41))
    late = certificates.check(printed)
    assert late is not None
    assert late.stands == "expired"  # by the date, though the worker has not come round
    deciding.revoke(honour.pk, "弄虚作假", by=cast.staff)
    gone = certificates.check(printed)
    assert gone is not None
    assert (gone.stands, gone.honour.revoked_reason) == ("revoked", "弄虚作假")
