"""Constituencies and studios: who serves an address; home visits; policy answers; what is kept of a person."""

from datetime import timedelta

import pytest

from tests.cast import Cast
from tests.services.studios.keeping import (
    answered,
    asked,
    codes,
    keeper,
    later,
    leader,
    posted,
    published,
    studio,
    town,
)
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.people.operations.posts import end_post
from xianfeng.foundation.people.privacy import erasing, telling
from xianfeng.foundation.places import city, locate
from xianfeng.foundation.places.models import Area
from xianfeng.services.studios import privacy, queries, tasks
from xianfeng.services.studios.models import Policy, Studio, Visit
from xianfeng.services.studios.operations import keeping, policies, visiting
from xianfeng.services.studios.operations.keeping import Opening
from xianfeng.services.studios.operations.visiting import Called


def refused(act: object) -> str:
    with pytest.raises(Refused) as caught:
        act()  # type: ignore[operator]
    return caught.value.refusal.code


def test_an_address_leads_to_all_whose_constituency_holds_it_and_to_no_other(cast: Cast) -> None:
    whole, overlapping = studio(cast, 60), studio(cast, 61, areas=[cast.here])
    elsewhere = studio(cast, 62, areas=[cast.there])
    middle = city.served()
    found = {row.pk for row in queries.serving_point(middle.lat, middle.lon)}
    assert found == {whole.pk, overlapping.pk}
    assert elsewhere.pk not in found


def test_an_address_at_a_border_leads_to_both_sides(cast: Cast) -> None:
    lat, lon, first, second = _border()
    here, there = studio(cast, 60, areas=[first]), studio(cast, 61, areas=[second])
    assert {row.pk for row in queries.serving_point(lat, lon)} == {here.pk, there.pk}


def _border() -> tuple[float, float, Area, Area]:
    """Return a point a few metres from the border of two towns, found by halving a line between them."""
    one, two = Area.objects.filter(level="town").exclude(lat=None).order_by("code")[:2]
    a, b = (one.lat or 0.0, one.lon or 0.0), (two.lat or 0.0, two.lon or 0.0)
    for _ in range(40):
        middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
        if one.pk in locate.locate(*middle).area.path:
            a = middle
        else:
            b = middle
    other = locate.locate(*b).area
    assert other.pk != one.pk
    return a[0], a[1], one, other


def test_a_studio_that_nobody_keeps_serves_no_address(cast: Cast) -> None:
    row, middle = studio(cast), city.served()
    end_post(row.post_id, by=cast.city_staff)
    with later(minutes=1):
        assert not queries.serving_point(middle.lat, middle.lon).exists()


def test_an_online_studio_of_a_sector_is_open_to_anyone(cast: Cast) -> None:
    row = studio(cast, role="conference-member", sector="work")
    studio(cast, 61)
    assert [one.pk for one in queries.online()] == [row.pk]
    assert [one.pk for one in queries.online("health")] == []
    assert asked(cast, row, cast.stranger).studio_id == row.pk


def test_only_the_city_opens_studios_and_only_of_posts_that_keep_one(cast: Cast) -> None:
    post, other = posted(cast, 60, "congress-deputy"), posted(cast, 61, "property-manager", _village())
    with pytest.raises(Missing):
        keeping.open_studio(Opening(post.pk, "工作室", sector="work"), by=cast.staff)
    with pytest.raises(Missing):
        keeping.draw("选区", [town().pk], by=leader(cast))
    wrong = Opening(other.pk, "工作室", sector="work")
    assert refused(lambda: keeping.open_studio(wrong, by=cast.city_staff)) == "post-keeps-no-studio"
    for given, code in (
        (Opening(post.pk, "工作室"), "studio-serves-nobody"),
        (Opening(post.pk, "工作室", sector="tea"), "sector-unknown"),
    ):
        assert refused(lambda given=given: keeping.open_studio(given, by=cast.city_staff)) == code
    assert refused(lambda: keeping.draw("选区", [], by=cast.city_staff)) == "constituency-empty"
    assert refused(lambda: keeping.draw("选区", [-1], by=cast.city_staff)) == "area-unknown"
    assert not Studio.objects.exists()


def _village() -> Area:
    return Area.objects.filter(level="village").order_by("code")[0]


def test_opening_again_answers_the_same_and_closing_ends_it(cast: Cast) -> None:
    row = studio(cast)
    again = keeping.open_studio(Opening(row.post_id, "另一个", sector="work"), by=cast.city_staff)
    assert (again.pk, Studio.objects.count()) == (row.pk, 1)
    keeping.close_studio(row.pk, by=cast.city_staff)
    keeping.close_studio(row.pk, by=cast.city_staff)
    assert codes("studio", row.pk) == ["studio.opened", "studio.closed"]
    assert not queries.studios().exists()


