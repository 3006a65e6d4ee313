"""The English of the pages: xianfeng/locale/en. Needs no gettext programs.

python -m tools.texts check              every marked text has its English, and .mo is the one of .po
python -m tools.texts merge FILE.json …  take English in ({"中文": "English"}, or a pair for plurals), drop stale ones
python -m tools.texts missing            list what has no English
"""

import ast
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "xianfeng"
PO = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
_STRING = r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_ONE = re.compile(rf"\b(?:gettext|_)\(\s*u?{_STRING}\s*\)")
_MANY = re.compile(rf"\bngettext\(\s*u?{_STRING}\s*,\s*u?{_STRING}")
Key = tuple[str, str]


def in_python(path: Path) -> Iterator[Key]:
    """Yield the texts marked in a Python file: (text, plural or '')."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            words = [
                arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            if node.func.id in SINGLE and words:
                yield words[0], ""
            elif node.func.id in PLURAL and len(words) >= 2:
                yield words[0], words[1]


def in_template(path: Path) -> Iterator[Key]:
    """Yield the texts marked in a template."""
    from django.utils.translation.template import templatize

    code = templatize(path.read_text(), origin=str(path))
    for found in _MANY.finditer(code):
        yield ast.literal_eval(found[1]), ast.literal_eval(found[2])
    for found in _ONE.finditer(code):
        yield ast.literal_eval(found[1]), ""


def marked() -> dict[Key, str]:
    """Return every marked text with the first file it stands in."""
    found: dict[Key, str] = {}
    files = sorted(PACKAGE.rglob("*.py")) + sorted(PACKAGE.rglob("templates/**/*.html"))
    for path in files:
        for key in in_python(path) if path.suffix == ".py" else in_template(path):
            found.setdefault(key, str(path.relative_to(ROOT)))
    return found


def catalogue() -> polib.POFile:
    """Return the English texts as they stand, or an empty catalogue."""
    if PO.exists():
        return polib.pofile(str(PO))
    made = polib.POFile(wrapwidth=110)
    made.metadata = {
        "Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "8bit", "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }  # fmt: skip
    return made


def merge(files: list[str]) -> None:
    """Write .po and .mo anew: marked texts only, with what was known and what `files` bring."""
    known = {(entry.msgid, entry.msgid_plural): entry for entry in catalogue()}
    given: dict[str, str | list[str]] = {}
    for name in files:
        given |= json.loads(Path(name).read_text())
    made = catalogue()
    made.clear()
    for key, place in sorted(marked().items(), key=lambda item: (item[1], item[0])):
        made.append(_entry(key, place, given.get(key[0]), known.get(key)))
    PO.parent.mkdir(parents=True, exist_ok=True)
    made.save(str(PO))
    made.save_as_mofile(str(PO.with_suffix(".mo")))


def _entry(key: Key, place: str, given: str | list[str] | None, known: polib.POEntry | None) -> polib.POEntry:
    text, plural = key
    entry = polib.POEntry(msgid=text, occurrences=[(place, "")])
    if not plural:
        entry.msgstr = str(given) if given else known.msgstr if known else ""
        return entry
    entry.msgid_plural = plural
    forms = given if isinstance(given, list) else [given, given] if given else None
    entry.msgstr_plural = (
        dict(enumerate(forms)) if forms else known.msgstr_plural if known else {0: "", 1: ""}
    )
    return entry


def missing() -> list[str]:
    """Return what is wrong: texts without English, stale ones, placeholders that differ, an old .mo."""
    entries = {(entry.msgid, entry.msgid_plural): entry for entry in catalogue()}
    wanted = marked()
    wrong = [
        f"{place}: no English for {key[0]!r}" for key, place in wanted.items() if not _told(entries.get(key))
    ]
    wrong += [f"stale: {key[0]!r}" for key in entries if key not in wanted]
    wrong += [
        f"placeholders differ: {entry.msgid!r}" for entry in entries.values() if not _same_places(entry)
    ]
    return (
        wrong
        if _compiled_is_fresh()
        else [*wrong, f"{PO.with_suffix('.mo').name} is not the one of {PO.name}"]
    )


def _told(entry: polib.POEntry | None) -> bool:
    return entry is not None and (
        all(entry.msgstr_plural.values()) if entry.msgid_plural else bool(entry.msgstr)
    )


def _same_places(entry: polib.POEntry) -> bool:
    places = set(re.findall(r"%\(\w+\)s", entry.msgid + entry.msgid_plural))
    told = [*entry.msgstr_plural.values()] if entry.msgid_plural else [entry.msgstr]
    return all(set(re.findall(r"%\(\w+\)s", text)) <= places for text in told) and (
        bool(entry.msgid_plural) or set(re.findall(r"%\(\w+\)s", entry.msgstr)) == places or not entry.msgstr
    )


def _compiled_is_fresh() -> bool:
    compiled = PO.with_suffix(".mo")
    if not compiled.exists():
        return not PO.exists()
    wanted = {
        (entry.msgid, entry.msgstr, str(entry.msgstr_plural))
        for entry in polib.pofile(str(PO))
        if entry.translated()
    }
    stands = {(entry.msgid, entry.msgstr, str(entry.msgstr_plural)) for entry in polib.mofile(str(compiled))}
    return wanted == stands


def main(words: list[str]) -> int:
    """Run one of the commands above."""
    if words[:1] == ["merge"]:
        merge(words[1:])
        return 0
    wrong = missing()
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", write_through=True)
    for line in wrong:
        out.write(line + "\n")
    out.write(
        f"{len(wrong)} of {len(marked())} texts are not in order\n" if wrong else f"{len(marked())} texts\n"
    )
    return int(bool(wrong) and words[:1] == ["check"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
