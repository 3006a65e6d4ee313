"""Taking a list of pioneers in: whole or not at all, once, with its record, by those whose list it is."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.cast import Cast, somebody
from tests.foundation.people.importing.lists import CHINESE, ENGLISH, rows, sheet, take, text, why, write
from tests.matters.watching import Seen, Told, watching
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.importing import taking
from xianfeng.foundation.people.importing.taking import Wishes
from xianfeng.foundation.people.mobiles import found_by
from xianfeng.foundation.people.models import Membership, Person, Pioneer, Recognition
from xianfeng.foundation.record import verify


def counts(outcome: taking.Outcome) -> tuple[int, int, int]:
    return outcome.new, outcome.changed, outcome.unchanged


def person(mobile: str) -> Person:
    return Person.objects.get(mobile_hash=found_by(mobile))


def with_its_list(cast: Cast, seen: Seen, code: str, counted: dict[str, int]) -> Told:
    """Return the one entry of `code`; besides it the organisation's record says what was taken in."""
    told, last = seen.entries
    assert (told.code, last.code, last.id, last.new) == (
        code, "organisation.list-taken", cast.organisation.id, counted,
    )  # fmt: skip
    assert seen.outbox == seen.entries
    return told


@pytest.mark.parametrize("headers", [CHINESE, ENGLISH])
@pytest.mark.parametrize("kind", ["csv", "gb18030", "xlsx"])
def test_persons_pioneers_members_and_recognitions_are_made_with_their_record(
    cast: Cast, tmp_path: Path, headers: tuple[str, ...], kind: str
) -> None:
    lines = rows(cast.organisation.name)
    if kind == "xlsx":
        path = sheet(tmp_path, [headers, *lines])
    else:
        path = write(tmp_path, text(lines, headers), encoding="utf-8" if kind == "csv" else kind)
    with watching() as seen:
        outcome = take(path)
    assert (counts(outcome), outcome.members, outcome.rejected, outcome.written) == ((3, 0, 0), 2, [], True)
    zhang, team = person("13900000011"), Pioneer.objects.get(name="护水队")
    pioneer = Pioneer.objects.get(spokesperson=zhang)
    assert (zhang.name, pioneer.name, pioneer.kind, pioneer.skills) == (
        "张三",
        "张三",
        "individual",
        ["electric", "law"],
    )
    assert (pioneer.organisation, pioneer.area) == (cast.organisation, cast.here)
    recognition = Recognition.objects.get(number="HZ-001")
    assert (recognition.pioneer, recognition.title, recognition.level) == (pioneer, "巾帼先锋", "city")
    assert recognition.since.isoformat() == "2024-04-30T16:00:00+00:00"
    members = {row.person.name for row in Membership.objects.filter(collective=team)}
    assert members == {"王五", "赵六"}
    assert set(team.kin) == {team.spokesperson_id, person("13900000014").id, person("13900000015").id}
    assert person("13900000013").name == ""  # the list does not say who speaks for it
    told = [(entry.code, entry.actor) for entry in seen.entries]
    assert sorted(told) == sorted(
        [("person.entered", ("system", 0))] * 5
        + [("pioneer.recognised", ("system", 0))] * 3
        + [("pioneer.member-added", ("system", 0))] * 2
        + [("organisation.list-taken", ("system", 0))]
    )
    assert seen.outbox == seen.entries
    assert seen.tables == {
        "people_person", "people_pioneer", "people_recognition", "people_membership", "people_organisation",
    }  # fmt: skip
    assert list(verify.chain_findings()) == []


def test_the_same_list_again_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, text(rows(cast.organisation.name)))
    take(path)
    with watching() as seen:
        again = take(path)
    assert counts(again) == (0, 0, 3)
    assert seen.nothing()