def test_a_home_visit_with_an_official_is_read_by_those_who_were_there_and_leads_to_a_matter(
    cast: Cast,
) -> None:
    row, official = studio(cast), posted(cast, 63, "village-official", _village())
    given = Called(town().pk, clock.now() - timedelta(hours=1), "三号楼老王家", "屋顶漏了", [official.pk])
    visit = visiting.note_visit(row.pk, given, by=keeper(row))
    assert b"\xe8\x80\x81\xe7\x8e\x8b" not in bytes(visit.household_sealed or b"")
    for there in (keeper(row), official.person):
        assert queries.household(queries.visit_for(there, visit.pk)) == "三号楼老王家"
    for blind in (cast.city_staff, leader(cast), cast.stranger):
        with pytest.raises(Missing):
            queries.visit_for(blind, visit.pk)
        with pytest.raises(Missing):
            visiting.raise_from(visit.pk, "修屋顶", "", by=blind)
    matter = visiting.raise_from(visit.pk, "修屋顶", "一户屋顶漏", by=official.person)
    assert (matter.service_code, list(visit.matters.all())) == ("house-matter", [matter])
    assert codes("studio", row.pk) == ["studio.opened", "studio.visited"]


def test_a_visit_is_noted_by_its_keeper_after_it_was_made(cast: Cast) -> None:
    row = studio(cast)
    past = Called(town().pk, clock.now() - timedelta(hours=1), "一户")
    with pytest.raises(Missing):
        visiting.note_visit(row.pk, past, by=cast.stranger)
    ahead = Called(town().pk, clock.now() + timedelta(hours=1), "一户")
    assert refused(lambda: visiting.note_visit(row.pk, ahead, by=keeper(row))) == "visit-in-future"
    assert not Visit.objects.exists()


def test_whose_door_it_was_is_deleted_after_its_days_and_the_visit_stays(cast: Cast) -> None:
    row = studio(cast)
    visit = visiting.note_visit(row.pk, Called(town().pk, clock.now(), "一户", "说了些话"), by=keeper(row))
    with later(days=731) as moment:
        assert (privacy.sweep(moment), privacy.sweep(moment)) == (1, 0)
    visit.refresh_from_db()
    assert (visit.household_sealed, visit.notes, queries.household(visit)) == (None, "", "")


def test_a_policy_answer_is_found_by_two_characters_once_somebody_else_let_it_through(cast: Cast) -> None:
    row = studio(cast)
    written = policies.submit(row.pk, "低保怎么申请？", "到社区窗口。", by=keeper(row))
    assert queries.policies("低保").count() == 0
    with pytest.raises(Missing):
        policies.judge(written.pk, "publish", by=keeper(row))
    policies.judge(written.pk, "publish", by=leader(cast))
    assert [one.pk for one in queries.policies("低保 窗口")] == [written.pk]
    assert queries.policies("公积金").count() == 0
    policies.change(written.pk, "低保怎么续？", "到窗口续。", by=keeper(row))
    assert queries.policies("低保").count() == 0
    assert refused(lambda: policies.judge(written.pk, "refuse", by=leader(cast))) == "text-missing"
    policies.judge(written.pk, "refuse", by=leader(cast), reason="写错了")
    assert codes("policy", written.pk) == [
        "policy.submitted", "policy.published", "policy.changed", "policy.refused",
    ]  # fmt: skip


def test_a_policy_answer_nobody_looked_at_is_listed(cast: Cast) -> None:
    row = studio(cast)
    written = policies.submit(row.pk, "问", "答", by=keeper(row))
    assert [one.pk for one in queries.policies_to_judge([town().pk])] == [written.pk]
    assert not queries.policies_to_judge([cast.there.pk]).exists()
    with later(days=4):
        assert tasks.enforce_limits() == 1
    assert Policy.objects.get().listed


def test_what_is_kept_is_told_and_goes_with_its_person(cast: Cast) -> None:
    row = answered(cast, private=True, text="我家的事")
    told = telling.own_data(cast.resident)
    assert (told["studio_questions"][0]["text"], told["studio_questions"][0]["private"]) == ("我家的事", True)
    erasing.erase("0001", by=cast.resident)
    row.refresh_from_db()
    assert (row.text, row.hidden, list(row.answers.values_list("text", flat=True))) == ("", True, [""])
    assert codes("question", row.pk)[-1] == "question.erased"


def test_a_keeper_who_goes_takes_their_studio_and_policy_answers_along(cast: Cast) -> None:
    policy = published(cast)
    who = keeper(policy.studio)
    erasing.erase("0060", by=who)
    policy.refresh_from_db()
    assert (policy.state, policy.question, policy.search) == ("withdrawn", "", [])
    assert (policy.studio.intro, policy.studio.closed_at is not None) == ("", True)
