"""A case as its parties and its mediator see it, each what is theirs to see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from xianfeng.doors.portal.shown.life import Line
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.people import roles
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record.models import Entry
from xianfeng.foundation.ui import words
from xianfeng.services.mediation import numbers, papers, queries, rules
from xianfeng.services.mediation.models import Agreement, Case, Duty, Hearing, Party, Recusal, Talk
from xianfeng.services.mediation.sealing import opened
from xianfeng.services.mediation.states import ALL, APPLICANT, RESPONDENT
from xianfeng.services.mediation.words import REASONS, STATES

DUTIES = {
    "waiting": gettext_lazy("还没到日子"),
    "asked": gettext_lazy("等着说收到没有"),
    "paid": gettext_lazy("收到了"),
    "broken": gettext_lazy("没收到"),
    "replaced": gettext_lazy("换了"),
}
DATES = {
    "planned": gettext_lazy("约好了"),
    "held": gettext_lazy("谈过了"),
    "cancelled": gettext_lazy("取消了"),
    "missed": gettext_lazy("过了"),
}


@dataclass(frozen=True)
class Card:
    """A case in a list."""

    row: Case
    stands: str
    mine: bool
    title: str


@dataclass(frozen=True)
class Seat:
    """A party on the page."""

    row: Party
    name: str
    side: str
    own: bool
    signed: bool


@dataclass(frozen=True)
class Said:
    """Something said."""

    who: str
    text: str
    at: datetime
    mine: bool


@dataclass(frozen=True)
class Thread:
    """What was said in one channel that the reader may read."""

    channel: str
    name: str
    hint: str
    said: list[Said]


@dataclass(frozen=True)
class Owed:
    """A line of an agreement, and what the reader may say of it."""

    row: Duty
    payer: str
    receiver: str
    amount: str
    stands: str
    may_confirm: bool
    may_deny: bool
    may_say_paid: bool


def state_name(state: str) -> str:
    """Return where a case stands in words."""
    return str(STATES[state])


def cards(found: Iterable[Case], by: Person) -> list[Card]:
    """Return cases as cards; no statement."""
    return [Card(one, state_name(one.state), rules.leads(by, one), one.matter.title) for one in found]


def seats(case: Case, by: Person, agreement: Agreement | None) -> list[Seat]:
    """Return the parties; no statement."""
    signed = {one.party_id for one in agreement.signatures.all()} if agreement else set()
    return [
        Seat(one, papers.called(one), papers.side_name(one.side), rules.speaks(by, one), one.pk in signed)
        for one in case.parties.all()
    ]


def mediator(case: Case) -> str:
    """Return who leads a case, with the role; '' for nobody yet."""
    if case.mediator is None:
        return ""
    return f"{roles.name(case.role, get_language() or '')} {case.mediator.name}".strip()


def set_aside(found: Iterable[Recusal]) -> list[tuple[str, str]]:
    """Return who does not lead a case, and why."""
    return [(one.person.name or _("一位调解员"), str(REASONS[one.reason])) for one in found]


def threads(case: Case, talks: Sequence[Talk], by: Person) -> list[Thread]:
    """Return what was said, a thread for each channel that `by` reads."""
    names = {one.person_id: papers.called(one) for one in case.parties.all() if one.firm_id is None}
    names |= {one.firm.responsible_id: papers.called(one) for one in case.parties.all() if one.firm}
    names[case.mediator_id or 0] = mediator(case)
    said: dict[str, list[Said]] = {channel: [] for channel in rules.channels(by, case)}
    for talk in talks:
        who = (
            _("您") if talk.author_id == by.pk else names.get(talk.author_id) or talk.author.name or _("居民")
        )
        one = Said(who, opened(talk.text_sealed), talk.said_at, talk.author_id == by.pk)
        said[talk.channel].append(one)
    leads = rules.leads(by, case)
    return [Thread(channel, *_channel(channel, leads=leads), found) for channel, found in said.items()]


def _channel(channel: str, *, leads: bool) -> tuple[str, str]:
    if channel == ALL:
        return _("一起谈"), _("双方和调解员都看得到")
    if not leads:
        return _("单独和调解员谈"), _("只有您这一边和调解员看得到，对方看不到")
    name = {APPLICANT: _("单独和申请人谈"), RESPONDENT: _("单独和被申请人谈")}[channel]
    return name, _("另一边看不到")


def duties(agreement: Agreement | None, by: Person) -> list[Owed]:
    """Return the lines of an agreement; no statement."""
    if agreement is None:
        return []
    bound = agreement.agreed_at is not None
    return [
        Owed(
            one, papers.called(one.payer), papers.called(one.receiver), papers.amount(one.amount_fen),
            str(DUTIES[one.state]) if bound else "",
            may_confirm=bound and one.state in {"waiting", "asked", "broken"} and rules.speaks(by, one.receiver),
            may_deny=bound and one.state == "asked" and rules.speaks(by, one.receiver),
            may_say_paid=bound and one.state in {"waiting", "asked", "broken"} and not one.said_paid_at
            and rules.speaks(by, one.payer),
        )
        for one in agreement.duties.all()
    ]  # fmt: skip


def dates(found: Sequence[Hearing]) -> list[tuple[Hearing, str, str]]:
    """Return the dates of a case with where they stand and when they are, in words."""
    return [(one, str(DATES[one.state]), words.planned(one.starts_at)) for one in found]


def way_to_court(case: Case, agreement: Agreement | None) -> str:
    """Return the way to court in words, '' where nothing has come to that."""
    if not rules.shows_way_to_court(case):
        return ""
    confirmed = agreement is not None and getattr(agreement, "confirmation", None) is not None
    told = "confirmed" if confirmed and agreement and agreement.confirmation.state == "confirmed" else ""
    entry = catalogue.load("mediation")["way_to_court"][told or case.matter.service_code]
    return str(entry["en" if (get_language() or "").startswith("en") else "zh"])


def life(found: Sequence[Entry], case: Case, by: Person) -> list[Line]:
    """Return the record of a case in words, as `by` may read it; no statement."""
    names = {one.person_id: papers.called(one) for one in case.parties.all()}
    names |= {one.firm.responsible_id: papers.called(one) for one in case.parties.all() if one.firm}
    names[by.pk] = _("您")
    return [
        Line("t-seal" if one.actor_kind == "system" else "t-dot-g", _line(one, names, case), words.when(one.at), one.at)
        for one in found
        if one.code not in {"case.spoke", "case.spoke-apart", "case.erased"}
    ]  # fmt: skip


def _line(entry: Entry, names: dict[int, str], case: Case) -> str:
    english = (get_language() or "").startswith("en")
    sentence = str(catalogue.load("texts/events")[entry.code]["en" if english else "zh"])
    who = names.get(entry.actor_id, "") if entry.actor_kind == "person" else ""
    if not who and entry.actor_kind == "person" and entry.actor_id == case.mediator_id:
        who = mediator(case)
    return f"{who} {sentence}".strip() if who else sentence


def days_left(until: datetime) -> int:
    """Return how many whole days are left until an instant, 0 at least."""
    return max(0, (until - clock.now()).days)


def due_words(case: Case) -> str:
    """Return how long the present state may last, '' where nothing ends by itself."""
    if case.due_at is None or case.state not in {"inviting", "talking", "broken"}:
        return ""
    return words.left(case.due_at)


def may(case: Case, by: Person) -> dict[str, bool]:
    """Return what `by` can do now, for the page's buttons; no statement."""
    own = rules.parties_of(by, case)
    waits = [one for one in own if one.consented_at is None]
    early = case.state in {"opened", "inviting", "talking"}
    return {
        "consent": bool(waits) and early, "leave": bool(own) and early, "speak": bool(rules.channels(by, case)) and
        rules.may_speak(case) is None, "lead": rules.leads(by, case), "propose": rules.leads(by, case) and
        case.state == "talking", "object": bool(own) and case.state in {"inviting", "talking"} and not any(
            one.objected for one in case.parties.all() if one.side == own[0].side
        ),
        "court": bool(own) and case.state == "broken", "lesson": rules.leads(by, case) and
        rules.may_draft_lesson(case) is None,
    }  # fmt: skip


