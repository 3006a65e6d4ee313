"""推广应用 and benefit: who adopts, what it brought, who says that it is true, and what grows from it."""

from typing import Any

import pytest

from tests.cast import Cast, closed
from tests.matters.test_telling import deliver
from tests.matters.watching import refused, watching
from tests.recognition.showcase.showing import adopted, asked, drafted, picture, published
from xianfeng.foundation.people import operations as people
from xianfeng.matters.operations.claim import accept
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.rating import Stars, dispute, rate, verify_benefit
from xianfeng.recognition.showcase import tasks
from xianfeng.recognition.showcase.models import Adoption, Benefit
from xianfeng.recognition.showcase.operations import benefits
from xianfeng.recognition.showcase.operations.achievements import Draft, change
from xianfeng.recognition.showcase.operations.benefits import Claim, claim
from xianfeng.recognition.showcase.queries import achievements as queries
from xianfeng.recognition.showcase.queries import figures


def sums(achievement: Any) -> tuple[int, int]:
    """Return verified income and jobs of one achievement as its chain tells them."""
    link = next(link for link in queries.chain_of(achievement) if link.id == achievement.pk)
    return link.yuan, link.jobs


def test_asking_to_use_it_raises_a_need_before_its_author(cast: Cast) -> None:
    row = published(cast)
    with watching() as seen:
        matter = asked(row, cast.responsible, firm_id=cast.firm.pk)
    assert (matter.state, matter.service_code, matter.offered_to_id) == (
        "offered",
        "adoption",
        cast.pioneer.pk,
    )
    assert [told.code for told in seen.entries] == ["matter.raised", "achievement.adopted"]
    adoption = Adoption.objects.get()
    assert (adoption.achievement, adoption.matter_id, adoption.asked_by) == (row, matter.pk, cast.responsible)
    assert seen.tables == {"matters_matter", "showcase_adoption", "showcase_achievement"}


def test_authors_and_their_kin_do_not_adopt_their_own(cast: Cast) -> None:
    row = published(cast, cast.collective)
    for person in (cast.speaker, cast.member):
        with refused("own-achievement"):
            asked(row, person)


def test_what_is_not_published_cannot_be_asked_for_and_looks_missing(cast: Cast) -> None:
    row = drafted(cast)
    with refused("not-found"):
        asked(row, cast.resident)


def test_nothing_is_asked_of_a_suspended_author(cast: Cast) -> None:
    row = published(cast)
    people.suspend(cast.pioneer.pk, by=cast.staff, reason="核实中")
    with refused("author-suspended"):
        asked(row, cast.resident)


def test_a_done_adoption_adds_benefit_once_its_requester_says_it_is_true(cast: Cast) -> None:
    row = published(cast)
    matter = adopted(row, cast.resident, 50_000, confirmed=False, jobs=2)
    deliver()
    assert sums(row) == (0, 0)
    assert set(Benefit.objects.values_list("kind", "yuan", "jobs", "state", "achievement", "beneficiary")) == {
        ("income", 50_000, None, "claimed", row.pk, "person"), ("jobs", None, 2, "claimed", row.pk, "person"),
    }  # fmt: skip
    verify_benefit(matter.number, by=cast.resident, verified=True)
    deliver()
    assert sums(row) == (50_000, 2)
    assert figures.figures(figures.Asked()).benefit_yuan == 50_000
    verify_benefit(matter.number, by=cast.staff, verified=False, reason="票据对不上")
    deliver()
    assert sums(row)[0] == 0
    assert figures.figures(figures.Asked()).benefit_yuan == 0


def test_events_that_come_twice_make_no_second_benefit(cast: Cast) -> None:
    matter = adopted(published(cast), cast.resident)
    deliver()
    handling = matter.handlings.get()
    with watching() as seen:
        assert benefits.mirror([handling.pk, handling.pk]) == 0
    assert seen.nothing()


def test_cost_saved_is_kept_apart_from_income_raised(cast: Cast) -> None:
    row = published(cast)
    adopted(row, cast.resident, 30_000, benefit_kind="cost")
    adopted(row, cast.stranger, 20_000)
    deliver()
    assert sums(row) == (20_000, 0)
    assert figures.figures(figures.Asked()).benefit_yuan == 20_000
    assert Benefit.objects.filter(kind="cost", state="verified").count() == 1


def test_a_second_report_takes_the_place_of_the_first(cast: Cast) -> None:
    row = published(cast)
    matter = asked(row, cast.resident)
    accept(matter.number, by=cast.pioneer.spokesperson)
    report_done(matter.number, Report("一", benefit_yuan=90_000), by=cast.pioneer.spokesperson)
    deliver()
    dispute(matter.number, by=cast.resident, reason="没这么多")
    report_done(matter.number, Report("二", benefit_yuan=40_000), by=cast.pioneer.spokesperson)
    rate(matter.number, Stars(5, 5, 5, benefit_confirmed=True), by=cast.resident)
    deliver()
    assert list(Benefit.objects.values_list("yuan", "state")) == [(40_000, "verified")]


def test_a_report_that_claims_nothing_any_more_leaves_nothing_to_count(cast: Cast) -> None:
    matter = asked(published(cast), cast.resident)
    accept(matter.number, by=cast.pioneer.spokesperson)
    report_done(matter.number, Report("一", benefit_yuan=90_000), by=cast.pioneer.spokesperson)
    deliver()
    dispute(matter.number, by=cast.resident, reason="没有的事")
    report_done(matter.number, Report("二"), by=cast.pioneer.spokesperson)
    deliver()
    assert Benefit.objects.get().state == "refused"


