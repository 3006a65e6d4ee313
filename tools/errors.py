"""docs/errors.md: every refusal of xianfeng/catalogue/texts/errors.toml, and what to do about it.

python -m tools.errors write   write the table anew
python -m tools.errors check   the table is the one of the file, every code that is given is in it, and none is stale
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "xianfeng"
TABLE = ROOT / "docs" / "errors.md"
SOURCE = PACKAGE / "catalogue" / "texts" / "errors.toml"
LANGUAGES = ("zh", "en")
Entry = dict[str, Any]
_GIVEN_BY = {"Refused", "Refusal"}
_ASKS = re.compile(r"(?:^|[，。；？])(请.*)$")
_LAST_SENTENCE = re.compile(r"[.?] (?!.*[.?] )(.+)$")
_HEAD = """\
# Errors

Every refusal has a stable code for programs and a sentence for people; pages and API give the same. The API answers
with `application/problem+json` (RFC 9457): `code`, `detail` (the sentence, in the language of `Accept-Language`),
`field` (what is at fault, if one thing is). What stands in braces is filled in, and comes as a member of the body
too. Whatever is refused changes nothing; the page keeps what was typed.

Written by `python -m tools.errors write` from `xianfeng/catalogue/texts/errors.toml`; a test holds the two together.

| code | status | 说什么 | what it says | 怎么办 | what to do |
|---|---|---|---|---|---|
"""


def entries() -> dict[str, Entry]:
    """Return the refusals of the catalogue by code."""
    found: dict[str, Entry] = tomllib.loads(SOURCE.read_text())
    return found


def to_do(entry: Entry, language: str) -> str:
    """Return what to do: as the entry says apart, else the part of its sentence that asks for it; '' if none does."""
    if own := entry.get(f"do_{language}"):
        return str(own)
    asks = _ASKS.search(entry["zh"])
    if asks is None:
        return ""
    if language == "zh":
        return asks[1]
    whole = asks[1] == entry["zh"]
    last = None if whole else _LAST_SENTENCE.search(entry["en"])
    return str(entry["en"]) if whole else last[1] if last else ""


def table(found: dict[str, Entry]) -> str:
    """Return the page."""
    return _HEAD + "".join(_row(code, entry) for code, entry in sorted(found.items()))


def _row(code: str, entry: Entry) -> str:
    said = [entry[language] for language in LANGUAGES] + [to_do(entry, language) for language in LANGUAGES]
    return f"| `{code}` | {entry['status']} | {' | '.join(text.replace('|', '/') for text in said)} |\n"


def constants(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield every string of a Python file, and whether it is given as the code of a refusal."""
    tree = ast.parse(path.read_text())
    codes = {id(one) for node in ast.walk(tree) if isinstance(node, ast.Call) for one in _code_of(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, id(node) in codes


def _code_of(call: ast.Call) -> list[ast.expr]:
    if not (isinstance(call.func, ast.Name) and call.func.id in _GIVEN_BY and call.args):
        return []
    first = call.args[0]
    return [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]


def wrong(found: dict[str, Entry], page: str) -> list[str]:
    """Return what is not in order: missing and stale codes, nothing said to do, a page that is not this table."""
    strings = {pair for path in PACKAGE.rglob("*.py") for pair in constants(path)}
    given = {text for text, is_code in strings if is_code}
    known = {text for text, _ in strings}
    faults = [f"{code} is given, but not in {SOURCE.name}" for code in sorted(given - set(found))]
    faults += [f"{code} is stale: nothing gives it" for code in found if code not in known]
    faults += [
        f"{code} does not say what to do: give it do_zh and do_en"
        for code, entry in found.items()
        if not all(to_do(entry, language) for language in LANGUAGES)
    ]
    return faults if page == table(found) else [*faults, f"{TABLE.name} is not the table of {SOURCE.name}"]


def main(words: list[str]) -> int:
    """Run one of the commands above."""
    if words[:1] == ["write"]:
        TABLE.write_text(table(entries()))
    faults = wrong(entries(), TABLE.read_text() if TABLE.exists() else "")
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    sys.stdout.write(f"{len(entries())} refusals\n")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
