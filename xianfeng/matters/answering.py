"""One answer to one question, by its kind: what was given becomes what is kept, or is refused naming the question."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language

from xianfeng.foundation.kernel import texts
from xianfeng.foundation.kernel.refusals import Refusal, Refused

if TYPE_CHECKING:
    from xianfeng.matters.questions import Question

_NUMBER = re.compile(r"[+-]?(\d{1,12}(\.\d{0,9})?|\.\d{1,9})", re.ASCII)
_POINT = re.compile(
    r"\s*([+-]?\d{1,2}(?:\.\d{1,15})?)\s*,\s*([+-]?\d{1,3}(?:\.\d{1,15})?)(?:\s+|$)", re.ASCII
)
_KEY = re.compile(r"[A-Za-z0-9_-]{1,32}")


def answer(question: "Question", values: Sequence[str], field: str) -> Any:
    """Return an answer as it is kept. Raises Refused as questions.answered does, naming `field`."""
    if not values:
        raise refusal("answer-missing", question, field)
    if question.kind == "choices":
        return list(dict.fromkeys(_chosen(question, value, field) for value in values))
    if question.kind == "photo":
        return _photos(question, values, field)
    if len(values) > 1:
        raise refusal("answer-once", question, field)
    return _ONE[question.kind](question, values[0], field)


def refusal(code: str, question: "Question", field: str, **params: Any) -> Refused:
    """Return why the answer in `field` is refused, with the question in the reader's language."""
    told = {"question": question.label(get_language() or ""), **params}
    return Refused(Refusal(code, field, told))


def _chosen(question: "Question", value: str, field: str) -> str:
    if value not in {option.code for option in question.options}:
        codes = ", ".join(option.code for option in question.options)
        raise refusal("answer-choice", question, field, codes=codes)
    return value


def _photos(question: "Question", values: Sequence[str], field: str) -> list[str]:
    """Return the keys of the photographs; that they are one's own is seen when they become part of the matter."""
    keys = list(dict.fromkeys(values))
    if not all(_KEY.fullmatch(key) for key in keys):
        raise Refused("photo-unknown", field=field)
    if not max(question.least, 1) <= len(keys) <= question.most:
        raise refusal("answer-photos", question, field, most=int(min(question.most, 99)))
    return keys


def _line(question: "Question", value: str, field: str) -> str:
    return _said(question, texts.clean_line(value, field=field, limit=question.length, required=False), field)


def _text(question: "Question", value: str, field: str) -> str:
    return _said(question, texts.clean_text(value, field=field, limit=question.length, required=False), field)


def _said(question: "Question", plain: str, field: str) -> str:
    if question.required and not plain:
        raise refusal("answer-missing", question, field)
    return plain


def _number(question: "Question", value: str, field: str) -> float | int:
    plain = value.strip()
    number = float(plain) if _NUMBER.fullmatch(plain) else math.nan
    if not question.least <= number <= question.most or (question.whole and number != int(number)):
        raise refusal("answer-number", question, field)
    return int(number) if number == int(number) else number


def _moment(question: "Question", value: str, field: str) -> str:
    try:
        at = datetime.fromisoformat(value.strip())
        at = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
        return at.astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        raise refusal("answer-moment", question, field) from None


def _date(question: "Question", value: str, field: str) -> str:
    try:
        return date.fromisoformat(value.strip()).isoformat()
    except ValueError:
        raise refusal("answer-date", question, field) from None


def _place(question: "Question", value: str, field: str) -> dict[str, Any]:
    """Return a place: words, and a point in WGS-84 degrees where the value begins with one ('30.89,120.09 东门')."""
    point = _POINT.match(value)
    words = texts.clean_line(
        value[point.end() :] if point else value, field=field, limit=question.length, required=False
    )
    kept: dict[str, Any] = {"words": words}
    if point:
        lat, lon = float(point[1]), float(point[2])
        if abs(lat) > 90 or abs(lon) > 180:
            raise refusal("answer-place", question, field)
        kept |= {"lat": lat, "lon": lon}
    elif not _said(question, words, field):
        return {}
    return kept


_ONE: Mapping[str, Callable[["Question", str, str], Any]] = {
    "line": _line, "text": _text, "number": _number, "choice": _chosen, "moment": _moment, "date": _date,
    "place": _place,
}  # fmt: skip
