"""What the two sides say to each other, thread by thread."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from xianfeng.doors.portal.shown.cards import photo_address
from xianfeng.doors.portal.shown.reader import Reader, asker_name
from xianfeng.foundation.ui import words
from xianfeng.matters import queries
from xianfeng.matters.models import Matter, Message


@dataclass(frozen=True)
class Said:
    """One message: whose, the words, when, its photographs (address small, address large); `key` to report it by."""

    mine: bool
    who: str
    text: str
    time: str
    photos: list[tuple[str, str]]
    key: str = ""


@dataclass
class Thread:
    """The talk with one pioneer, oldest first."""

    pioneer_id: int
    name: str
    said: list[Said] = field(default_factory=list)


def threads(matter: Matter, reader: Reader) -> list[Thread]:
    """Return the threads that `reader` may read: all own ones, the taker's first."""
    found: dict[int, Thread] = {}
    if reader.person is None:
        return []
    for message in queries.talk(matter, by=reader.person):
        thread = found.setdefault(message.pioneer_id, Thread(message.pioneer_id, message.pioneer.name))
        thread.said.append(_said(message, matter, reader))
    return sorted(found.values(), key=lambda thread: thread.pioneer_id != matter.taken_by_id)


def _said(message: Message, matter: Matter, reader: Reader) -> Said:
    mine = reader.person is not None and message.author_id == reader.person.pk
    spoke = (
        message.pioneer.name
        if message.author_id == message.pioneer.spokesperson_id
        else asker_name(matter, reader)
    )
    photos = [(photo_address(photo.key), photo_address(photo.key, "large")) for photo in message.photos.all()]
    return Said(
        mine=mine, who=_("您") if mine else spoke, text=message.text, time=words.when(message.sent_at),
        photos=photos, key="" if mine else str(message.pk),
    )  # fmt: skip
