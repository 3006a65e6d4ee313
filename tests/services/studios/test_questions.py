"""A question to a representative, until whoever asked says that they got an answer."""

from datetime import timedelta

import pytest

from tests.cast import Cast, somebody
from tests.matters.test_telling import deliver
from tests.services.studios.keeping import answered, asked, codes, keeper, later, leader, studio
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.operations.posts import end_post
from xianfeng.foundation.people.privacy import telling
from xianfeng.matters.models import Matter, Remark
from xianfeng.services.studios import queries, tasks
from xianfeng.services.studios.models import AskedAfter, Question
from xianfeng.services.studios.operations import asking
from xianfeng.services.studios.operations.asking import Order


def refused(act: object) -> str:
    with pytest.raises(Refused) as caught:
        act()  # type: ignore[operator]
    return caught.value.refusal.code


def test_a_public_question_is_read_by_others_once_it_is_answered(cast: Cast) -> None:
    row = asked(cast)
    assert queries.public_questions(row.studio).count() == 0
    asking.answer(row.pk, "到社区窗口。", by=keeper(row.studio))
    found = queries.question_for(None, row.pk)
    assert (found.state, [one.text for one in found.answers.all()]) == ("answered", ["到社区窗口。"])
    assert codes("question", row.pk) == ["question.asked", "question.answered"]
    deliver()
    assert Notice.objects.filter(person=cast.resident, code="question.answered.asker").count() == 1
    assert Notice.objects.filter(person=keeper(row.studio), code="question.asked.keeper").count() == 1


def test_a_private_question_is_read_by_its_two_sides_and_by_nobody_else(cast: Cast) -> None:
    row = answered(cast, private=True, text="我家的事，别告诉别人")
    sees: list[Person] = [cast.resident, keeper(row.studio)]
    assert [queries.question_for(one, row.pk).pk for one in sees] == [row.pk, row.pk]
    for blind in (None, cast.stranger, cast.city_staff, cast.staff, leader(cast)):
        with pytest.raises(Missing):
            queries.question_for(blind, row.pk)
        assert not queries.questions_visible_to(blind).filter(text__contains="别告诉").exists()
    assert not queries.public_questions(row.studio).exists()
    deliver()
    told = [str(one.params) for one in Notice.objects.all()]
    assert not [one for one in told if "别告诉" in one]
    assert "别告诉" in str(telling.own_data(cast.resident)["studio_questions"])
    for other in (cast.stranger, cast.city_staff, leader(cast)):
        assert "别告诉" not in str(telling.own_data(other))


def test_a_keeper_whose_term_ended_reads_private_questions_no_more(cast: Cast) -> None:
    row = answered(cast, private=True)
    who = keeper(row.studio)
    end_post(row.studio.post_id, by=cast.city_staff)
    with later(minutes=1), pytest.raises(Missing):
        queries.question_for(who, row.pk)


def test_only_the_keeper_answers_declines_and_hands_over(cast: Cast) -> None:
    row = asked(cast)
    order = Order(cast.organisation.pk, "办低保")
    for by in (cast.resident, cast.stranger, cast.city_staff, leader(cast)):
        with pytest.raises(Missing):
            asking.answer(row.pk, "好", by=by)
        with pytest.raises(Missing):
            asking.decline(row.pk, "不归我", by=by)
        with pytest.raises(Missing):
            asking.hand_over(row.pk, order, by=by)
    assert codes("question", row.pk) == ["question.asked"]


def test_a_question_handed_over_is_a_matter_with_its_clock_and_none_of_its_askers_words(cast: Cast) -> None:
    row = asked(cast, private=True, text="我妈病了，门牌三号")
    who = keeper(row.studio)
    handed = asking.hand_over(row.pk, Order(cast.organisation.pk, "一户要办低保", "请上门看看"), by=who)
    matter = Matter.objects.get()
    assert (handed.state, handed.matter_id, handed.organisation_id) == (
        "handed",
        matter.pk,
        cast.organisation.pk,
    )
    assert (matter.service_code, matter.charge_id, matter.requester_id) == (
        "deputy-request", cast.organisation.pk, who.pk,
    )  # fmt: skip
    assert matter.due_at == matter.raised_at + timedelta(minutes=4320)
    said = f"{matter.title}{matter.text}{list(Remark.objects.values_list('text', flat=True))}"
    assert "门牌" not in said
    assert asking.answer(row.pk, "单位去过了", by=who).state == "answered"


def test_the_resident_says_no_and_the_question_goes_back_then_yes_and_it_is_settled(cast: Cast) -> None:
    row = answered(cast)
    back = asking.give_word(row.pk, False, by=cast.resident)
    assert (back.state, back.word, back.due_at is not None) == ("asked", False, True)
    asking.answer(row.pk, "我陪您去办", by=keeper(row.studio))
    done = asking.give_word(row.pk, True, by=cast.resident)
    assert (done.state, done.word, done.due_at) == ("settled", True, None)
    assert asking.give_word(row.pk, True, by=cast.resident).state == "settled"
    assert codes("question", row.pk) == [
        "question.asked", "question.answered", "question.denied", "question.answered", "question.settled",
    ]  # fmt: skip


def test_nobody_else_gives_the_residents_word(cast: Cast) -> None:
    row = answered(cast)
    for by in (keeper(row.studio), cast.stranger, cast.city_staff):
        with pytest.raises(Missing):
            asking.give_word(row.pk, True, by=by)
    row.refresh_from_db()
    assert row.word is None


