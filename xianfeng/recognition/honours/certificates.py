"""The certificate of an honour: a PDF, and what its code says to anybody who checks it."""

import io
from dataclasses import dataclass

import segno
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.places import tree
from xianfeng.foundation.ui import paper
from xianfeng.recognition.honours import titles
from xianfeng.recognition.honours.models import Honour

VALID, REVOKED, EXPIRED = "valid", "revoked", "expired"


@dataclass(frozen=True)
class Check:
    """What a code says: the honour and whether it stands: valid, revoked or expired."""

    honour: Honour
    stands: str


def plain(code: str) -> str:
    """Return a code as it is kept: without blanks and dashes, in capitals."""
    return "".join(mark for mark in code.upper() if mark.isalnum())[:16]


def check(code: str) -> Check | None:
    """Return what a certificate's code says, None for one that was never given; one statement. Open to anybody."""
    rows = Honour.objects.select_related("pioneer", "organisation", "candidacy__round")
    honour = rows.filter(code=plain(code)).first()
    return Check(honour, stands(honour)) if honour else None


def stands(honour: Honour) -> str:
    """Tell whether an honour stands now: by its dates, whether the worker has noted it or not."""
    if honour.revoked_at:
        return REVOKED
    over = honour.until is not None and honour.until <= clock.now()
    return EXPIRED if over or honour.expired_at else VALID


def shown(code: str) -> str:
    """Return a code in groups of four, as it is printed."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def certificate(honour: Honour, *, address: str, language: str = "zh-hans") -> bytes:
    """Return the certificate as PDF; `address` is the whole address of its check page.

    Raises Refused 'paper-fonts-missing'. The same honour gives the same bytes.
    """
    with override(language):
        return paper.pdf("certificate", _given(honour, address, language), at=honour.since)


def _given(honour: Honour, address: str, language: str) -> dict[str, object]:
    english = language.startswith("en")
    until = _("有效到 %(day)s") % {"day": _day(honour.until)} if honour.until else ""
    return {
        "lang": "en" if english else "zh", "fonts": paper.family(serif=True), "heading": _("荣誉证书"),
        "name": honour.pioneer.name, "sentence": _("在服务群众中表现突出，授予"),
        "title": titles.title(honour.title).name(language),
        "level": titles.level_name(honour.level, language), "giver": giver(honour, language),
        "day": _day(honour.since), "until": until, "check": _("扫码，或到下面的网址输入编号，可以核对"),
        "code": shown(honour.code), "url": address, "qr": _qr(address),
    }  # fmt: skip


def giver(honour: Honour, language: str) -> str:
    """Return who gave an honour: the organisation, or the city."""
    english = language.startswith("en")
    if honour.organisation is not None:
        return honour.organisation.name_en if english else honour.organisation.name
    root = tree.current().root
    return (root.name_en or root.name) if english else root.name


def _day(at: object) -> str:
    return str(date_format(timezone.localtime(at), _("Y 年 n 月 j 日")))  # type: ignore[arg-type]


def _qr(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", border=1, xmldecl=False, dark="#14201C")
    return out.getvalue().decode()
