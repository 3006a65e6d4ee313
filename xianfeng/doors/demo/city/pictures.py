"""Drawn pictures that stand for photographs, in the colours of the design language."""

from collections.abc import Callable

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 900
MIST, CARD, SUNK, INK = "#EEF4F1", "#FFFFFF", "#E2ECE7", "#14201C"
BAMBOO, LEAF, CINNABAR, SILK, OCHRE, LAKE = "#0E6A54", "#3F9B7C", "#C2371F", "#B3770B", "#C4681A", "#1B5F8C"
Pen = ImageDraw.ImageDraw


def _socket(pen: Pen) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=SUNK)
    for x in range(0, WIDTH, 150):
        for y in range(0, HEIGHT, 150):
            pen.rectangle((x + 4, y + 4, x + 146, y + 146), fill=MIST)
    pen.rounded_rectangle((420, 270, 780, 630), 36, fill=CARD, outline=INK, width=8)
    for x in (520, 660):
        pen.rounded_rectangle((x, 400, x + 22, 500), 8, fill=INK)
    pen.line([(760, 250), (830, 330), (780, 340), (860, 440)], fill=OCHRE, width=16, joint="curve")


def _line(pen: Pen) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=MIST)
    pen.rectangle((0, 640, WIDTH, HEIGHT), fill=SUNK)
    pen.rounded_rectangle((80, 500, 1120, 600), 50, fill=INK)
    for x in range(130, 1100, 120):
        pen.ellipse((x, 520, x + 60, 580), fill=LEAF)
    for at, x in enumerate((200, 420, 610, 690)):
        pen.rectangle((x, 390, x + 110, 498), fill=CINNABAR if at == 3 else SILK, outline=INK, width=6)
    pen.polygon([(820, 200), (980, 200), (940, 430), (860, 430)], fill=BAMBOO)


def _field(pen: Pen) -> None:
    pen.rectangle((0, 0, WIDTH, 380), fill="#DDEAF3")
    pen.polygon([(0, 380), (300, 190), (560, 360), (860, 160), (1200, 380)], fill="#A9CBBE")
    pen.rectangle((0, 380, WIDTH, HEIGHT), fill="#8FB98A")
    for row in range(9):
        for column in range(16):
            x, y = column * 78 + (row % 2) * 30, 430 + row * 52
            tone = SILK if column + row > 17 else BAMBOO
            pen.line([(x, y + 36), (x + 8, y)], fill=tone, width=7)
            pen.line([(x, y + 36), (x - 12, y + 6)], fill=tone, width=7)


def _roof(pen: Pen) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=SUNK)
    pen.polygon([(0, 0), (WIDTH, 0), (WIDTH, 260), (0, 340)], fill="#C9D6D0")
    pen.line([(560, 300), (620, 180), (600, 90), (680, 0)], fill=INK, width=8)
    for at in range(4):
        y = 340 + at * 95
        pen.ellipse((575, y, 605, y + 44), fill=LAKE)
    pen.polygon([(440, 720), (740, 720), (700, 870), (480, 870)], fill=OCHRE, outline=INK)
    pen.ellipse((440, 690, 740, 750), fill=LAKE, outline=INK, width=6)


def _river(pen: Pen) -> None:
    pen.rectangle((0, 0, WIDTH, 420), fill="#DDEAF3")
    pen.rectangle((0, 420, WIDTH, HEIGHT), fill="#8CB7C9")
    pen.pieslice((250, 180, 950, 880), 180, 360, fill="#9AABA3")
    pen.pieslice((360, 290, 840, 770), 180, 360, fill="#DDEAF3")
    pen.rectangle((250, 530, 950, HEIGHT), fill="#8CB7C9")
    for at, (x, y) in enumerate(((300, 620), (520, 700), (740, 610), (900, 760), (420, 800))):
        pen.rounded_rectangle((x, y, x + 90, y + 34), 16, fill=(CARD, CINNABAR, SILK)[at % 3])


def _phone(pen: Pen) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill="#E6D8C3")
    pen.rounded_rectangle((420, 90, 780, 810), 50, fill=INK)
    pen.rectangle((446, 150, 754, 740), fill=CARD)
    for at in range(5):
        pen.rounded_rectangle(
            (470, 180 + at * 110, 730, 260 + at * 110), 16, fill=(CINNABAR, OCHRE, SILK)[at % 3]
        )


def _corner(pen: Pen) -> None:
    pen.rectangle((0, 0, WIDTH, 480), fill="#DDEAF3")
    pen.rectangle((0, 480, WIDTH, HEIGHT), fill="#A9CBBE")
    pen.polygon(
        [(380, HEIGHT), (820, HEIGHT), (700, 520), (1200, 430), (1200, 380), (560, 500)], fill="#7F8B86"
    )
    pen.rectangle((0, 220, 520, 620), fill="#C9D6D0")
    for x in range(40, 500, 150):
        pen.rectangle((x, 300, x + 90, 400), fill=LAKE)


def _bench(pen: Pen) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=MIST)
    pen.rectangle((0, 640, WIDTH, HEIGHT), fill="#A9CBBE")
    pen.rectangle((830, 260, 880, 680), fill=OCHRE)
    pen.ellipse((640, 40, 1080, 420), fill=LEAF)
    pen.rectangle((180, 540, 640, 580), fill=OCHRE)
    for x in (210, 590):
        pen.rectangle((x, 580, x + 26, 690), fill=INK)
    pen.ellipse((330, 300, 420, 390), fill="#D9B99B")
    pen.rounded_rectangle((300, 390, 450, 560), 60, fill=LAKE)


SCENES: dict[str, Callable[[Pen], None]] = {
    "electric": _socket, "machines": _line, "farming": _field, "housing": _roof, "environment": _river,
    "digital": _phone, "traffic": _corner, "elderly": _bench,
}  # fmt: skip


def drawn(scene: str) -> Image.Image:
    """Return the picture of a scene, 1200 by 900 pixels."""
    image = Image.new("RGB", (WIDTH, HEIGHT), CARD)
    SCENES[scene](ImageDraw.Draw(image))
    return image
