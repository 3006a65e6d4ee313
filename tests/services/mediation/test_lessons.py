"""A case that has ended becomes a lesson: whoever could be known is taken out, a person reads it, it is explained."""

from datetime import timedelta

import pytest
import time_machine

from tests.cast import Cast, somebody
from tests.matters.watching import refused, watching
from tests.services.mediation.playing import agreed, opened, talking
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Firm, Person
from xianfeng.services.mediation import anonymous, queries, tasks
from xianfeng.services.mediation.anonymous import Known
from xianfeng.services.mediation.models import Attendance, Case, Lesson
from xianfeng.services.mediation.operations import keeping, lessons, opening
from xianfeng.services.mediation.operations import talking as talks

# Invented, all of them; each must not survive, nor the part that names somebody.
PLANTED = (
    "13812345678", "138 1234 5678", "+86-13987654321", "１３６１２３４５６７８", "一三八一二三四五六七八",
    "330521199003074512", "33052119900307451X", "330521900307451", "6222021234567890123", "6222 0212 3456 7890",
    "浙E12345", "浙E·D12345", "0572-2012345", "(0572)2012345", "400-123-4567",
    "zhangsan@example.com", "https://example.com/u/123", "wxid_abc12345", "91330521MA2B12345X", "E12345678",
    "(2026)浙0502民初123号", "260312-000123", "2026年3月12日", "三月十二日", "2026-03-12",
    "人民路12号3幢201室", "30.8703, 120.0933", "张建国", "老李", "德清县云岫纺织有限公司",
)  # fmt: skip
STORY = (
    "2026年3月12日（就是三月十二日，2026-03-12），张建国在人民路12号3幢201室门口和老李吵起来。"
    "张建国电话13812345678，也写作138 1234 5678，家里另一个+86-13987654321，广告上印着１３６１２３４５６７８，"
    "口头念过一三八一二三四五六七八。身份证330521199003074512，老李的是33052119900307451X，旧的330521900307451。"
    "钱打到6222021234567890123，没到，又打6222 0212 3456 7890。车是浙E12345，后来换浙E·D12345。"
    "单位座机0572-2012345，传真(0572)2012345，客服400-123-4567，邮箱zhangsan@example.com，"
    "网页https://example.com/u/123，微信号wxid_abc12345。单位是德清县云岫纺织有限公司，代码91330521MA2B12345X，"
    "护照E12345678，案号(2026)浙0502民初123号，编号260312-000123，地点30.8703, 120.0933。最后赔了3000元，当天给清。"
)  # fmt: skip


def _case(cast: Cast) -> Case:
    Person.objects.filter(pk=cast.resident.pk).update(name="张建国")
    Firm.objects.filter(pk=cast.firm.pk).update(name="德清县云岫纺织有限公司")
    case = opened(cast, respondents=[opening.Named("", firm_id=cast.firm.pk)], text=STORY)
    return opening.leave(case.matter.number, by=cast.responsible)


def _ended(cast: Cast) -> Case:
    case = talking(cast)
    assert case.mediator is not None
    return talks.fail(case.matter.number, "没谈成", by=case.mediator)


def _published(cast: Cast) -> Lesson:
    case = _ended(cast)
    assert case.mediator is not None
    row = lessons.draft(case.matter.number, by=case.mediator)
    return lessons.publish(row.pk, by=case.mediator, read=True)


def test_of_thirty_planted_identifiers_none_survives(cast: Cast) -> None:
    from tests.services.mediation.playing import mediator

    leader = mediator(cast)
    case = _case(cast)
    assert len(PLANTED) == 30
    assert all(one in STORY for one in PLANTED)
    row = lessons.draft(case.matter.number, by=leader)
    whole = f"{row.title}\n{row.text}"
    assert [one for one in PLANTED if one in whole] == []
    for part in (
        "建国",
        "云岫",
        "12345",
        "9876",
        "3307",
        "0521",
        "人民路",
        "201",
        "三月",
        "3月",
        "德清",
        "浙E",
        "2026",
    ):
        assert part not in whole, part
    assert "最后赔了3000元，当天给清" in row.text
    assert "申请人" in row.text
    assert row.removed["mobile"] >= 5
    assert sum(row.removed.values()) >= 30


@pytest.mark.parametrize("one", [one for one in PLANTED if one not in {"老李", "三月十二日"}])
def test_what_is_put_back_by_hand_is_found_again(cast: Cast, one: str) -> None:
    known = Known({"张建国": "申请人", "德清县云岫纺织有限公司": "被申请人"})
    assert anonymous.left(f"他说 {one} 就是", known)


