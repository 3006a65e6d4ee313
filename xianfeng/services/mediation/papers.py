"""The paper of an agreement: a PDF that each side keeps, and what its code says to anybody who checks it."""

import hashlib
import io
from datetime import date, datetime

import segno
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from xianfeng.foundation.people import roles
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.ui import paper
from xianfeng.services.mediation import numbers
from xianfeng.services.mediation.models import Agreement, Case, Party
from xianfeng.services.mediation.sealing import opened, opened_file
from xianfeng.services.mediation.states import APPLICANT


def agreement(case: Case, row: Agreement, *, address: str, language: str = "zh-hans") -> bytes:
    """Return an agreement in force as PDF; `address` is the whole address of its check page.

    Raises Refused 'paper-fonts-missing'. The same agreement gives the same bytes.
    """
    with override(language):
        return paper.pdf(
            "agreement", _given(case, row, address, language), at=row.agreed_at or row.written_at
        )


def _given(case: Case, row: Agreement, address: str, language: str) -> dict[str, object]:
    names = {party.pk: called(party) for party in case.parties.all()}
    return {
        "lang": "en" if language.startswith("en") else "zh", "fonts": paper.family(serif=True),
        "heading": _("调解协议书"), "number": case.matter.number, "title": case.matter.title,
        "parties": [[side_name(one.side), names[one.pk]] for one in case.parties.all() if one.left_at is None],
        "mediator": f"{roles.name(case.role, language)} {case.mediator.name if case.mediator else ''}",
        "where": places.full_name(case.matter.area, language),
        "text_heading": _("约定"), "text": opened(row.text_sealed),
        "duties_heading": _("谁、什么时候、给谁多少"),
        "columns": [_("谁给"), _("给谁"), _("多少"), _("最晚哪天")],
        "duties": [
            [names[one.payer_id], names[one.receiver_id], amount(one.amount_fen), _day(one.due_on)]
            for one in row.duties.all()
        ],
        "total": _("合计 %(yuan)s 元") % {"yuan": numbers.yuan(row.amount_fen)},
        "signed_heading": _("各方已在本人账号里确认签名"),
        "signatures": [
            [names[one.party_id], _instant(one.at), one.mark[:16]]
            for one in sorted(row.signatures.all(), key=lambda one: one.pk)
        ],
        "digest": _("内容指纹（SHA-256）：%(digest)s") % {"digest": row.digest},
        "check": _("扫码，或到下面的网址输入编号，可以核对"), "code": shown(row.code), "url": address,
        "qr": _qr(address),
        "law": _("双方可以在协议生效之日起三十日内，一起向人民法院申请司法确认。"),
    }  # fmt: skip


def called(party: Party) -> str:
    """Return how a case calls a party: the firm, the name the person gave, or the one it was opened with."""
    if party.firm is not None:
        return party.firm.name
    return party.person.name or opened(party.name_sealed)


def side_name(side: str) -> str:
    """Return a side in words."""
    return _("申请人") if side == APPLICANT else _("被申请人")


def amount(amount_fen: int) -> str:
    """Return money in yuan, or words where something is to be done instead."""
    return _("%(yuan)s 元") % {"yuan": numbers.yuan(amount_fen)} if amount_fen else _("照约定做到")


def shown(code: str) -> str:
    """Return a code in groups of four, as it is printed."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def kept(row: Agreement) -> bytes:
    """Return the kept paper of an agreement. Raises ValueError where it is not the one that was hashed."""
    content = opened_file(row.paper_sealed or b"")
    if hashlib.sha256(content).hexdigest() != row.paper_hash:
        raise ValueError(f"the paper of agreement {row.pk} is not the one that was made")
    return content


def _day(day: date) -> str:
    return str(date_format(day, _("Y 年 n 月 j 日")))


def _instant(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"


def _qr(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", border=1, xmldecl=False, dark="#14201C")
    return out.getvalue().decode()
