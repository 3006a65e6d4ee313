"""What a service asks besides words and a place: questions as data, answers checked and shown by the same data.

Answers are given by the question's code; those within a repeat by its code, the turn and the question's: 'who.1.name'.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refusal, Refused
from xianfeng.matters import answering
from xianfeng.matters.services import Definition

KINDS = (
    "line", "text", "number", "choice", "choices", "date", "moment", "photo", "place", "repeat", "note",
)  # fmt: skip
PHOTOS = 3  # of one question that does not say how many
TIMES = 5  # a repeat that does not say how often
Given = Mapping[str, Sequence[str]]
Answers = dict[str, Any]


@dataclass(frozen=True)
class Option:
    """One thing to choose."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Question:
    """One question of a service. `kind` is one of KINDS; a note asks nothing. `order` counts from 1.

    `when`: it is asked only for certain answers of an earlier question; `times`: how often a repeat is asked at most.
    """

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
    units: Mapping[str, str] = field(default_factory=dict)
    when: Mapping[str, Any] | None = None
    times: int = TIMES
    questions: "Sequence[Question]" = ()

    def label(self, language: str) -> str:
        """Return what is asked, in `language`."""
        return self.words["en" if language.startswith("en") else "zh"]

    def hint(self, language: str) -> str:
        """Return how to answer, in `language`; '' where that needs no words."""
        return self.hints["en" if language.startswith("en") else "zh"]

    def unit(self, language: str) -> str:
        """Return what a number counts, in `language`; '' for none."""
        return self.units.get("en" if language.startswith("en") else "zh", "")


@dataclass(frozen=True)
class Shown:
    """A question with its answer in words; `photos` are keys, `point` is a place in WGS-84 degrees."""

    label: str
    answer: str
    photos: Sequence[str] = ()
    point: tuple[float, float] | None = None


def of(service: Definition) -> list[Question]:
    """Return the questions of a service, in their order."""
    return of_data(service.data)


def of_data(data: Mapping[str, Any]) -> list[Question]:
    """Return the questions of a definition, in their order."""
    return [_question(entry, order) for order, entry in enumerate(data.get("questions", []), start=1)]


def _question(entry: Mapping[str, Any], order: int) -> Question:
    kind = entry["kind"]
    length = catalogue.load("limits")["answer"][f"{'text' if kind == 'text' else 'line'}_length"]
    return Question(
        code=entry["code"], kind=kind, order=order, required=bool(entry.get("required")),
        words={"zh": entry["zh"], "en": entry["en"]},
        hints={"zh": entry.get("zh_hint", ""), "en": entry.get("en_hint", "")},
        options=[Option(one["code"], one["zh"], one["en"]) for one in entry.get("options", [])],
        length=entry.get("length", length), least=entry.get("least", -math.inf),
        most=entry.get("most", PHOTOS if kind == "photo" else math.inf), whole=bool(entry.get("whole")),
        units={"zh": entry.get("zh_unit", ""), "en": entry.get("en_unit", "")}, when=entry.get("when"),
        times=entry.get("times", TIMES),
        questions=[_question(one, turn) for turn, one in enumerate(entry.get("questions", []), start=1)],
    )  # fmt: skip


def checked(service: Definition, given: Given) -> tuple[Answers, list[Refusal]]:
    """Return the answers as they are kept, and why each one at fault is refused. Answers nobody asked for are left out.

    `given` has the values of each question by its code; an empty value is none.
    """
    asked = of(service)
    faults: list[Refusal] = []
    most = catalogue.load("limits")["answer"]["most"]
    if sum(len(values) or 1 for values in given.values()) > most:
        return {}, [Refusal("answers-too-many", "answers", {"most": most})]
    return (_level(asked, given, "", faults) if asked else {}), faults


def _level(asked: Sequence[Question], given: Given, before: str, faults: list[Refusal]) -> Answers:
    """Check the questions of one level; `before` is what stands before their codes ('', or 'who.1.')."""
    answers: Answers = {}
    for question in asked:
        if question.kind == "note" or not applies(question, answers):
            continue
        name = f"{before}{question.code}"
        values = [value for value in given.get(name, ()) if value.strip()]
        try:
            if question.kind == "repeat":
                answers |= _repeated(question, given, name, faults)
            elif values or question.required:
                answers[question.code] = answering.answer(question, values, name)
        except Refused as refused:
            faults.append(refused.refusal)
    return answers


