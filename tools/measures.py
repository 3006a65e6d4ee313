"""docs/measures.md: every measure of xianfeng/catalogue/cockpit/measures.toml, its formula and its source.

python -m tools.measures write   write the page anew
python -m tools.measures check   the page is the one of the file
"""

import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "xianfeng" / "catalogue" / "cockpit" / "measures.toml"
PAGE = ROOT / "docs" / "measures.md"
UNITS = {
    "matter": "件 matters", "minute": "分钟 minutes", "yuan": "元 yuan", "share": "n/N", "job": "个 jobs",
}  # fmt: skip
HEAD = """\
# Measures

What the cockpit measures, each defined once. Behind every figure stand exactly the rows it counts. A share always
brings its n and N; a median brings the bucket it lies in (docs/cockpit.md); for the public figures of fewer than 3 are
not shown. Days are those of the city; a measure "now" says what stands at this moment, whatever time is asked for.

Written by `python -m tools.measures write` from `xianfeng/catalogue/cockpit/measures.toml`; a test holds them together.

| code | 名称 | name | unit | counts by | 怎么算 | formula | source |
|---|---|---|---|---|---|---|---|
"""


def page() -> str:
    """Return the page."""
    rows = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return HEAD + "".join(_line(code, row) for code, row in rows.items())


def _line(code: str, row: dict[str, Any]) -> str:
    cells = [
        f"`{code}`", row["zh"], row["en"], UNITS[row["unit"]], row["when"], row["zh_formula"], row["en_formula"],
        row["source"],
    ]  # fmt: skip
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n"


def main(words: list[str]) -> int:
    """Run one command; return the exit code."""
    if words == ["write"]:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
        print("docs/measures.md is not that of measures.toml: run `python -m tools.measures write`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
