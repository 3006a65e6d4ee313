"""Portraits on the desk: within reach alone, candidates beside the field, and a whole round as one file."""

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, closed
from tests.doors.desk.conftest import Enter
from tests.doors.portal.browsers import field, text
from tests.matters.watching import watching
from tests.recognition.honours.conftest import moment
from tests.recognition.honours.playing import helped, opened, rival
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people.models import Post
from xianfeng.recognition.honours.models import Candidacy, Item, Round
from xianfeng.recognition.honours.operations import declaring, dossiers
from xianfeng.recognition.honours.operations.dossiers import Deed
from xianfeng.recognition.honours.planning import RuleGiven
from xianfeng.recognition.portraits import drawing, operations, privacy, tasks
from xianfeng.recognition.portraits.models import Batch

__all__ = ["moment"]


def declared(cast: Cast, others: int = 1) -> tuple[Round, list[Candidacy]]:
    """Return a round with a candidate who fulfils its rule and others who do not."""
    helped(cast, cast.pioneer)
    about = opened(cast)
    rivals = [rival(cast, 60 + at, f"对手{at}") for at in range(others)]
    rows = [declaring.declare(about.pk, one.pk, by=one.spokesperson) for one in (cast.pioneer, *rivals)]
    return about, rows


def test_a_candidate_is_shown_with_each_rule_and_beside_the_field(
    moment: time_machine.Traveller, cast: Cast, enter: Enter
) -> None:
    _about, rows = declared(cast)
    staff = enter(cast.staff)
    told = text(staff.get(f"/desk/portrait/candidacy/{rows[0].pk}"))
    for words in ("三八红旗手评选", "条件都够", "范围里 2 个，申报了 2 个", "1，中位数 0.5，排第 1（共 2）"):
        assert words in told, words
    told = text(staff.get(f"/desk/portrait/candidacy/{rows[1].pk}"))
    for words in ("条件还差", "差 1 次服务", "0，中位数 0.5，排第 2（共 2）", "还没有办成的：0 件"):
        assert words in told, words


def test_portraits_beyond_reach_and_none_at_all_look_alike(
    moment: time_machine.Traveller, cast: Cast, enter: Enter
) -> None:
    about, rows = declared(cast)
    pages = [
        f"/desk/portrait/candidacy/{rows[0].pk}", f"/desk/portrait/pioneer/{cast.pioneer.pk}",
        f"/desk/portraits/round/{about.pk}", f"/desk/portrait/candidacy/{rows[0].pk}/paper",
        "/desk/portrait/pioneer/999999", "/desk/portrait/nothing/1",
    ]  # fmt: skip
    for reader in (cast.other_staff, cast.resident):
        browser = enter(reader)
        assert [browser.get(one).status_code for one in pages] == [404] * 6
    assert [enter(cast.city_staff).get(one).status_code for one in pages] == [200] * 4 + [404] * 2


def test_a_candidate_who_is_no_pioneer_is_drawn_from_their_file(
    moment: time_machine.Traveller, cast: Cast, enter: Enter
) -> None:
    row = dossiers.open_candidate(
        cast.resident.pk,
        "热心居民",
        organisation_id=cast.organisation.pk,
        area_id=cast.here.pk,
        by=cast.staff,
    )
    dossiers.tell_deed(row.pk, Deed("雨夜背老人就医"), by=cast.stranger)
    told = text(enter(cast.staff).get(f"/desk/portrait/file/{row.pk}"))
    for words in ("热心居民", "候选人", "雨夜背老人就医", "还没有办成的：0 件"):
        assert words in told, words
    assert enter(cast.other_staff).get(f"/desk/portrait/file/{row.pk}").status_code == 404


def test_a_candidate_who_is_no_pioneer_is_held_against_a_chosen_round(
    moment: time_machine.Traveller, cast: Cast, enter: Enter
) -> None:
    rules = [
        RuleGiven("services", n=1, months=12), RuleGiven("residence", area_id=cast.here.pk),
        RuleGiven("no-complaint", months=12), RuleGiven("index", n=50),
    ]  # fmt: skip
    helped(cast, cast.pioneer)
    about = opened(cast, rules=rules)
    row = dossiers.open_candidate(
        cast.resident.pk,
        "热心居民",
        organisation_id=cast.organisation.pk,
        area_id=cast.here.pk,
        by=cast.staff,
    )
    staff = enter(cast.staff)
    plain = staff.get(f"/desk/portrait/file/{row.pk}")
    assert plain.context.get("rules") is None
    assert [one.pk for one in plain.context["rounds"]] == [about.pk]
    page = staff.get(f"/desk/portrait/file/{row.pk}?round={about.pk}")
    assert [one.met for one in page.context["rules"]] == [False, True, True, False]
    assert "差 1 次服务" in text(page)
    matter = closed(cast, cast.pioneer)
    Item.objects.create(
        dossier=row, kind="matter", title="帮着跑腿", matter=matter, told_by=cast.staff, told_at=clock.now()
    )
    page = staff.get(f"/desk/portrait/file/{row.pk}?round={about.pk}")
    assert [one.met for one in page.context["rules"]] == [True, True, True, False]
    assert (
        staff.get(f"/desk/portrait/file/{row.pk}/paper?round={about.pk}")["Content-Type"] == "application/pdf"
    )
    for wrong in ("999999999", "x"):
        assert staff.get(f"/desk/portrait/file/{row.pk}?round={wrong}").status_code == 404
    foreign = enter(cast.other_staff)
    assert foreign.get(f"/desk/portrait/file/{row.pk}?round={about.pk}").status_code == 404


