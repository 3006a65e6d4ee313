"""A meeting from the call to its hand-over list."""

from datetime import timedelta

import pytest

from tests.cast import Cast, need, somebody, taken
from tests.matters.test_telling import deliver
from tests.services.meetings.holding import (
    Order,
    Point,
    called,
    codes,
    councillor,
    later,
    leader,
    opened,
    posted,
    proposed,
    town,
)
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people.models import Post
from xianfeng.foundation.people.operations.posts import end_post
from xianfeng.foundation.places.models import Area
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.raising import withdraw
from xianfeng.matters.operations.staff import decline
from xianfeng.services.meetings import queries, tasks
from xianfeng.services.meetings.models import Invitation, Item, Meeting, Task
from xianfeng.services.meetings.operations import calling, running


def refused(act: object) -> str:
    with pytest.raises(Refused) as caught:
        act()  # type: ignore[operator]
    return caught.value.refusal.code


def test_who_leads_calls_a_meeting_and_those_of_its_roles_are_invited_and_told(cast: Cast) -> None:
    secretary = posted(cast, 43, "adviser").person
    posted(cast, 44, "conference-member")
    meeting = called(cast, roles=["adviser", "street-officer"], person_ids=[cast.stranger.pk])
    invited = {row.person_id: row.role for row in queries.invitations(meeting)}
    assert invited == {
        secretary.pk: "adviser", leader(cast).pk: "street-officer", cast.stranger.pk: "",
    }  # fmt: skip
    assert (meeting.state, meeting.due_at) == ("called", meeting.starts_at + timedelta(minutes=720))
    assert codes("meeting", meeting.pk) == ["meeting.called"]
    deliver()
    told = {row.person_id for row in Notice.objects.filter(code="meeting.called.invited")}
    assert told == {secretary.pk, cast.stranger.pk}


@pytest.mark.parametrize("who", ["resident", "pioneer", "councillor", "staff_of_elsewhere"])
def test_who_does_not_lead_there_cannot_call_a_meeting(cast: Cast, who: str) -> None:
    by = {
        "resident": cast.resident, "pioneer": cast.pioneer.spokesperson, "staff_of_elsewhere": cast.other_staff,
        "councillor": councillor(cast),
    }[who]  # fmt: skip
    assert refused(lambda: called(cast, by)) == "meeting-needs-post"
    assert not Meeting.objects.exists()


def test_a_leader_whose_term_ended_calls_nothing_any_more(cast: Cast) -> None:
    post = posted(cast, 41, "street-officer")
    end_post(post.pk, by=cast.city_staff)
    assert refused(lambda: called(cast, post.person)) == "meeting-needs-post"


def test_a_meeting_of_the_past_or_of_an_unknown_kind_is_refused(cast: Cast) -> None:
    assert refused(lambda: called(cast, starts_at=clock.now())) == "meeting-too-early"
    assert refused(lambda: called(cast, kind="tea")) == "meeting-kind-unknown"
    assert refused(lambda: called(cast, roles=["king"])) == "role-unknown"
    assert refused(lambda: called(cast, numbers=["nothing"])) == "not-found"
    assert not Meeting.objects.exists()


def test_a_meeting_is_seen_by_who_was_invited_called_it_or_leads_there(cast: Cast) -> None:
    meeting = called(cast, person_ids=[cast.resident.pk], roles=[])
    for sees in (cast.resident, leader(cast), cast.city_staff):
        assert queries.meeting_for(sees, meeting.pk) == meeting
    for blind in (None, cast.stranger, cast.other_staff, councillor(cast)):
        with pytest.raises(Missing):
            queries.meeting_for(blind, meeting.pk)


def test_who_is_invited_says_once_whether_they_come(cast: Cast) -> None:
    meeting = called(cast, roles=[], person_ids=[cast.resident.pk])
    calling.answer(meeting.pk, "coming", by=cast.resident)
    assert calling.answer(meeting.pk, "coming", by=cast.resident).answer == "coming"
    assert codes("meeting", meeting.pk) == ["meeting.called", "meeting.answered"]
    assert (
        refused(lambda: calling.answer(meeting.pk, "perhaps", by=cast.resident)) == "meeting-answer-unknown"
    )
    with pytest.raises(Missing):
        calling.answer(meeting.pk, "coming", by=cast.stranger)
    running.open_meeting(meeting.pk, by=leader(cast))
    assert refused(lambda: calling.answer(meeting.pk, "away", by=cast.resident)) == "meeting-wrong-state"


def test_agenda_minutes_decisions_and_who_is_there_are_kept(cast: Cast) -> None:
    matter = need(cast.resident)
    meeting = opened(cast, roles=[], person_ids=[cast.resident.pk, cast.stranger.pk], numbers=[matter.number])
    by = leader(cast)
    free = calling.add_item(meeting.pk, Point(title="谁来出钱"), by=by)
    running.minute(free.pk, "物业说可以先垫", by=by)
    running.decide(free.pk, "物业先垫，年底结", by=by)
    running.attend(meeting.pk, [cast.resident.pk], by=by)
    assert [(one.matter_id, one.title, one.state, one.minutes) for one in queries.agenda(meeting)] == [
        (matter.pk, "", "waiting", ""), (None, "谁来出钱", "decided", "物业说可以先垫"),
    ]  # fmt: skip
    assert dict(Invitation.objects.values_list("person_id", "present")) == {
        cast.resident.pk: True, cast.stranger.pk: False,
    }  # fmt: skip
    assert codes("meeting", meeting.pk) == [
        "meeting.called", "meeting.opened", "meeting.item-added", "meeting.item-decided", "meeting.attended",
    ]  # fmt: skip
    matter.refresh_from_db()
    assert matter.state == "open"