def applies(question: Question, answers: Answers) -> bool:
    """Tell whether a question is asked, by the answers to the earlier ones."""
    if question.when is None:
        return True
    other, wanted = answers.get(question.when["question"]), question.when.get("is", [])
    if isinstance(other, int | float) and not wanted:
        return bool(question.when.get("least", -math.inf) <= other <= question.when.get("most", math.inf))
    said = other if isinstance(other, list) else [other]
    return bool(set(said) & set([wanted] if isinstance(wanted, str) else wanted))


def _repeated(question: Question, given: Given, name: str, faults: list[Refusal]) -> Answers:
    turns = turns_of(name, given)
    if len(turns) > question.times:
        raise answering.refusal("answer-times", question, name, times=question.times)
    rows = [_level(question.questions, given, f"{name}.{turn}.", faults) for turn in turns]
    if not rows and question.required:
        raise answering.refusal("answer-missing", question, name)
    return {question.code: rows} if rows else {}


def turns_of(name: str, given: Given) -> list[int]:
    """Return the turns of a repeat in which anything was answered, in order."""
    turn = re.compile(rf"{re.escape(name)}\.(\d{{1,3}})\.", re.ASCII)
    found = ((turn.match(key), values) for key, values in given.items())
    return sorted({int(match[1]) for match, values in found if match and any(one.strip() for one in values)})


def photos(service: Definition, answers: Answers) -> list[str]:
    """Return the keys of all photographs among the answers."""
    return list(_photos(of(service), answers))


def _photos(asked: Sequence[Question], answers: Answers) -> Iterator[str]:
    for question in asked:
        if question.kind == "photo":
            yield from answers.get(question.code, [])
        for row in answers.get(question.code, []) if question.kind == "repeat" else []:
            yield from _photos(question.questions, row)


def answered(service: Definition, given: Given) -> Answers:
    """Return the answers as they are kept.

    Raises Refused naming the question: 'answer-missing', 'answer-choice', 'answer-number', 'answer-moment',
    'answer-date', 'answer-place', 'answer-photos', 'answer-times', 'answer-once', 'text-too-long'; or
    'answers-too-many'.
    """
    answers, faults = checked(service, given)
    if faults:
        raise Refused(faults[0])
    return answers


def shown(service: Definition, answers: Answers, language: str) -> list[Shown]:
    """Return the questions that were answered, each with its answer in words, in the questions' order."""
    return _shown(of(service), answers, language)


def _shown(asked: Sequence[Question], answers: Answers, language: str) -> list[Shown]:
    given = ((question, answers.get(question.code)) for question in asked)
    return [
        _one(question, answer, language) for question, answer in given if answer not in ("", None, {}, [])
    ]


def _one(question: Question, answer: Any, language: str) -> Shown:
    label = question.label(language)
    if question.kind == "photo":
        return Shown(label, str(len(answer)), photos=answer)
    if question.kind == "place":
        point = (answer["lat"], answer["lon"]) if "lat" in answer else None
        words = answer["words"] or (f"{point[0]:.5f}, {point[1]:.5f}" if point else "")
        return Shown(label, words, point=point)
    if question.kind == "repeat":
        return _rows(question, answer, language)
    return Shown(label, _words(question, answer, language))


def _rows(question: Question, rows: Sequence[Answers], language: str) -> Shown:
    """Return what was answered in each turn, a line a turn."""
    colon, comma = (": ", ", ") if language.startswith("en") else ("：", "，")
    turns = [_shown(question.questions, row, language) for row in rows]
    told = [comma.join(f"{one.label}{colon}{one.answer}" for one in turn) for turn in turns]
    lines = [f"{number}. {line}" for number, line in enumerate(told, start=1)] if len(told) > 1 else told
    return Shown(
        question.label(language),
        "\n".join(lines),
        photos=[key for turn in turns for one in turn for key in one.photos],
    )


def _words(question: Question, answer: Any, language: str) -> str:
    if question.kind == "moment":
        here = datetime.fromisoformat(answer).astimezone(ZoneInfo(settings.TIME_ZONE))
        return here.strftime("%Y-%m-%d %H:%M")
    if question.kind == "number":
        return f"{answer} {question.unit(language)}".strip()
    if question.kind not in {"choice", "choices"}:
        return str(answer)
    english = language.startswith("en")
    names = {option.code: option.en if english else option.zh for option in question.options}
    codes: list[str] = answer if isinstance(answer, list) else [answer]
    return (", " if english else "、").join(names.get(code, code) for code in codes)
