"""Achievements: written down, changed, sent in, and judged by the organisation before anybody sees them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from xianfeng.foundation.kernel import catalogue, clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters.models import Matter
from xianfeng.recognition.showcase import rules, steps
from xianfeng.recognition.showcase.models import Achievement, Picture
from xianfeng.recognition.showcase.queries import achievements as queries


@dataclass(frozen=True)
class Draft:
    """What a pioneer writes of an achievement. `pictures` are keys, `matters` numbers, `grew_from` a row's id."""

    kind: str
    title: str
    text: str
    video_link: str = ""
    pictures: Sequence[str] = field(default_factory=tuple)
    matters: Sequence[str] = field(default_factory=tuple)
    grew_from: int | None = None


def draft(given: Draft, *, by: Person, pioneer: Pioneer) -> Achievement:
    """Write an achievement down for a pioneer `by` speaks for; nobody else sees it yet.

    Raises Refused naming the field: 'text-missing', 'text-too-long', 'kind-unknown', 'link-invalid',
    'achievement-unknown', 'need-unknown', 'photo-unknown', 'too-many-photos', 'chain-closed', 'not-the-spokesperson'.
    """
    if not rules.speaks(by, pioneer):
        raise Refused("not-the-spokesperson", field="pioneer")
    values, at = _values(given, pioneer), clock.now()
    with write():
        values["grew_from_id"] = _root(given, by, None)
        row = Achievement(pioneer=pioneer, area_id=pioneer.area_id, drafted_at=at, **values)
        steps.born(row, "draft", "achievement.drafted", actor=actor(by.id), at=at, pioneer=pioneer.id)
        row.matters.set(_matters(given, pioneer))
        _attach(given, row, by)
        idempotency.note("achievement", row.pk)
        return row


def change(pk: int, given: Draft, *, by: Person) -> Achievement:
    """Change what is not sent in yet, or was sent back. Raises what `draft` does, and 'showcase-wrong-state'."""
    at = clock.now()
    with write():
        if given.grew_from is not None:
            steps.hold_chains()  # before the row: two who point at each other would wait for one another
        row = _own(pk, by)
        if row.state not in {"draft", "returned"}:
            raise Refused("showcase-wrong-state", state=row.state, move="change")
        values = _values(given, row.pioneer)
        values["grew_from_id"] = _root(given, by, row)
        record.change("achievement", pk, "achievement.changed", actor=actor(by.id), at=at, sets=values)
        row.matters.set(_matters(given, row.pioneer))
        _attach(given, row, by)
        idempotency.note("achievement", pk)
        return queries.whole().get(pk=pk)


def _own(pk: int, by: Person) -> Achievement:
    row = steps.locked(Achievement, pk)
    if not rules.speaks(by, row.pioneer):
        raise Missing
    return row


def _values(given: Draft, pioneer: Pioneer) -> dict[str, Any]:
    limits = catalogue.load("showcase")["achievement"]
    title = texts.clean_line(given.title, field="title", limit=limits["title_length"])
    text = texts.clean_text(given.text, field="text", limit=limits["text_length"])
    if given.kind not in {kind["code"] for kind in catalogue.load("showcase")["kind"]}:
        raise Refused("kind-unknown", field="kind")
    return {
        "kind": given.kind, "title": title, "text": text, "video_link": link(given.video_link, "video_link"),
        "search": _search(title, text, pioneer),
    }  # fmt: skip


def _search(title: str, text: str, pioneer: Pioneer) -> list[str]:
    where = [places.full_name(tree.find(pioneer.area_id), language) for language in ("zh-hans", "en")]
    return texts.bigrams(title, text, pioneer.name, *where)


def link(address: str, name: str, *, required: bool = False) -> str:
    """Return an address elsewhere as it may be linked to. Raises Refused 'link-invalid' naming the field `name`."""
    limit = catalogue.load("showcase")["video"]["link_length"]
    plain = texts.clean_line(address, field=name, limit=limit, required=required)
    if not plain:
        return ""
    try:
        parts = urlsplit(plain)
        usable = (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and not parts.username
            and " " not in plain
        )
    except ValueError:
        usable = False
    if not usable:
        raise Refused("link-invalid", field=name)
    return plain


def _root(given: Draft, by: Person, row: Achievement | None) -> int | None:
    """Return what it grows from, if that may be said: visible, and not grown from this one."""
    if given.grew_from is None:
        return None
    steps.hold_chains()
    root = queries.visible_to(by).filter(pk=given.grew_from).first()
    if root is None:
        raise Refused("achievement-unknown", field="grew_from")
    if row is not None and steps.grows_from(row.pk, root.pk):
        raise Refused("chain-closed", field="grew_from")
    return root.pk


def _matters(given: Draft, pioneer: Pioneer) -> list[Matter]:
    asked, limit = set(given.matters), catalogue.load("showcase")["achievement"]["matters"]
    found = list(
        Matter.objects.filter(number__in=asked, taken_by=pioneer, state="closed", hidden=False)[: limit + 1]
    )
    if len(found) != len(asked) or len(found) > limit:
        raise Refused("need-unknown", field="matters")
    return found


def _attach(given: Draft, row: Achievement, by: Person) -> None:
    keys, limit = set(given.pictures), catalogue.load("showcase")["achievement"]["photos"]
    if len(keys) > limit:
        raise Refused("too-many-photos", field="photos", limit=limit)
    row.pictures.exclude(key__in=keys).update(achievement=None)
    free = Picture.objects.filter(key__in=keys, owner=by, benefit=None)
    free.filter(achievement=None).update(achievement=row)
    if row.pictures.count() != len(keys):
        raise Refused("photo-unknown", field="photos")


def submit(pk: int, *, by: Person) -> Achievement:
    """Send an achievement in: from now on its organisation decides."""
    with write():
        row = steps.move(_own(pk, by), "submit", actor=actor(by.id), at=clock.now())
        idempotency.note("achievement", pk)
        return row


def withdraw(pk: int, *, by: Person) -> Achievement:
    """Take an own achievement back, also one that is published; again answers the same."""
    with write():
        row = _own(pk, by)
        if row.state != "withdrawn":
            row = steps.move(row, "withdraw", actor=actor(by.id), at=clock.now())
        idempotency.note("achievement", pk)
        return row


JUDGEMENTS = {"publish": False, "return": True, "refuse": True, "take_down": True}  # does it need a reason


def judge(pk: int, name: str, *, by: Person, reason: str = "") -> Achievement:
    """Judge as staff of the pioneer's organisation or the city: publish, return, refuse or take_down.

    All but publishing need a reason, which the author reads. Raises Missing, Refused 'text-missing',
    'showcase-wrong-state', 'own-achievement'.
    """
    if name not in JUDGEMENTS:
        raise Missing
    limit = catalogue.load("showcase")["achievement"]["reason_length"]
    words = texts.clean_line(reason, field="reason", limit=limit, required=JUDGEMENTS[name])
    at = clock.now()
    with write():
        row = steps.locked(Achievement, pk)
        steps.staffed(row, by)
        if by.id in {row.pioneer.spokesperson_id, *row.pioneer.kin}:
            raise Refused("own-achievement")
        sets = {"judged_by_id": by.id, "judgement": words}
        if name == "publish":
            sets["published_at"] = at
        row = steps.move(row, name, actor=actor(by.id), at=at, sets=sets, new={"pioneer": row.pioneer_id})
        idempotency.note("achievement", pk)
        return row