def test_a_changed_line_changes_that_pioneer_alone_and_is_recorded_by_its_fields(
    cast: Cast, tmp_path: Path
) -> None:
    lines = rows(cast.organisation.name)
    take(write(tmp_path, text(lines)))
    lines[0] = (*lines[0][:5], "法律", "新称号", *lines[0][7:])
    with watching() as seen:
        outcome = take(write(tmp_path, text(lines)))
    assert counts(outcome) == (0, 1, 2)
    told = with_its_list(cast, seen, "pioneer.changed", {"new": 0, "changed": 1, "members": 0})
    assert told.new == {"fields": ["skills", "title"]}
    pioneer = Pioneer.objects.get(name="张三")
    assert (told.id, pioneer.skills) == (pioneer.id, ["law"])
    assert Recognition.objects.get(number="HZ-001").title == "新称号"
    assert "水" not in pioneer.search
    assert list(verify.chain_findings()) == []


def test_a_member_more_is_added_to_a_known_collective_and_kin_follows(cast: Cast, tmp_path: Path) -> None:
    lines = rows(cast.organisation.name)
    take(write(tmp_path, text(lines)))
    lines[2] = (*lines[2][:9], "王五13900000014、张三13900000011")
    with watching() as seen:
        outcome = take(write(tmp_path, text(lines)))
    assert (counts(outcome), outcome.members) == ((0, 1, 2), 1)
    told = with_its_list(cast, seen, "pioneer.member-added", {"new": 0, "changed": 1, "members": 1})
    zhang, team = person("13900000011"), Pioneer.objects.get(name="护水队")
    assert (told.id, told.new) == (team.id, {"member": zhang.id})
    assert zhang.id in team.kin
    assert team.spokesperson_id in Pioneer.objects.get(spokesperson=zhang).kin
    assert Membership.objects.filter(collective=team).count() == 3  # nobody is taken out by a list


def test_a_collectives_new_spokesperson_acts_for_it_from_now_on(cast: Cast, tmp_path: Path) -> None:
    lines = rows(cast.organisation.name)
    take(write(tmp_path, text(lines)))
    lines[2] = (*lines[2][:2], "13900000014", *lines[2][3:])
    assert counts(take(write(tmp_path, text(lines)))) == (0, 1, 2)
    assert Pioneer.objects.get(name="护水队").spokesperson == person("13900000014")
    assert list(verify.chain_findings()) == []


def test_one_bad_line_and_nothing_is_taken(cast: Cast, tmp_path: Path) -> None:
    lines = [*rows(cast.organisation.name), ("HZ-004", "钱七", "0572-2012345", "", cast.organisation.name)]
    with watching() as seen:
        outcome = take(write(tmp_path, text(lines)))
    assert not outcome.written
    assert why(outcome) == [(5, "mobile", "0572-2012345 is no mobile number")]
    assert seen.nothing()


def test_partial_takes_the_rest_and_the_rejects_can_be_corrected_and_taken_in(
    cast: Cast, tmp_path: Path
) -> None:
    bad = ("HZ-004", "=钱七()", "0572-2012345", "个人", cast.organisation.name, "", "", "", "", "")
    path = write(tmp_path, text([*rows(cast.organisation.name), bad]))
    outcome = take(path, partial=True)
    assert (outcome.written, counts(outcome)) == (True, (3, 0, 0))
    told = taking.rejects(taking.looked_at(path), outcome.rejected)
    header, row = csv.reader(io.StringIO(told))
    assert header == [*CHINESE, taking.REASON]
    assert row == ["HZ-004", "'=钱七()", *bad[2:], "mobile: 0572-2012345 is no mobile number"]
    corrected = write(tmp_path, told.replace("0572-2012345", "13900000016"), encoding="utf-8-sig")
    assert (counts(take(corrected)), Pioneer.objects.filter(name="=钱七()").count()) == ((1, 0, 0), 1)


def test_a_preview_tells_the_mapping_and_writes_nothing(cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, text([(*row, "x") for row in rows(cast.organisation.name)], (*CHINESE, "备注")))
    with watching() as seen:
        outcome = taking.preview(taking.looked_at(path), Wishes())
    assert (counts(outcome), outcome.written, outcome.header_line) == ((3, 0, 0), False, 1)
    assert dict(outcome.mapping)["手机号"] == "mobile"
    assert dict(outcome.mapping)["备注"] == ""
    assert [str(one) for one in outcome.notes] == ["line 1: columns that mean nothing here: 备注"]
    assert seen.nothing()


