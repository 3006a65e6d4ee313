"""What is kept of persons: told to them, erased with them; record and outbox carry no words."""

from pathlib import Path

from tests.cast import Cast
from tests.matters.test_telling import _said, deliver
from tests.recognition.showcase.showing import adopted, announced, asked, drafted, picture, published, running
from xianfeng.doors.desk import tasks as desk
from xianfeng.doors.desk.models import Title
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people.privacy import erasing, telling
from xianfeng.foundation.record import verify
from xianfeng.foundation.record.models import Announcement, Entry, Outbox
from xianfeng.recognition.showcase.models import Achievement, Benefit, Comment, Feedback, Live, Picture
from xianfeng.recognition.showcase.operations import feedback, lives
from xianfeng.recognition.showcase.operations.benefits import Claim, claim
from xianfeng.recognition.showcase.operations.feedback import about, send
from xianfeng.recognition.showcase.privacy import retention

TAIL = {"pioneer": "0003", "resident": "0001"}


def _told(cast: Cast) -> dict[str, int]:
    told = telling.own_data(cast.resident)
    return {name: len(told[name]) for name in ("adoptions", "subscriptions", "comments", "feedback")}


def _busy(cast: Cast) -> Achievement:
    by = cast.pioneer.spokesperson
    row = published(cast, title="秘密的成果", pictures=[picture(by).key])
    adopted(row, cast.resident)
    claim(row.pk, Claim("income", 10, "firm", "秘密的证据"), by=by)
    live = announced(cast, title="秘密的直播")
    lives.subscribe(live.pk, by=cast.resident)
    lives.comment(running(cast).pk, "秘密的留言", by=cast.resident)
    idea = send("idea", "秘密的主意", about(cast.resident, "achievement", row.pk), by=cast.resident)
    feedback.answer(idea.pk, "秘密的回话", by=by)
    deliver()
    return row


def test_a_person_is_told_all_that_is_kept(cast: Cast) -> None:
    _busy(cast)
    assert _told(cast) == {"adoptions": 1, "subscriptions": 1, "comments": 1, "feedback": 1}
    own = telling.own_data(cast.pioneer.spokesperson)
    assert [len(own[name]) for name in ("achievements", "benefits", "lives", "pictures", "feedback")] == [
        1,
        2,
        2,
        1,
        1,
    ]


def test_every_section_and_field_has_its_name_in_both_languages(cast: Cast) -> None:
    _busy(cast)
    for person in (cast.resident, cast.pioneer.spokesperson):
        for name, rows in telling.own_data(person).items():
            for key in {name, *(field for row in rows if isinstance(row, dict) for field in row)}:
                assert telling.label(key, "zh") != key.replace("_", " ") or key == "made_at", key


def test_a_pioneer_who_leaves_takes_achievements_broadcasts_and_words_along(cast: Cast, media: Path) -> None:
    row = _busy(cast)
    drafted(cast, title="秘密的草稿")
    erasing.erase(TAIL["pioneer"], by=cast.pioneer.spokesperson)
    for model in (Achievement, Live, Benefit, Feedback):
        rows = [one for one in model.objects.values_list() if "主意" not in str(one)]
        assert "秘密" not in _said(rows), model
    row.refresh_from_db()
    assert (row.state, row.search, Picture.objects.count()) == ("withdrawn", [], 0)
    assert not [path for path in media.rglob("*") if path.is_file()]
    assert set(Live.objects.values_list("state", flat=True)) == {"cancelled", "ended"}
    assert list(verify.chain_findings()) == []


def test_a_resident_who_leaves_leaves_no_words(cast: Cast) -> None:
    _busy(cast)
    erasing.erase(TAIL["resident"], by=cast.resident)
    assert list(Comment.objects.values_list("text", "state")) == [("", "hidden")]
    assert list(Feedback.objects.values_list("text", "answer")) == [("", "秘密的回话")]
    assert Benefit.objects.filter(kind="income", state="verified", yuan=50_000).exists()


def test_record_outbox_and_streams_carry_no_words(cast: Cast) -> None:
    _busy(cast)
    for model in (Entry, Outbox, Announcement):
        assert "秘密" not in _said(model.objects.values_list())


def test_photographs_that_became_part_of_nothing_go(cast: Cast, media: Path) -> None:
    picture(cast.stranger)
    used = published(cast, pictures=[picture(cast.pioneer.spokesperson).key])
    Picture.objects.update(taken_in_at=clock.now().replace(year=2020))
    assert retention.sweep(clock.now()) == 1
    assert Picture.objects.get().achievement == used
    assert len([path for path in media.rglob("*") if path.is_file()]) == 3


def test_an_erased_author_s_title_goes_from_the_needs_of_others_and_their_own_words_stay(cast: Cast) -> None:
    row = published(cast, title="秘密的成果")
    plain = asked(row, cast.resident)
    own = asked(row, cast.stranger, title="想学他家的办法")
    deliver()
    desk.index_titles(everything=True)
    erasing.erase(TAIL["pioneer"], by=cast.pioneer.spokesperson)
    plain.refresh_from_db()
    own.refresh_from_db()
    assert (plain.title, own.title) == ("想用：（已删除）", "想学他家的办法")
    keys = dict(Title.objects.values_list("matter", "keys"))
    assert (keys[plain.pk], bool(keys[own.pk])) == ([], True)
    assert not Notice.objects.filter(params__title__contains="秘密").exists()
    assert not Announcement.objects.filter(payload__icontains="秘密").exists()
