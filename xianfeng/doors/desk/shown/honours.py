"""What the pages of honours say: where a round stands, its rules in words, choices of the form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from xianfeng.doors.desk.forms.rounds import CRITERIA, QUOTAS
from xianfeng.doors.desk.queries.reach import Reach
from xianfeng.doors.desk.shown import lists
from xianfeng.foundation.people.models import Organisation
from xianfeng.recognition.honours import choosing, eligibility, tallying, titles
from xianfeng.recognition.honours.models import Candidacy, Criterion, GradeReview, Quota, Round, Rule
from xianfeng.recognition.honours.states import BLIND, RoundState

STATES = {
    "draft": lazy("起草"), "open": lazy("申报"), "review": lazy("评审"), "ranked": lazy("排好名次"),
    "notice": lazy("公示"), "decided": lazy("已决定"), "cancelled": lazy("取消了"),
}  # fmt: skip
CANDIDACIES = {
    "declared": lazy("已申报"), "withdrawn": lazy("撤回了"), "ineligible": lazy("不够条件"), "admitted": lazy("够条件"),
    "selected": lazy("拟授予"), "passed": lazy("没选上"),
    "excluded": lazy("异议成立，出局"), "honoured": lazy("授予了"),
}  # fmt: skip
HOW = {"self": lazy("自己申报"), "colleague": lazy("同事推荐"), "organisation": lazy("单位推荐")}
STEPS = ("draft", "open", "review", "ranked", "notice", "decided")


@dataclass(frozen=True)
class RuleLine:
    """A rule in the form: its words with the numbers to fill, and what is ticked and filled."""

    kind: str
    words: str
    numbers: list[tuple[str, str, str]]
    area: bool
    area_value: str
    ticked: bool


@dataclass(frozen=True)
class CandidacyRow:
    """A candidacy for the round's staff."""

    row: Candidacy
    stands: str
    how: str
    short: list[str]
    place: str
    points: list[tuple[str, float]]


@dataclass(frozen=True)
class Parts:
    """What a round is made of, read once: its rules, its places by quota, what is judged."""

    rules: list[Rule]
    quotas: list[Quota]
    criteria: list[Criterion]

    @property
    def rule_words(self) -> list[str]:
        """Return the rules in words."""
        return [eligibility.rule_words(rule, get_language() or "") for rule in self.rules]

    @property
    def places(self) -> list[tuple[str, int]]:
        """Return whose places there are, and how many."""
        return [(choosing.name(one), one.places) for one in self.quotas]


def parts(about: Round) -> Parts:
    """Return what a round is made of; three statements."""
    return Parts(
        list(about.rules.order_by("position")), list(about.quotas.select_related("organisation").order_by("id")),
        list(about.criteria.order_by("position")),
    )  # fmt: skip


def rows(given: Parts, found: Sequence[Candidacy]) -> list[CandidacyRow]:
    """Return the candidacies of a round as its staff see them; no statement."""
    quotas = {one.pk: choosing.name(one) for one in given.quotas}
    labels = {str(one.position): one.label for one in given.criteria}
    return [
        CandidacyRow(
            one, str(CANDIDACIES[one.state]), str(HOW[one.how]), _short(given.rules, one),
            quotas.get(one.quota_id or 0, ""), [(labels[at], points) for at, points in sorted(one.points.items())],
        )
        for one in found
    ]  # fmt: skip


def _short(rules: Sequence[Rule], one: Candidacy) -> list[str]:
    if not one.facts:
        return []
    numbers = [one.facts.get(str(rule.position)) for rule in rules]
    return [
        answer.short for answer in eligibility.explain(rules, numbers, get_language() or "") if not answer.met
    ]


def title_name(code: str) -> str:
    """Return a title in the reader's language."""
    return titles.title(code).name(get_language() or "")


def level_name(code: str) -> str:
    """Return a level in the reader's language."""
    return titles.level_name(code, get_language() or "")


def overlaps(code: str) -> list[str]:
    """Return the titles that honour much the same."""
    return [one.name(get_language() or "") for one in titles.overlapping(code)]


@dataclass(frozen=True)
class ReviewerRow:
    """A reviewer: name, whether they lead or left, how many sheets they gave, how severe they are (None: unknown)."""

    pk: int
    name: str
    chair: bool
    left: bool
    sheets: int
    apart: str


def reviewers(about: Round) -> list[ReviewerRow]:
    """Return who reviews: how many sheets each gave while it is blind, then how severe each is; two statements."""
    blind = RoundState(about.state) in BLIND
    sheets = Count("scores__candidacy", distinct=True)
    found = about.reviewers.select_related("person").annotate(sheets=sheets).order_by("id")
    apart = {} if blind else tallying.severity(about)
    return [
        ReviewerRow(
            one.pk, one.person.name or _("没写名字"), one.chair, one.left_at is not None, one.sheets,
            _apart(apart.get(one.pk)),
        )
        for one in found
    ]  # fmt: skip


