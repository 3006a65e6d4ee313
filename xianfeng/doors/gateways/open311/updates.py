"""The updates extension (mySociety): what happened to requests since, ours and what programs told of them."""

import json
from typing import Any

from django.db.models import F, Q, QuerySet

from xianfeng.doors.gateways.open311 import asking, catalogue, posting, reading
from xianfeng.doors.gateways.open311.answers import moment
from xianfeng.doors.gateways.open311.asking import Faults, Given
from xianfeng.foundation.kernel import catalogue as house
from xianfeng.foundation.kernel import clock, texts
from xianfeng.foundation.kernel.refusals import Refusal, Refused
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record.models import Entry
from xianfeng.matters.models import Matter, OutsideUpdate
from xianfeng.matters.operations import updating

STATUSES = (
    "OPEN", "CLOSED", "FIXED", "IN_PROGRESS", "ACTION_SCHEDULED", "INVESTIGATING", "DUPLICATE", "NO_FURTHER_ACTION",
    "NOT_COUNCILS_RESPONSIBILITY", "INTERNAL_REFERRAL", "FOR_TRIAGE", "REFERRED", "PUBLICLY_REFERRED", "CANCELLED",
)  # fmt: skip
NEEDED = ("service_request_id", "update_id", "status", "updated_datetime", "description")


def tell(given: Given, *, by: Person) -> dict[str, Any]:
    """Keep an update; return the answer's row. The same update again answers the same. Raises Refused, Faults."""
    missing = [
        Refusal("open311-field-missing", name, {"field": name}) for name in NEEDED if not given.text(name)
    ]
    if missing:
        raise Faults(missing)
    matter = reading.matter_of(given.text("service_request_id"))
    update = updating.tell_outside(
        matter.pk,
        updating.Told(
            code=given.short("update_id", 100), status=_status(given), text=_words(given),
            media_url=given.address("media_url"), told_at=given.moment("updated_datetime") or clock.now(),
            contact={**posting.contact_of(given), "title": given.short("title", asking.limits()["field_length"])},
        ),
        by=by,
    )  # fmt: skip
    return {"update_id": update.code}


def _status(given: Given) -> str:
    status = given.text("status").upper()
    if status not in STATUSES:
        raise Refused("open311-status", field="status", known=", ".join(STATUSES))
    return status


def _words(given: Given) -> str:
    most = asking.limits()["description_length"]
    text = texts.clean_text(given.raw("description"), field="description", limit=most, required=False)
    if not text:
        raise asking.at_fault("open311-field-missing", "description")
    return text


def asked(given: Given) -> list[dict[str, Any]]:
    """Return the updates asked for, newest first, one page at most: the house's moves and what programs told."""
    most = asking.limits()["rows"]
    size = min(given.whole("page_size", 1, 999_999_999) or most, most)
    start = ((given.whole("page", 1, 999_999_999) or 1) - 1) * size
    if start + size > 100 * most:
        return []
    rows = [*_moves(given, start + size), *_told(given, start + size)]
    rows.sort(key=lambda row: (row["at"], row["update_id"]), reverse=True)
    return [_shown(row) for row in rows[start : start + size]]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "update_id": row["update_id"], "service_request_id": row["number"], "status": row["status"],
        "updated_datetime": moment(row["at"]), "description": row["text"], "media_url": row["media_url"] or None,
    }  # fmt: skip


def _of(given: Given) -> QuerySet[Matter]:
    ids = given.several("service_request_id")
    rows = reading.visible()
    return rows if ids is None else rows.filter(number__in=ids)


def _between(given: Given, column: str) -> Q:
    start, end = asking.window(given, always=True)
    return reading.between(column, start, end)


def _told(given: Given, most: int) -> list[dict[str, Any]]:
    rows = OutsideUpdate.objects.filter(
        _between(given, "told_at"), matter__in=_of(given).order_by().values("pk")
    )
    found = rows.order_by("-told_at", "-id").annotate(number=F("matter__number"))[:most]
    return [
        {
            "update_id": one.code, "number": one.number, "status": one.status, "at": one.told_at,
            "text": one.text, "media_url": one.media_url,
        }
        for one in found
    ]  # fmt: skip


def _moves(given: Given, most: int) -> list[dict[str, Any]]:
    """Return the moves of public matters in the window: a matter whose last move is older than it has none in it."""
    start, _ = asking.window(given, always=True)
    matters = _of(given).filter(reading.between("entered_at", start, None))
    numbers = dict(matters.order_by("-entered_at", "-id").values_list("pk", "number")[: 20 * most])
    moves = house.load("open311")["moves"]
    rows = Entry.objects.filter(
        _between(given, "at"), subject_kind="matter", subject_id__in=list(numbers), code__in=list(moves)
    )
    return [
        {
            "update_id": f"{numbers[one.subject_id]}.{one.position}", "number": numbers[one.subject_id],
            "status": moves[one.code], "at": one.at, "text": _note(one.new), "media_url": "",
        }
        for one in rows.order_by("-at", "-id")[:most]
    ]  # fmt: skip


def _note(new: str) -> str:
    state = json.loads(new).get("state") or ""
    note = house.load("open311")["notes"].get(state)
    return catalogue.word(note) if note else ""
