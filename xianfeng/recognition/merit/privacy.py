"""What the index keeps of a person: a pioneer's places in closed months; rings in which an account stands."""

from datetime import datetime

from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy.keepers import Rows, rows
from xianfeng.recognition.merit.models import Place, Ring


def tell(person: Person) -> dict[str, Rows]:
    """Tell the places of the pioneers the person speaks for, edition by edition; nothing for who never was one."""
    places = Place.objects.filter(pioneer__spokesperson=person).order_by(
        "month__month", "month__edition", "rank"
    )
    told = rows(places, "pioneer__name", "month__month", "month__edition", "rank", "index", "orders")
    return {"index_months": told} if told else {}


def erase(person: Person, _: datetime) -> None:
    """Delete the rings that name the person's account: the next look does without. Places name a pioneer, no person."""
    Ring.objects.filter(accounts__contains=[person.pk]).delete()