def _apart(points: float | None) -> str:
    if points is None:
        return ""
    if abs(points) < 0.05:
        return _("和别人一样")
    words = _("比别人平均高 %(n)s 分") if points > 0 else _("比别人平均低 %(n)s 分")
    return words % {"n": f"{abs(points):.1f}"}


def form(given: QueryDict, reach: Reach) -> dict[str, Any]:
    """Return what the form of a round shows: choices, and what was typed."""
    return {
        "titles": title_choices(reach),
        "level_choices": [(code, level_name(code)) for code in titles.numbers("levels")],
        "rule_lines": [_rule_line(kind, given) for kind in titles.rule_kinds()],
        "quota_lines": [_quota_line(at, given) for at in range(QUOTAS)],
        "criterion_lines": [
            (at, given.get(f"criterion-{at}", ""), given.get(f"weight-{at}", "")) for at in range(CRITERIA)
        ],
        "weight_index": given.get("weight-index", "40" if not given else ""), "givers": givers(reach),
        "areas": lists.areas(reach), "all_organisations": lists.organisations(reach),
    }  # fmt: skip


def givers(reach: Reach) -> list[tuple[str, str]]:
    """Return who may give in this reach, the city first."""
    return [*([("city", _("全市（市级工作人员）"))] if reach.city else []), *lists.organisations(reach)]


def title_choices(reach: Reach) -> list[tuple[str, str]]:
    """Return the titles that may be given in this reach, each with what overlaps it; one statement."""
    language = get_language() or ""
    known = titles.all_titles().values()
    kinds = None if reach.organisations is None else set(
        Organisation.objects.filter(pk__in=reach.organisations).values_list("kind", flat=True)
    )  # fmt: skip
    mine = [one for one in known if kinds is None or one.organisation in kinds]
    return [(one.code, _named(one.name(language), overlaps(one.code))) for one in mine]


def _named(name: str, others: list[str]) -> str:
    return _("%(name)s（相近：%(others)s）") % {"name": name, "others": "、".join(others)} if others else name


def _rule_line(kind: str, given: QueryDict) -> RuleLine:
    entry = titles.rule_kinds()[kind]
    blank = dict.fromkeys(("n", "months", "years", "area"), "…")
    words = str(entry["en" if lists.english() else "zh"]).format_map(blank)
    unit = {"n": _("数"), "months": _("几个月内"), "years": _("几年内")}
    numbers = [(name, unit[name], given.get(f"rule-{kind}-{name}", "")) for name in entry["takes"]]
    return RuleLine(
        kind,
        words,
        numbers,
        entry["area"],
        given.get(f"rule-{kind}-area", ""),
        given.get(f"rule-{kind}") == "1",
    )


def _quota_line(at: int, given: QueryDict) -> dict[str, Any]:
    return {"at": at} | {
        name: given.get(f"quota-{at}-{name}", "") for name in ("organisation", "area", "places")
    }


def typed(about: Round) -> QueryDict:
    """Return a kept draft as the form would send it; reviewers are asked for again, their numbers are not shown."""
    given = QueryDict(mutable=True)
    last = {"closes": about.last_day, "review": about.last_day_of_review}
    given.update({
        "title": about.title, "level": about.level, "name": about.name, "notice_days": str(about.notice_days),
        "organisation": str(about.organisation_id or "city"), "since": about.since.isoformat(),
        "until": about.until.isoformat(), "opens": timezone.localtime(about.opens_at).date().isoformat(),
        **{name: timezone.localtime(at).date().isoformat() for name, at in last.items()},
    })  # fmt: skip
    for rule in about.rules.select_related("area"):
        given[f"rule-{rule.kind}"] = "1"
        for name in ("n", "months", "years"):
            if (value := getattr(rule, name)) is not None:
                given[f"rule-{rule.kind}-{name}"] = f"{value:g}"
        if rule.area:
            given[f"rule-{rule.kind}-area"] = rule.area.code
    for at, quota in enumerate(about.quotas.select_related("area").order_by("id")):
        given[f"quota-{at}-places"] = str(quota.places)
        given[f"quota-{at}-organisation"] = str(quota.organisation_id or "")
        given[f"quota-{at}-area"] = quota.area.code if quota.area else ""
    place = 0
    for one in about.criteria.order_by("position"):
        if one.source == "index":
            given["weight-index"] = str(one.weight)
        else:
            given[f"criterion-{place}"], given[f"weight-{place}"] = one.label, str(one.weight)
            place += 1
    return given


def reviews(found: Iterable[GradeReview]) -> list[tuple[int, list[tuple[str, int]]]]:
    """Return each yearly review of grades: the year, and how many hold which grade, best first."""
    english = (get_language() or "").startswith("en")
    names = {one.code: one.en if english else one.zh for one in titles.grades()} | {"": _("没有级")}
    return [
        (one.year, [(name, one.counts[code]) for code, name in names.items() if code in one.counts])
        for one in found
    ]
