"""Live broadcasts: proposed, announced once the organisation agrees, started, ended; viewers are counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from xianfeng.foundation.kernel import catalogue, clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write, write_at_once
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.recognition.showcase import rules, steps
from xianfeng.recognition.showcase.models import Achievement, Comment, Live, Subscription
from xianfeng.recognition.showcase.operations.achievements import link
from xianfeng.recognition.showcase.queries import lives as queries


@dataclass(frozen=True)
class Plan:
    """A broadcast as it is proposed: when it begins, the address of the stream elsewhere, the achievement it shows."""

    title: str
    starts_at: datetime
    link: str
    text: str = ""
    achievement_id: int | None = None


def propose(given: Plan, *, by: Person, pioneer: Pioneer) -> Live:
    """Propose a broadcast for a pioneer `by` speaks for; its organisation decides before it is announced.

    Raises Refused naming the field: 'text-missing', 'link-invalid', 'time-past', 'time-too-far',
    'achievement-unknown', 'not-the-spokesperson'.
    """
    if not rules.speaks(by, pioneer):
        raise Refused("not-the-spokesperson", field="pioneer")
    at = clock.now()
    values = _values(given, pioneer, at)
    with write():
        row = Live(pioneer=pioneer, area_id=pioneer.area_id, proposed_at=at, due_at=given.starts_at, **values)
        steps.born(row, "proposed", "live.proposed", actor=actor(by.id), at=at, pioneer=pioneer.id)
        idempotency.note("live", row.pk)
        return row


def _values(given: Plan, pioneer: Pioneer, at: datetime) -> dict[str, object]:
    limits = catalogue.load("showcase")["live"]
    title = texts.clean_line(given.title, field="title", limit=limits["title_length"])
    text = texts.clean_text(given.text, field="text", limit=limits["text_length"], required=False)
    if given.starts_at <= at:
        raise Refused("time-past", field="starts_at")
    if given.starts_at > at + timedelta(days=limits["ahead_days"]):
        raise Refused("time-too-far", field="starts_at", days=limits["ahead_days"])
    shows = Achievement.objects.filter(pioneer=pioneer, state="published")
    if given.achievement_id is not None and not shows.filter(pk=given.achievement_id).exists():
        raise Refused("achievement-unknown", field="achievement")
    return {
        "title": title, "text": text, "link": link(given.link, "link", required=True), "starts_at": given.starts_at,
        "achievement_id": given.achievement_id,
    }  # fmt: skip


def judge(pk: int, name: str, *, by: Person, reason: str = "") -> Live:
    """Judge as staff: announce, refuse or take_down (these with a reason). Raises Missing, 'showcase-wrong-state'."""
    if name not in {"announce", "refuse", "take_down"}:
        raise Missing
    limit = catalogue.load("showcase")["achievement"]["reason_length"]
    words, at = (
        texts.clean_line(reason, field="reason", limit=limit, required=name != "announce"),
        clock.now(),
    )
    with write():
        row = steps.locked(Live, pk)
        steps.staffed(row, by)
        sets: dict[str, object] = {"judged_by_id": by.id, "judgement": words}
        if name == "announce":
            sets["due_at"] = steps.due(row.KIND, "announced", row.starts_at)
        row = steps.move(row, name, actor=actor(by.id), at=at, sets=sets)
        idempotency.note("live", pk)
        return row


def _own(pk: int, by: Person) -> Live:
    row = steps.locked(Live, pk)
    if not rules.speaks(by, row.pioneer):
        raise Missing
    return row


def start(pk: int, *, by: Person) -> Live:
    """Start an announced broadcast, also before its time; subscribers are told at once. Again answers the same."""
    at = clock.now()
    with write():
        row = _own(pk, by)
        if row.state != "live":
            row = steps.move(row, "start", actor=actor(by.id), at=at, sets={"started_at": at})
        idempotency.note("live", pk)
        return row


def end(pk: int, *, by: Person) -> Live:
    """End a running broadcast. Again answers the same."""
    at = clock.now()
    with write():
        row = _own(pk, by)
        if row.state != "ended":
            new = {"viewers": row.viewers, "pioneer": row.pioneer_id}
            row = steps.move(row, "end", actor=actor(by.id), at=at, sets={"ended_at": at}, new=new)
        idempotency.note("live", pk)
        return row


def cancel(pk: int, *, by: Person) -> Live:
    """Call a broadcast off that has not begun; subscribers are told. Again answers the same."""
    with write():
        row = _own(pk, by)
        if row.state != "cancelled":
            row = steps.move(row, "cancel", actor=actor(by.id), at=clock.now())
        idempotency.note("live", pk)
        return row


def subscribe(pk: int, *, by: Person, wanted: bool = True) -> bool:
    """Ask to be reminded of a broadcast, or not any more; again answers the same. Returns what now holds."""
    live, at = queries.live_for(by, pk), clock.now()
    if wanted and live.state != "announced":
        raise Refused("showcase-wrong-state", state=live.state, move="subscribe")
    with write():
        mine = Subscription.objects.filter(live=live, person=by)
        if wanted:
            _, moved = Subscription.objects.get_or_create(live=live, person=by, defaults={"at": at})
        else:
            moved = bool(mine.delete()[0])
        if moved:
            code = "live.subscribed" if wanted else "live.unsubscribed"
            record.append("live", pk, code, actor=actor(by.id), at=at)
        idempotency.note("live", pk)
    return wanted


def remind(pk: int) -> bool:
    """Remind subscribers of a broadcast that begins soon, once; False where that was done."""
    at = clock.now()
    with write():
        return record.change(
            "live", pk, "live.reminded", actor=SYSTEM, at=at, sets={"reminded_at": at},
            where="s.state = 'announced' AND s.reminded_at IS NULL",
        )  # fmt: skip


_VIEWED = """
WITH new AS (
    INSERT INTO showcase_view (live_id, viewer)
    SELECT l.id, v.viewer FROM showcase_live l CROSS JOIN unnest(%(viewers)s::bytea[]) AS v(viewer)
    WHERE l.id = %(live)s AND l.state IN ('live', 'ended') ON CONFLICT DO NOTHING RETURNING id
)
UPDATE showcase_live SET viewers = viewers + (SELECT count(*) FROM new)
WHERE id = %(live)s AND EXISTS (SELECT FROM new)"""


def count_viewers(pk: int, who: Sequence[str]) -> None:
    """Count viewers of a running or ended broadcast, each once; `who` names them (a person, a browser's token).

    Not a matter of the record: it would tell for ever who watched what. Only keyed hashes are kept.
    """
    with write_at_once(), connection.cursor() as cursor:
        cursor.execute(_VIEWED, {"live": pk, "viewers": [steps.viewer(pk, one) for one in set(who)]})


def comment(pk: int, text: str, *, by: Person) -> Comment:
    """Write under a broadcast that runs or ended; others read it once the pioneer or staff let it through.

    Raises Missing; Refused 'text-missing', 'text-too-long', 'showcase-wrong-state'.
    """
    limit = catalogue.load("showcase")["live"]["comment_length"]
    words, at = texts.clean_text(text, field="text", limit=limit), clock.now()
    live = queries.live_for(by, pk)
    if not rules.may_watch(live):
        raise Refused("showcase-wrong-state", state=live.state, move="comment")
    with write():
        row = Comment(live=live, author=by, text=words, written_at=at)
        steps.born(row, "waiting", "comment.written", actor=actor(by.id), at=at, live=pk)
        idempotency.note("comment", row.pk)
        return row


def judge_comment(comment_id: int, *, by: Person, shown: bool) -> Comment:
    """Let a comment through or hide it, as the broadcast's pioneer or as staff. Again answers the same."""
    with write():
        row = steps.locked(Comment, comment_id)
        if not (rules.speaks(by, row.live.pioneer) or rules.is_staff_of(by, row.live.pioneer)):
            raise Missing
        if row.state != ("shown" if shown else "hidden"):
            row = steps.move(row, "show" if shown else "hide", actor=actor(by.id), at=clock.now())
        idempotency.note("comment", comment_id)
        return row
