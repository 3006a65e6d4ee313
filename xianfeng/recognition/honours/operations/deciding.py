"""Public notice, objections, the decision; revocation and expiry of what was given."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import SYSTEM, Actor
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.recognition.honours import choosing, rules, steps, titles
from xianfeng.recognition.honours.models import Candidacy, Honour, Objection, Round
from xianfeng.recognition.honours.states import RoundState

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read as another


def announce(pk: int, *, by: Person, short_reason: str = "") -> Round:
    """Choose by rank and quota, and begin the public notice: its days are whole days where the city is.

    Raises Missing; Refused 'quota-short' ({who}, {places}) where places stay empty and no reason says they shall;
    'round-wrong-state'.
    """
    words, at = _line(short_reason, required=False), clock.now()
    with write():
        row = steps.own_round(pk, by)
        if row.state == RoundState.NOTICE:
            return row
        choice = choosing.choose(row)
        _short_told(choice, words)
        sets = {
            "notice_until": notice_end(at, row.notice_days), "short_accepted": choice.short_places,
            "short_reason": words,
        }  # fmt: skip
        new = {"chosen": len(choice.chosen), "short": choice.short, "notice_until": sets["notice_until"]}
        row = steps.move_round(row, "announce", actor=actor(by.id), at=at, sets=sets, new=new)
        _choose(choice, actor(by.id), at)
        idempotency.note("round", pk)
        return row


def _short_told(choice: choosing.Choice, words: str) -> None:
    if choice.short_places and not words:
        raise Refused(
            "quota-short", field="short_reason", who=choice.who_is_short(), places=choice.short_places
        )


def _choose(choice: choosing.Choice, who: Actor, at: datetime) -> None:
    rows: list[steps.Changed] = []
    for candidacy_id in choice.runners:
        quota = choice.chosen.get(candidacy_id)
        columns = {"state": "selected" if quota else "passed", "quota_id": quota}
        rows.append((candidacy_id, columns, columns))
    steps.change_many("candidacy.chosen", rows, actor=who, at=at)


def notice_end(at: datetime, days: int) -> datetime:
    """Return when a notice of so many whole days ends that begins the day after `at`, where the city is."""
    day = timezone.localtime(at).date() + timedelta(days=days + 1)
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware here


def revise(pk: int, reason: str, *, by: Person) -> Round:
    """Take a notice back to the ranks, with a reason: places that an upheld objection emptied are given anew."""
    words, at = _line(reason), clock.now()
    with write():
        row = steps.own_round(pk, by)
        sets = {"notice_until": None, "short_accepted": 0, "short_reason": words}
        row = steps.move_round(row, "revise", actor=actor(by.id), at=at, sets=sets)
        idempotency.note("round", pk)
        return row


def object_to(candidacy_id: int, text: str, *, by: Person) -> Objection:
    """Object to somebody under public notice, as anybody who signed in. Only the round's staff read who.

    Raises Missing; Refused 'notice-over', 'objection-waits' while one of `by` waits for its answer.
    """
    limit, at = titles.numbers("objection")["text_length"], clock.now()
    words = texts.clean_text(text, field="text", limit=limit)
    with write():
        row = steps.locked(Candidacy, candidacy_id)
        steps.shared(row.round_id)
        row.round.refresh_from_db()
        if row.round.state != RoundState.NOTICE or row.state != "selected":
            raise Missing
        if row.round.notice_until is None or at >= row.round.notice_until:
            raise Refused("notice-over")
        if row.objections.filter(by=by, answered_at=None).exists():
            raise Refused("objection-waits")
        found = Objection.objects.create(candidacy=row, by=by, text=words, filed_at=at)
        record.append(
            "candidacy", row.pk, "candidacy.objected", actor=actor(by.id), at=at, new={"objection": found.pk}
        )
        idempotency.note("candidacy", row.pk)
        return found


def answer(objection_id: int, text: str, *, upheld: bool, by: Person) -> Objection:
    """Answer an objection, once; upheld, its candidate is out of the round.

    Raises Missing, Refused 'objection-answered'.
    """
    limit, at = titles.numbers("objection")["answer_length"], clock.now()
    words = texts.clean_text(text, field="answer", limit=limit)
    with write():
        found = Objection.objects.filter(pk=objection_id).select_related("candidacy").first()
        if found is None:
            raise Missing
        steps.own_round(found.candidacy.round_id, by)
        row = steps.locked(Candidacy, found.candidacy_id)
        answered = {"answer": words, "upheld": upheld, "answered_by": by, "answered_at": at}
        if not Objection.objects.filter(pk=objection_id, answered_at=None).update(**answered):
            raise Refused("objection-answered")
        sets = {"state": "excluded", "quota_id": None} if upheld else {}
        record.change(
            "candidacy", row.pk, "candidacy.objection-answered", actor=actor(by.id), at=at,
            old={"state": row.state}, new={"objection": found.pk, "upheld": upheld}, sets=sets,
        )  # fmt: skip
        found.refresh_from_db()
        idempotency.note("candidacy", row.pk)
        return found


def decide(pk: int, *, by: Person, short_reason: str = "") -> Round:
    """Give the title to everybody still chosen. Again answers the same.

    Raises Missing; Refused 'notice-runs', 'objections-open' ({count}), 'quota-short' where more places are empty than
    was said when the notice began, 'round-wrong-state'.
    """
    words, at = _line(short_reason, required=False), clock.now()
    with write():
        row = steps.own_round(pk, by)
        if row.state == RoundState.DECIDED:
            return row
        chosen = list(
            row.candidacies.filter(state="selected").order_by("rank").select_for_update(of=("self",))
        )
        _ready(row, chosen, words, at)
        new = {"honoured": len(chosen)}
        sets = {"decided_at": at} | ({"short_reason": words} if words else {})
        row = steps.move_round(row, "decide", actor=actor(by.id), at=at, new=new, sets=sets)
        for one in chosen:
            _confer(row, one, by, at)
        idempotency.note("round", pk)
        return row


def _ready(row: Round, chosen: Sequence[Candidacy], words: str, at: datetime) -> None:
    if refusal := rules.may_move("decide", row):
        raise Refused(refusal)
    if row.notice_until is None or at < row.notice_until:
        raise Refused("notice-runs", until=row.notice_until.isoformat() if row.notice_until else "")
    waiting = Objection.objects.filter(candidacy__round=row, answered_at=None).count()
    if waiting:
        raise Refused("objections-open", count=waiting)
    empty = sum(row.quotas.values_list("places", flat=True)) - len(chosen)
    if empty > row.short_accepted and not words:
        who = choosing.short_words(row, [one.quota_id for one in chosen])
        raise Refused("quota-short", field="short_reason", who=who, places=empty)


def _confer(row: Round, one: Candidacy, by: Person, at: datetime) -> Honour:
    record.change(
        "candidacy", one.pk, "candidacy.honoured", actor=actor(by.id), at=at, old={"state": one.state},
        new={"state": "honoured"}, sets={"state": "honoured"},
    )  # fmt: skip
    honour = Honour.objects.create(
        candidacy=one, pioneer_id=one.pioneer_id, organisation_id=row.organisation_id, title=row.title,
        level=row.level, since=at, until=ends(row.title, at), code=_code(), given_by=by,
    )  # fmt: skip
    new: dict[str, Any] = {
        "pioneer": one.pioneer_id, "level": row.level, "title": row.title, "round": row.pk,
        "until": honour.until.isoformat() if honour.until else None,
    }  # fmt: skip
    code = "honour.conferred" if row.level in titles.COUNTED else "honour.conferred-nearby"
    record.append("honour", honour.pk, code, actor=actor(by.id), at=at, new=new)
    return honour


def ends(title: str, since: datetime) -> datetime | None:
    """Return when an honour ends that was given at `since`: the same day after its years, None for good."""
    years = titles.title(title).years
    if not years:
        return None
    local = timezone.localtime(since)
    leap = (local.month, local.day) == (2, 29)
    return local.replace(year=local.year + years, day=28 if leap else local.day)


def _code() -> str:
    """Return a code that nobody guesses: 31 letters, twelve places, about 59 bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(12))


