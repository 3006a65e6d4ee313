"""Who may do what in a course, and why not."""

from typing import Any

from django.db import connection

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Refusal
from xianfeng.foundation.people import posts
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import tree
from xianfeng.matters import rules
from xianfeng.matters.duties.models import Duty
from xianfeng.matters.models import Matter

# who had it in duty, who reported it, and who holds the post that has it: none of them closes it
HANDLED = """EXISTS (SELECT FROM matters_duty d WHERE d.matter_id = s.id AND (
        %(checker)s IN (d.person_id, d.reported_by_id)
        OR EXISTS (SELECT FROM people_post t WHERE t.person_id = %(checker)s AND t.role = d.role
            AND t.area_id = d.area_id AND t.sector = d.sector AND t.since <= %(now)s
            AND (t.until IS NULL OR t.until > %(now)s) AND d.ended_at IS NULL)))"""


def acts_for(by: Person, duty: Duty) -> bool:
    """Tell whether `by` acts now for the post that has the duty: its holder, or the deputy who stands in."""
    rows = posts.live().filter(person=by, role=duty.role, area=duty.area_id)
    if duty.sector:
        rows = rows.filter(sector=duty.sector)
    return any(not row.deputy or posts.stands_in(row) for row in rows)


def hands_over(by: Person, matter: Matter) -> bool:
    """Tell whether `by` files and hands over where the matter lies: staff, or a post that files or leads there."""
    if rules.is_staff_of(by, matter):
        return True
    area = tree.find(matter.area_id)
    return posts.may(by, "file", area) or posts.may(by, "lead", area)


def may_file(matter: Matter) -> Refusal | None:
    """Say why a matter cannot be put on file now."""
    return rules.may_move("put_on_file", matter)


def may_handle(by: Person, matter: Matter, duty: Duty | None) -> Refusal | None:
    """Say why `by` cannot work on `matter`: it is not in a duty, or not in theirs."""
    if refusal := rules.may_move("report_handled", matter):
        return refusal
    if duty is None or not acts_for(by, duty):
        return Refusal("not-your-duty")
    return None


def may_check(by: Person, matter: Matter) -> Refusal | None:
    """Say why `by` cannot check and close `matter`. Who handled it never may, whatever else they are."""
    if refusal := rules.may_move("pass_check", matter):
        return refusal
    if handled(by, matter):
        return Refusal("handler-never-closes")
    if not is_checker(by, matter):
        return Refusal("not-a-checker")
    return None


def handled(by: Person, matter: Matter) -> bool:
    """Tell whether `by` handled the matter, by the very condition of the statement that closes it."""
    given: dict[str, Any] = {"checker": by.pk, "now": clock.now(), "id": matter.pk}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {HANDLED} FROM matters_matter s WHERE s.id = %(id)s", given)  # noqa: S608 - constants
        return bool(cursor.fetchone()[0])


def is_checker(by: Person, matter: Matter) -> bool:
    """Tell whether `by` looks on site at what was done: who collected it, a post that checks there, or staff."""
    if rules.is_requester(by, matter) or rules.is_staff_of(by, matter):
        return True
    return posts.may(by, "check", tree.find(matter.area_id))


def may_pause(duty: Duty, most: int) -> Refusal | None:
    """Say why a clock cannot be stopped: it stands still already, or was stopped as often as the course allows."""
    if duty.paused_at:
        return Refusal("paused-already")
    if duty.pauses >= most:
        return Refusal("paused-before", params={"most": most})
    return None


def may_ask_time(duty: Duty) -> Refusal | None:
    """Say why no more time can be asked for: once, while the clock runs."""
    if duty.time_asked_at or duty.extended_at:
        return Refusal("extended-before")
    return Refusal("paused-already") if duty.paused_at else None
