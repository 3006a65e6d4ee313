"""Who sees what: a leader their city, county or town; staff their organisation; everybody the public version.

Leaders hold a post of the role `leader`, of an area or of an organisation. Who asks for another's place reads the same
as who asks for what is not there.
"""

from dataclasses import dataclass

from django.db.models import Q

from xianfeng.doors.cockpit import successors
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.people.models import Organisation, Person, Post
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.foundation.places.models import Area, Level

LEADER = "leader"
LEVELS = (Level.CITY, Level.COUNTY, Level.TOWN, Level.VILLAGE)


@dataclass(frozen=True)
class Scope:
    """What somebody reads: `area` with all below it; `organisations` by id, None where none is told apart.

    `kind`: city, county, town, village, organisation or public. `organisation`: whose board it is.
    """

    kind: str
    area: Area
    organisations: tuple[int, ...] | None = None
    organisation: Organisation | None = None
    public: bool = False

    @property
    def code(self) -> str:
        """Return what stands in the address: the organisation's code, or the area's."""
        return self.organisation.code if self.organisation else self.area.code

    def name(self, language: str) -> str:
        """Return the name of the area or of the organisation."""
        if self.organisation:
            return self.organisation.name_en if language.startswith("en") else self.organisation.name
        return places.name(self.area, language)


@dataclass(frozen=True)
class Seat:
    """A post that opens boards: an area, and the organisation it is held in (None: all)."""

    area_id: int
    organisation: Organisation | None


def seats(person: Person | None) -> list[Seat]:
    """Return the posts of `person` that open boards now, the widest first; one statement."""
    if person is None:
        return []
    now = clock.now()
    live = Q(until=None) | Q(until__gt=now)
    opens = Q(role=LEADER) | Q(role="city-staff", organisation=None)
    opens |= Q(role="organisation-staff", organisation__isnull=False)
    rows = Post.objects.filter(live, opens, person=person, since__lte=now).select_related("organisation")
    found = [Seat(row.area_id, row.organisation) for row in rows]
    return sorted(found, key=lambda seat: (seat.organisation is not None, len(tree.find(seat.area_id).path)))


def scope_for(person: Person | None, *, area: str = "", organisation: str = "") -> Scope:
    """Return the board `person` asks for by the code of an area or of an organisation; their own where none is named.

    Raises Missing for foreign and missing alike, and for who has no board of their own.
    """
    held = seats(person)
    if not held:
        raise Missing
    if organisation:
        return _of_organisation(_organisation(organisation), held)
    if area:
        return _of_area(_area(area), held)
    first = held[0]
    return (
        _of_organisation(first.organisation, held) if first.organisation else _whole(tree.find(first.area_id))
    )


def addressed(person: Person | None, kind: str, code: str) -> Scope:
    """Return the board an address names: kind area, organisation or public, and a code.

    Raises Missing; Refused 'sign-in-needed' for visitors at an inner board.
    """
    if kind == "public":
        return public_scope(code)
    if person is None:
        raise Refused("sign-in-needed")
    if kind in {"area", "organisation"}:
        return scope_for(person, **{kind: code})
    raise Missing


def public_scope(area: str = "") -> Scope:
    """Return the board anybody may read, of the city or of an area down to villages. Raises Missing."""
    return Scope("public", _area(area) if area else places.root(), public=True)


def leads(person: Person | None) -> bool:
    """Tell whether `person` has a board of their own; one statement."""
    return bool(seats(person))


def leaders() -> list[tuple[int, Scope]]:
    """Return the persons who hold a leader's post now, each with the board of that post."""
    now = clock.now()
    rows = Post.objects.filter(Q(until=None) | Q(until__gt=now), role=LEADER, since__lte=now)
    return [
        (row.person_id, _board(Seat(row.area_id, row.organisation)))
        for row in rows.select_related("organisation").order_by("id")
    ]


def _board(seat: Seat) -> Scope:
    return _own(seat.organisation) if seat.organisation else _whole(tree.find(seat.area_id))


def _area(code: str) -> Area:
    found = successors.standing(places.by_code(code))
    if found.level not in LEVELS:
        raise Missing
    return found


def _organisation(code: str) -> Organisation:
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise Missing
    return found


def _whole(area: Area) -> Scope:
    return Scope(str(area.level), area)


def _of_area(area: Area, held: list[Seat]) -> Scope:
    if not any(seat.organisation is None and seat.area_id in area.path for seat in held):
        raise Missing
    return _whole(area)


def _of_organisation(organisation: Organisation, held: list[Seat]) -> Scope:
    line = tree.find(organisation.area_id).path
    for seat in held:
        if seat.organisation is None:
            if seat.area_id in line:
                return _own(organisation)
        elif seat.organisation.pk == organisation.pk or _above(seat.organisation, organisation):
            return _own(organisation)
    raise Missing


def _own(organisation: Organisation) -> Scope:
    ids = [organisation.pk]
    if organisation.area_id == places.root().pk:  # the city's own leads those of its kind in the counties
        ids = list(
            Organisation.objects.filter(kind=organisation.kind).order_by("id").values_list("id", flat=True)
        )
    return Scope("organisation", places.root(), tuple(ids), organisation)


def _above(upper: Organisation, lower: Organisation) -> bool:
    return upper.kind == lower.kind and upper.area_id == places.root().pk