def revoke(honour_id: int, reason: str, *, by: Person) -> Honour:
    """Take an honour back, with a reason that everybody reads who checks it. Raises Missing, Refused 'honour-over'."""
    words, at = _line(reason), clock.now()
    with write():
        row = steps.locked(Honour, honour_id)
        if not rules.is_staff_for(by, row.organisation_id):
            raise Missing
        if refusal := rules.may_revoke(row):
            raise Refused(refusal)
        record.change(
            "honour", row.pk, "honour.revoked", actor=actor(by.id), at=at, new={"pioneer": row.pioneer_id},
            sets={"revoked_at": at, "revoked_reason": words},
        )  # fmt: skip
        row.refresh_from_db()
        idempotency.note("honour", row.pk)
        return row


def expire(limit: int = 200) -> int:
    """Say of honours whose years are over that they are; return how many. Each is told once."""
    at = clock.now()
    over = Honour.objects.filter(until__lte=at, expired_at=None, revoked_at=None).order_by("until", "id")
    count = 0
    for pk, pioneer in over.values_list("id", "pioneer_id")[:limit]:
        with write():
            count += record.change(
                "honour", pk, "honour.expired", actor=SYSTEM, at=at, new={"pioneer": pioneer}, sets={"expired_at": at},
                where="s.expired_at IS NULL AND s.revoked_at IS NULL",
            )  # fmt: skip
    return count


def _line(words: str, *, required: bool = True) -> str:
    limit = titles.numbers("round")["reason_length"]
    return texts.clean_line(words, field="reason", limit=limit, required=required)