def test_staff_take_in_their_own_organisations_lists_alone(cast: Cast, tmp_path: Path) -> None:
    lines = rows(cast.organisation.name)
    lines[1] = (*lines[1][:4], cast.other_organisation.name, *lines[1][5:])
    outcome = take(write(tmp_path, text(lines)), by=cast.staff, partial=True)
    (rejected,) = why(outcome)
    assert rejected[:2] == (3, "organisation")
    assert cast.other_organisation.name in rejected[2]
    lines = [(*row[:4], "", *row[5:]) for row in rows("")]
    assert counts(take(write(tmp_path, text(lines)), by=cast.staff)) == (1, 0, 2)  # a blank one is their own
    for outsider in (cast.resident, cast.speaker):
        with pytest.raises(Missing):
            take(write(tmp_path, text(lines)), by=outsider)


def test_the_record_names_the_staff_member_who_took_the_list_in(cast: Cast, tmp_path: Path) -> None:
    with watching() as seen:
        take(write(tmp_path, text(rows(cast.organisation.name))), by=cast.staff)
    assert {entry.actor for entry in seen.entries} == {("person", cast.staff.id)}


def test_who_is_a_pioneer_already_gets_the_recognition_and_keeps_the_card(cast: Cast, tmp_path: Path) -> None:
    line = (
        "W-9",
        "先锋甲",
        "13800000003",
        "个人",
        cast.other_organisation.name,
        "法律",
        "好帮手",
        "",
        "",
        "",
    )
    with watching() as seen:
        outcome = take(write(tmp_path, text([line])))
    assert [(told.code, told.id) for told in seen.entries] == [
        ("pioneer.recognised", cast.pioneer.id), ("organisation.list-taken", cast.other_organisation.id),
    ]  # fmt: skip
    assert outcome.notes[-1].reason.startswith("先锋甲 is known through another organisation")
    assert Pioneer.objects.get(pk=cast.pioneer.pk).skills == ["electric"]
    assert Recognition.objects.filter(pioneer=cast.pioneer).count() == 2


def test_a_recognition_without_a_number_is_given_the_lists_number(cast: Cast, tmp_path: Path) -> None:
    line = ("W-9", "先锋甲", "13800000003", "个人", cast.organisation.name, "", "", "", "", "")
    assert counts(take(write(tmp_path, text([line])))) == (0, 1, 0)
    assert Recognition.objects.get(pioneer=cast.pioneer).number == "W-9"


def test_a_known_number_with_another_mobile_is_not_handed_over(cast: Cast, tmp_path: Path) -> None:
    lines = rows(cast.organisation.name)
    take(write(tmp_path, text(lines)))
    lines[0] = (*lines[0][:2], "13900000099", *lines[0][3:])
    outcome = take(write(tmp_path, text(lines)))
    assert [one[:2] for one in why(outcome)] == [(2, "mobile")]
    assert not Person.objects.filter(mobile_hash=found_by("13900000099")).exists()


def test_a_name_given_before_stays_and_a_missing_one_is_filled_in(cast: Cast, tmp_path: Path) -> None:
    people.change_profile(by=somebody(41), name="自己写的")
    somebody(42)
    lines = [
        ("N-1", "名单甲", "13800000041", "", cast.organisation.name),
        ("N-2", "名单乙", "13800000042", "", cast.organisation.name),
    ]
    take(write(tmp_path, text(lines, CHINESE[:5])))
    assert [person(f"1380000004{n}").name for n in (1, 2)] == ["自己写的", "名单乙"]


def test_the_command_reports_and_writes_the_rejects(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(
        tmp_path, text([*rows(cast.organisation.name), ("HZ-004", "", "x", "", cast.organisation.name)])
    )
    rejects = tmp_path / "rejects.csv"
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("people", "import", str(path), "--rejects", str(rejects))
    told = capsys.readouterr()
    assert "rejected: line 5, name: is blank" in told.err
    assert "手机号 → mobile" in told.out
    assert rejects.read_bytes().startswith(b"\xef\xbb\xbf")
    call_command("people", "import", str(path), "--partial", "--dry-run")
    assert "3 recognitions new" in capsys.readouterr().out
    assert not Pioneer.objects.filter(name="护水队").exists()
    call_command("people", "import", str(path), "--partial")
    assert Pioneer.objects.filter(name="护水队").exists()
