"""Achievements: written, sent in, judged before anybody sees them, found, taken back."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests.cast import Cast, closed
from tests.matters.watching import refused, watching
from tests.recognition.showcase.showing import drafted, picture, published, submitted
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.people.models import Person
from xianfeng.recognition.showcase.models import Achievement
from xianfeng.recognition.showcase.operations import achievements
from xianfeng.recognition.showcase.operations.achievements import Draft, change, judge, submit, withdraw
from xianfeng.recognition.showcase.queries import achievements as queries
from xianfeng.recognition.showcase.tasks import enforce_limits


def sees(person: Person | None, row: Achievement) -> bool:
    try:
        return queries.achievement_for(person, row.pk).pk == row.pk
    except Missing:
        return False


def test_a_draft_is_written_and_is_its_authors_alone(cast: Cast) -> None:
    with watching() as seen:
        row = drafted(cast)
    assert (row.state, row.area_id, row.listed) == ("draft", cast.pioneer.area_id, False)
    assert seen.only("achievement.drafted").new == {"state": "draft", "pioneer": cast.pioneer.pk}
    assert seen.rows == {"showcase_achievement": {row.pk}}
    who = (None, cast.resident, cast.staff, cast.city_staff, cast.pioneer.spokesperson)
    assert [sees(person, row) for person in who] == [False, False, False, False, True]


def test_what_is_sent_in_is_seen_by_its_organisation_and_the_city_before_it_is_published(cast: Cast) -> None:
    row = submitted(cast)
    who = (None, cast.resident, cast.other_staff, cast.staff, cast.city_staff)
    assert [sees(person, row) for person in who] == [False, False, False, True, True]
    with watching() as seen:
        judge(row.pk, "publish", by=cast.staff)
    told = seen.only("achievement.published")
    assert (told.old, told.new["state"], told.actor) == (
        {"state": "submitted"},
        "published",
        ("person", cast.staff.pk),
    )
    assert seen.rows == {"showcase_achievement": {row.pk}}
    assert all(sees(person, row) for person in who)


@pytest.mark.parametrize("name", ["publish", "return", "refuse"])
def test_only_staff_of_its_organisation_or_the_city_judge(cast: Cast, name: str) -> None:
    row = submitted(cast)
    for person in (cast.resident, cast.other_staff, cast.pioneer.spokesperson):
        with refused("not-found"):
            judge(row.pk, name, by=person, reason="看过了")
    assert judge(row.pk, name, by=cast.city_staff, reason="看过了").judged_by == cast.city_staff


@pytest.mark.parametrize("name", ["return", "refuse"])
def test_a_no_needs_its_reason_which_the_author_reads(cast: Cast, name: str) -> None:
    row = submitted(cast)
    with refused("text-missing", "reason"):
        judge(row.pk, name, by=cast.staff)
    judge(row.pk, name, by=cast.staff, reason="数字从哪来？")
    assert queries.achievement_for(cast.pioneer.spokesperson, row.pk).judgement == "数字从哪来？"


def test_what_was_sent_back_is_mended_and_sent_in_again(cast: Cast) -> None:
    row = submitted(cast)
    judge(row.pk, "return", by=cast.staff, reason="写清楚些")
    with watching() as seen:
        change(row.pk, Draft("case", "改好了", "写清楚了"), by=cast.pioneer.spokesperson)
    assert seen.only("achievement.changed").new == {}
    assert submit(row.pk, by=cast.pioneer.spokesperson).state == "submitted"
    with refused("showcase-wrong-state"):
        change(row.pk, Draft("case", "又改", "又改"), by=cast.pioneer.spokesperson)


def test_a_published_achievement_is_taken_back_by_its_author_and_down_by_staff(cast: Cast) -> None:
    mine, other = published(cast), published(cast, title="另一项")
    with refused("not-found"):
        withdraw(mine.pk, by=cast.stranger)
    assert withdraw(mine.pk, by=cast.pioneer.spokesperson).state == "withdrawn"
    with watching() as again:
        withdraw(mine.pk, by=cast.pioneer.spokesperson)
    assert again.nothing()
    assert judge(other.pk, "take_down", by=cast.staff, reason="抄来的").state == "taken-down"
    assert not queries.published().exists()


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"title": " "}, "text-missing", "title"),
        ({"text": ""}, "text-missing", "text"),
        ({"title": "长" * 61}, "text-too-long", "title"),
        ({"kind": "poem"}, "kind-unknown", "kind"),
        ({"video_link": "javascript:alert(1)"}, "link-invalid", "video_link"),
        ({"video_link": "https://a@evil.example/"}, "link-invalid", "video_link"),
        ({"video_link": "http://[::"}, "link-invalid", "video_link"),
        ({"matters": ["000000-000001"]}, "need-unknown", "matters"),
        ({"pictures": ["nobody-has-it"]}, "photo-unknown", "photos"),
        ({"grew_from": 0}, "achievement-unknown", "grew_from"),
    ],
)
def test_what_cannot_be_is_refused_naming_its_field(
    cast: Cast, given: dict[str, Any], code: str, field: str
) -> None:
    with refused(code, field):
        drafted(cast, **given)


def test_nobody_writes_for_a_pioneer_they_do_not_speak_for(cast: Cast) -> None:
    with refused("not-the-spokesperson"):
        achievements.draft(Draft("case", "一", "二"), by=cast.stranger, pioneer=cast.pioneer)


def test_it_names_settled_needs_of_its_own_pioneer_alone(cast: Cast) -> None:
    mine, other = closed(cast), closed(cast, cast.second)
    row = drafted(cast, matters=[mine.number])
    assert [matter.number for matter in queries.matters_of(row)] == [mine.number]
    with refused("need-unknown", "matters"):
        drafted(cast, matters=[other.number])


def test_photographs_are_its_owners_and_stand_with_one_achievement(cast: Cast) -> None:
    mine, foreign = picture(cast.pioneer.spokesperson), picture(cast.stranger)
    row = drafted(cast, pictures=[mine.key])
    assert [one.key for one in queries.pictures_of(row)] == [mine.key]
    with refused("photo-unknown"):
        drafted(cast, pictures=[foreign.key])
    with refused("photo-unknown"):
        drafted(cast, pictures=[mine.key])
    with pytest.raises(Missing):
        queries.picture_for(None, mine.key)
    submit(row.pk, by=cast.pioneer.spokesperson)
    judge(row.pk, "publish", by=cast.staff)
    assert queries.picture_for(None, mine.key) == mine


def test_it_is_found_by_two_characters_of_title_text_author_or_place(cast: Cast) -> None:
    row = published(cast, title="氟塑料加工", text="一次成型")
    published(cast, title="冲压模具")
    for words in ("塑料", "成型", "氟", "先锋甲", f"塑料 {cast.here.name[:2]}"):
        assert row in list(queries.published(words=words)), words
    assert [one.title for one in queries.published(words="塑料")] == ["氟塑料加工"]
    assert not queries.published(words="水稻").exists()
    assert not queries.published(area=cast.there).exists()
    assert queries.published(kind="course").count() == 0


@pytest.mark.parametrize(
    ("state", "days", "after", "code"),
    [
        ("draft", 91, "withdrawn", "achievement.lapsed"),
        ("submitted", 4, "submitted", "achievement.listed"),
        ("returned", 31, "withdrawn", "achievement.lapsed"),
    ],
)
def test_nothing_lies_forgotten(cast: Cast, state: str, days: int, after: str, code: str) -> None:
    row = drafted(cast) if state == "draft" else submitted(cast)
    if state == "returned":
        judge(row.pk, "return", by=cast.staff, reason="再写")
    assert enforce_limits() == 0
    with time_machine.travel(clock.now() + timedelta(days=days)), watching() as seen:
        assert enforce_limits() == 1
        assert enforce_limits() == 0
    seen.only(code)
    row.refresh_from_db()
    assert (row.state, row.listed, row.due_at) == (after, state == "submitted", None)


def test_two_staff_who_decide_at_once_decide_once(cast: Cast) -> None:
    row = submitted(cast)
    judge(row.pk, "publish", by=cast.staff)
    with pytest.raises(Refused) as no, watching() as seen:
        judge(row.pk, "refuse", by=cast.city_staff, reason="不行")
    assert no.value.refusal.code == "showcase-wrong-state"
    assert seen.nothing()