def test_plain_words_stay_as_they_are(cast: Cast) -> None:
    said = "双方谈了两次，邻居帮着劝。法官说，倒车前要看清楚；撞坏了就要赔。最后赔了3000元，分三次给清，大家都高兴。"
    cleaned = anonymous.cleaned(said, Known({}))
    assert cleaned.text == said
    assert anonymous.left(said, Known({})) == []


def test_what_the_house_puts_in_place_of_identifiers_names_nobody(cast: Cast) -> None:
    once = anonymous.cleaned(STORY, Known({"张建国": "申请人"}))
    assert anonymous.left(once.text, Known({"张建国": "申请人"})) == []
    again = anonymous.cleaned(once.text, Known({"张建国": "申请人"}))
    assert again.text == once.text


def test_a_lesson_is_published_by_somebody_who_read_it_and_only_if_it_tells_nobody(cast: Cast) -> None:
    case = _ended(cast)
    leader = case.mediator
    assert leader is not None
    row = lessons.draft(case.matter.number, by=leader)
    assert lessons.draft(case.matter.number, by=leader).pk == row.pk
    with refused("not-found"):
        queries.lesson_for(cast.resident, row.pk)
    with refused("lesson-unread", "read"):
        lessons.publish(row.pk, by=leader, read=False)
    Lesson.objects.filter(pk=row.pk).update(text="打 13812345678 找他")
    with watching() as seen, refused("lesson-tells", "text"):
        lessons.publish(row.pk, by=leader, read=True)
    assert seen.nothing()
    lessons.change(row.pk, "倒车撞坏了门", "倒车前看清楚，撞坏了要赔。", by=cast.staff)
    published = lessons.publish(row.pk, by=cast.staff, read=True)
    assert (published.state, published.confirmed_by) == ("published", cast.staff)
    assert queries.lessons().get() == published
    lessons.take_back(row.pk, by=leader)
    assert not queries.lessons().exists()


def test_a_case_that_still_runs_is_no_lesson_and_its_parties_write_none(cast: Cast) -> None:
    case = talking(cast)
    assert case.mediator is not None
    with refused("case-still-runs"):
        lessons.draft(case.matter.number, by=case.mediator)
    talks.fail(case.matter.number, "没谈成", by=case.mediator)
    for person in (cast.resident, cast.stranger, cast.other_staff):
        with refused("not-found"):
            lessons.draft(case.matter.number, by=person)


def test_a_lesson_is_explained_in_a_place_and_who_came_says_so_with_the_code(cast: Cast) -> None:
    row = _published(cast)
    leader, at = row.drafted_by, clock.now() + timedelta(days=2)
    lecture = lessons.announce(row.pk, row.area_id, "治理事亭", at, by=leader)
    with refused("lecture-not-now"):
        lessons.attend(lecture.pk, lecture.code, by=cast.member)
    with time_machine.travel(at + timedelta(minutes=30), tick=False):
        with refused("lecture-code-wrong", "code"):
            lessons.attend(lecture.pk, "000" if lecture.code != "000000" else "1", by=cast.member)
        for _ in range(2):
            lessons.attend(lecture.pk, lecture.code, by=cast.member)
        lessons.attend(lecture.pk, lecture.code, by=somebody(61, "来听的"))
        with refused("not-found"):
            lessons.hold(lecture.pk, 36, by=cast.member)
        held = lessons.hold(lecture.pk, 36, by=leader)
    assert (held.state, held.heads, Attendance.objects.count()) == ("held", 36, 2)
    assert queries.lectures(row).get().came == 2  # type: ignore[attr-defined]


def test_a_draft_nobody_publishes_and_a_lecture_nobody_holds_end_by_their_limits(cast: Cast) -> None:
    lecture = lessons.announce(
        _published(cast).pk, cast.here.pk, "治理事亭", clock.now() + timedelta(days=1), by=cast.staff
    )
    second = lessons.draft(_ended(cast).matter.number, by=cast.staff)
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        tasks.enforce_limits()
    lecture.refresh_from_db()
    second.refresh_from_db()
    assert (lecture.state, second.state) == ("missed", "dropped")


def test_a_kept_case_is_a_lesson_too(cast: Cast) -> None:
    from xianfeng.services.mediation.models import Duty

    case = agreed(cast)
    keeping.confirm(Duty.objects.get().pk, by=cast.resident)
    assert lessons.draft(case.matter.number, by=cast.staff).state == "draft"
