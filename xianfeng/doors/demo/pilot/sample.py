"""What the demo city's cast shows from the first minute: a chain of achievements, broadcasts and feedback."""

from datetime import timedelta

from xianfeng.doors.demo.models import Part
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.recognition.showcase.models import Achievement
from xianfeng.recognition.showcase.operations import achievements, feedback, lives
from xianfeng.recognition.showcase.operations.achievements import Draft
from xianfeng.recognition.showcase.operations.lives import Plan

_CHAIN = (
    ("method", "老楼换灯不停电的办法", "先查哪一路，再换哪一盏；要带什么、怎么防触电，一条一条写清楚。"),
    ("course", "社区水电自救课", "一个钟头教会大家关总阀、认空气开关，带着练一遍。"),
    ("product", "楼道感应灯安装包", "图纸、用料、价钱都在这里，一层楼半天装好。"),
)
_WAITING = ("case", "一户人家省电的案例", "换了三样东西，一年省下六百度电。")


def show() -> int:
    """Let the cast show something, unless there is something already; return how many achievements."""
    if Achievement.objects.exists():
        return 0
    parts = {part.role: part.person for part in Part.objects.select_related("person")}
    staff, resident = parts.get("staff-city"), parts.get("resident")
    author = _pioneer(parts.get("pioneer-electric"))
    if staff is None or resident is None or author is None:
        return 0
    rows = _chain(author, staff)
    waits = achievements.draft(Draft(*_WAITING), by=author.spokesperson, pioneer=author)
    achievements.submit(waits.pk, by=author.spokesperson)
    _broadcasts(author, staff, resident)
    about = feedback.About(author, achievement=rows[0])
    feedback.send("thanks", "照着您写的换好了，楼里老人都说亮堂", about, by=resident)
    return len(rows) + 1


def _pioneer(person: Person | None) -> Pioneer | None:
    return Pioneer.objects.filter(spokesperson=person, kind="individual").first() if person else None


def _chain(author: Pioneer, staff: Person) -> list[Achievement]:
    rows: list[Achievement] = []
    for kind, title, text in _CHAIN:
        given = Draft(kind, title, text, grew_from=rows[-1].pk if rows else None)
        row = achievements.draft(given, by=author.spokesperson, pioneer=author)
        achievements.submit(row.pk, by=author.spokesperson)
        rows.append(achievements.judge(row.pk, "publish", by=staff))
    return rows


def _broadcasts(author: Pioneer, staff: Person, resident: Person) -> None:
    """Announce one broadcast, end another, and let one wait for the organisation."""
    now = clock.now()
    titles = (("直播：停电了先看哪里", 26.0), ("直播：认认家里的电表", 2.0), ("直播：插座为什么发热", 50.0))
    rows = [
        lives.propose(
            Plan(title, now + timedelta(hours=hours), "https://live.example/demo"),
            by=author.spokesperson,
            pioneer=author,
        )
        for title, hours in titles
    ]
    for row in rows[:2]:
        lives.judge(row.pk, "announce", by=staff)
    lives.subscribe(rows[0].pk, by=resident)
    lives.start(rows[1].pk, by=author.spokesperson)
    lives.count_viewers(rows[1].pk, [f"demo:{one}" for one in range(36)])
    said = lives.comment(rows[1].pk, "讲得明白，谢谢", by=resident)
    lives.judge_comment(said.pk, by=author.spokesperson, shown=True)
    lives.end(rows[1].pk, by=author.spokesperson)
