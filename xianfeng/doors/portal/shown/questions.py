"""A service's questions as fields of a form, with what was typed and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.matters import questions
from xianfeng.matters.questions import Question
from xianfeng.matters.services import Definition

Given = Mapping[str, Sequence[str]]
_TYPES = {"number": "number", "date": "date", "moment": "datetime-local"}


@dataclass(frozen=True)
class Choice:
    """One thing to choose."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """One field: `name` without what stands before it in the form; `when` says in words when it is to be answered."""

    name: str
    kind: str
    label: str
    hint: str
    unit: str
    required: bool
    value: str
    values: Sequence[str]
    choices: Sequence[Choice]
    error: str
    limits: Mapping[str, Any]
    when: str = ""
    waits_for: str = ""
    waits_values: str = ""
    turns: Sequence[Sequence["Field"]] = field(default_factory=tuple)
    room: bool = False

    @property
    def type(self) -> str:
        """Return the kind of input this is in HTML."""
        return _TYPES.get(self.kind, "text")


def fields(service: Definition, typed: Given, errors: Mapping[str, str], more: str = "") -> list[Field]:
    """Return the fields of a service's form. `more`: the repeat that is to have one turn more."""
    return _level(questions.of(service), typed, errors, "", more)


def _level(
    asked: Sequence[Question], typed: Given, errors: Mapping[str, str], before: str, more: str
) -> list[Field]:
    known = {question.code: question for question in asked}
    return [_field(question, known, typed, errors, before, more) for question in asked]


def _field(  # noqa: PLR0917 - one place calls it
    question: Question,
    known: Mapping[str, Question],
    typed: Given,
    errors: Mapping[str, str],
    before: str,
    more: str,
) -> Field:
    language = get_language() or ""
    name = f"{before}{question.code}"
    values = [value for value in typed.get(name, ()) if value]
    turns = _turns(question, name, typed, errors, more) if question.kind == "repeat" else []
    return Field(
        name=name, kind=question.kind, label=question.label(language), hint=question.hint(language),
        unit=question.unit(language), required=question.required, value=values[0] if values else "", values=values,
        choices=_choices(question, values, language), error=errors.get(name, ""), limits=_limits(question),
        when=_when(question, known, language),
        waits_for=f"{before}{question.when['question']}" if question.when else "",
        waits_values=" ".join(_wanted(question)), turns=turns, room=0 < len(turns) < question.times,
    )  # fmt: skip


def _choices(question: Question, values: Sequence[str], language: str) -> list[Choice]:
    english = language.startswith("en")
    return [
        Choice(option.code, option.en if english else option.zh, option.code in values)
        for option in question.options
    ]


def _limits(question: Question) -> dict[str, Any]:
    """Return what the field itself may hold back: the browser's word, the house decides."""
    if question.kind == "number":
        bounds = {"min": question.least, "max": question.most}
        kept = {name: f"{at:.12g}" for name, at in bounds.items() if abs(at) != float("inf")}
        return {**kept, "step": "1" if question.whole else "any"}
    return {"maxlength": question.length} if question.kind in {"line", "text", "place"} else {}


def _turns(
    question: Question, name: str, typed: Given, errors: Mapping[str, str], more: str
) -> list[list[Field]]:
    """Return the turns that were answered and, where there is room, an empty one if none or one more was asked for."""
    answered = questions.turns_of(name, typed)
    following = (answered[-1] if answered else 0) + 1
    turns = [*answered, following] if not answered or more == name else answered
    return [
        _level(question.questions, typed, errors, f"{name}.{turn}.", more) for turn in turns[: question.times]
    ]


def _wanted(question: Question) -> list[str]:
    wanted = (question.when or {}).get("is", [])
    return [wanted] if isinstance(wanted, str) else list(wanted)


def _when(question: Question, known: Mapping[str, Question], language: str) -> str:
    """Say when a question is to be answered, for who sees all of them at once."""
    other = known.get(question.when["question"]) if question.when else None
    if other is None:
        return ""
    english = language.startswith("en")
    names = {option.code: option.en if english else option.zh for option in other.options}
    told = (", " if english else "、").join(names.get(code, code) for code in _wanted(question))
    if not told:
        return _("看“%(question)s”填了多少") % {"question": other.label(language)}
    return _("“%(question)s”选了“%(answer)s”才填") % {"question": other.label(language), "answer": told}
