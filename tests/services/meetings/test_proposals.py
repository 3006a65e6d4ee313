"""Teams as rosters, and proposals of the think tank followed until built."""

from datetime import timedelta

import pytest

from tests.cast import Cast
from tests.matters.test_telling import deliver
from tests.services.meetings.holding import codes, councillor, later, leader, posted, proposed, team
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people.operations.posts import end_post
from xianfeng.services.meetings import queries, tasks
from xianfeng.services.meetings.models import Note, Proposal, Seat
from xianfeng.services.meetings.operations import proposals, teams


def refused(act: object) -> str:
    with pytest.raises(Refused) as caught:
        act()  # type: ignore[operator]
    return caught.value.refusal.code


def test_a_team_is_a_roster_whose_seats_end_with_their_posts(cast: Cast) -> None:
    row, post = team(cast, "visit"), posted(cast, 50, "resident-councillor")
    teams.seat_post(row.pk, post.pk, by=leader(cast), leads=True)
    teams.seat_post(row.pk, post.pk, by=leader(cast))
    teams.seat_person(row.pk, cast.resident, by=leader(cast))
    assert [(one.person_id, one.leads) for one in queries.roster(row)] == [
        (post.person_id, True), (cast.resident.pk, False),
    ]  # fmt: skip
    assert codes("team", row.pk) == ["team.formed", "team.joined", "team.joined"]
    end_post(post.pk, by=cast.city_staff)
    with later(minutes=1):
        assert [one.person_id for one in queries.roster(row)] == [cast.resident.pk]


def test_only_who_leads_there_forms_and_fills_teams(cast: Cast) -> None:
    assert refused(lambda: team(cast, by=councillor(cast))) == "meeting-needs-post"
    row = team(cast)
    with pytest.raises(Missing):
        teams.seat_person(row.pk, cast.stranger, by=councillor(cast))
    assert refused(lambda: team(cast, "dance")) == "team-kind-unknown"
    assert not Seat.objects.exists()


def test_a_member_leaves_a_team_and_a_stranger_sends_nobody_away(cast: Cast) -> None:
    row = team(cast)
    teams.seat_person(row.pk, cast.resident, by=leader(cast))
    with pytest.raises(Missing):
        teams.leave(row.pk, cast.resident.pk, by=cast.stranger)
    teams.leave(row.pk, cast.resident.pk, by=cast.resident)
    teams.leave(row.pk, cast.resident.pk, by=cast.resident)
    assert (queries.roster(row), codes("team", row.pk)[-1]) == ([], "team.left")
    assert codes("team", row.pk).count("team.left") == 1


def test_only_a_member_of_a_think_tank_proposes(cast: Cast) -> None:
    tank, visiting = team(cast), team(cast, "visit")
    teams.seat_person(visiting.pk, cast.resident, by=leader(cast))
    for where in (tank, visiting):
        with pytest.raises(Missing):
            teams.propose(where.pk, "建书房", "在老仓库", by=cast.resident)
    assert not Proposal.objects.exists()


def test_a_proposal_is_followed_from_the_first_look_until_it_is_built(cast: Cast) -> None:
    row, by = proposed(cast), leader(cast)
    assert queries.public_proposals().count() == 0
    for name, state in (("study", "studied"), ("adopt", "adopted"), ("begin", "building")):
        assert proposals.move(row.pk, name, by=by).state == state
    proposals.note(row.pk, "地坪做好了", by=by)
    built = proposals.move(row.pk, "finish", by=by, words="开门了")
    assert (built.state, built.due_at, built.built_at is not None) == ("built", None, True)
    assert codes("proposal", row.pk) == [
        "proposal.made", "proposal.studied", "proposal.adopted", "proposal.begun", "proposal.noted", "proposal.built",
    ]  # fmt: skip
    assert list(Note.objects.order_by("id").values_list("text", flat=True)) == ["地坪做好了", "开门了"]
    assert [one.pk for one in queries.public_proposals(state="built")] == [row.pk]
    deliver()
    assert Notice.objects.filter(person=cast.resident, code="proposal.built.author").count() == 1


def test_a_no_says_why_and_is_read_by_its_author_alone(cast: Cast) -> None:
    row, by = proposed(cast), leader(cast)
    assert refused(lambda: proposals.move(row.pk, "decline", by=by)) == "text-missing"
    proposals.move(row.pk, "decline", by=by, words="那里要拆了")
    assert queries.proposal_for(cast.resident, row.pk).state == "declined"
    for blind in (None, cast.stranger):
        with pytest.raises(Missing):
            queries.proposal_for(blind, row.pk)


def test_an_author_does_not_decide_over_their_own_proposal(cast: Cast) -> None:
    by = leader(cast)
    row = proposed(cast, author=by)
    with pytest.raises(Missing):
        proposals.move(row.pk, "adopt", by=by)
    assert proposals.move(row.pk, "withdraw", by=by).state == "withdrawn"


def test_others_move_nothing_and_unknown_moves_are_missing(cast: Cast) -> None:
    row = proposed(cast)
    for by, name in ((cast.stranger, "study"), (councillor(cast), "adopt"), (leader(cast), "withdraw")):
        with pytest.raises(Missing):
            proposals.move(row.pk, name, by=by)
    with pytest.raises(Missing):
        proposals.move(row.pk, "fly", by=leader(cast))
    assert refused(lambda: proposals.move(row.pk, "finish", by=leader(cast))) == "meeting-wrong-state"
    assert codes("proposal", row.pk) == ["proposal.made"]


def test_what_waits_too_long_is_listed_once_and_a_word_begins_its_limit_anew(cast: Cast) -> None:
    row = proposed(cast)
    with later(days=30):
        assert (tasks.run(), tasks.run()) == (1, 0)
        row.refresh_from_db()
        assert (row.state, row.listed, row.due_at) == ("proposed", True, None)
        again = proposals.note(row.pk, "在问业主", by=leader(cast))
        assert (again.listed, again.due_at) == (False, clock.now() + timedelta(minutes=20160))
