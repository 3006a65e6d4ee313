"""A portrait as a paper: the same words and the same drawings as the page, A4, Chinese fonts embedded."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xianfeng.foundation.ui import paper
from xianfeng.recognition.portraits.shown import language

# The tokens of the light page: a paper has no reader's theme. Sizes are those of the page's drawings.
_STYLE = """svg{{font-family:'{family}'}}text{{fill:#14201C;font-size:14px}}
.ra-g{{fill:none;stroke:#D2DED8;stroke-width:1}}.ra-o{{stroke:#778A81}}
.ra-a{{fill:#3F9B7C;fill-opacity:.22;stroke:#0E6A54;stroke-width:2.5}}.ra-d{{fill:#0E6A54}}
.ra-m{{fill:none;stroke:#556660;stroke-width:1.5;stroke-dasharray:4 3}}.v{{fill:#0B5C48;font-weight:bold}}
.lg{{fill:#42524B;font-size:13px}}.pt-grid{{stroke:#D2DED8;stroke-width:1}}.pt-ax{{fill:#42524B;font-size:12px}}
.pt-band{{fill:#3F9B7C;fill-opacity:.18}}.pt-line{{fill:none;stroke:#0E6A54;stroke-width:2.5}}.pt-dot{{fill:#0E6A54}}
.pt-land{{fill:#E2ECE7;stroke:#778A81;stroke-width:.8}}.pt-mark{{fill:#0E6A54;fill-opacity:.72;stroke:#fff}}
.pt-county{{font-size:13px}}.pt-axis{{stroke:#778A81}}.pt-box{{fill:#A6D8C4}}.pt-med{{stroke:#14201C;stroke-width:2}}
.pt-me{{fill:#0E6A54;stroke:#fff;stroke-width:1.5}}"""


def printed(context: Mapping[str, Any]) -> bytes:
    """Return the paper of a portrait, from the context of its page. Raises Refused 'paper-fonts-missing'."""
    return paper.pdf("portrait", _given(context), at=context["portrait"].at)


def answer(made: bytes, name: str) -> HttpResponse:
    """Return the answer with a paper, to be opened in the browser."""
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _given(context: Mapping[str, Any]) -> dict[str, Any]:
    compared = context.get("rules") is not None
    head = [context["kind"], context["where"], context["organisation"]]
    return {
        "lang": "en" if language().startswith("en") else "zh", "name": context["name"], "kicker": _("先锋画像"),
        "head": " · ".join(one for one in head if one), "summary": _summary(context), "words": _words(context),
        "radar": _drawn("radar", context) if context["radar"] else "",
        "course": _drawn("course", context) if context["course"] else "",
        "map": _drawn("map", context) if context["map"] else "",
        "specialities": [_speciality(one) for one in context["specialities"]],
        "parts": [[one.name, f"{one.points:.1f} / {one.most:g}"] for one in context["parts"]],
        "strengths": context["strengths"], "gaps": context["gaps"], "inside": context["inside"],
        "services": [_service(one) for one in context["services"]],
        "items": [[one.title, f"{one.happened_on or ''}"] for one in context["portrait"].items],
        "chains": [_chain(one, context["chain_kinds"]) for one in context["chains"]],
        "honours": [[one.title, f"{one.level} · {one.by} · {one.year}"] for one in context["honours"]],
        "eligible": _eligible(context) if compared else None, "foot": _foot(context),
    }  # fmt: skip


def _drawn(name: str, context: Mapping[str, Any], **more: Any) -> str:
    style = _STYLE.format(family=paper.family())
    return render_to_string(f"portraits/parts/{name}.html", {**context, **more, "style": style})


def _summary(context: Mapping[str, Any]) -> list[str]:
    counted = context["counted"]
    done = ngettext("一共办成 %(n)s 件", "一共办成 %(n)s 件", counted.done) % {"n": counted.done}
    told = [done]
    if counted.stars is not None:
        told.append(_("%(n)s 次打分，平均 %(stars).1f 星") % {"n": counted.rated, "stars": counted.stars})
    if counted.income_yuan or counted.cost_yuan or counted.jobs:
        told.append(
            _("核实过的效益：增收 %(income)s 元，省钱 %(cost)s 元，岗位 %(jobs)s 个")
            % {"income": _n(counted.income_yuan), "cost": _n(counted.cost_yuan), "jobs": _n(counted.jobs)}
        )
    return told


def _n(value: int) -> str:
    return str(number_format(value, use_l10n=True, force_grouping=True))


def _words(context: Mapping[str, Any]) -> dict[str, str]:
    points = "" if context["index"] is None else f"{context['index']:.1f}"
    return {
        "skills": _("真会做的"), "strengths": _("长处"), "gaps": _("还差的"), "course": _("24 个月里的指数"),
        "index": _("先锋指数 %(points)s 分") % {"points": points} if points else "",
        "map": _("在哪里帮过人"), "services": _("办成的事"), "items": _("大家说到的事迹"),
        "chains": _("成果和带来的效益"), "honours": _("荣誉"), "compared": _("和这一轮范围里的比"),
        "no_skills": _("还没有办成的，办成了才算会做"), "no_strengths": _("数字还少，说不出哪里长"),
        "no_gaps": _("照现在的数字，没有明显的短处"), "no_services": _("还没有大家看得到的"),
        "map_note": _("点越大，帮得越多。只画到约 5 平方公里的一片，不画到门口。"),
        "course_note": _("每月月底算一次；浅色是拿不准的范围。"),
    }  # fmt: skip


def _speciality(one: Any) -> dict[str, Any]:
    stars = _("没打过分") if one.stars is None else _("%(n)s 星") % {"n": f"{one.stars:.1f}"}
    done = ngettext("%(n)s 件", "%(n)s 件", one.done) % {"n": one.done}
    return {"name": one.name, "told": f"{done} · {stars}", "share": one.bar / 200}


def _service(one: Any) -> list[str]:
    stars = _("没打分") if one.stars is None else _("%(n)s 星") % {"n": f"{one.stars:.1f}"}
    return [one.title, f"{one.who} · {timezone.localtime(one.at):%Y-%m-%d}", stars]


def _chain(chain: Any, kinds: Mapping[str, str]) -> dict[str, Any]:
    total = _("整条链：增收 %(yuan)s 元，岗位 %(jobs)s 个") % {"yuan": _n(chain.yuan), "jobs": _n(chain.jobs)}
    links = [
        {
            "depth": min(link.depth, 3), "own": link.own, "title": link.title,
            "told": " · ".join([kinds.get(link.kind, ""), link.pioneer, *_brought(link)]),
        }
        for link in chain.links
    ]  # fmt: skip
    return {"links": links, "total": total}


def _brought(link: Any) -> list[str]:
    yuan = [_("增收 %(n)s 元") % {"n": _n(link.yuan)}] if link.yuan else []
    return yuan + ([_("岗位 %(n)s 个") % {"n": _n(link.jobs)}] if link.jobs else [])


def _eligible(context: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": context["round"].name, "fine": context["fine"],
        "stands": _("条件都够") if context["fine"] else _("条件还差"),
        "rules": [[one.rule, _("够") if one.met else one.short, one.met] for one in context["rules"]],
        "compared": [
            {"rule": one.rule, "strip": _drawn("strip", {"strip": one.strip}), "told": _place(one)}
            for one in context["compared"]
        ],
    }  # fmt: skip


def _place(one: Any) -> str:
    given = {"own": one.own, "median": one.median, "place": one.position, "n": one.of}
    if one.position:
        return _("%(own)s，中位数 %(median)s，排第 %(place)s（共 %(n)s）") % given
    return _("没有自己的数字；中位数 %(median)s（共 %(n)s）") % given


def _foot(context: Mapping[str, Any]) -> str:
    at = timezone.localtime(context["portrait"].at)
    return _("数字截至 %(at)s，都从记录里来。") % {"at": f"{at:%Y-%m-%d %H:%M}"}