def limits() -> dict[str, int]:
    """Return the lengths that the forms of a case need."""
    return {
        "talk": numbers.of("case")["talk_length"], "words": numbers.of("case")["words_length"],
        "place": numbers.of("hearing")["place_length"], "text": numbers.of("agreement")["text_length"],
    }  # fmt: skip


def agreement_text(agreement: Agreement | None) -> str:
    """Return the words of an agreement."""
    return opened(agreement.text_sealed) if agreement else ""


def whole(case: Case, by: Person) -> dict[str, object]:
    """Return all that the page of a case shows to `by`."""
    agreement = queries.agreement(case, by=by)
    confirmation = getattr(agreement, "confirmation", None) if agreement else None
    own = rules.parties_of(by, case)
    party = own[0] if own else None
    return {
        "case": case, "stands": state_name(case.state), "due": due_words(case), "mediator": mediator(case),
        "seats": seats(case, by, agreement), "aside": set_aside(queries.recusals(case)), "may": may(case, by),
        "threads": threads(case, queries.talks(case, by=by), by), "dates": dates(queries.hearings(case)),
        "agreement": agreement, "agreement_text": agreement_text(agreement), "duties": duties(agreement, by),
        "total": numbers.yuan(agreement.amount_fen) if agreement else "",
        "to_sign": party is not None and agreement is not None and agreement.agreed_at is None
        and case.state == "talking" and rules.may_sign(party, agreement) is None,
        "confirmation": confirmation, "confirm_days": days_left(confirmation.until) if confirmation else 0,
        "may_ask_court": party is not None and rules.may_ask_confirmation(party, agreement) is None,
        "way": way_to_court(case, agreement) if rules.channels(by, case) or not own else "",
        "ended_words": opened(case.ended_words_sealed) if rules.channels(by, case) or _left(case, by) else "",
        "life": life(queries.life(case, by=by), case, by), "limits": limits(),
    }  # fmt: skip


def _left(case: Case, by: Person) -> bool:
    return any(rules.speaks(by, one) for one in case.parties.all())