def test_on_day_14_and_21_the_resident_is_asked_once_each(cast: Cast) -> None:
    row = asked(cast)
    with later(days=13, hours=23):
        assert tasks.ask_after() == 0
    for days, turns in ((14, 1), (15, 0), (21, 1), (40, 0)):
        with later(days=days):
            assert (tasks.ask_after(), tasks.ask_after()) == (turns, 0)
    assert list(AskedAfter.objects.order_by("day").values_list("day", flat=True)) == [14, 21]
    assert codes("question", row.pk).count("question.asked-after") == 2
    deliver()
    assert Notice.objects.filter(person=cast.resident, code="question.asked-after.asker").count() == 2


def test_a_worker_that_was_down_for_two_days_asks_once_all_the_same(cast: Cast) -> None:
    row = answered(cast)
    with later(days=16):
        assert (tasks.ask_after(), tasks.ask_after()) == (1, 0)
    assert queries.asked_days(row) == [14]


def test_two_days_that_passed_together_are_one_asking(cast: Cast) -> None:
    row = asked(cast)
    with later(days=30):
        assert (tasks.ask_after(), tasks.ask_after()) == (1, 0)
    assert queries.asked_days(row) == [14, 21]
    assert codes("question", row.pk).count("question.asked-after") == 1


def test_who_got_their_answer_or_took_the_question_back_is_asked_no_more(cast: Cast) -> None:
    where = studio(cast)
    fine, gone = answered(cast, where), asked(cast, where, cast.stranger)
    asking.give_word(fine.pk, True, by=cast.resident)
    asking.withdraw(gone.pk, by=cast.stranger)
    with later(days=22):
        assert tasks.ask_after() == 0
    assert not AskedAfter.objects.exists()


def test_who_said_no_on_day_14_is_asked_again_on_day_21(cast: Cast) -> None:
    row = asked(cast)
    with later(days=14):
        tasks.ask_after()
        asking.give_word(row.pk, False, by=cast.resident)
    with later(days=21):
        assert tasks.ask_after() == 1


def test_the_rate_counts_the_residents_word_and_is_hidden_below_ten(cast: Cast) -> None:
    where = studio(cast)
    for number in range(10):
        by = somebody(200 + number)
        row = answered(cast, where, by)
        if number < 9:
            asking.give_word(row.pk, number < 6, by=by)
    assert (queries.response(where).yes, queries.response(where).no, queries.response(where).rate) == (
        6,
        3,
        None,
    )
    asking.give_word(row.pk, True, by=by)
    assert (queries.response(where).said, queries.response(where).rate) == (10, 0.7)


def test_an_answer_nobody_says_a_word_about_counts_for_nothing_in_the_rate(cast: Cast) -> None:
    row = answered(cast)
    with later(days=31):
        assert tasks.enforce_limits() == 1
    row.refresh_from_db()
    assert (row.state, queries.response(row.studio).said) == ("settled", 0)


def test_what_waits_too_long_is_listed_once(cast: Cast) -> None:
    row = asked(cast)
    with later(days=12):
        assert (tasks.enforce_limits(), tasks.enforce_limits()) == (1, 0)
    row.refresh_from_db()
    assert (row.state, row.listed) == ("asked", True)
    assert codes("question", row.pk)[-1] == "question.listed"


def test_a_question_whose_keeper_is_gone_is_passed_on_by_who_leads_there(cast: Cast) -> None:
    row, other = asked(cast), studio(cast, 61)
    with pytest.raises(Missing):
        asking.pass_on(row.pk, other.pk, by=leader(cast))
    end_post(row.studio.post_id, by=cast.city_staff)
    with later(minutes=1):
        assert refused(lambda: asked(cast, row.studio)) == "studio-unkept"
        passed = asking.pass_on(row.pk, other.pk, by=leader(cast))
        assert asking.answer(passed.pk, "我来答", by=keeper(other)).state == "answered"


def test_a_private_question_of_a_gone_keeper_is_passed_on_by_nobody(cast: Cast) -> None:
    row, other = asked(cast, private=True), studio(cast, 61)
    end_post(row.studio.post_id, by=cast.city_staff)
    with later(minutes=1):
        for by in (leader(cast), cast.city_staff, keeper(other)):
            with pytest.raises(Missing):
                asking.pass_on(row.pk, other.pk, by=by)
        assert asking.withdraw(row.pk, by=cast.resident).state == "withdrawn"


def test_nobody_asks_in_their_own_studio_and_nothing_is_kept_of_what_is_refused(cast: Cast) -> None:
    where = studio(cast)
    assert refused(lambda: asked(cast, where, keeper(where))) == "own-studio"
    assert refused(lambda: asked(cast, where, text="  ")) == "text-missing"
    assert not Question.objects.exists()


def test_a_hidden_question_is_read_by_its_sides_alone(cast: Cast) -> None:
    row = answered(cast)
    with pytest.raises(Missing):
        asking.hide(row.pk, by=cast.stranger)
    asking.hide(row.pk, by=leader(cast))
    with pytest.raises(Missing):
        queries.question_for(None, row.pk)
    assert queries.question_for(cast.resident, row.pk).hidden
    assert codes("question", row.pk)[-1] == "question.hidden"
