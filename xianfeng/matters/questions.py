"""What a service asks besides words and a place: questions as data, answers checked and shown by the same data."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language

from xianfeng.foundation.kernel import catalogue, texts
from xianfeng.foundation.kernel.refusals import Refusal, Refused
from xianfeng.matters.services import Definition

KINDS = ("line", "text", "number", "choice", "choices", "moment", "note")
Given = Mapping[str, Sequence[str]]
Answers = dict[str, Any]
_NUMBER = re.compile(r"[+-]?(\d{1,12}(\.\d{0,9})?|\.\d{1,9})", re.ASCII)


@dataclass(frozen=True)
class Option:
    """One thing to choose."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Question:
    """One question of a service. `kind` is one of KINDS; a note asks nothing. `order` counts from 1."""

    code: str
    kind: str
    order: int
    required: bool
    words: Mapping[str, str]
    hints: Mapping[str, str]
    options: Sequence[Option]
    length: int
    least: float
    most: float
    whole: bool

    def label(self, language: str) -> str:
        """Return what is asked, in `language`."""
        return self.words["en" if language.startswith("en") else "zh"]

    def hint(self, language: str) -> str:
        """Return how to answer, in `language`; '' where that needs no words."""
        return self.hints["en" if language.startswith("en") else "zh"]


@dataclass(frozen=True)
class Shown:
    """A question with its answer in words."""

    label: str
    answer: str


def of(service: Definition) -> list[Question]:
    """Return the questions of a service, in their order."""
    asked = service.data.get("questions", [])
    return [_question(entry, order) for order, entry in enumerate(asked, start=1)]


def _question(entry: Mapping[str, Any], order: int) -> Question:
    length = catalogue.load("limits")["answer"][f"{'text' if entry['kind'] == 'text' else 'line'}_length"]
    return Question(
        code=entry["code"], kind=entry["kind"], order=order, required=bool(entry.get("required")),
        words={"zh": entry["zh"], "en": entry["en"]},
        hints={"zh": entry.get("zh_hint", ""), "en": entry.get("en_hint", "")},
        options=[Option(one["code"], one["zh"], one["en"]) for one in entry.get("options", [])],
        length=entry.get("length", length), least=entry.get("least", -math.inf), most=entry.get("most", math.inf),
        whole=bool(entry.get("whole")),
    )  # fmt: skip


def checked(service: Definition, given: Given) -> tuple[Answers, list[Refusal]]:
    """Return the answers as they are kept, and why each one at fault is refused. Answers nobody asked for are left out.

    `given` has the values of each question by its code; an empty value is none.
    """
    answers: Answers = {}
    faults: list[Refusal] = []
    for question in of(service):
        values = [value for value in given.get(question.code, ()) if value.strip()]
        try:
            if question.kind != "note" and (values or question.required):
                answers[question.code] = _answer(question, values)
        except Refused as refused:
            faults.append(refused.refusal)
    return answers, faults


def answered(service: Definition, given: Given) -> Answers:
    """Return the answers as they are kept.

    Raises Refused naming the question: 'answer-missing', 'answer-choice', 'answer-number', 'answer-moment',
    'answer-once', 'text-too-long'.
    """
    answers, faults = checked(service, given)
    if faults:
        raise Refused(faults[0])
    return answers


def _answer(question: Question, values: Sequence[str]) -> Any:
    if not values:
        raise _refusal("answer-missing", question)
    if question.kind == "choices":
        return list(dict.fromkeys(_chosen(question, value) for value in values))
    if len(values) > 1:
        raise _refusal("answer-once", question)
    return _ONE[question.kind](question, values[0])


def _refusal(code: str, question: Question, **params: Any) -> Refused:
    told = {"question": question.label(get_language() or ""), **params}
    return Refused(Refusal(code, question.code, told))


def _chosen(question: Question, value: str) -> str:
    if value not in {option.code for option in question.options}:
        codes = ", ".join(option.code for option in question.options)
        raise _refusal("answer-choice", question, codes=codes)
    return value


def _line(question: Question, value: str) -> str:
    return _said(
        question, texts.clean_line(value, field=question.code, limit=question.length, required=False)
    )


def _text(question: Question, value: str) -> str:
    return _said(
        question, texts.clean_text(value, field=question.code, limit=question.length, required=False)
    )


def _said(question: Question, plain: str) -> str:
    if question.required and not plain:
        raise _refusal("answer-missing", question)
    return plain


def _number(question: Question, value: str) -> float | int:
    plain = value.strip()
    number = float(plain) if _NUMBER.fullmatch(plain) else math.nan
    if not question.least <= number <= question.most or (question.whole and number != int(number)):
        raise _refusal("answer-number", question)
    return int(number) if number == int(number) else number


def _moment(question: Question, value: str) -> str:
    try:
        at = datetime.fromisoformat(value.strip())
        at = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
        return at.astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        raise _refusal("answer-moment", question) from None


_ONE = {"line": _line, "text": _text, "number": _number, "choice": _chosen, "moment": _moment}


def shown(service: Definition, answers: Answers, language: str) -> list[Shown]:
    """Return the questions that were answered, each with its answer in words, in the questions' order."""
    return [
        Shown(question.label(language), _words(question, answers[question.code], language))
        for question in of(service)
        if answers.get(question.code, "") != ""
    ]


def _words(question: Question, answer: Any, language: str) -> str:
    if question.kind == "moment":
        here = datetime.fromisoformat(answer).astimezone(ZoneInfo(settings.TIME_ZONE))
        return here.strftime("%Y-%m-%d %H:%M")
    if question.kind not in {"choice", "choices"}:
        return str(answer)
    english = language.startswith("en")
    names = {option.code: option.en if english else option.zh for option in question.options}
    codes: list[str] = answer if isinstance(answer, list) else [answer]
    return (", " if english else "、").join(names.get(code, code) for code in codes)
