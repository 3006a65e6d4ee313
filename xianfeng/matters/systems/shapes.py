"""The shape of each file of a system's folder: which keys, of what kind, within which bounds (docs/catalogue.md)."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Count = Annotated[int, Field(ge=0, le=100_000)]
Minutes = Annotated[int, Field(ge=1, le=5_256_000)]
Kind = Literal[
    "line", "text", "number", "choice", "choices", "date", "moment", "photo", "place", "repeat", "note"
]


class Shape(BaseModel):
    """A table that knows its keys."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Named(Shape):
    """A table with its name in both languages."""

    zh: Name
    en: Name


class SystemFile(Named):
    """system.toml."""

    code: Code
    zh_what: Sentence
    en_what: Sentence
    order: Count = 100


class Open311(Shape):
    """How programs outside see a service (docs/open311.md)."""

    order: Count
    type: Literal["realtime", "batch"]
    address: Literal["public", "sealed"]
    by_category: bool = False
    zh_group: Name
    en_group: Name
    zh_keywords: Sentence | None = None
    en_keywords: Sentence | None = None


class LimitsFile(Shape):
    """limits.toml, and the same tables of a service."""

    limits_minutes: dict[str, Minutes] = {}
    numbers: dict[str, Count] = {}
    retention_days: dict[str, Count] = {}


class Rung(Named):
    """One rung of a ladder: the post that is asked, how long it has, the rung above."""

    code: Code
    role: Code
    to: str = ""
    limit: str = ""
    urgent: str = ""


class Case(Shape):
    """What holds for matters of one category."""

    category: Code
    step: str = ""
    sector: str = ""
    limit: str = ""
    urgent: str = ""
    zh_filing: Sentence
    en_filing: Sentence
    zh_closing: Sentence
    en_closing: Sentence


class CourseTable(Shape):
    """The course of matters through posts (docs/engine.md)."""

    check: bool = True
    evaluate: bool = True
    check_metres: Count = 200
    pauses: Count = 1
    first: Code
    limit: str
    filed_limit: str
    check_limit: str
    extend: str
    ladder: Annotated[list[Rung], Field(min_length=1, max_length=12)]
    cases: list[Case] = []


class ServiceFile(Named, LimitsFile):
    """services/<code>.toml."""

    code: Code
    zh_what: Sentence
    en_what: Sentence
    handover: Literal["grab", "book", "nearest", "duty", "assign"]
    filing: bool
    raisers: list[Literal["person", "firm"]]
    rated: list[Literal["skill", "attitude", "speed"]]
    category: str = ""
    private: bool = False
    open311: Open311 | None = None
    course: CourseTable | None = None


class Option(Named):
    """One thing to choose."""

    code: Code


class When(Shape):
    """When a question is asked: another question's answer is one of `is`, or a number from `least` to `most`."""

    question: Code
    is_: list[str] | str | None = Field(default=None, alias="is")
    least: float | int | None = None
    most: float | int | None = None


class Asked(Shape):
    """One question, but for what stands inside a repeat."""

    code: Code
    kind: Kind
    zh: Sentence
    en: Sentence
    zh_hint: Sentence | None = None
    en_hint: Sentence | None = None
    zh_unit: Name | None = None
    en_unit: Name | None = None
    required: bool = False
    options: list[Option] = []
    length: Annotated[int, Field(ge=1, le=4000)] | None = None
    least: float | int | None = None
    most: float | int | None = None
    whole: bool = False
    when: When | None = None


class Question(Asked):
    """One question; a repeat holds its own, asked up to `times` times."""

    times: Annotated[int, Field(ge=1, le=20)] | None = None
    questions: list[Asked] = []


class FormFile(Shape):
    """forms/<code>.yaml."""

    questions: Annotated[list[Question], Field(min_length=1, max_length=60)]


class Category(Named):
    """A kind of need: `words` let a need's text suggest it."""

    icon: str = "leaf"
    words: list[str] = []


class Demo(Shape):
    """An invented need."""

    service: Code
    title: Name
    text: str = ""
    answers: dict[str, Any] = {}


class DemoFile(Shape):
    """demo.toml."""

    needs: list[Demo] = []


class Text(Shape):
    """A text of a system, in both languages."""

    zh: Sentence
    en: Sentence
