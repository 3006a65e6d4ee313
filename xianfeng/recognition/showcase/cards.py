"""The sharing card of an achievement: a picture with what it is, what it brought, and a code that leads to its page."""

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import segno
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from xianfeng.foundation.kernel.refusals import Refused

WIDTH, HEIGHT, EDGE = 900, 1200, 64
PAPER, INK, SOFT, BAMBOO, LEAF = "#EEF4F1", "#14201C", "#42524B", "#0E6A54", "#3F9B7C"
# where systems keep Noto CJK, the fonts of all papers (docs/adr/0012-papers.md)
FONTS = tuple(
    Path(folder) / name
    for folder in (
        "/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/google-noto-cjk",
        "/usr/share/fonts/google-noto-sans-cjk-fonts", "/Library/Fonts",
    )
    for name in ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Medium.ttc", "NotoSansCJKsc-Regular.otf")
)  # fmt: skip
_SIMPLIFIED = 2  # the face for simplified Chinese within Noto's collection


@dataclass(frozen=True)
class Card:
    """What a card says; `yuan` is the verified income of the whole chain, `address` where the code leads."""

    title: str
    kind: str
    who: str
    where: str
    seal: str
    yuan: int
    address: str


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    """Return the Chinese font at a size in pixels. Raises Refused 'card-font-missing'."""
    for path in FONTS:
        if path.is_file():
            return ImageFont.truetype(str(path), size, index=_SIMPLIFIED if path.suffix == ".ttc" else 0)
    raise Refused("card-font-missing")


def drawn(card: Card) -> bytes:
    """Return the card as PNG, 900 by 1200 pixels. Raises Refused 'card-font-missing'."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 220), fill=BAMBOO)
    pen.text((EDGE, 60), _("先锋 · 成果"), font=_font(36), fill="#FFFFFF")
    pen.text((EDGE, 124), card.kind, font=_font(48), fill="#FFFFFF")
    _seal(pen, card.seal)
    below = _title(pen, card.title, top=280)
    pen.text((EDGE, below + 24), _fitted(f"{card.who} · {card.where}", 34), font=_font(34), fill=SOFT)
    if card.yuan:
        _worth(pen, card.yuan, top=below + 110)
    _code(image, pen, card.address)
    return _png(image)


def _seal(pen: ImageDraw.ImageDraw, character: str) -> None:
    """Draw the organisation's seal: a square with one character; a longer one is cut."""
    box = (WIDTH - EDGE - 96, 62, WIDTH - EDGE, 158)
    pen.rounded_rectangle(box, 12, outline="#FFFFFF", width=4)
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    pen.text(middle, character[:1], font=_font(60), fill="#FFFFFF", anchor="mm")


def _title(pen: ImageDraw.ImageDraw, title: str, top: int) -> int:
    """Draw a title over at most four lines; return where it ends."""
    for line in _lines(title, 60, most=4):
        pen.text((EDGE, top), line, font=_font(60), fill=INK)
        top += 84
    return top


def _lines(text: str, size: int, most: int) -> list[str]:
    """Break a text where it leaves the card; what does not fit in `most` lines ends in an ellipsis."""
    lines = [""]
    for mark in text:
        if lines[-1] and _font(size).getlength(lines[-1] + mark) > WIDTH - 2 * EDGE:
            lines.append("")
        lines[-1] += mark
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][:-1] + "…"]
    return lines


def _fitted(text: str, size: int) -> str:
    return _lines(text, size, most=1)[0]


def _worth(pen: ImageDraw.ImageDraw, yuan: int, top: int) -> None:
    pen.rectangle((EDGE, top, EDGE + 8, top + 108), fill=LEAF)
    pen.text((EDGE + 32, top), _("带来增收，已核实"), font=_font(32), fill=SOFT)
    pen.text((EDGE + 32, top + 46), _("%(n)s 元") % {"n": f"{yuan:,}"}, font=_font(56), fill=BAMBOO)


def _code(image: Image.Image, pen: ImageDraw.ImageDraw, address: str) -> None:
    """Draw the code in the lower right corner, on white, with what to do beside it."""
    code, bits = segno.make(address, error="m"), io.BytesIO()
    code.save(bits, kind="png", scale=8, border=2, dark=INK, light="#FFFFFF")
    bits.seek(0)
    square = Image.open(bits).convert("RGB").resize((260, 260), Image.Resampling.NEAREST)
    image.paste(square, (WIDTH - EDGE - 260, HEIGHT - EDGE - 260))
    pen.text((EDGE, HEIGHT - EDGE - 150), _("扫一扫，看怎么做"), font=_font(40), fill=INK)
    pen.text((EDGE, HEIGHT - EDGE - 86), _("也可以请他来教"), font=_font(32), fill=SOFT)


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
