"""Achievements, broadcasts and feedback of the cast, arranged through operations."""

import io
from datetime import datetime, timedelta
from typing import Any

from PIL import Image

from tests.cast import Cast
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.places import city
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.claim import accept
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.rating import Stars, rate
from xianfeng.recognition.showcase.models import Achievement, Live, Picture
from xianfeng.recognition.showcase.operations import achievements, adoption, lives, pictures
from xianfeng.recognition.showcase.operations.achievements import Draft
from xianfeng.recognition.showcase.operations.adoption import Wish
from xianfeng.recognition.showcase.operations.lives import Plan


def drafted(
    cast: Cast, pioneer: Pioneer | None = None, title: str = "水稻育秧新办法", **more: Any
) -> Achievement:
    """Return a draft of `pioneer` (the first, if not said); `more` are fields of Draft."""
    who = pioneer or cast.pioneer
    given = Draft(**{"kind": "method", "title": title, "text": "先催芽，再摆盘，成秧率高两成。", **more})
    return achievements.draft(given, by=who.spokesperson, pioneer=who)


def staff_for(cast: Cast, pioneer: Pioneer) -> Person:
    """Return the staff of the organisation that vouches for `pioneer`."""
    return cast.staff if pioneer.organisation_id == cast.organisation.pk else cast.other_staff


def submitted(cast: Cast, pioneer: Pioneer | None = None, **more: Any) -> Achievement:
    """Return an achievement that waits for its organisation."""
    row = drafted(cast, pioneer, **more)
    return achievements.submit(row.pk, by=row.pioneer.spokesperson)


def published(cast: Cast, pioneer: Pioneer | None = None, **more: Any) -> Achievement:
    """Return an achievement that anybody may see."""
    row = submitted(cast, pioneer, **more)
    return achievements.judge(row.pk, "publish", by=staff_for(cast, row.pioneer))


def asked(achievement: Achievement, by: Person, **more: Any) -> Matter:
    """Return the need that asks to use an achievement."""
    middle = city.served()
    return adoption.ask(achievement.pk, Wish("想学学", middle.lat, middle.lon, **more), by=by)


def adopted(
    achievement: Achievement, by: Person, yuan: int | None = 50_000, *, confirmed: bool = True, **more: Any
) -> Matter:
    """Return an adoption that is done and rated; `more` are fields of Report."""
    matter, speaker = asked(achievement, by), achievement.pioneer.spokesperson
    accept(matter.number, by=speaker)
    report_done(matter.number, Report("教会了", benefit_yuan=yuan, **more), by=speaker)
    return rate(matter.number, Stars(5, 5, 5, benefit_confirmed=confirmed), by=by)


def soon(hours: float = 2) -> datetime:
    """Return an instant to come."""
    return clock.now() + timedelta(hours=hours)


def proposed(cast: Cast, pioneer: Pioneer | None = None, title: str = "直播教插秧", **more: Any) -> Live:
    """Return a broadcast that waits for its organisation."""
    who = pioneer or cast.pioneer
    given = {"title": title, "starts_at": soon(), "link": "https://live.example/1", **more}
    return lives.propose(Plan(**given), by=who.spokesperson, pioneer=who)


def announced(cast: Cast, pioneer: Pioneer | None = None, **more: Any) -> Live:
    """Return a broadcast that is announced."""
    row = proposed(cast, pioneer, **more)
    return lives.judge(row.pk, "announce", by=staff_for(cast, row.pioneer))


def running(cast: Cast, pioneer: Pioneer | None = None, **more: Any) -> Live:
    """Return a broadcast that runs."""
    row = announced(cast, pioneer, **more)
    return lives.start(row.pk, by=row.pioneer.spokesperson)


def jpeg(colour: str = "green") -> io.BytesIO:
    """Return a small photograph."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "JPEG")
    file.seek(0)
    return file


def picture(by: Person) -> Picture:
    """Return a photograph that `by` sent."""
    return pictures.take_in(jpeg(), 1000, by=by)