def test_a_decision_stays_as_it_is(cast: Cast) -> None:
    meeting, by = opened(cast), leader(cast)
    item = calling.add_item(meeting.pk, Point(title="一项"), by=by)
    running.decide(item.pk, "就这么办", by=by)
    running.decide(item.pk, "就这么办", by=by)
    assert refused(lambda: running.decide(item.pk, "不这么办", by=by)) == "meeting-decided"
    assert codes("meeting", meeting.pk).count("meeting.item-decided") == 1
    assert refused(lambda: calling.drop_item(item.pk, by=by)) == "meeting-item-stays"


def test_the_same_matter_stands_on_an_agenda_once(cast: Cast) -> None:
    matter = need(cast.resident)
    meeting = called(cast, numbers=[matter.number])
    again = Point(number=matter.number)
    assert refused(lambda: calling.add_item(meeting.pk, again, by=leader(cast))) == "meeting-item-again"
    assert Item.objects.count() == 1


def test_nothing_is_decided_or_handed_over_before_the_meeting_opens(cast: Cast) -> None:
    meeting = called(cast)
    item = calling.add_item(meeting.pk, Point(title="一项"), by=leader(cast))
    order = Order(cast.organisation.pk, title="修水管")
    for act in (
        lambda: running.decide(item.pk, "好", by=leader(cast)),
        lambda: running.hand_over(item.pk, order, by=leader(cast)),
        lambda: running.attend(meeting.pk, [], by=leader(cast)),
    ):
        assert refused(act) == "meeting-not-open"
    assert not Task.objects.exists()


def test_who_is_only_invited_minutes_decides_and_hands_over_nothing(cast: Cast) -> None:
    meeting = opened(cast, roles=[], person_ids=[cast.resident.pk])
    item = calling.add_item(meeting.pk, Point(title="一项"), by=leader(cast))
    for act in (
        lambda: running.decide(item.pk, "好", by=cast.resident),
        lambda: running.hand_over(item.pk, Order(cast.organisation.pk, title="修"), by=cast.resident),
        lambda: running.close(meeting.pk, by=cast.resident),
        lambda: calling.cancel(meeting.pk, by=cast.resident, reason="不开了"),
    ):
        with pytest.raises(Missing):
            act()
    meeting.refresh_from_db()
    assert meeting.state == "open"


def test_a_handed_over_task_is_a_matter_in_charge_with_its_own_clock(cast: Cast) -> None:
    meeting, by = opened(cast), leader(cast)
    item = calling.add_item(meeting.pk, Point(title="修水管"), by=by)
    task = running.hand_over(item.pk, Order(cast.organisation.pk, title="换三号楼水管", text="漏了"), by=by)
    matter = task.matter
    assert (matter.service_code, matter.charge_id, matter.state) == (
        "meeting-task",
        cast.organisation.pk,
        "raised",
    )
    assert matter.due_at == matter.raised_at + timedelta(minutes=10080)
    assert matter.requester_id == by.pk
    assert codes("matter", matter.pk) == ["matter.raised", "matter.transferred"]
    assert codes("meeting", meeting.pk)[-1] == "meeting.task-handed-over"


def test_a_matter_on_the_agenda_is_handed_over_itself_and_its_clock_goes_on(cast: Cast) -> None:
    matter = need(cast.resident)
    meeting, by = opened(cast, numbers=[matter.number]), leader(cast)
    item = queries.agenda(meeting)[0]
    task = running.hand_over(item.pk, Order(cast.organisation.pk), by=by)
    assert (task.matter_id, Matter.objects.count()) == (matter.pk, 1)
    task.matter.refresh_from_db()
    assert (task.matter.charge_id, task.matter.due_at) == (cast.organisation.pk, matter.due_at)


def test_what_has_ended_or_has_no_words_cannot_be_handed_over(cast: Cast) -> None:
    matter = need(cast.resident)
    meeting, by = opened(cast, numbers=[matter.number]), leader(cast)
    withdraw(matter.number, by=cast.resident)
    free = calling.add_item(meeting.pk, Point(title="说说"), by=by)
    order = Order(cast.organisation.pk)
    for item in (queries.agenda(meeting)[0], free):
        assert (
            refused(lambda item=item: running.hand_over(item.pk, order, by=by))
            == "meeting-nothing-to-hand-over"
        )
    assert not Task.objects.exists()


