"""Two members of staff press at the same moment, from processes of their own: the round moves once."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
import time_machine

from tests.cast import Cast, build_cast, closed, somebody
from tests.racing import race
from tests.recognition.honours.playing import CLOSE, START, helped, opened, ranked, rival
from tests.recognition.merit.test_months import helped as served
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import verify
from xianfeng.foundation.record.models import Entry
from xianfeng.recognition.honours.models import Candidacy, Dossier, Honour, Objection, Pick, Round
from xianfeng.recognition.honours.operations import deciding, declaring, dossiers, monthly, reviewing
from xianfeng.recognition.honours.operations.monthly import Scope
from xianfeng.recognition.merit import operations as merit

pytestmark = pytest.mark.race
HERE = "tests.recognition.honours.test_race_rounds"
AFTER = CLOSE + timedelta(days=30)
MARCH = date(2027, 3, 1)


def _by(pk: int) -> Person:
    return Person.objects.get(pk=pk)


def decide(card: tuple[int, int]) -> int:
    """Play one member of staff who decides."""
    with time_machine.travel(AFTER, tick=False):
        return deciding.decide(card[0], by=_by(card[1])).pk


def close(card: tuple[int, int]) -> int:
    """Play one member of staff who ends the declarations."""
    with time_machine.travel(CLOSE + timedelta(hours=1), tick=False):
        return reviewing.close(card[0], by=_by(card[1])).pk


def declare(card: tuple[int, int, int]) -> int:
    """Play somebody who declares a pioneer."""
    with time_machine.travel(START + timedelta(hours=1), tick=False):
        return declaring.declare(card[0], card[1], by=_by(card[2])).pk


def answer(card: tuple[int, int, bool]) -> bool | None:
    """Play one member of staff who answers an objection one way or the other."""
    with time_machine.travel(CLOSE + timedelta(days=1), tick=False):
        return deciding.answer(card[0], "看过了", upheld=card[2], by=_by(card[1])).upheld


def confirm(card: tuple[int, int, int, int]) -> int:
    """Play one member of staff who confirms a pioneer of the month."""
    with time_machine.travel(datetime.fromisoformat("2027-04-02T09:00:00+08:00"), tick=False):
        return monthly.confirm(MARCH, Scope(card[0], card[1]), card[2], by=_by(card[3])).pk


def open_file(card: tuple[int, int]) -> int:
    """Play one who opens the file of a pioneer."""
    return dossiers.open_for(card[0], by=_by(card[1])).pk


def on_notice(cast: Cast) -> tuple[Round, list[Candidacy]]:
    """Return a round under public notice with two who reached it and one place."""
    with time_machine.travel(START, tick=False) as moment:
        third = rival(cast)
        helped(cast, cast.pioneer, third)
        about, rows = ranked(cast, moment, [cast.pioneer, third], [90, 80])
        return deciding.announce(about.pk, by=cast.staff), rows


def test_two_who_decide_at_once_give_each_honour_once(own_database: str) -> None:
    cast = build_cast()
    about, rows = on_notice(cast)
    cards = [[(about.pk, one)] for one in (cast.staff.pk, cast.city_staff.pk) * 3]
    tries = race(f"{HERE}:decide", cards, processes=3)
    assert Counter(one.outcome for one in tries) == {"won": 6}
    honour = Honour.objects.get()
    assert honour.candidacy_id == rows[0].pk
    assert Entry.objects.filter(subject_kind="round", code="round.decided").count() == 1
    assert Entry.objects.filter(subject_kind="honour", code="honour.conferred").count() == 1
    assert list(verify.findings()) == []


def test_two_who_close_at_once_check_everybody_once(own_database: str) -> None:
    cast = build_cast()
    with time_machine.travel(START, tick=False):
        helped(cast, cast.pioneer)
        about = opened(cast)
        declaring.declare(about.pk, cast.pioneer.pk, by=cast.pioneer.spokesperson)
    cards = [[(about.pk, one)] for one in (cast.staff.pk, cast.city_staff.pk) * 3]
    tries = race(f"{HERE}:close", cards, processes=3)
    assert Counter(one.outcome for one in tries) == {"won": 6}
    codes = Counter(Entry.objects.filter(subject_kind="candidacy").values_list("code", flat=True))
    assert codes == {"candidacy.declared": 1, "candidacy.checked": 1}
    assert list(verify.findings()) == []


def test_the_same_declaration_from_six_hands_is_one(own_database: str) -> None:
    cast = build_cast()
    with time_machine.travel(START, tick=False):
        about = opened(cast)
    hands = (cast.pioneer.spokesperson_id, cast.staff.pk) * 3
    tries = race(f"{HERE}:declare", [[(about.pk, cast.pioneer.pk, one)] for one in hands], processes=3)
    assert {one.outcome for one in tries} == {"won"}
    assert {one.answer for one in tries} == {Candidacy.objects.get().pk}
    assert Dossier.objects.count() == 1
    assert list(verify.findings()) == []


def test_an_objection_that_two_answer_differently_has_one_answer(own_database: str) -> None:
    cast = build_cast()
    _, rows = on_notice(cast)
    with time_machine.travel(CLOSE + timedelta(hours=2), tick=False):
        objection = deciding.object_to(rows[0].pk, "不是他做的", by=cast.resident)
    cards = [[(objection.pk, cast.staff.pk, at % 2 == 0)] for at in range(6)]
    tries = race(f"{HERE}:answer", cards, processes=3)
    assert Counter(one.outcome for one in tries) == {"won": 1, "objection-answered": 5}
    (won,) = [one.answer for one in tries if one.outcome == "won"]
    assert Objection.objects.get().upheld is won
    assert Candidacy.objects.get(pk=rows[0].pk).state == ("excluded" if won else "selected")
    assert list(verify.findings()) == []


def test_a_month_is_never_given_more_places_than_it_has_and_nobody_two(own_database: str) -> None:
    """The county's staff and the organisation's confirm the same people and more than the places."""
    cast = build_cast()
    with time_machine.travel(datetime.fromisoformat("2027-03-20T09:00:00+08:00"), tick=False) as moment:
        four = [cast.pioneer, *(rival(cast, 70 + at, f"先锋{at}") for at in range(3))]
        for pioneer in four:
            for at in range(3):
                served(somebody(300 + at), pioneer, 5)
        moment.move_to(datetime.fromisoformat("2027-04-01T00:30:00+08:00"))
        merit.close_month(MARCH)
    here, own = cast.here.pk, cast.organisation.pk
    cards = [[(here, own, one.pk, cast.staff.pk) for one in four[turn:] + four[:turn]] for turn in range(4)]
    tries = race(f"{HERE}:confirm", cards, processes=4)
    assert {one.outcome for one in tries} <= {"won", "month-full", "not-proposed"}
    assert Pick.objects.count() == 3
    assert Entry.objects.filter(code="pick.confirmed").count() == 3
    assert list(verify.findings()) == []


def test_a_file_opened_from_six_hands_is_one(own_database: str) -> None:
    cast = build_cast()
    closed(cast, cast.pioneer)
    hands = [cast.pioneer.spokesperson_id, cast.staff.pk, cast.resident.pk] * 2
    tries = race(f"{HERE}:open_file", [[(cast.pioneer.pk, one)] for one in hands], processes=3)
    assert {one.answer for one in tries} == {Dossier.objects.get().pk}
    assert Entry.objects.filter(code="dossier.opened").count() == 1
