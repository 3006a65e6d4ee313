"""Which services programs outside see: those whose data has a table [open311], as one service or one a category."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language

from xianfeng.foundation.kernel import catalogue
from xianfeng.matters import questions, services
from xianfeng.matters.models import Service
from xianfeng.matters.questions import Question
from xianfeng.matters.services import Definition

_TYPES = {
    "line": "string", "text": "text", "number": "number", "choice": "singlevaluelist", "choices": "multivaluelist",
    "moment": "datetime", "note": "string", "date": "string", "place": "string",
}  # fmt: skip
BATCH = "batch"


@dataclass(frozen=True)
class Offered:
    """One Open311 service: `code` outside, and what it is here. `category` '' stands for none."""

    code: str
    service: Definition
    category: str
    by_category: bool

    @property
    def told(self) -> dict[str, Any]:
        """Return the service's own [open311] table."""
        found: dict[str, Any] = self.service.data["open311"]
        return found

    @property
    def batch(self) -> bool:
        """Tell whether a request is answered with a token instead of a number."""
        return bool(self.told["type"] == BATCH)

    @property
    def public_address(self) -> bool:
        """Tell whether an address may be read by anybody; otherwise it is a door, for who takes the matter alone."""
        return bool(self.told["address"] == "public")

    def matters(self) -> Q:
        """Return the condition on matters of this service."""
        same = Q(service_code=self.service.code)
        return same & Q(category=self.category) if self.by_category else same


def offered() -> list[Offered]:
    """Return all, in the order of the catalogue; one statement."""
    known = [one for one in services.all_current() if "open311" in one.data]
    known.sort(key=lambda one: (one.data["open311"]["order"], one.code))
    return [each for one in known for each in of(one)]


def of(service: Definition) -> list[Offered]:
    """Return a service as it is seen outside."""
    if not service.data["open311"].get("by_category"):
        return [Offered(service.code, service, str(service.data.get("category", "")), by_category=False)]
    named = [
        Offered(f"{service.code}-{category}", service, category, by_category=True)
        for category in catalogue.load("skills")
    ]
    return [*named, Offered(service.code, service, "", by_category=True)]


def find(code: str, among: Sequence[Offered]) -> Offered | None:
    """Return the service with this code outside, or None."""
    return next((one for one in among if one.code == code), None)


def kept_codes() -> list[str]:
    """Return the codes of all services that are or once were open to programs: what was reported stays readable."""
    rows = Service.objects.filter(definition__has_key="open311").values_list("code", flat=True)
    return list(rows.distinct())


def outside(service_code: str, version: int, category: str) -> Offered:
    """Return as what a matter of this service, version and category is seen."""
    service = services.version(service_code, version)
    told = service if "open311" in service.data else services.current(service_code)
    among = of(told)
    return next((one for one in among if one.category == category), among[-1])


def english() -> bool:
    """Tell whether the reader reads English."""
    return (get_language() or "").startswith("en")


def word(entry: dict[str, Any], name: str = "") -> str:
    """Return a text of the catalogue in the reader's language: zh or en, zh_name or en_name; '' where there is none."""
    language = "en" if english() else "zh"
    return str(entry.get(f"{language}_{name}" if name else language, ""))


def name(one: Offered) -> str:
    """Return the service's name outside."""
    if one.by_category and one.category:
        return word(catalogue.load("skills")[one.category])
    return word(one.service.data)


def shown(one: Offered) -> dict[str, Any]:
    """Return the row of GET services."""
    keywords = word(one.told, "keywords")
    if one.by_category and one.category:
        language = "en" if english() else "zh"
        words = [str(w) for w in catalogue.load("skills")[one.category]["words"]]
        keywords = ", ".join(w for w in words if w.isascii() is (language == "en"))
    return {
        "service_code": one.code, "service_name": name(one), "description": word(one.service.data, "what"),
        "metadata": bool(questions.of(one.service)), "type": one.told["type"],
        "keywords": keywords or name(one), "group": word(one.told, "group"),
    }  # fmt: skip


def definition(one: Offered) -> dict[str, Any]:
    """Return the body of GET services/{code}."""
    attributes = list(_attributes(questions.of(one.service), ""))
    for order, attribute in enumerate(attributes, start=1):
        attribute["order"] = order
    return {"service_code": one.code, "attributes": attributes}


def _attributes(asked: Sequence[Question], before: str) -> Iterator[dict[str, Any]]:
    """Yield the attributes of questions: of a repeat its first turn; photographs come as media, not as attributes."""
    for question in asked:
        if question.kind == "repeat":
            yield from _attributes(question.questions, f"{question.code}.1.")
        elif question.kind != "photo":
            yield _attribute(question, before)


def _attribute(question: Question, before: str) -> dict[str, Any]:
    language = "en" if english() else "zh"
    values = [{"key": option.code, "name": getattr(option, language)} for option in question.options]
    return {
        "variable": question.kind != "note", "code": f"{before}{question.code}", "datatype": _TYPES[question.kind],
        "required": question.required and not question.when and not before,
        "datatype_description": question.hint(language) or None,
        "order": question.order, "description": question.label(language), "values": values or None,
    }  # fmt: skip