def test_a_benefit_of_any_settled_need_counts_too(cast: Cast) -> None:
    matter = closed(cast, report=Report("修好了", benefit_yuan=7_000))
    verify_benefit(matter.number, by=cast.resident, verified=True)
    deliver()
    benefit = Benefit.objects.get()
    assert (benefit.achievement_id, benefit.state, benefit.yuan) == (None, "verified", 7_000)


def claimed(cast: Cast, **more: Any) -> Benefit:
    given = Claim(**{"kind": "income", "amount": 1_000, "beneficiary": "firm", "text": "合同一份", **more})
    return claim(published(cast).pk, given, by=cast.pioneer.spokesperson)


def test_an_author_claims_with_evidence_and_staff_alone_verify(cast: Cast) -> None:
    photo = picture(cast.pioneer.spokesperson)
    row = claimed(cast, pictures=[photo.key])
    for person in (cast.pioneer.spokesperson, cast.resident, cast.other_staff):
        with refused("not-found"):
            benefits.judge(row.pk, by=person, verified=True)
    assert queries.picture_for(cast.staff, photo.key) == photo
    with refused("text-missing", "reason"):
        benefits.judge(row.pk, by=cast.staff, verified=False)
    with watching() as seen:
        benefits.judge(row.pk, by=cast.staff, verified=True)
    assert seen.only("benefit.verified").actor == ("person", cast.staff.pk)
    assert figures.figures(figures.Asked()).benefit_yuan == 1_000


def test_what_the_public_has_is_told_but_is_no_income_raised(cast: Cast) -> None:
    row = claimed(cast, beneficiary="public")
    benefits.judge(row.pk, by=cast.staff, verified=True)
    assert figures.figures(figures.Asked()).benefit_yuan == 0


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"amount": 0}, "benefit-invalid", "amount"), ({"amount": 10**11}, "benefit-invalid", "amount"),
        ({"kind": "fame"}, "benefit-kind-unknown", "kind"),
        ({"beneficiary": "me"}, "beneficiary-unknown", "beneficiary"),
        ({"text": " "}, "text-missing", "text"), ({"kind": "jobs", "amount": 100_001}, "benefit-invalid", "amount"),
    ],
)  # fmt: skip
def test_what_cannot_be_claimed_is_refused(cast: Cast, given: dict[str, Any], code: str, field: str) -> None:
    row = published(cast)
    whole = {"kind": "income", "amount": 1, "beneficiary": "firm", "text": "证据", **given}
    with refused(code, field):
        claim(row.pk, Claim(**whole), by=cast.pioneer.spokesperson)


def test_a_chain_is_drawn_from_its_root_with_what_each_brought(cast: Cast) -> None:
    first = published(cast, title="甲")
    second = published(cast, cast.second, title="乙", grew_from=first.pk)
    third = published(cast, title="丙", grew_from=second.pk)
    beside = published(cast, title="丁", grew_from=first.pk)
    adopted(first, cast.resident, 100)
    adopted(third, cast.resident, 5)
    deliver()
    told = [(link.title, link.depth, link.yuan) for link in queries.chain_of(third)]
    assert told == [("甲", 0, 100), ("乙", 1, 0), ("丙", 2, 5), ("丁", 1, 0)]
    assert queries.chain_of(beside) == queries.chain_of(first)


def test_a_chain_never_closes_into_a_ring(cast: Cast) -> None:
    first = drafted(cast, title="甲")
    second = drafted(cast, title="乙", grew_from=first.pk)
    third = drafted(cast, title="丙", grew_from=second.pk)
    for root in (first, second, third):
        with refused("chain-closed", "grew_from"):
            change(first.pk, Draft("method", "甲", "文", grew_from=root.pk), by=cast.pioneer.spokesperson)
    first.refresh_from_db()
    assert first.grew_from is None


def test_a_draft_somebody_else_grew_from_stays_out_of_their_chain_until_it_is_published(cast: Cast) -> None:
    first = published(cast, title="甲")
    drafted(cast, cast.second, title="乙的草稿", grew_from=first.pk)
    assert [link.title for link in queries.chain_of(first)] == ["甲"]


def test_what_was_reported_before_anybody_listened_is_caught_up_once(cast: Cast) -> None:
    closed(cast, report=Report("修好了", benefit_yuan=7_000))
    closed(cast, cast.second, Report("也修好了", benefit_yuan=500))
    closed(cast)
    assert (benefits.catch_up(limit=1), benefits.catch_up()) == (2, 0)
    assert sorted(Benefit.objects.values_list("yuan", "state")) == [(500, "claimed"), (7_000, "claimed")]
    deliver()
    assert Benefit.objects.count() == 2


def test_the_worker_catches_up_when_it_begins_and_then_leaves_it_to_the_hour(cast: Cast) -> None:
    tasks._caught_up_once.cache_clear()
    closed(cast, report=Report("修好了", benefit_yuan=7_000))
    tasks.run()
    assert Benefit.objects.count() == 1
    closed(cast, cast.second, Report("也修好了", benefit_yuan=500))
    tasks.run()
    assert Benefit.objects.count() == 1
    assert (tasks.catch_up(), Benefit.objects.count()) == (1, 2)
