"""Who holds which post now, and who is asked where nobody does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people import queries, roles
from xianfeng.foundation.people.models import Person, Post
from xianfeng.foundation.people.roles import Role
from xianfeng.foundation.places import tree
from xianfeng.foundation.places.models import Area


@dataclass(frozen=True)
class Seat:
    """A post as such, whoever holds it: a role in an area, with its sector and organisation where it has one."""

    role: str
    area_id: int
    sector: str = ""
    organisation_id: int | None = None


@dataclass(frozen=True)
class Holding:
    """Who acts for a seat that was asked for: `posts` are theirs, none where the line ends with nobody.

    `asked` is the seat meant; `seat` where somebody was found. `went_up`: they differ, the post asked for is vacant.
    """

    asked: Seat
    seat: Seat
    posts: Sequence[Post]

    @property
    def went_up(self) -> bool:
        """Tell whether the post asked for is vacant, so that another is asked."""
        return self.seat != self.asked

    @property
    def vacant(self) -> bool:
        """Tell whether nobody was found, up to the top."""
        return not self.posts


def live(at: datetime | None = None) -> QuerySet[Post]:
    """Return the terms that run at `at` (now), with who holds them."""
    now = at or clock.now()
    running = Q(until=None) | Q(until__gt=now)
    return Post.objects.filter(running, since__lte=now).select_related("person", "organisation")


def holders(
    role: str, area: Area, *, sector: str = "", organisation_id: int | None = None, at: datetime | None = None
) -> Holding:
    """Return who acts for the post of `role` over `area`: its holder, the deputy, or who is above; one statement.

    A role that does not stand at the area's own level is looked for in the areas above it. A vacant post goes up: the
    role's `above`, from the same area upwards; the answer says so. Raises Refused 'role-unknown'.
    """
    line = roles.upwards(role)
    ways = [seat for one in line for seat in _seats(one, area, sector, organisation_id)]
    rows = live(at).filter(role__in={one.code for one in line}, area__in=area.path).order_by("since", "id")
    return _first(ways, list(rows), at or clock.now(), Seat(role, area.pk, sector, organisation_id))


def _seats(role: Role, area: Area, sector: str, organisation_id: int | None) -> list[Seat]:
    """Return where a role may be held for an area, the lowest first; a sector is asked of the role that has sectors."""
    above = [tree.find(one) for one in reversed(area.path)]
    own = sector if role.of == "sector" else ""
    organisation = organisation_id if role.of == "organisation" else None
    return [Seat(role.code, one.pk, own, organisation) for one in above if one.level in role.levels]


def _first(ways: Sequence[Seat], rows: Sequence[Post], at: datetime, asked: Seat) -> Holding:
    asked = ways[0] if ways and ways[0].role == asked.role else asked
    for seat in ways:
        if acting := acting_for([row for row in rows if _sits(row, seat)], at):
            return Holding(asked, seat, acting)
    return Holding(asked, asked, [])


def _sits(row: Post, seat: Seat) -> bool:
    if (row.role, row.area_id) != (seat.role, seat.area_id):
        return False
    if seat.organisation_id is not None and row.organisation_id != seat.organisation_id:
        return False
    return not seat.sector or row.sector == seat.sector


def acting_for(rows: Iterable[Post], at: datetime) -> list[Post]:
    """Return who acts of the terms of one seat: holders who are there, else the deputies who are."""
    there = [row for row in rows if not is_away(row, at)]
    return [row for row in there if not row.deputy] or there


def is_away(post: Post, at: datetime) -> bool:
    """Tell whether the holder said to be away at `at`."""
    gone = post.away_since is not None and post.away_since <= at
    return gone and (post.away_until is None or post.away_until > at)


def seat_of(post: Post) -> Seat:
    """Return the seat of a term."""
    return Seat(post.role, post.area_id, post.sector, post.organisation_id)


def held_by(person: Person | None, *, at: datetime | None = None) -> list[Post]:
    """Return the terms of `person` that run, deputies' too; one statement."""
    if person is None:
        return []
    return list(live(at).filter(person=person).order_by("id"))


def may(person: Person | None, what: str, area: Area) -> bool:
    """Tell whether a post of `person` lets them do `what` (collect, file, handle, check, lead) in `area`."""
    return bool(posts_that_may(person, what, area))


def posts_that_may(person: Person | None, what: str, area: Area) -> list[Post]:
    """Return the posts by which `person` may do `what` in `area`: those over it whose role may."""
    known = roles.every()
    found = [
        post
        for post in held_by(person)
        if post.area_id in area.path and post.role in known and what in known[post.role].may
    ]
    return [post for post in found if not post.deputy or stands_in(post)]


def stands_in(post: Post) -> bool:
    """Tell whether a deputy acts now: the holder is away, or nobody holds the post; one statement."""
    at = clock.now()
    rows = live(at).filter(
        role=post.role, area=post.area_id, sector=post.sector, organisation=post.organisation_id, deputy=False
    )
    return all(is_away(row, at) for row in rows)


def appoints(by: Person) -> "Appointing":
    """Return where `by` may appoint, to ask it of many posts; one statement."""
    return Appointing(held_by(by))


@dataclass(frozen=True)
class Appointing:
    """Where somebody may appoint and end posts, by the posts they hold themselves."""

    posts: Sequence[Post]

    def covers(self, role: Role, area: Area, organisation_id: int | None) -> bool:
        """Tell whether a post of `role` in `area` is theirs to fill."""
        return any(_covers(post, role, area, organisation_id) for post in self.posts)

    @property
    def anything(self) -> bool:
        """Tell whether there is any post they may fill."""
        return any(post.role in roles.STAFF or _leads(post) for post in self.posts)


def _covers(post: Post, role: Role, area: Area, organisation_id: int | None) -> bool:
    if post.role == "city-staff" and post.organisation_id is None:
        return True
    if role.by == "city" or post.area_id not in area.path:
        return False
    if post.role == "organisation-staff" and post.organisation_id:
        return organisation_id in {None, post.organisation_id}
    deeper = post.area_id != area.pk
    return _leads(post) and deeper and organisation_id is None


def _leads(post: Post) -> bool:
    role = roles.every().get(post.role)
    return role is not None and "lead" in role.may and not post.deputy


def listed(by: Person, *, role: str = "", area: Area | None = None, words: str = "") -> QuerySet[Post]:
    """Return the terms that run or begin within what `by` may see: staff all of their areas. Raises Missing."""
    scopes = queries.scopes(by)
    if not scopes:
        raise Missing
    now, within = clock.now(), Q()
    for scope in scopes:
        within |= Q(area__path__contains=[scope.area_id])
    rows = Post.objects.filter(within, Q(until=None) | Q(until__gt=now)).select_related(
        "person", "organisation"
    )
    if role:
        rows = rows.filter(role=role)
    if area:
        rows = rows.filter(area__path__contains=[area.pk])
    if words:
        rows = rows.filter(person__name__contains=words)
    return rows.order_by("-id")