def test_a_task_for_an_organisation_without_staff_is_refused_and_nothing_is_raised(cast: Cast) -> None:
    meeting, by = opened(cast), leader(cast)
    item = calling.add_item(meeting.pk, Point(title="一项"), by=by)
    Post.objects.filter(organisation=cast.organisation).delete()
    order = Order(cast.organisation.pk, title="修")
    assert refused(lambda: running.hand_over(item.pk, order, by=by)) == "organisation-unstaffed"
    assert not Matter.objects.exists()
    assert codes("meeting", meeting.pk)[-1] == "meeting.item-added"


def test_the_next_meeting_of_the_kind_opens_with_what_is_unfinished(cast: Cast) -> None:
    by = leader(cast)
    first = opened(cast)
    item = calling.add_item(first.pk, Point(title="修水管"), by=by)
    undecided = calling.add_item(first.pk, Point(title="谁出钱"), by=by)
    running.decide(item.pk, "修", by=by)
    open_task = running.hand_over(item.pk, Order(cast.organisation.pk, title="换水管"), by=by)
    ended = running.hand_over(item.pk, Order(cast.organisation.pk, title="贴通知"), by=by)
    decline(ended.matter.number, by=cast.staff, reason="贴过了")
    running.close(first.pk, by=by)
    other = opened(cast, kind="consultation")
    assert queries.agenda(other) == []
    second = opened(cast, numbers=[need(cast.resident).number])
    assert [(one.task_id, one.back_id, one.carried) for one in queries.agenda(second)] == [
        (open_task.pk, None, True), (None, undecided.pk, True), (None, None, False),
    ]  # fmt: skip
    undecided.refresh_from_db()
    assert (undecided.state, queries.agenda(second)[1].title) == ("carried", "谁出钱")
    third = opened(cast)
    assert [one.task_id for one in queries.agenda(third)] == [open_task.pk]


def test_opening_again_carries_nothing_twice(cast: Cast) -> None:
    by, first = leader(cast), opened(cast)
    calling.add_item(first.pk, Point(title="没定的"), by=by)
    running.close(first.pk, by=by)
    second = opened(cast)
    running.open_meeting(second.pk, by=by)
    assert [one.title for one in queries.agenda(second)] == ["没定的"]
    assert codes("meeting", second.pk) == ["meeting.called", "meeting.opened"]


def test_a_meeting_called_off_midway_gives_its_agenda_back_and_keeps_its_decisions(cast: Cast) -> None:
    by, matter = leader(cast), need(cast.resident)
    meeting = opened(cast, numbers=[matter.number])
    done = calling.add_item(meeting.pk, Point(title="定了的"), by=by)
    running.decide(done.pk, "就这样", by=by)
    handed = running.hand_over(done.pk, Order(cast.organisation.pk, title="去办"), by=by)
    row = calling.cancel(meeting.pk, by=by, reason="停电了")
    assert (row.state, row.reason, row.due_at) == ("cancelled", "停电了", None)
    assert [(one.state, one.decision) for one in queries.agenda(row)] == [
        ("returned", ""),
        ("decided", "就这样"),
    ]
    handed.matter.refresh_from_db()
    assert handed.matter.charge_id == cast.organisation.pk
    again = opened(cast)
    assert [one.matter_id or one.task_id for one in queries.agenda(again)] == [handed.pk, matter.pk]


def test_a_meeting_nobody_opened_is_called_off_once_also_after_two_days(cast: Cast) -> None:
    meeting = called(cast, numbers=[need(cast.resident).number])
    assert tasks.run() == 0
    with later(days=2):
        assert (tasks.run(), tasks.run()) == (1, 0)
    meeting.refresh_from_db()
    assert (meeting.state, Item.objects.get().state) == ("cancelled", "returned")
    assert codes("meeting", meeting.pk) == ["meeting.called", "meeting.missed"]


def test_a_meeting_nobody_closed_ends_by_its_limit(cast: Cast) -> None:
    meeting = opened(cast)
    with later(days=2) as moment:
        assert tasks.run() == 1
        meeting.refresh_from_db()
        assert (meeting.state, meeting.ended_at) == ("closed", moment)


def test_a_proposal_can_stand_on_an_agenda(cast: Cast) -> None:
    row = proposed(cast)
    meeting = called(cast)
    item = calling.add_item(meeting.pk, Point(proposal_id=row.pk), by=leader(cast))
    assert (item.proposal_id, item.title) == (row.pk, "")


def test_a_matter_that_who_runs_the_meeting_cannot_see_is_not_put_on_its_agenda(cast: Cast) -> None:
    hidden = taken(cast)
    Matter.objects.filter(pk=hidden.pk).update(hidden=True)
    outsider = posted(cast, 45, "community-secretary", _village()).person
    meeting = called(cast, outsider, area_id=_village().pk)
    with pytest.raises(Missing):
        calling.add_item(meeting.pk, Point(number=hidden.number), by=outsider)


def _village() -> Area:
    return Area.objects.filter(level="village").exclude(path__contains=[town().pk]).order_by("code")[0]


def test_two_hundred_invited_are_too_many(cast: Cast) -> None:
    many = [somebody(100 + n).pk for n in range(61)]
    assert refused(lambda: called(cast, roles=[], person_ids=many)) == "meeting-too-many"
    assert not Meeting.objects.exists()
