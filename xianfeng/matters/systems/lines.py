"""On which line each part of a TOML or YAML file stands, so that a mistake can be shown where it was made.

A part is named by its way: ('questions', 0, 'options', 2, 'code').
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Way = tuple[str | int, ...]
Lines = Mapping[Way, int]
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(
    r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=(.*)", re.DOTALL
)
_MARK = re.compile(r'"""|\'\'\'|\\.|["\'#\[\]{}]')
_FIRST = ("code", "kind", "required", "zh", "en", "zh_hint", "en_hint", "zh_unit", "en_unit", "when")
_PLAIN = ("bool", "int", "float", "null", "str")


class AliasFound(yaml.YAMLError):
    """A YAML alias, which could make a small file endless."""

    def __init__(self, line: int) -> None:
        super().__init__("alias")
        self.line = line


def of_toml(text: str) -> Lines:
    """Return the line of each table and key of a TOML text that tomllib can read."""
    found: dict[Way, int] = {}
    counts: dict[Way, int] = {}
    table: Way = ()
    for number, line in _statements(text):
        if header := _HEADER.match(line):
            table = _table(header.group(1) == "[[", _parts(header.group(2)), counts)
            found[table] = number
        elif key := _KEY.match(line):
            found[(*table, *_parts(key.group(1)))] = number
    return found


def _parts(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]


def _table(is_array: bool, names: list[str], counts: dict[Way, int]) -> Way:
    """Return the way of a header; one of an array of tables is counted, and its tables stand below the last of it."""
    way: Way = ()
    for turn, name in enumerate(names, start=1):
        way = (*way, name)
        if is_array and turn == len(names):
            counts[way] = counts.get(way, -1) + 1
        if way in counts:
            way = (*way, counts[way])
    return way


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield the first line of each statement: what stands within brackets or long strings begins none."""
    quote, depth = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        header = not quote and not depth and _HEADER.match(line)
        if not quote and not depth:
            yield number, line
        if not header:
            quote, depth = _after(line, quote, depth)


def _after(line: str, quote: str, depth: int) -> tuple[str, int]:
    """Return which long string, and how many brackets, are open after `line`."""
    for mark in _MARK.findall(line):
        if quote:
            quote = "" if mark == quote else quote
        elif mark == "#":
            break
        elif mark in {'"', "'", '"""', "'''"}:
            quote = mark
        else:
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark, 0)
    return (quote if len(quote) == 3 else ""), depth


def written(data: Any) -> str:
    """Return data as YAML, as `of_yaml` reads it; '' for none."""
    return str(yaml.safe_dump(_ordered(data), allow_unicode=True, sort_keys=False, width=110)) if data else ""


def _ordered(data: Any) -> Any:
    """Put keys into the order in which people write them: the database keeps none."""
    if isinstance(data, list):
        return [_ordered(one) for one in data]
    if not isinstance(data, dict):
        return data
    first = [key for key in _FIRST if key in data]
    return {key: _ordered(data[key]) for key in [*first, *(key for key in data if key not in first)]}


def of_yaml(text: str) -> tuple[Any, Lines]:
    """Return the data of a YAML text and the lines of its parts. Raises yaml.YAMLError, AliasFound."""
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise AliasFound(event.start_mark.line + 1 if event.start_mark else 1)
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    found: dict[Way, int] = {}
    return (None if node is None else _data(node, (), found)), found


def _data(node: Node, way: Way, found: dict[Way, int]) -> Any:
    found.setdefault(way, node.start_mark.line + 1)
    if isinstance(node, MappingNode):
        return {key: _below(key, of, value, way, found) for key, of, value in _pairs(node)}
    if isinstance(node, SequenceNode):
        return [_data(one, (*way, turn), found) for turn, one in enumerate(node.value)]
    return _scalar(node)


def _pairs(node: MappingNode) -> Iterator[tuple[str, Node, Node]]:
    seen: set[str] = set()
    for key, value in node.value:
        name = str(key.value) if isinstance(key, ScalarNode) else ""
        if not name or name in seen:
            raise yaml.MarkedYAMLError(problem=f"{name or '?'} twice", problem_mark=key.start_mark)
        seen.add(name)
        yield name, key, value


def _below(name: str, key: Node, value: Node, way: Way, found: dict[Way, int]) -> Any:
    found[(*way, name)] = key.start_mark.line + 1
    return _data(value, (*way, name), found)


def _scalar(node: Node) -> Any:
    """Return a plain value; what YAML takes for a date or anything cleverer stays a text."""
    kind = node.tag.rpartition(":")[2]
    if kind not in _PLAIN or kind == "str":
        return str(node.value)
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node)
    finally:
        loader.dispose()
