"""One matter whole, ready for its page or for the side of the queue."""

from dataclasses import dataclass, field

from django.utils.translation import get_language

from xianfeng.doors.desk.queries import candidates as finding
from xianfeng.doors.desk.queries import matters as reading
from xianfeng.doors.desk.queries.candidates import Alike, Candidate
from xianfeng.doors.desk.queries.reach import Reach
from xianfeng.doors.desk.queries.reported import said
from xianfeng.doors.desk.shown import queue, record, stages
from xianfeng.doors.desk.shown.record import Line
from xianfeng.doors.desk.shown.stages import Left
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refusal
from xianfeng.matters import categories, outside, queries, rules, services
from xianfeng.matters.models import AbuseReport, Handling, Matter, Message, Photo
from xianfeng.matters.states import State


@dataclass(frozen=True)
class Fitting:
    """One who could be sent: the row, and why."""

    pioneer: Candidate
    reason: str


@dataclass(frozen=True)
class Side:
    """What is needed to decide about a matter; the page shows more (`Whole`)."""

    matter: Matter
    asker: str
    where: str
    stands: str
    service: str
    category: str
    left: Left | None
    joints: list[str]
    photos: list[Photo]
    sent: dict[int, list[Photo]]
    fitting: list[Fitting]
    alike: list[Alike]
    life: list[Line]
    may: dict[str, Refusal | None]
    benefit: str = ""
    handling: Handling | None = None
    more: outside.More = field(default_factory=outside.More)


@dataclass(frozen=True)
class Whole:
    """A matter with its talk, its handlings, and what was reported about it."""

    side: Side
    talk: list[Message] = field(default_factory=list)
    handlings: list[Handling] = field(default_factory=list)
    reports: list[AbuseReport] = field(default_factory=list)
    reported: dict[int, str] = field(default_factory=dict)


MOVES = ("file", "decline", "merge", "assign")


def side_of(reach: Reach, matter: Matter, *, handling: Handling | None = None, past: bool = False) -> Side:
    """Return what is needed to decide about `matter`: at most four statements, one more with `past` (done before)."""
    may = {name: rules.may_move(name, matter) for name in MOVES} | {"extend": rules.may_extend(matter)}
    found = [] if may["assign"] else finding.for_one(matter)
    photographs = reading.photos(matter)
    language = get_language() or "zh-hans"
    happened = reading.record_of("matter", matter.id)
    return Side(
        matter=matter, asker=stages.asker(matter), where=stages.where(matter), stands=stages.standing(matter),
        service=service_name(matter), category=categories.label(matter.category, language), left=stages.left(matter),
        joints=stages.joints(matter), photos=[one for one in photographs if one.message_id is None],
        sent=reading.sent_with(photographs),
        fitting=[Fitting(one, queue.reason(one, matter)) for one in found],
        alike=[] if may["merge"] else finding.alike(reach, matter),
        life=record.lines(happened, matter), more=outside.more(matter, happened, language, past=past),
        may=may, benefit=queue.benefit(handling) if handling else "", handling=handling,
    )  # fmt: skip


def service_name(matter: Matter) -> str:
    """Return the name of a matter's service in the reader's language."""
    data = services.version(matter.service_code, matter.service_version).data
    return str(data["en" if (get_language() or "").startswith("en") else "zh"])


def read(reach: Reach, number: str) -> Matter:
    """Return one matter within reach. Raises Missing."""
    return reading.matter_in(reach, number)


def whole_of(reach: Reach, number: str) -> Whole:
    """Return one matter with everything. Raises Missing outside the reach."""
    matter = reading.matter_in(reach, number)
    handlings = queries.handlings(matter)
    claimed = next((one for one in handlings if one.benefit_yuan is not None), None)
    judged = claimed is None or claimed.benefit_verified_at or claimed.benefit_refused_at
    waits = None if judged or matter.state not in {State.DONE, State.CLOSED} else claimed
    reports = reading.reports(matter)
    return Whole(
        side=side_of(reach, matter, handling=waits, past=True), talk=reading.talk(matter),
        handlings=handlings, reports=reports, reported={one.pk: said(one) for one in reports},
    )  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """A usual reason: what the staff member reads, and what is written for the requester (Chinese, then English)."""

    label: str
    words: str


def reasons(name: str) -> list[Reason]:
    """Return the catalogue's usual reasons of a move."""
    english = (get_language() or "").startswith("en")
    return [
        Reason(str(entry["en" if english else "zh"]), str(entry["zh"]))
        for entry in catalogue.load("desk")[name]
    ]
