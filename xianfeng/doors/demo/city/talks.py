"""Deputies, meetings and proposals of the demo city, played through the operations. Everybody is invented."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from xianfeng.doors.demo.city import draw
from xianfeng.doors.demo.models import Part
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people import queries as people_queries
from xianfeng.foundation.people.models import Organisation, Person, Post
from xianfeng.foundation.people.operations.posts import Appointment, appoint
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.foundation.places.models import Area
from xianfeng.services.meetings.models import Meeting
from xianfeng.services.meetings.operations import calling, proposals, running, teams
from xianfeng.services.meetings.operations.calling import Call, Point
from xianfeng.services.studios.models import Studio
from xianfeng.services.studios.operations import asking, keeping, policies
from xianfeng.services.studios.operations.keeping import Opening, Sitting

FIRST_MOBILE = 19_100_000_000  # beside those of the city's people
ROLES = {
    "deputy": "congress-deputy", "member": "conference-member", "councillor": "resident-councillor",
    "officer": "street-officer", "visitor": "house-visitor",
}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """Where it plays, and who: the town, its organisation in charge, staff of the city, who asks, the posts."""

    town: Area
    organisation: Organisation
    city: Person
    resident: Person
    other: Person
    posts: dict[str, Post]

    def who(self, part: str) -> Person:
        """Return who holds a post of the scene."""
        return self.posts[part].person


def play() -> int:
    """Play it once, in a city that was just built; return how many questions, meetings and proposals there are."""
    if Studio.objects.exists() or Meeting.objects.exists():
        return 0
    words, scene = draw.load("services"), _scene()
    if scene is None:
        return 0
    return _studios(scene, words) + _meetings(scene, words)


@contextmanager
def ago(**delta: float) -> Iterator[datetime]:
    """Let what happens within have happened so long ago."""
    with clock.at(clock.now() - timedelta(**delta)):
        yield clock.now()


def _scene() -> Scene | None:
    parts = {part.role: part.person for part in Part.objects.select_related("person")}
    city, resident, other = (parts.get(role) for role in ("staff-city", "resident", "resident-neighbour"))
    if city is None or resident is None or other is None or resident.area_id is None:
        return None
    town = places.at_level(tree.find(resident.area_id), "town")
    staffed = (
        Organisation.objects.filter(pk__in=people_queries.staffed_organisations()).order_by("id").first()
    )
    if town is None or staffed is None:
        return None
    with ago(days=90):
        posts = {part: _post(part, role, turn, town, city) for turn, (part, role) in enumerate(ROLES.items())}
    return Scene(town, staffed, city, resident, other, posts)


def _post(part: str, role: str, turn: int, town: Area, city: Person) -> Post:
    name = draw.load("services")["people"][part]
    person = people.enter_person(str(FIRST_MOBILE + turn), name=name, by=city)
    return appoint(Appointment(role, town.pk), person, by=city)


def _studios(scene: Scene, words: dict[str, dict[str, str]]) -> int:
    said, asked = words["studio"], draw.load("services")["questions"]
    with ago(days=80):
        drawn = keeping.draw(said["constituency"], [scene.town.pk], by=scene.city)
        home = Opening(scene.posts["deputy"].pk, said["name"], said["intro"], constituency_id=drawn.pk)
        online = Opening(scene.posts["member"].pk, said["online"], said["online_intro"], sector="work")
        near, far = (keeping.open_studio(one, by=scene.city) for one in (home, online))
    keeping.set_hours(near.pk, _weekly(said["place"]), by=scene.who("deputy"))
    for turn, (text, reply) in enumerate(zip(asked["public"], asked["replies"], strict=True)):
        _answered(near, text, reply, scene.who("deputy"), scene.other, days=30 + turn, private=False)
    _answered(
        near,
        asked["private"],
        asked["private_reply"],
        scene.who("deputy"),
        scene.resident,
        days=9,
        private=True,
    )
    _answered(
        far,
        asked["online"],
        asked["online_reply"],
        scene.who("member"),
        scene.resident,
        days=20,
        private=False,
    )
    _handed(near, asked, scene)
    for entry in draw.load("services")["policies"]:
        _policy(near, entry, scene)
    return 5


def _weekly(place: str) -> Sitting:
    """Return Saturday mornings of the next quarter."""
    today = timezone.localtime()
    first = (today + timedelta(days=(5 - today.weekday()) % 7 or 7)).replace(
        hour=9, minute=0, second=0, microsecond=0
    )
    return Sitting(first, 150, place, weekly=True, until=first.date() + timedelta(weeks=12))


def _answered(
    studio: Studio, text: str, reply: str, keeper: Person, asker: Person, *, days: int, private: bool
) -> None:  # fmt: skip
    with ago(days=days):
        question = asking.ask(studio.pk, text, by=asker, private=private)
    with ago(days=days - 2):
        asking.answer(question.pk, reply, by=keeper)
    if days > 20:
        with ago(days=days - 3):
            asking.give_word(question.pk, True, by=asker)


def _handed(studio: Studio, asked: dict[str, str], scene: Scene) -> None:
    with ago(days=5):
        question = asking.ask(studio.pk, asked["handed"], by=scene.other, private=False)
    with ago(days=2):
        order = asking.Order(scene.organisation.pk, asked["handed_title"])
        asking.hand_over(question.pk, order, by=scene.who("deputy"))


def _policy(studio: Studio, entry: dict[str, str], scene: Scene) -> None:
    with ago(days=15):
        written = policies.submit(studio.pk, entry["question"], entry["answer"], by=scene.who("deputy"))
        policies.judge(written.pk, "publish", by=scene.city)


def _meetings(scene: Scene, words: dict[str, dict[str, str]]) -> int:
    said, by = words["meeting"], scene.who("officer")
    with ago(days=8):
        plan = Call(
            "joint", scene.town.pk, said["title"], words["studio"]["place"], clock.now() + timedelta(days=1)
        )
        first = calling.call(plan, by=by)
    with ago(days=7):
        running.open_meeting(first.pk, by=by)
        item = calling.add_item(first.pk, Point(title=said["item"]), by=by)
        calling.add_item(first.pk, Point(title=said["open_item"]), by=by)
        running.decide(item.pk, said["decision"], by=by, minutes=said["minutes"])
        order = running.Order(scene.organisation.pk, title=said["task"])
        running.hand_over(item.pk, order, by=by)
        running.close(first.pk, by=by)
    following = Call(
        "joint", scene.town.pk, said["next"], words["studio"]["place"], clock.now() + timedelta(days=3)
    )
    calling.call(following, by=by)
    return 2 + _proposals(scene, words, by)


def _proposals(scene: Scene, words: dict[str, dict[str, str]], by: Person) -> int:
    entries = draw.load("services")["proposals"]
    with ago(days=75):
        tank = teams.form("think-tank", scene.town.pk, words["team"]["name"], by=by)
        teams.seat_post(tank.pk, scene.posts["councillor"].pk, by=by, leads=True)
        visiting = teams.form("visit", scene.town.pk, words["team"]["visit"], by=by)
        teams.seat_post(visiting.pk, scene.posts["visitor"].pk, by=by)
    for turn, entry in enumerate(entries):
        with ago(days=70 - turn):
            row = teams.propose(tank.pk, entry["title"], entry["text"], by=scene.who("councillor"))
        for step, name in enumerate(entry["way"], start=1):
            with ago(days=70 - turn - 12 * step):
                last = step == len(entry["way"])
                proposals.move(row.pk, name, by=by, words=entry["word"] if last else "")
    return len(entries)
