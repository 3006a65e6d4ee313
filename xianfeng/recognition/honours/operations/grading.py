"""The yearly review of grades (评级): from the ranking of last December, frozen for the year."""

from datetime import date
from typing import Any

from django.db import connection

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.recognition.honours import filing, titles
from xianfeng.recognition.honours.models import GradeReview
from xianfeng.recognition.merit import queries as merit

DECEMBER = 12


def review() -> GradeReview | None:
    """Freeze everybody's grade for the running year, once December is closed; again it answers the same.

    Who is suspended holds none. Returns None while December is not closed. A later edition of December changes
    nothing before the next year.
    """
    at = clock.now()
    year = filing.today(at).year
    known = GradeReview.objects.filter(year=year).first()
    december = merit.month_edition(date(year - 1, DECEMBER, 1))
    if known is not None or december is None:
        return known
    with write():
        row, made = GradeReview.objects.get_or_create(
            year=year, defaults={"edition": december.edition, "reviewed_at": at, "counts": {}}
        )
        if made:
            row.counts = _frozen(row.pk, december.pk)
            row.save(update_fields=["counts"])
            new = {"year": year, "edition": row.edition, "counts": row.counts}
            record.append("grading", row.pk, "grades.reviewed", actor=SYSTEM, at=at, new=new)
            row.refresh_from_db()
        return row


def _frozen(review_id: int, month_id: int) -> dict[str, int]:
    """Write the grades and count them; one statement each. The bands come best first."""
    bands = titles.grades()
    given: dict[str, Any] = {
        "review": review_id, "month": month_id, "codes": [one.code for one in bands],
        "least": [float(one.least) for one in bands],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FREEZE, given)
        cursor.execute(_COUNT, given)
        return dict(cursor.fetchall())


_FREEZE = """
INSERT INTO honours_grade (review_id, pioneer_id, index, grade)
SELECT %(review)s, p.pioneer_id, p.index, coalesce((
    SELECT b.code FROM unnest(%(codes)s::text[], %(least)s::float8[]) WITH ORDINALITY AS b(code, least, place)
    WHERE p.index >= b.least ORDER BY b.place LIMIT 1), '')
FROM merit_place p JOIN people_pioneer w ON w.id = p.pioneer_id
WHERE p.month_id = %(month)s AND w.suspended_at IS NULL"""
_COUNT = "SELECT grade, count(*) FROM honours_grade WHERE review_id = %(review)s GROUP BY grade"
