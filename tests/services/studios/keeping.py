"""Studios, questions and policy answers of the cast, arranged through operations."""

from typing import Any

from tests.cast import Cast
from tests.services.meetings.holding import codes, later, leader, posted, town
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places.models import Area
from xianfeng.services.studios.models import Policy, Question, Studio
from xianfeng.services.studios.operations import asking, keeping, policies
from xianfeng.services.studios.operations.keeping import Opening

__all__ = ["codes", "later", "leader", "posted", "town"]


def studio(
    cast: Cast, number: int = 60, *, areas: list[Area] | None = None, role: str = "congress-deputy",
    sector: str = "", name: str = "代表工作室",
) -> Studio:  # fmt: skip
    """Return the studio of a deputy of the town (or of `areas`), or an online one of a sector."""
    post = posted(cast, number, role, name="代表")
    drawn = None
    if not sector:
        drawn = keeping.draw(f"第{number}选区", [one.pk for one in areas or [town()]], by=cast.city_staff).pk
    given = Opening(post.pk, name, "有事找我", constituency_id=drawn, sector=sector)
    return keeping.open_studio(given, by=cast.city_staff)


def keeper(row: Studio) -> Person:
    """Return who keeps a studio."""
    return row.post.person


def asked(cast: Cast, row: Studio | None = None, by: Person | None = None, **more: Any) -> Question:
    """Return a question of the resident (or of `by`), in public if not said otherwise."""
    given = {"private": False, "text": "低保怎么申请？", **more}
    return asking.ask((row or studio(cast)).pk, by=by or cast.resident, **given)


def answered(cast: Cast, row: Studio | None = None, by: Person | None = None, **more: Any) -> Question:
    """Return a question that was answered."""
    question = asked(cast, row, by, **more)
    return asking.answer(question.pk, "到社区窗口，带身份证。", by=question.studio.post.person)


def published(cast: Cast, row: Studio | None = None, question: str = "低保怎么申请？") -> Policy:
    """Return a policy answer that anybody finds."""
    where = row or studio(cast)
    written = policies.submit(where.pk, question, "到社区窗口，带身份证和户口本。", by=keeper(where))
    return policies.judge(written.pk, "publish", by=leader(cast))
