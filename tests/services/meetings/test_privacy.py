"""What meetings keep of a person is told to them and goes with them; what was decided stays."""

from tests.cast import Cast
from tests.services.meetings.holding import Point, called, codes, later, leader, proposed
from xianfeng.foundation.people.privacy import erasing, telling
from xianfeng.services.meetings import queries
from xianfeng.services.meetings.models import Seat
from xianfeng.services.meetings.operations import calling, proposals, running


def test_meetings_seats_proposals_and_notes_are_told_to_their_person(cast: Cast) -> None:
    called(cast, roles=[], person_ids=[cast.resident.pk])
    proposed(cast)
    told = telling.own_data(cast.resident)
    assert [one["meeting__title"] for one in told["invitations"]] == ["水管漏了怎么办"]
    assert [one["title"] for one in told["proposals"]] == ["建一间书房"]
    assert [one["team__kind"] for one in told["team_seats"]] == ["think-tank"]
    assert telling.own_data(cast.stranger)["invitations"] == []
    assert [one["title"] for one in telling.own_data(leader(cast))["meetings"]] == ["水管漏了怎么办"]


def test_an_erased_authors_seat_ends_and_an_unread_proposal_is_blanked(cast: Cast) -> None:
    row = proposed(cast)
    erasing.erase("0001", by=cast.resident)
    row.refresh_from_db()
    assert (row.state, row.title, row.text) == ("withdrawn", "（已删除）", "")
    assert not Seat.objects.filter(until=None).exists()
    assert codes("proposal", row.pk)[-2:] == ["proposal.withdrawn", "proposal.erased"]


def test_what_others_decided_to_build_stays_when_its_author_goes(cast: Cast) -> None:
    row = proposed(cast)
    proposals.move(row.pk, "adopt", by=leader(cast))
    erasing.erase("0001", by=cast.resident)
    row.refresh_from_db()
    assert (row.state, row.title) == ("adopted", "建一间书房")


def test_who_called_a_meeting_and_goes_leaves_its_decisions_behind(cast: Cast) -> None:
    by = leader(cast)
    meeting = called(cast)
    running.open_meeting(meeting.pk, by=by)
    done = calling.add_item(meeting.pk, Point(title="定了的"), by=by)
    running.decide(done.pk, "就这样", by=by)
    calling.add_item(meeting.pk, Point(title="没定的"), by=by)
    with later(minutes=1):
        by.posts.update(until=by.posts.get().since)
        erasing.erase("0041", by=by)
    meeting.refresh_from_db()
    assert meeting.state == "cancelled"
    assert [(one.state, one.decision) for one in queries.agenda(meeting)] == [
        ("decided", "就这样"),
        ("returned", ""),
    ]
