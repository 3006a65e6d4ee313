"""A life full of planted words, and the scan of everything that finds them."""

import io
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from PIL import Image

from tests.cast import Cast, need, recognised
from tests.foundation.people.conftest import Carrier
from tests.matters.test_telling import deliver
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people import steps
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.matters.models import Matter, Photo
from xianfeng.matters.operations import photos
from xianfeng.matters.operations.abuse import report_abuse
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, release, report_done
from xianfeng.matters.operations.offers import Serving, publish
from xianfeng.matters.operations.rating import Stars, dispute, rate, reopen
from xianfeng.matters.operations.talking import send_message, show_other_side

MOBILE = "13912345678"
NAME = "欧阳植名"
# none of these may be found anywhere afterwards
WORDS = (
    MOBILE, NAME, "植题一", "植文一", "植门牌", "植题二", "植题三", "植题四", "植留言", "植答话", "植报告", "植帮手",
    "植首答", "植评语", "植争议", "植重开", "植退回", "植菜单", "植菜文", "植座右铭", "植事迹", "植举报", "植手机型号",
    "植先锋报告", "植得评", "植考察",
)  # fmt: skip

_COLUMNS = """SELECT c.table_name, c.column_name FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"""


def picture() -> io.BytesIO:
    """Return a photograph."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    out.seek(0)
    return out


def sent(by: Person) -> Photo:
    """Return a photograph `by` sent."""
    file = picture()
    return photos.take_in(file, len(file.getvalue()), by=by)


def holding(word: str) -> list[tuple[str, str]]:
    """Return every column of every table that holds `word`, text and bytes alike, as a dump of the database would."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT 1 FROM "{table}" WHERE "{column}"::text LIKE %s OR "{column}"::text LIKE %s OR '  # noqa: S608
                f'"{column}"::text LIKE %s LIMIT 1',
                [f"%{word}%", f"%{word.encode().hex()}%", f"%{_escaped(word)}%"],
            )
            if cursor.fetchone():
                found.append((table, column))
    return found


def _escaped(word: str) -> str:
    """Return how JSON that is not Unicode would say it, for LIKE."""
    return word.encode("unicode_escape").decode().replace("\\", "\\\\")


def files() -> set[str]:
    """Return the names of all stored photographs."""
    return {path.name for path in Path(settings.MEDIA_ROOT).rglob("*.jpg")}


@dataclass
class Planted:
    """The person whose words were planted, what they are, and their needs."""

    person: Person
    pioneer: Pioneer
    closed: Matter
    taken: Matter
    open: Matter
    done: Matter
    held: Matter


def plant(cast: Cast, carrier: Carrier) -> Planted:
    """Return somebody who asked, was helped, helped, talked, rated and was looked at, in planted words alone."""
    code = people.ask_code(MOBILE, address="203.0.113.77")
    person = people.sign_in(MOBILE, code, device="植手机型号", consent="2026-11").person
    person = people.change_profile(by=person, name=NAME, area_id=cast.here.id, lat=30.8765, lon=120.1234)
    closed, taker = _closed(cast, person), cast.pioneer.spokesperson
    taken = claim(need(person, "植题二").number, by=taker)
    send_message(taken.number, "植答话", by=taker)
    show_other_side(taken.number, by=taker)
    done = claim(need(person, "植题四").number, by=cast.second.spokesperson)
    report_done(done.number, Report("植报告"), by=cast.second.spokesperson)
    held, pioneer = _helps(cast, person)
    report_abuse("matter", need(cast.stranger, "别人的").number, by=person, reason="advert", text="植举报")
    opened = need(person, "植题三", photos=[sent(person).key])
    sent(person)
    deliver()
    return Planted(person, pioneer, closed, taken, opened, done, held)


def _closed(cast: Cast, person: Person) -> Matter:
    """Return a need that went through everything once."""
    matter = need(person, "植题一", text="植文一", address="植门牌 7 幢", photos=[sent(person).key])
    taker = cast.pioneer.spokesperson
    claim(matter.number, by=taker, first_reply="植首答")
    send_message(matter.number, "植留言", by=person, photos=[sent(person).key])
    photos.attach(matter.number, sent(taker).key, by=taker, purpose="report")
    report_done(matter.number, Report("植报告", helpers="植帮手"), by=taker)
    dispute(matter.number, by=person, reason="植争议")
    report_done(matter.number, Report("植报告"), by=taker)
    rate(matter.number, Stars(5, 4, 3, "植评语"), by=person)
    reopen(matter.number, by=person, reason="植重开")
    report_done(matter.number, Report("植报告", helpers="植帮手"), by=taker)
    return rate(matter.number, Stars(5, 4, 3, "植评语"), by=person)


def _helps(cast: Cast, person: Person) -> tuple[Matter, Pioneer]:
    """Let the person be a pioneer who did something, gave something back, and holds something."""
    pioneer = recognised(NAME, person, cast.organisation, cast.staff)
    Pioneer.objects.filter(pk=pioneer.pk).update(motto="植座右铭", deed="植事迹")
    steps.remark(pioneer, "pioneer.suspended", "植考察", by=cast.staff, at=clock.now())
    publish(Serving("植菜单", "electric", "周末", 2, text="植菜文"), by=person, pioneer=pioneer)
    helped = claim(need(cast.resident, "别人的一").number, by=person)
    report_done(helped.number, Report("植先锋报告"), by=person)
    rate(helped.number, Stars(5, 5, 5, "植得评"), by=cast.resident)
    given = claim(need(cast.resident, "别人的二").number, by=person)
    Matter.objects.filter(pk=given.pk).update(taken_at=given.raised_at.replace(year=2020))
    release(given.number, by=person, reason="植退回")
    return claim(need(cast.resident, "别人的三").number, by=person), pioneer
