"""Teams: formed, seats given with a post or in person and given up, dissolved."""

from datetime import datetime

from django.db import IntegrityError, transaction

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import posts
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import tree
from xianfeng.foundation.record.subjects import Actor
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.services.meetings import kinds, queries, rules, steps
from xianfeng.services.meetings.models import Proposal, Seat, Team


def form(kind: str, area_id: int, name: str, *, by: Person) -> Team:
    """Form a team of an area. Raises Refused 'team-kind-unknown', 'meeting-needs-post', 'text-missing'; Missing."""
    at, area = clock.now(), tree.current().by_id.get(area_id)
    if area is None:
        raise Missing
    plain = texts.clean_line(name, field="name", limit=kinds.numbers("team")["name_length"])
    with write():
        steps.refuse(rules.may_form(by, kind, area))
        team = Team(kind=kind, area=area, name=plain, formed_at=at)
        steps.born(team, "team.formed", actor=actor(by.pk), at=at, kind=kind)
        idempotency.note("team", team.pk)
        return team


def seat_post(team_id: int, post_id: int, *, by: Person, leads: bool = False) -> Seat:
    """Give a seat to who holds a post now; it ends with the post. Again answers the same. Raises Missing, Refused."""
    post = posts.live().filter(pk=post_id).first()
    if post is None:
        raise Missing
    return _seat(team_id, post.person, post.pk, by=by, leads=leads)


def seat_person(team_id: int, person: Person, *, by: Person, leads: bool = False) -> Seat:
    """Give a seat to somebody in person. Again answers the same. Raises Missing; Refused 'team-full'."""
    return _seat(team_id, person, None, by=by, leads=leads)


def _seat(team_id: int, person: Person, post_id: int | None, *, by: Person, leads: bool) -> Seat:
    at = clock.now()
    with write():
        team = _mine(team_id, by)
        seat = Seat.objects.filter(team=team, person=person, until=None).first()
        if seat is None:
            _room(team)
            seat = _made(team, person, post_id, at, leads=leads)
            new = {"person": person.pk, "post": post_id}
            steps.note(team, "team.joined", actor=actor(by.pk), at=at, **new)
        idempotency.note("team", team.pk)
        return seat


def _made(team: Team, person: Person, post_id: int | None, at: datetime, *, leads: bool) -> Seat:
    try:
        with transaction.atomic():
            return Seat.objects.create(team=team, person=person, post_id=post_id, leads=leads, since=at)
    except IntegrityError:  # the team's row is locked: only somebody beside this operation comes here
        raise Refused("try-again") from None


def _room(team: Team) -> None:
    most = kinds.numbers("team")["seats"]
    if team.seats.filter(until=None).count() >= most:
        raise Refused("team-full", limit=most)


def _mine(team_id: int, by: Person) -> Team:
    team = steps.locked(Team, team_id)
    if rules.may_form(by, team.kind, team.area):
        raise Missing
    if team.state != "formed":
        raise Refused("meeting-wrong-state", state=team.state, move="seat")
    return team


def leave(team_id: int, person_id: int, *, by: Person) -> Team:
    """End a seat, one's own or as who leads there; again answers the same. Raises Missing."""
    at = clock.now()
    with write():
        team = steps.locked(Team, team_id)
        if by.pk != person_id and rules.may_form(by, team.kind, team.area):
            raise Missing
        left(team, person_id, actor=actor(by.pk), at=at)
        idempotency.note("team", team.pk)
        return team


def left(team: Team, person_id: int, *, actor: Actor, at: datetime) -> None:
    """End the seat of a person, if there is one. Needs an open transaction."""
    if Seat.objects.filter(team=team, person=person_id, until=None).update(until=at):
        steps.note(team, "team.left", actor=actor, at=at, person=person_id)


def dissolve(team_id: int, *, by: Person) -> Team:
    """Dissolve a team; its proposals go on. Raises Missing; Refused 'meeting-wrong-state'."""
    at = clock.now()
    with write():
        team = _mine(team_id, by)
        for seat in team.seats.filter(until=None):
            left(team, seat.person_id, actor=actor(by.pk), at=at)
        team = steps.move(team, "dissolve", actor=actor(by.pk), at=at)
        idempotency.note("team", team.pk)
        return team


def propose(team_id: int, title: str, text: str, *, by: Person) -> Proposal:
    """Propose something as a member of a think tank. Raises Missing for who has no seat there; Refused 'text-…'."""
    limits, at = kinds.numbers("proposal"), clock.now()
    plain = texts.clean_line(title, field="title", limit=limits["title_length"])
    words = texts.clean_text(text, field="text", limit=limits["text_length"])
    with write():
        team = steps.locked(Team, team_id)
        if team.kind != "think-tank" or team.state != "formed" or not queries.sits_in(by, team):
            raise Missing
        row = Proposal(team=team, area=team.area, author=by, title=plain, text=words, made_at=at)
        steps.born(row, "proposal.made", actor=actor(by.pk), at=at, team=team.pk)
        idempotency.note("proposal", row.pk)
        return row
