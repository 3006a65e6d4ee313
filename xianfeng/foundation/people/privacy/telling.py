"""What is kept of a person, told to that person: the same for the page, the file and the API."""

from datetime import datetime
from typing import Any

from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.people import mobiles, queries
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy import keepers, looks
from xianfeng.foundation.people.privacy.keepers import Rows, rows


def own_data(person: Person) -> dict[str, Any]:
    """Return all that is kept of `person`, in sections of plain values that JSON can say; times are ISO 8601, UTC."""
    told: dict[str, Any] = {"made_at": clock.now().isoformat()}
    for keeper in keepers.from_below():
        told |= {name: [_plain(row) for row in found] for name, found in keeper.tell(person).items()}
    return told


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def label(name: str, language: str) -> str:
    """Return what a section or a field is called in `language`."""
    entry = catalogue.load("texts/own-data").get(name)
    return str(entry["en" if language.startswith("en") else "zh"]) if entry else name.replace("_", " ")


def tell_person(person: Person) -> dict[str, Rows]:
    """Tell what this room keeps."""
    return {
        "profile": [
            {
                "name": person.name, "mobile": mobiles.opened(bytes(person.mobile_sealed)),
                "area": person.area.name if person.area else "", "lat": person.lat, "lon": person.lon,
                "language": person.language, "mode": person.mode, "joined_at": person.joined_at,
                "signed_in_at": person.signed_in_at,
            }
        ],
        "consents": rows(person.consents.order_by("at"), "version", "at"),
        "sessions": rows(person.sessions.order_by("id"), "device", "created_at", "expires_at", "revoked_at"),
        "pioneers": [_pioneer(one) for one in queries.pioneers_of(person)],
        "memberships": rows(person.memberships.order_by("id"), "collective__name", "since", "until"),
        "posts": rows(
            person.posts.order_by("id"), "role", "area__name", "sector", "deputy", "since", "until", "away_since",
            "away_until",
        ),
        "firms": rows(person.firms.order_by("id"), "name", "verified_at"),
        "looks": [{"at": look.at, "by": look.who, "what": look.what} for look in looks.looks_at(person)],
    }  # fmt: skip


def _pioneer(pioneer: Any) -> dict[str, Any]:
    recognitions = pioneer.recognitions.order_by("since").values_list("title", "organisation__name", "number")
    return {
        "kind": pioneer.kind, "name": pioneer.name, "motto": pioneer.motto, "deed": pioneer.deed,
        "skills": "、".join(pioneer.skills), "since": pioneer.since, "lat": pioneer.lat, "lon": pioneer.lon,
        "index": pioneer.index, "suspended_at": pioneer.suspended_at,
        "recognitions": "; ".join(" ".join(filter(None, row)) for row in recognitions),
        "remarks": "; ".join(pioneer.remarks.order_by("at").values_list("text", flat=True)),
    }  # fmt: skip
