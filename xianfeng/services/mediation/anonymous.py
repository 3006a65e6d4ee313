"""Who could be known is taken out of a text by rules: numbers, addresses, dates, and names, known ones and likely ones.

A person reads the result before it is published, and `left` holds their wording against the surer rules once more.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from xianfeng.foundation.places import tree
from xianfeng.foundation.places.models import Level
from xianfeng.services.mediation import numbers

_SPELLED = re.compile("[零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{7,}")
_DIGITS = str.maketrans("零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "0001234567891123456789")
Rule = tuple[str, re.Pattern[str]]


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


@cache
def _sure() -> list[Rule]:
    """Return the rules that surely find what names somebody, in the order in which they are applied.

    What is longer and surer goes first, so that nothing of it is left to a looser rule. A group, where a rule has one,
    is what goes.
    """
    said = numbers.of("anonymous")
    count, month = "[0-9一二三四五六七八九十百甲乙]+", r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
    year = r"(?:(?:19|20)\d{2}|[一二〇零][一二三四五六七八九〇零]{3})\s*年"
    part = rf"{count}\s*{_any(said['parts_of_houses'])}"
    return [
        (kind, re.compile(rule))
        for kind, rule in (
            ("link", r"(?:https?://|www\.)[^\s,。;、()]+"),
            ("email", r"[\w.+-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+"),
            ("case-number", r"[(\[〔]\s*\d{4}\s*[)\]〕]\s*[一-鿿]{1,3}\d{0,6}[一-鿿]{1,8}\d+号"),
            ("matter-number", r"(?<!\d)\d{6}-\d{6,}(?!\d)"),
            (
                "id-card",
                r"(?<!\d)\d{6}[ -]?(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])\d{2}[ -]?\d{3}[\dXx](?![\dA-Za-z])",
            ),
            ("id-card", r"(?<!\d)\d{8}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)"),
            ("credit-code", rf"(?<![0-9A-Z])(?=\d*[A-Z]){_CREDIT}{{2}}\d{{6}}{_CREDIT}{{10}}(?![0-9A-Z])"),
            ("bank-card", r"(?<!\d)\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,4})?(?!\d)"),
            ("mobile", r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"),
            ("telephone", r"(?<!\d)(?:\(0\d{2,3}\)|0\d{2,3})[ -]?\d{7,8}(?:-\d{1,6})?(?!\d)"),
            ("telephone", r"(?<!\d)(?:400|800)[ -]?\d{3}[ -]?\d{4}(?!\d)"),
            (
                "plate",
                rf"[{said['provinces']}][A-Z][·. -]?(?:[A-Z0-9]{{5,6}}|[A-Z0-9]{{4}}[挂学警港澳])(?![A-Z0-9])",
            ),
            ("passport", r"(?<![A-Za-z0-9])(?:[EGDSP]\d{8}|E[A-Z]\d{7}|[HM]\d{8,10})(?!\d)"),
            ("account", rf"{_any(said['accounts'])}[为是:]?\s*([A-Za-z0-9_-]{{4,}})"),
            ("account", r"(?<!\w)wxid_\w{4,}"),
            ("position", r"\d{2,3}\.\d{3,}°?\s*[NSEW东西南北]?\s*[, ]\s*\d{2,3}\.\d{3,}°?\s*[NSEW东西南北]?"),
            ("date", rf"(?:{year}\s*)?{month}\s*月\s*{month}\s*[日号]"),
            ("date", rf"{year}(?:\s*{month}\s*月份?)?"),
            ("date", r"(?<!\d)(?:19|20)\d{2}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?!\d)"),
            (
                "address",
                rf"(?:[一-鿿]{{2,4}}[省市区县])*(?:[一-鿿]{{2,6}}?{_any(said['roads'])}\s*)+(?:{part}[\s-]*)+(?:\d{{1,4}}室?)?",
            ),
            ("address", rf"{count}\s*(?:幢|栋|座|单元)\s*(?:{part}\s*)*(?:\d{{2,4}}室?)?"),
            ("firm", rf"[一-鿿A-Za-z()]{{2,16}}?{_any(said['businesses'])}"),
            ("number", r"(?<![\d.,])\d{7,}(?!\d)(?!\.?\d*\s*[万元])"),
        )
    ]


_CREDIT = "[0-9A-HJ-NPQRTUWXY]"  # the alphabet of GB 32100


@cache
def _likely() -> list[Rule]:
    """Return the rules that find likely names by what stands beside them; they may take out too much."""
    said = numbers.of("anonymous")
    surname = _any([*said["double_surnames"], f"[{''.join(said['surnames'].split())}]"])
    given = rf"[^\W\d_a-zA-Z{said['never_in_names']}]"
    title, says = _any(said["titles"]), _any([*said["says"], "[,。;:、!?)」”]", "$"])
    return [
        ("name", re.compile(rule))
        for rule in (
            f"{surname}{given}{{0,2}}(?={title})",
            f"{_any(said['roles'])}[:是为叫]?({surname}{given}{{1,2}}?)(?={says}|{title}|[一-鿿]|\\W)",
            f"(?:(?<![一-鿿])|(?<=[和与向由被对给跟找]))({surname}{given}{{1,2}})(?={says})",
            f"[老小阿]{surname}(?![{said['not_after_small_names']}])",
        )
    ]


_INSTEAD = {
    "link": gettext_noop("（网址略）"), "email": gettext_noop("（邮箱略）"), "case-number": gettext_noop("（案号略）"),
    "matter-number": gettext_noop("（编号略）"), "credit-code": gettext_noop("（代码略）"),
    "id-card": gettext_noop("（证件号略）"), "passport": gettext_noop("（证件号略）"),
    "bank-card": gettext_noop("（卡号略）"), "mobile": gettext_noop("（电话略）"),
    "telephone": gettext_noop("（电话略）"), "plate": gettext_noop("（车牌略）"), "account": gettext_noop("（账号略）"),
    "position": gettext_noop("（位置略）"), "date": gettext_noop("某日"), "firm": gettext_noop("某单位"),
    "address": gettext_noop("某处"), "name": gettext_noop("某某"), "number": gettext_noop("（号码略）"),
    "place": gettext_noop("某地"),
}  # fmt: skip


@dataclass(frozen=True)
class Cleaned:
    """A text without what names somebody, and how often what was taken out, by kind."""

    text: str
    removed: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """Names the house knows in a case: each with what stands in its place (申请人甲, 被申请人).

    `also`: how people say them for short; taken out too, and not looked for in a wording, as they may be plain words.
    """

    names: Mapping[str, str]
    also: Mapping[str, str] = field(default_factory=dict)


def cleaned(text: str, known: Known) -> Cleaned:
    """Return `text` without identifiers: known names first, then what the rules find, surest first."""
    plain, removed = _plain(text), Counter[str]()
    for name, instead in _longest_first([*known.names.items(), *known.also.items()]):
        plain, count = re.subn(re.escape(_plain(name)), instead, plain)
        removed["name"] += count
    for kind, rule in _sure():
        plain = _without(rule, kind, plain, removed)
    plain = _without_places(plain, removed)
    for kind, rule in _likely():
        plain = _without(rule, kind, plain, removed)
    return Cleaned(_dressed(plain), {kind: count for kind, count in sorted(removed.items()) if count})


def left(text: str, known: Known) -> list[str]:
    """Return the kinds of identifiers that still stand in a wording: known names, places, what is surely found."""
    plain = _plain(text)
    found = {kind for kind, rule in _sure() if rule.search(_blanked(plain))}
    found |= {"name" for name in known.names if _plain(name) in plain}
    if any(name in plain for name in _places()):
        found.add("place")
    return sorted(found)


def _dressed(text: str) -> str:
    """Return `text` with the marks of Chinese writing, which `_plain` made narrow."""
    text = re.sub("[(](?=[一-鿿])|(?<=[一-鿿])[)]", lambda found: found.group().translate(_WIDE), text)
    return re.sub("(?<=[一-鿿》”」）])[,;:!?](?![0-9])", lambda found: found.group().translate(_WIDE), text)


_WIDE = str.maketrans(",;:!?()", "，；：！？（）")


def _blanked(text: str) -> str:
    """Return `text` without what this house itself puts in the place of identifiers: it names nobody."""
    for mark in set(_INSTEAD.values()):
        text = text.replace(unicodedata.normalize("NFKC", mark), "\n")
    return text


def _plain(text: str) -> str:
    """Return `text` in one width, digits that are spelled out written as digits: 幺三八… is a number too."""
    wide = unicodedata.normalize("NFKC", text)
    return _SPELLED.sub(lambda found: found.group().translate(_DIGITS), wide)


def _without(rule: re.Pattern[str], kind: str, text: str, removed: Counter[str]) -> str:
    def put(found: re.Match[str]) -> str:
        removed[kind] += 1
        instead = _(_INSTEAD[kind])
        if not rule.groups or found.group(1) is None:
            return instead
        start, end = found.span(1)
        whole, begin = found.group(), found.start()
        return whole[: start - begin] + instead + whole[end - begin :]

    return rule.sub(put, text)


def _without_places(text: str, removed: Counter[str]) -> str:
    for name in _places():
        if name in text:
            removed["place"] += text.count(name)
            text = text.replace(name, _(_INSTEAD["place"]))
    return text


def _places() -> Sequence[str]:
    """Return the names of all areas but the city's, whole and as people say them, the longest first."""
    areas = tree.current()
    if areas.version not in _known_places:
        _known_places.clear()
        names = {
            said for one in areas.by_id.values() if one.level != Level.CITY for said in _as_said(one.name)
        }
        _known_places[areas.version] = sorted(names, key=len, reverse=True)
    return _known_places[areas.version]


_known_places: dict[int, list[str]] = {}


def _as_said(name: str) -> Iterable[str]:
    yield name
    short = re.sub("(?:居民委员会|村民委员会|居委会|村委会)$", "", name)
    if len(short) > 2:
        yield short


def _longest_first(names: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(((name, instead) for name, instead in names if name), key=lambda one: -len(one[0]))


def spoken_forms(name: str) -> list[str]:
    """Return how people say a name: a firm without its town and its legal form too, a person's given name too."""
    plain = _plain(name).strip()
    short = re.sub(
        rf"^(?:[一-鿿]{{2,3}}?[省市区县])+|{_any(numbers.of('anonymous')['businesses'])}$", "", plain
    )
    given = plain[1:] if re.fullmatch("[一-鿿]{3}", plain) else ""
    return list(dict.fromkeys(one for one in (plain, short, given) if len(one) > 1))
