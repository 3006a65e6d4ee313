"""A person's own inbox, and the words of others' notices that are about what the person asked or did."""

from datetime import datetime

from django.db import connection
from django.utils.translation import get_language

from xianfeng.foundation.kernel import retention
from xianfeng.foundation.notices import queries
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy.keepers import Rows


def tell(person: Person) -> dict[str, Rows]:
    """Tell the inbox of a person."""
    lines = (
        queries.line(notice, get_language() or person.language or "zh-hans")
        for notice in queries.inbox(person)
    )
    return {"inbox": [{"at": line.at, "sentence": line.sentence, "about": line.about} for line in lines]}


def erase(person: Person, _: datetime) -> None:
    """Empty the inbox of a person."""
    Notice.objects.filter(person=person).delete()


def forget_words(about: list[str], field: str) -> None:
    """Blank one word ('title', 'pioneer') in everybody's notices about these numbers. Needs an open transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [field, "…", about, field])


_FORGET = """UPDATE notices_notice SET params = params || jsonb_build_object(%s::text, %s::text)
WHERE about = ANY(%s) AND params ? %s"""


def sweep(at: datetime) -> int:
    """Delete notices whose days are over, read or not."""
    old = Notice.objects.filter(at__lt=retention.cut("notices", at)).order_by("id")

    def delete(limit: int) -> int:
        return Notice.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()[0]

    return retention.in_batches(delete)
