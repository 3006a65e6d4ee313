"""The brief as PDF."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.utils.translation import get_language

from xianfeng.doors.cockpit.briefs.writing import MONTH, Brief
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.ui import paper

_WORDS = {
    "zh": {
        "week": "周报", "month": "月报", "moved": "这段时间", "reading": "值得一读", "none": "没有", "made": "生成于",
    },
    "en": {
        "week": "Weekly brief", "month": "Monthly brief", "moved": "What moved", "reading": "Worth reading",
        "none": "None", "made": "Made",
    },
}  # fmt: skip


def pdf(brief: Brief, *, origin: str) -> bytes:
    """Return the brief as PDF in the reader's language; sentences lead to their rows at `origin` (https://…).

    Raises Refused 'paper-fonts-missing'.
    """
    language = "en" if (get_language() or "").startswith("en") else "zh"
    at, words = clock.now(), _WORDS[language]
    times = (
        f"{brief.first:%Y-%m}"
        if brief.kind == MONTH
        else f"{brief.first.isoformat()} – {brief.last.isoformat()}"
    )
    given = {
        "lang": language, "heading": words[brief.kind], "name": brief.scope.name(language), "times": times,
        "moved": words["moved"], "reading": words["reading"], "none": words["none"],
        "sentences": [
            [one.text(language), one.moved, f"{origin}{rows(brief, one.figure.link)}"] for one in brief.sentences
        ],
        "readings": [[one.number, one.title, one.en if language == "en" else one.zh] for one in brief.readings],
        "made": f"{words['made']} {at:%Y-%m-%d %H:%M} UTC",
    }  # fmt: skip
    return paper.pdf("brief", given, at=at)


def rows(brief: Brief, link: Mapping[str, str]) -> str:
    """Return the address of the rows behind a figure of a brief."""
    values = dict(link)
    measure = values.pop("measure")
    kind = brief.scope.kind if brief.scope.kind in {"organisation", "public"} else "area"
    return f"/cockpit/{kind}/{brief.scope.code}/rows/{measure}?{urlencode(values)}"
