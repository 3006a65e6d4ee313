"""Papers to print: PDF with the Chinese font embedded, set by typst from a template of `papers/` and plain values.

The same values give the same bytes. Fonts are the system's Noto CJK (docs/adr/0015-papers.md).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from xianfeng.foundation.kernel.refusals import Refused

PAPERS = Path(__file__).resolve().parent / "papers"
FAMILIES = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC")
SERIFS = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC")


@cache
def _fonts() -> typst.Fonts:
    """Return the system's fonts, looked for once a process."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


@cache
def family(*, serif: bool = False) -> str:
    """Return the Chinese family that this machine has. Raises Refused 'paper-fonts-missing'."""
    known = set(_fonts().families())
    found: str | None = next(
        (name for name in (*(SERIFS if serif else ()), *FAMILIES) if name in known), None
    )
    if found is None:
        raise Refused("paper-fonts-missing")
    return found


def pdf(template: str, given: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return the paper `papers/<template>.typ` filled with `given` (what JSON can say), dated `at`.

    The template finds it all as `json(bytes(sys.inputs.given))`, the font's family among it as `fonts`.
    Raises Refused 'paper-fonts-missing', KeyError for a template that is not there.
    """
    path = PAPERS / f"{template}.typ"
    if not path.is_file():
        raise KeyError(template)
    whole = {"fonts": family(), **given}
    made = typst.compile(
        str(path), root=str(PAPERS), format="pdf", font_paths=_fonts(), timestamp=int(at.timestamp()),
        sys_inputs={"given": json.dumps(whole, ensure_ascii=False)},
    )  # fmt: skip
    return bytes(made) if made is not None else b""
