"""What people and programs send that is not as it should be, for tests of both doors."""

import io
import struct
import zlib

from PIL import Image

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>"

# typed → as it stands afterwards
ODD = {
    "rare Han": ("𠮷野家门口的灯坏了㐀𪚥", "𠮷野家门口的灯坏了㐀𪚥"),
    "emoji": ("👨‍👩‍👧 灯坏了 👍🏽🇨🇳", "👨‍👩‍👧 灯坏了 👍🏽🇨🇳"),
    "control characters": ("灯\x07坏\x1b[31m了\x7f", "灯坏[31m了"),
    "NUL": ("灯\x00坏了", "灯坏了"),
    "turned round": ("\u202e灯坏了\u202c", "灯坏了"),
    "two forms of one letter": ("cafe\u0301 停电", "café 停电"),
    "markup": (MARKUP, MARKUP),
    "an entity": ("灯&lt;坏&#x4e86;", "灯&lt;坏&#x4e86;"),
    "a template": ("{{ 7|add:7 }}{% now %}${7*7}", "{{ 7|add:7 }}{% now %}${7*7}"),
    "SQL": ("'; DROP TABLE matters_matter; --", "'; DROP TABLE matters_matter; --"),
    "SQL for LIKE": ("100%_\\' OR '1'='1", "100%_\\' OR '1'='1"),
    "placeholders": ("%s %(a)s {0} {a}", "%s %(a)s {0} {a}"),
    "a formula": ('=HYPERLINK("http://x","灯")', '=HYPERLINK("http://x","灯")'),
    "sixty rare Han": ("𠮷" * 60, "𠮷" * 60),
}  # fmt: skip

EMPTY = ["", "   ", "\n\t", "\u3000", "\u200b\u200d", "\x00\x01", "\ufeff"]

# fields, the code, the field at fault in the API, and on the page
FAULTS = {
    "title of 61": ({"title": "𠮷" * 61}, "text-too-long", "title"),
    "text of 4,001": ({"text": "长" * 4001}, "text-too-long", "text"),
    "door of 81": ({"address": "长" * 81}, "text-too-long", "address"),
    "when": ({"wanted": "' OR 1=1"}, "wanted-unknown", "wanted"),
    "category": ({"category": "<b>"}, "category-unknown", "category"),
}


def png(width: int, height: int) -> bytes:
    """Return a PNG of a few hundred bytes that claims any size, and whose pixels are not there."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 4096))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb() -> bytes:
    """Return a whole PNG of 50,000 × 50,000 pixels, one bit each, small as a file until it is unpacked."""
    line = zlib.compressobj(9)
    rows = b"\0" * (1 + 50_000 // 8) * 100
    packed = b"".join(line.compress(rows) for _ in range(500)) + line.flush()
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def jpeg() -> bytes:
    """Return a small photograph."""
    buffer = io.BytesIO()
    Image.effect_noise((640, 480), 40).convert("RGB").save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def photographs() -> dict[str, tuple[bytes, int, str]]:
    """Return what is sent as a photograph and is none, with status and code of the answer."""
    whole = jpeg()
    return {
        "nothing": (b"", 422, "photo-unreadable"),
        "words": ("我不是照片".encode(), 422, "photo-unreadable"),
        "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 422, "photo-unreadable"),
        "a page": (b"GIF89a<script>alert(1)</script>", 422, "photo-unreadable"),
        "torn": (whole[: len(whole) // 2], 422, "photo-unreadable"),
        "head alone": (whole[:40], 422, "photo-unreadable"),
        "no pixels": (png(640, 480), 422, "photo-unreadable"),
        "no height": (png(640, 0), 422, "photo-unreadable"),
        "bomb": (bomb(), 422, "photo-too-many-pixels"),
        "bomb of 2³¹": (png(2**31 - 1, 2**31 - 1), 422, "photo-too-many-pixels"),
        "a line 60 million long": (png(60_000_001, 1), 422, "photo-too-many-pixels"),
        "above 10 MB": (whole + b"\0" * (10 * 1024 * 1024), 413, "photo-too-big"),
    }
