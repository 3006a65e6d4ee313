"""What mediation keeps of a person, told to that person: of talks only what they wrote themselves."""

from django.db.models import Q

from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy import keepers
from xianfeng.foundation.people.privacy.keepers import Rows
from xianfeng.services.mediation.models import (
    Agreement,
    Attendance,
    Case,
    Duty,
    Lecture,
    Lesson,
    Party,
    Recusal,
    Signature,
    Talk,
)
from xianfeng.services.mediation.sealing import opened


def tell(person: Person) -> dict[str, Rows]:
    """Tell cases, own words, agreements signed, what is owed and received, cases led, lessons, lectures."""
    mine = Q(person=person, firm=None) | Q(firm__responsible=person)
    parties = Party.objects.filter(mine)
    signed = Signature.objects.filter(person=person).select_related("agreement__case__matter").order_by("id")
    owed = Q(payer__in=parties) | Q(receiver__in=parties)
    rows = keepers.rows
    return {
        "cases": [_case(one) for one in parties.order_by("id").select_related("case__matter", "firm")],
        "case_talks": [_talk(one) for one in _talks(person)],
        "agreements": [_agreement(one.agreement, one) for one in signed],
        "duties": [_duty(one) for one in _duties(owed)],
        "cases_led": rows(
            Case.objects.filter(mediator=person).order_by("id"), "matter__number", "role", "state", "opened_at",
            "ended_at",
        ),
        "recusals": [_recusal(one) for one in _recusals(person)],
        "lessons": rows(
            Lesson.objects.filter(drafted_by=person).order_by("id"), "title", "text", "state", "published_at"
        ),
        "lectures": rows(
            Lecture.objects.filter(speaker=person).order_by("id"), "lesson__title", "place", "starts_at", "heads"
        ),
        "attendances": rows(
            Attendance.objects.filter(person=person).order_by("id"), "lecture__lesson__title", "lecture__place", "at"
        ),
    }  # fmt: skip


def _case(party: Party) -> dict[str, object]:
    return {
        "number": party.case.matter.number, "state": party.case.state, "side": party.side,
        "name": party.firm.name if party.firm else opened(party.name_sealed), "opened_at": party.case.opened_at,
        "consented_at": party.consented_at, "left_at": party.left_at,
        "ended_words": opened(party.case.ended_words_sealed),
    }  # fmt: skip


def _talks(person: Person) -> list[Talk]:
    return list(Talk.objects.filter(author=person).order_by("id").select_related("case__matter"))


def _talk(talk: Talk) -> dict[str, object]:
    return {
        "number": talk.case.matter.number, "channel": talk.channel, "sent_at": talk.said_at,
        "text": opened(talk.text_sealed),
    }  # fmt: skip


def _agreement(row: Agreement, signature: Signature) -> dict[str, object]:
    return {
        "number": row.case.matter.number, "text": opened(row.text_sealed), "amount_fen": row.amount_fen,
        "signed_at": signature.at, "code": row.code,
    }  # fmt: skip


def _duties(owed: Q) -> list[Duty]:
    rows = Duty.objects.filter(owed, agreement__agreed_at__isnull=False).order_by("id")
    return list(rows.select_related("agreement__case__matter"))


def _duty(row: Duty) -> dict[str, object]:
    return {
        "number": row.agreement.case.matter.number, "state": row.state, "amount_fen": row.amount_fen,
        "due_on": row.due_on.isoformat(), "paid_at": row.paid_at,
    }  # fmt: skip


def _recusals(person: Person) -> list[Recusal]:
    return list(Recusal.objects.filter(person=person).order_by("id").select_related("case__matter"))


def _recusal(row: Recusal) -> dict[str, object]:
    own = opened(row.words_sealed) if row.reason == "declared" else ""
    return {"number": row.case.matter.number, "reason": row.reason, "text": own, "at": row.at}
