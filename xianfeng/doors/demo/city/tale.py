"""One matter's life told in bulk: each method writes into memory what the operation of that name writes.

tests/doors/demo/test_tale.py plays the same life both ways and compares every row, chain included.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Model

from xianfeng.doors.demo.city.rows import Ids, Row
from xianfeng.foundation.record.bulk import Chain
from xianfeng.foundation.record.subjects import SYSTEM, Actor, person
from xianfeng.matters import services
from xianfeng.matters.models import Handling, Matter, Message, Rating, Remark, Visit
from xianfeng.matters.states import ENDS, LIMITS, MOVES, State

TABLES: tuple[type[Model], ...] = (Matter, Handling, Rating, Message, Remark, Visit)


class Astray(Exception):
    """The tale wanted a move that does not lead on from where its matter stands."""


@dataclass
class Books:
    """What all tales write into: rows by table, hands held by pioneer."""

    ids: dict[type[Model], Ids] = field(default_factory=lambda: {model: Ids(model) for model in TABLES})
    rows: dict[type[Model], list[Row]] = field(default_factory=lambda: {model: [] for model in TABLES})
    held: "Counter[int]" = field(default_factory=Counter)

    def enter(self, model: type[Model], **values: Any) -> Row:
        """Enter one row with its id and return it; it may be changed until the books are copied."""
        row = {"id": self.ids[model].take(), **values}
        self.rows[model].append(row)
        return row


class Tale:
    """A matter from its raising on. All instants are aware, in UTC, and must not run backwards."""

    def __init__(
        self, books: Books, service: services.Definition, asked: Row, at: datetime,
        poll: Callable[[], timedelta] = timedelta,
    ) -> None:  # fmt: skip
        """Raise a matter: `asked` holds title, text, place, requester and what else is not worked out here.

        `poll` tells how long after a limit passed the worker comes by.
        """
        self.books, self.service, self.poll = books, service, poll
        first = service.first_state
        self.row = books.enter(Matter, **_fresh(service, asked, at))
        day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%y%m%d")
        self.row["number"] = f"{day}-{self.row['id']:06d}"
        self.chain = Chain("matter", self.row["id"])
        self.handling: Row | None = None
        new = {"state": first.value, "service": service.code, "offered_to": self.row["offered_to_id"]}
        self._tell("matter.raised", person(self.row["requester_id"]), at, new=new)

    @property
    def state(self) -> State:
        """Return where the matter stands."""
        return State(self.row["state"])

    def until(self, at: datetime) -> None:
        """Enforce the limits that pass before `at`, as the worker does."""
        while (due := self.row["due_at"]) and (came := due + self.poll()) <= at:
            _LIMITS[LIMITS[self.state]](self, came)

    def claim(self, pioneer: Row, at: datetime, *, first_reply: str = "") -> None:
        """Grab; the statement of the grab leaves the list alone."""
        self._check("claim")
        old = {"state": "open", "taken_by": None}
        due_at = at + timedelta(minutes=self.row["taken_minutes"])
        self.row |= {
            "state": "taken",
            "taken_by_id": pioneer["id"],
            "taken_at": at,
            "entered_at": at,
            "due_at": due_at,
            "extended_count": 0,
        }
        self._begin(pioneer, at, first_reply)
        self._tell(
            "matter.claimed", _speaker(pioneer), at, old, {"state": "taken", "taken_by": pioneer["id"]}
        )

    def accept(self, pioneer: Row, at: datetime) -> None:
        """Accept a booking."""
        sets = {"taken_by_id": pioneer["id"], "taken_at": at, "offered_to_id": None}
        self._move("accept", _speaker(pioneer), at, sets)
        self._begin(pioneer, at)

    def turn_down(self, pioneer: Row, at: datetime, reason: str = "") -> None:
        """Turn a booking down."""
        self._check("turn_down")
        self._remark("matter.turned-down", pioneer["spokesperson_id"], at, reason)
        self._unbook("turn_down", _speaker(pioneer), at)

    def _unbook(self, name: str, actor: Actor, at: datetime) -> None:
        self._check(name)
        new = {"pioneer": self.row["offered_to_id"]}
        self._move(name, actor, at, {"offered_to_id": None, "offer_id": None}, new)

    def release(self, pioneer: Row, at: datetime, reason: str) -> None:
        """Give the matter back."""
        self._check("release")
        free = timedelta(minutes=self.service.number("return_free_minutes"))
        outcome = "returned" if at <= self.row["taken_at"] + free else "released"
        self._remark("matter.released", pioneer["spokesperson_id"], at, reason)
        self._back("release", outcome, _speaker(pioneer), at)

    def _back(self, name: str, outcome: str, actor: Actor, at: datetime) -> None:
        pioneer_id = self._end(outcome, at)["pioneer_id"]
        released = self.row["released_count"] + (outcome != "returned")
        sets = {"taken_by_id": None, "taken_at": None, "released_count": released, "offer_id": None}
        self._move(name, actor, at, sets, {"pioneer": pioneer_id, "outcome": outcome})

    def report(
        self, pioneer: Row, at: datetime, text: str, *, helpers: str = "", benefit_yuan: int | None = None,
        jobs: int | None = None,
    ) -> None:  # fmt: skip
        """Report done."""
        self._check("report")
        self._live().update(
            reported_at=at, report=text, helpers=helpers, benefit_yuan=benefit_yuan, jobs=jobs,
            benefit_verified_at=None, benefit_verified_by_id=None,
        )  # fmt: skip
        self.books.held[pioneer["id"]] -= 1
        self._move("report", _speaker(pioneer), at, new={"benefit_claimed": benefit_yuan is not None})

    def rate(self, at: datetime, stars: tuple[int, int, int], text: str, *, confirmed: bool = False) -> None:
        """Rate for skill, attitude and speed; this closes the matter."""
        self._check("rate")
        handling = self._end("done", at)
        skill, attitude, speed = stars
        self.books.enter(
            Rating, handling_id=handling["id"], pioneer_id=handling["pioneer_id"], skill=skill, attitude=attitude,
            speed=speed, text=text, rated_at=at,
        )  # fmt: skip
        verified = confirmed and handling["benefit_yuan"] is not None
        if verified:
            handling |= {"benefit_verified_at": at, "benefit_verified_by_id": self._asker()}
        new = {"handling": handling["id"], "pioneer": handling["pioneer_id"], "benefit_verified": verified}
        self._move("rate", person(self._asker()), at, {"closed_at": at}, new)
        self.handling = handling

    def verify_benefit(self, at: datetime, *, by: int) -> None:
        """Say, as requester or staff, that the benefit claimed is true."""
        handling = self.handling
        if (
            handling is None
            or handling["benefit_yuan"] is None
            or self.state not in {State.DONE, State.CLOSED}
        ):
            raise Astray("verify_benefit")
        handling |= {"benefit_verified_at": at, "benefit_verified_by_id": by}
        self._tell(
            "matter.benefit-verified", person(by), at, new={"handling": handling["id"], "verified": True}
        )

    def dispute(self, at: datetime, reason: str) -> None:
        """Say that it is not done; the second time it goes to staff."""
        again = self.row["disputed_count"] > 0
        self._check("dispute_again" if again else "dispute")
        self._remark("matter.disputed", self._asker(), at, reason)
        sets: Row = {"disputed_count": self.row["disputed_count"] + 1}
        if again:
            self._end("disputed", at)
            sets |= {"taken_by_id": None, "taken_at": None, "offer_id": None, "listed": True}
        else:
            self.books.held[self._live()["pioneer_id"]] += 1
        self._move("dispute_again" if again else "dispute", person(self._asker()), at, sets)

    def reopen(self, pioneer: Row, at: datetime, reason: str) -> None:
        """Reopen a closed matter: the same pioneer takes it up again."""
        self._check("reopen")
        self._remark("matter.reopened", self._asker(), at, reason)
        sets = {"reopened_count": self.row["reopened_count"] + 1, "closed_at": None, "taken_at": at}
        self._move("reopen", person(self._asker()), at, sets)
        self._begin(pioneer, at)

    def withdraw(self, at: datetime) -> None:
        """Withdraw the need."""
        self._check("withdraw")
        self._move("withdraw", person(self.row["requester_id"]), at, {"offer_id": None})

    def decline(self, at: datetime, reason: str, *, by: int) -> None:
        """Decline it as staff."""
        self._check("decline")
        self._remark("matter.declined", by, at, reason)
        self._move("decline", person(by), at, {"offered_to_id": None, "offer_id": None})

    def merge(self, at: datetime, survivor: "Tale", *, by: int) -> None:
        """Merge it into another as staff."""
        self._check("merge")
        sets = {"merged_into_id": survivor.row["id"], "offered_to_id": None, "offer_id": None}
        self._move("merge", person(by), at, sets, {"survivor": survivor.row["number"]})

    def assign(self, pioneer: Row, at: datetime, *, by: int) -> None:
        """Put it into a pioneer's hands as staff."""
        self._move("assign", person(by), at, {"taken_by_id": pioneer["id"], "taken_at": at, "offer_id": None})
        self._begin(pioneer, at)

    def extend(self, at: datetime, reason: str, *, by: int) -> None:
        """Give the running limit more time as staff."""
        old = self.row["due_at"]
        if old is None:
            raise Astray("extend")
        due_at = old + timedelta(minutes=self.service.number("extend_minutes"))
        self._remark("matter.extended", by, at, reason)
        self.row |= {"due_at": due_at, "extended_count": self.row["extended_count"] + 1}
        self._tell("matter.extended", person(by), at, {"due_at": old}, {"due_at": due_at})

    def message(self, pioneer: Row, at: datetime, text: str, *, by: int) -> None:
        """Ask or answer in the thread of a pioneer."""
        row = self.books.enter(
            Message, matter_id=self.row["id"], pioneer_id=pioneer["id"], author_id=by, text=text, sent_at=at
        )
        self._tell("matter.messaged", person(by), at, new={"message": row["id"], "pioneer": pioneer["id"]})

    def call_team(self, pioneer: Row, team: Row, at: datetime) -> Row:
        """Call a collective along."""
        self._check("report")
        visit = self.books.enter(Visit, handling_id=self._live()["id"], team_id=team["id"], called_at=at)
        self._tell("matter.team-called", _speaker(pioneer), at, new={"team": team["id"]})
        return visit

    def answer_call(self, visit: Row, team: Row, at: datetime, visit_at: datetime | None) -> None:
        """Agree to a visit, or decline with None."""
        self._check("report")
        visit |= {
            "visit_at": visit_at, "agreed_at": at if visit_at else None, "declined_at": None if visit_at else at,
        }  # fmt: skip
        code = "matter.visit-agreed" if visit_at else "matter.team-declined"
        self._tell(code, _speaker(team), at, new={"team": team["id"], "visit_at": visit_at})

    def close(self) -> Chain:
        """Put head and length on the matter's row and return its chain."""
        self.row |= {"record_head": self.chain.head, "record_length": self.chain.length}
        return self.chain

    def _check(self, name: str) -> None:
        if self.state not in MOVES[name].source:
            raise Astray(f"{name} from {self.state}")

    def _move(
        self, name: str, actor: Actor, at: datetime, sets: Row | None = None, new: Row | None = None
    ) -> None:
        self._check(name)
        step, row = MOVES[name], self.row
        old = {"state": row["state"], "taken_by": row["taken_by_id"]}
        given = {"listed": row["listed"] and step.target not in ENDS, "extended_count": 0, **(sets or {})}
        waits = given["listed"] and LIMITS.get(step.target) == "list"
        row |= {"state": step.target.value, "entered_at": at, **given}
        row["due_at"] = None if waits else self._due(step.target, at)
        told = {"state": step.target.value, "taken_by": row["taken_by_id"], **(new or {})}
        self._tell(step.code, actor, at, old, told)

    def _due(self, state: State, at: datetime) -> datetime | None:
        limits = self.service.data["limits_minutes"]
        return at + timedelta(minutes=int(limits[state])) if state in limits else None

    def _tell(
        self, code: str, actor: Actor, at: datetime, old: Row | None = None, new: Row | None = None
    ) -> None:
        self.chain.add(code, actor=actor, at=at, old=old, new=new)

    def _begin(self, pioneer: Row, at: datetime, first_reply: str = "") -> None:
        self.books.held[pioneer["id"]] += 1
        self.handling = self.books.enter(
            Handling, matter_id=self.row["id"], pioneer_id=pioneer["id"], claimed_at=at, first_reply=first_reply,
            index_before=pioneer.get("index"), benefit_yuan=None,
        )  # fmt: skip

    def _live(self) -> Row:
        if self.handling is None or self.handling.get("ended_at"):
            raise Astray("no live handling")
        return self.handling

    def _end(self, outcome: str, at: datetime) -> Row:
        handling = self._live()
        handling |= {"ended_at": at, "outcome": outcome}
        if self.state == State.TAKEN:
            self.books.held[handling["pioneer_id"]] -= 1
        return handling

    def _remark(self, code: str, author_id: int, at: datetime, text: str) -> None:
        if not text:
            return
        self.books.enter(Remark, matter_id=self.row["id"], code=code, author_id=author_id, text=text, at=at)

    def _asker(self) -> int:
        return int(self.row["requester_id"])

    def _list(self, at: datetime) -> None:
        self.row |= {"listed": True, "due_at": None}
        self._tell("matter.listed", SYSTEM, at, new={"state": self.row["state"]})

    def _offer_lapsed(self, at: datetime) -> None:
        self._unbook("offer_lapsed", SYSTEM, at)

    def _take_lapsed(self, at: datetime) -> None:
        self._back("take_lapsed", "lapsed", SYSTEM, at)

    def _close_unrated(self, at: datetime) -> None:
        handling = self._end("done", at)
        sets = {"closed_at": at}
        self._move("close_unrated", SYSTEM, at, sets, {"pioneer": handling["pioneer_id"]})


def _speaker(pioneer: Row) -> Actor:
    return person(pioneer["spokesperson_id"])


def _fresh(service: services.Definition, asked: Row, at: datetime) -> Row:
    state = service.first_state
    return {
        "service_code": service.code, "service_version": service.version, "state": state.value, "text": "",
        "category": "", "outside": False, "address_sealed": None, "firm_id": None, "wanted": "days",
        "raised_at": at, "entered_at": at, "due_at": at + timedelta(minutes=service.minutes(state)),
        "taken_minutes": service.minutes(State.TAKEN), "offered_to_id": None, "offer_id": None, "taken_by_id": None,
        "taken_at": None, "closed_at": None,
        "listed": False, "released_count": 0, "disputed_count": 0, "reopened_count": 0,
        "extended_count": 0, "photo_count": 0, **asked,
    }  # fmt: skip


_LIMITS: dict[str, Callable[[Tale, datetime], None]] = {
    "list": Tale._list,
    "offer_lapsed": Tale._offer_lapsed,
    "take_lapsed": Tale._take_lapsed,
    "close_unrated": Tale._close_unrated,
}
