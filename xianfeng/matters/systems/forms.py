"""What must hold among the questions of a form beyond the shape of each."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xianfeng.matters.systems.faults import Fault
from xianfeng.matters.systems.reading import Source

Way = tuple[str | int, ...]
_ONLY = {
    "options": ("choice", "choices"), "length": ("line", "text"), "whole": ("number",), "zh_unit": ("number",),
    "en_unit": ("number",), "least": ("number", "photo"), "most": ("number", "photo"), "times": ("repeat",),
    "questions": ("repeat",),
}  # fmt: skip
RESERVED = frozenset(
    {
        "title", "text", "category", "wanted", "window", "day", "hour", "area", "lat", "lon", "datum", "address",
        "firm", "photos", "key", "pioneer", "offer", "service", "answers", "urgent",
    }
)  # fmt: skip
_PAIRS = (("zh_hint", "en_hint"), ("zh_unit", "en_unit"))


def rules(source: Source) -> Iterator[Fault]:
    """Yield what is wrong with a form whose shape is right."""
    yield from _level(source, source.data["questions"], ("questions",))


def _level(source: Source, asked: Sequence[Mapping[str, Any]], way: Way) -> Iterator[Fault]:
    before: dict[str, Mapping[str, Any]] = {}
    for turn, one in enumerate(asked):
        here = (*way, turn)
        if one["code"] in RESERVED and len(way) == 1:
            yield _fault(source, (*here, "code"), "code-reserved", value=one["code"])
        if one["code"] in before:
            yield _fault(source, (*here, "code"), "twice", value=one["code"])
        yield from _question(source, one, here)
        yield from _when(source, one.get("when"), before, (*here, "when"))
        before[one["code"]] = one
        if one.get("questions"):
            yield from _within(source, one["questions"], (*here, "questions"))


def _within(source: Source, asked: Sequence[Mapping[str, Any]], way: Way) -> Iterator[Fault]:
    for turn, one in enumerate(asked):
        if one["kind"] in {"repeat", "note"}:
            yield _fault(source, (*way, turn, "kind"), "not-in-repeat", value=one["kind"])
    yield from _level(source, asked, way)


def _question(source: Source, one: Mapping[str, Any], way: Way) -> Iterator[Fault]:
    kind = one["kind"]
    for key, kinds in _ONLY.items():
        if one.get(key) and kind not in kinds:
            yield _fault(source, (*way, key), "key-of-other-kind", key=key, value=kind)
    for first, second in _PAIRS:
        if bool(one.get(first)) is not bool(one.get(second)):
            said, lacking = (first, second) if one.get(first) else (second, first)
            yield _fault(source, (*way, said), "one-language", key=lacking)
    if kind in {"choice", "choices"}:
        yield from _options(source, one, way)
    if kind == "repeat" and not one.get("questions"):
        yield _fault(source, way, "repeat-empty", value=one["code"])
    if kind == "note" and one.get("required"):
        yield _fault(source, (*way, "required"), "note-required")
    if one.get("least", 0) > one.get("most", float("inf")):
        yield _fault(source, (*way, "least"), "least-over-most")


def _options(source: Source, one: Mapping[str, Any], way: Way) -> Iterator[Fault]:
    options = one.get("options", [])
    if len(options) < 2:
        yield _fault(source, (*way, "kind"), "options-few", value=one["code"])
    codes = [option["code"] for option in options]
    for turn, code in enumerate(codes):
        if code in codes[:turn]:
            yield _fault(source, (*way, "options", turn, "code"), "twice", value=code)


def _when(
    source: Source, when: Mapping[str, Any] | None, before: Mapping[str, Mapping[str, Any]], way: Way
) -> Iterator[Fault]:
    """A condition names a question that was asked before: so no question waits for itself."""
    if when is None:
        return
    other = before.get(when["question"])
    if other is None:
        yield _fault(source, (*way, "question"), "when-unknown", value=when["question"])
        return
    known = {option["code"] for option in other.get("options", [])}
    wanted = when.get("is", [])
    for value in [wanted] if isinstance(wanted, str) else wanted:
        if value not in known:
            yield _fault(source, (*way, "is"), "when-never", value=value, question=when["question"])
    if not wanted and other["kind"] != "number":
        yield _fault(source, way, "when-empty", question=when["question"])


def _fault(source: Source, way: Way, code: str, **params: Any) -> Fault:
    return Fault(source.path, source.line(way), code, params)
