"""Cases of the cast, arranged through operations. Workers and mediators are parts in a play."""

from datetime import date, timedelta
from typing import Any

from tests.cast import Cast, somebody
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Person, Post
from xianfeng.foundation.places import city
from xianfeng.foundation.places.models import Area
from xianfeng.services.mediation import numbers, queries
from xianfeng.services.mediation.models import Agreement, Case
from xianfeng.services.mediation.operations import agreeing, opening
from xianfeng.services.mediation.operations.agreeing import Promise
from xianfeng.services.mediation.operations.opening import Claim, Named

WORKERS = (("工人甲", 31, 534_050), ("工人乙", 32, 521_000), ("工人丙", 33, 560_000), ("工人丁", 34, 521_000))
MOBILE = "1380000{:04d}"


def mediator(
    cast: Cast, number: int = 41, name: str = "调解员甲", role: str = "mediator", area: Area | None = None
) -> Person:
    """Return somebody who holds a mediator's post in the county where cases are raised."""
    person = somebody(number, name)
    Post.objects.create(person=person, role=role, area=area or cast.here, since=clock.now())
    return person


def opened(cast: Cast, *, by: Person | None = None, other: Person | None = None, **more: Any) -> Case:
    """Return a case of the resident against the stranger; `more` are fields of Claim."""
    middle = city.served()
    against = other or cast.stranger
    given = {
        "title": "车库门被撞坏了", "text": "倒车撞坏了车库门，修要三千元", "lat": middle.lat, "lon": middle.lon,
        "respondents": [Named("对门邻居", mobile_of(against))], **more,
    }  # fmt: skip
    return opening.open_case(Claim(**given), by=by or cast.resident)


def mobile_of(person: Person) -> str:
    """Return the number of a person of the play."""
    from xianfeng.foundation.people import mobiles

    return mobiles.opened(bytes(person.mobile_sealed))


def talking(cast: Cast, **more: Any) -> Case:
    """Return a case of the resident against the stranger in which both have agreed to talk."""
    if not Post.objects.filter(role__in=numbers.roles()).exists():
        mediator(cast)
    case = opened(cast, **more)
    return opening.consent(case.matter.number, by=cast.stranger)


def party_of(case: Case, person: Person) -> int:
    """Return the id of a person's party in a case."""
    return next(one.pk for one in case.parties.all() if one.person_id == person.pk)


def promise(
    case: Case, payer: Person, receiver: Person, amount_fen: int = 300_000, days: int = 10
) -> Promise:
    """Return what one owes another in so many days."""
    day = numbers.today(clock.now()) + timedelta(days=days)
    return Promise(party_of(case, payer), party_of(case, receiver), amount_fen, day)


def proposed(case: Case, *promises: Promise, text: str = "赔三千元，十天内给清") -> Agreement:
    """Return the wording that the mediator wrote down."""
    assert case.mediator is not None
    return agreeing.propose(case.matter.number, text, promises, by=case.mediator)


def agreed(cast: Cast, days: int = 10) -> Case:
    """Return a case in which the stranger owes the resident 3,000 yuan in so many days, signed by both."""
    case = talking(cast)
    row = proposed(case, promise(case, cast.stranger, cast.resident, days=days))
    for person in (cast.resident, cast.stranger):
        agreeing.sign(case.matter.number, row.digest, by=person)
    return queries.whole().get(pk=case.pk)


def day_after(day: date) -> str:
    """Return the noon after a day, UTC."""
    return f"{day + timedelta(days=1)}T04:00:00Z"
