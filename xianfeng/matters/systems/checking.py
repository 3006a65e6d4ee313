"""Checks the folder of a system: every mistake of every file, with its line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.people import roles
from xianfeng.matters.duties import courses
from xianfeng.matters.states import LIMITS, OF_A_COURSE
from xianfeng.matters.systems import composing, forms, known, lines, shapes
from xianfeng.matters.systems.faults import Fault
from xianfeng.matters.systems.reading import Folder, Source

NUMBERS = (
    "return_free_minutes", "reopen_days", "reopen_times", "rating_days", "extend_times", "extend_minutes", "photos",
)  # fmt: skip
KEPT = ("address", "messages", "photos")
STATES = tuple(str(state) for state in LIMITS if state not in OF_A_COURSE)
_SHAPES: dict[str, type[BaseModel]] = {
    "system.toml": shapes.SystemFile, "limits.toml": shapes.LimitsFile, "demo.toml": shapes.DemoFile
}  # fmt: skip
_ENTRIES: dict[str, type[BaseModel]] = {"categories.toml": shapes.Category, "texts.toml": shapes.Text}


def check(folder: Folder) -> list[Fault]:
    """Return all that is wrong with a folder, by file and line; empty: it can be loaded."""
    faults = list(folder.faults)
    if "system.toml" not in folder.files and not any(fault.file in {"", "system.toml"} for fault in faults):
        faults.append(Fault("system.toml", 1, "file-missing", {}))
    for source in folder.files.values():
        faults += _of_file(source)
    if not faults:
        faults = [fault for rule in _RULES for fault in rule(folder)]
    return sorted(faults, key=lambda fault: (fault.file, fault.line, fault.code))


def check_draft(definition: Mapping[str, Any]) -> list[Fault]:
    """Return what is wrong with a service as the desk edits it, by part: 'service', 'questions', 'categories'.

    Lines are those of the part as `lines.written` writes it.
    """
    own = {
        key: value for key, value in definition.items() if key not in {"questions", "categories", "system"}
    }
    source = Source("service", own)
    form, mine = _part("questions", definition.get("questions") or []), definition.get("categories", {})
    faults = _shaped(shapes.ServiceFile, source)
    if form.data["questions"]:
        faults += _shaped(shapes.FormFile, form) or list(forms.rules(form))
    faults += _draft_categories(mine)
    return faults or [*_limits(definition, source), *_category(source, mine), *_course(source, known.roles())]


def _part(name: str, data: Any) -> Source:
    read, known_lines = lines.of_yaml(lines.written({name: data}))
    return Source(name, read, known_lines)


def _draft_categories(mine: Mapping[str, Any]) -> Iterator[Fault]:
    read, known_lines = lines.of_yaml(lines.written(mine))
    source = Source("categories", read or {}, known_lines)
    for code, entry in source.data.items():
        yield from _shaped(shapes.Category, source, (code,), entry)
        if code in catalogue.load("skills"):
            yield Fault("categories", source.line((code,)), "taken", {"value": code})


def _of_file(source: Source) -> list[Fault]:
    if source.path in _SHAPES:
        return _shaped(_SHAPES[source.path], source)
    if source.path.startswith("services/"):
        return _shaped(shapes.ServiceFile, source)
    if source.path.startswith("forms/"):
        return _shaped(shapes.FormFile, source)
    return list(_entries(source))


def _entries(source: Source) -> Iterator[Fault]:
    """Check a file whose tables are entries by code: categories, texts, roles."""
    for code, entry in source.data.items():
        if not isinstance(entry, dict):
            yield Fault(source.path, source.line((code,)), "kind", {"key": code, "wanted": "table"})
        elif source.path == "roles.toml":
            yield from _role(source, code, entry)
        else:
            yield from _shaped(_ENTRIES[source.path], source, (code,), entry)


def _role(source: Source, code: str, entry: Mapping[str, Any]) -> Iterator[Fault]:
    try:
        roles.read(code, dict(entry))
    except (ValueError, TypeError, KeyError) as error:
        yield Fault(source.path, source.line((code,)), "role-unfit", {"why": str(error)})


def _shaped(
    shape: type[BaseModel], source: Source, way: Sequence[str | int] = (), data: Any = None
) -> list[Fault]:
    try:
        shape.model_validate(source.data if data is None else data)
    except ValidationError as error:
        return [_fault(source, way, one) for one in cast("list[dict[str, Any]]", error.errors())]
    return []


def _fault(source: Source, way: Sequence[str | int], error: dict[str, Any]) -> Fault:
    loc = [part for part in error["loc"] if part != "[key]" and not str(part).startswith("function-")]
    code, params = _said(error)
    whole = (*way, *loc)
    return Fault(source.path, source.line(whole), code, {"key": ".".join(map(str, whole)) or "?", **params})


def _said(error: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return which sentence says an error of pydantic, and what that is filled with."""
    kind, told = error["type"], error.get("ctx", {})
    if kind in {"missing", "extra_forbidden", "string_too_short"}:
        return {"missing": "missing", "extra_forbidden": "unknown-key", "string_too_short": "empty"}[kind], {}
    if kind in {"literal_error", "enum"}:
        return "not-among", {"among": told["expected"], "value": str(error["input"])[:60]}
    if kind == "string_pattern_mismatch":
        return "code-unfit", {"value": str(error["input"])[:60]}
    if kind.endswith(("_type", "_parsing")):
        return "kind", {"wanted": kind.rpartition("_")[0]}
    return "bounds", {"why": error["msg"]}