@pytest.mark.parametrize("others", [0, 2])
def test_a_candidate_costs_twelve_statements_however_many_are_in_the_field(
    moment: time_machine.Traveller, cast: Cast, enter: Enter, others: int
) -> None:
    _about, rows = declared(cast, others)
    browser = enter(cast.staff)
    drawing.map_of([])
    with CaptureQueriesContext(connection) as seen:
        browser.get(f"/desk/portrait/candidacy/{rows[0].pk}")
    assert len(seen) == 12


def test_a_round_is_drawn_by_the_worker_once_and_fetched_by_its_owner_alone(
    moment: time_machine.Traveller, cast: Cast, enter: Enter
) -> None:
    about, rows = declared(cast)
    staff, address = enter(cast.staff), f"/desk/portraits/round/{about.pk}"
    for _ in range(2):
        staff.post(address, {"key": field(staff.get(address), "key")})
    assert Batch.objects.count() == 1
    assert "排着队" in text(staff.get(address))
    with watching() as seen:
        assert tasks.make_batches() == 1
    batch = Batch.objects.get()
    assert (batch.total, batch.made, batch.failed_at) == (2, 2, None)
    exported = [one for one in seen.entries if one.code == "person.exported"]
    assert {one.id for one in exported} == {row.pioneer.spokesperson_id for row in rows}
    assert {one.new["kind"] for one in exported} == {"portraits"}
    assert "取 2 份画像" in text(staff.get(address))
    answer = staff.get(f"/desk/portraits/batch/{batch.pk}")
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert archive.namelist() == ["0001-先锋甲.pdf", "0002-对手0.pdf"]
    assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
    assert enter(cast.city_staff).get(f"/desk/portraits/batch/{batch.pk}").status_code == 404
    assert tasks.make_batches() == 0


def test_a_batch_whose_worker_died_is_taken_over_and_the_dead_one_writes_nothing(
    moment: time_machine.Traveller, cast: Cast, enter: Enter
) -> None:
    about, _rows = declared(cast)
    operations.ask_batch(about.pk, language="zh-hans", by=cast.staff)
    dead = tasks._next()
    assert dead is not None
    assert tasks.make_batches() == 0, "somebody works on it"
    moment.shift(timedelta(seconds=121))
    assert tasks.make_batches() == 1
    with pytest.raises(tasks.Overtaken):
        tasks._said(dead, made=1)
    assert (Batch.objects.get().turn, Batch.objects.get().made) == (2, 2)


def test_who_lost_the_post_gets_no_file_and_files_end_after_their_days(
    moment: time_machine.Traveller, cast: Cast, enter: Enter
) -> None:
    about, _rows = declared(cast)
    with pytest.raises(Missing):
        operations.ask_batch(about.pk, language="zh-hans", by=cast.other_staff)
    operations.ask_batch(about.pk, language="zh-hans", by=cast.city_staff)
    operations.ask_batch(about.pk, language="zh-hans", by=cast.staff)
    Post.objects.filter(person=cast.staff).update(until=clock.now())
    assert tasks.make_batches() == 1
    lost, kept = Batch.objects.get(owner=cast.staff), Batch.objects.get(owner=cast.city_staff)
    assert (lost.path, lost.failed_at is None, bool(kept.path)) == ("", False, True)
    moment.shift(timedelta(days=8))
    assert tasks.end_old_batches() == 1
    assert enter(cast.city_staff).get(f"/desk/portraits/batch/{kept.pk}").status_code == 404


def test_a_batch_is_told_to_its_owner_and_goes_with_them(moment: time_machine.Traveller, cast: Cast) -> None:
    about, _rows = declared(cast)
    operations.ask_batch(about.pk, language="zh-hans", by=cast.staff)
    tasks.make_batches()
    path = Batch.objects.get().path
    told = privacy.tell(cast.staff)["portrait_batches"]
    assert [(one["round_id"], one["total"]) for one in told] == [(about.pk, 2)]
    assert privacy.tell(cast.other_staff) == {}
    privacy.erase(cast.other_staff, clock.now())
    assert default_storage.exists(path)
    privacy.erase(cast.staff, clock.now())
    assert not default_storage.exists(path)
    assert not Batch.objects.exists()