def _codes(folder: Folder) -> Iterator[Fault]:
    """The folder and each file are named by the code inside: what is read is what was meant."""
    system = folder.source("system.toml")
    if system.data["code"] != folder.name:
        yield Fault("system.toml", system.line(("code",)), "code-is-not-folder", {"folder": folder.name})
    for code, source in folder.within("services").items():
        if source.data["code"] != code:
            yield Fault(source.path, source.line(("code",)), "code-is-not-file", {"file": code})
    for code, source in folder.within("forms").items():
        if f"services/{code}.toml" not in folder.files:
            yield Fault(source.path, 1, "form-without-service", {"service": code})


def _services(folder: Folder) -> Iterator[Fault]:
    own = folder.source("categories.toml").data
    for code, source in folder.within("services").items():
        yield from _limits(composing.service(folder, code), source)
        yield from _category(source, own)
        yield from _course(source, folder.source("roles.toml").data)
        yield from _cases(source, own)


def _limits(whole: Mapping[str, Any], source: Source) -> Iterator[Fault]:
    """Each state that is not an end has a limit, each number a value; and nothing else is said."""
    for table, wanted in (("limits_minutes", STATES), ("numbers", NUMBERS), ("retention_days", KEPT)):
        given = whole.get(table, {})
        for name in wanted:
            if name not in given:
                yield Fault(source.path, source.line((table,)), "limit-missing", {"key": f"{table}.{name}"})
        for name in source.data.get(table, {}):
            if name not in wanted:
                key = {"key": f"{table}.{name}", "among": ", ".join(wanted)}
                yield Fault(source.path, source.line((table, name)), "limit-unknown", key)


def _usual(folder: Folder) -> Iterator[Fault]:
    source = folder.source("limits.toml")
    for table, wanted in (("limits_minutes", STATES), ("numbers", NUMBERS), ("retention_days", KEPT)):
        for name in source.data.get(table, {}):
            if name not in wanted:
                key = {"key": f"{table}.{name}", "among": ", ".join(wanted)}
                yield Fault(source.path, source.line((table, name)), "limit-unknown", key)


def _course(source: Source, roles_too: Mapping[str, Any]) -> Iterator[Fault]:
    """A ladder leads up and ends, its posts are roles, its limits are limits; who hands over by duty has a course."""
    course = source.data.get("course")
    if (course is not None) != (source.data.get("handover") in {"duty", "assign"}):
        yield Fault(
            source.path, source.line(("handover",)), "course-unfit", {"why": "duty or assign, and a course"}
        )
    for way, why in courses.faults(course, {**catalogue.load("roles"), **roles_too}) if course else ():
        yield Fault(source.path, source.line(("course", *way)), "course-unfit", {"why": why})


def _category(source: Source, own: Mapping[str, Any]) -> Iterator[Fault]:
    code = source.data.get("category", "")
    if code and code not in own and code not in catalogue.load("skills"):
        yield Fault(source.path, source.line(("category",)), "category-unknown", {"value": code})


def _cases(source: Source, own: Mapping[str, Any]) -> Iterator[Fault]:
    for turn, case in enumerate((source.data.get("course") or {}).get("cases", [])):
        if case["category"] not in own and case["category"] not in catalogue.known("skills"):
            line = source.line(("course", "cases", turn, "category"))
            yield Fault(source.path, line, "category-unknown", {"value": case["category"]})


def _forms(folder: Folder) -> Iterator[Fault]:
    for source in folder.within("forms").values():
        yield from forms.rules(source)


def _additions(folder: Folder) -> Iterator[Fault]:
    """What a system adds must not take the place of what the house has."""
    for path, name in (("categories.toml", "skills"), ("roles.toml", "roles")):
        source = folder.source(path)
        for code in source.data:
            if code in catalogue.load(name):
                yield Fault(path, source.line((code,)), "taken", {"value": code})


def _lines_of_roles(folder: Folder) -> Iterator[Fault]:
    """Who is asked where a post is vacant: a line upwards that ends."""
    source = folder.source("roles.toml")
    whole = {**catalogue.load("roles"), **source.data}
    for code in source.data:
        seen, at = {code}, whole[code].get("above", "")
        while at:
            if at not in whole or at in seen:
                fault = "role-unknown" if at not in whole else "round"
                yield Fault("roles.toml", source.line((code, "above")), fault, {"value": at})
                break
            seen.add(at)
            at = whole[at].get("above", "")


def _demo(folder: Folder) -> Iterator[Fault]:
    source = folder.source("demo.toml")
    for turn, need in enumerate(source.data.get("needs", [])):
        if f"services/{need['service']}.toml" not in folder.files:
            line = source.line(("needs", turn, "service"))
            yield Fault("demo.toml", line, "service-unknown", {"value": need["service"]})


_RULES: tuple[Callable[[Folder], Iterator[Fault]], ...] = (
    _codes, _usual, _services, _forms, _additions, _lines_of_roles, _demo,
)  # fmt: skip
