"""Opening a file: plain or gzip, in whatever encoding; a broken file is told before anything is written."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from xianfeng.foundation.kernel.tables.faults import Faulty, Reason

_GZIP = b"\x1f\x8b"
_OTHERS = {
    b"PK\x03\x04": ("an .xlsx or .zip file", "压缩文件"),
    b"\xd0\xcf\x11\xe0": ("an old Excel file", "旧的 Excel 文件"),
    b"%PDF": ("a PDF", "PDF"),
}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_PIECE = 1 << 20
LINE = 4 << 20  # characters; a line is held whole, and a few kilobytes of gzip may hold one of gigabytes


@dataclass(frozen=True)
class Source:
    """A file that was read through once: its encoding, and how many lines it has."""

    path: Path
    zipped: bool
    encoding: str
    lines: int


def looked_through(path: Path, encoding: str = "", *, most: int | None = None) -> Source:
    """Read the whole file once, piece by piece; no further than `most` characters.

    Raises Faulty: damaged, in none of the encodings, a line without an end, more than `most`; OSError.
    """
    with path.open("rb") as file:
        head = file.read(4)
    zipped = head.startswith(_GZIP)
    _refuse_other_kinds(path, head)
    wanted = [encoding] if encoding else _likely(path, zipped=zipped)
    reasons = []
    for one in wanted:
        try:
            return Source(path, zipped, one, _lines(path, one, zipped=zipped, most=most))
        except UnicodeDecodeError as error:
            reasons.append(f"not {one} ({error.reason})")
        except LookupError:
            raise Faulty(Reason("file-encoding-unknown", encoding=one)) from None
    raise Faulty(Reason("file-encodings", file=path.name, reasons=", ".join(reasons)))


def _refuse_other_kinds(path: Path, head: bytes) -> None:
    if not head:
        raise Faulty(Reason("file-empty", file=path.name))
    for mark, (kind, kind_zh) in _OTHERS.items():
        if head.startswith(mark):
            raise Faulty(Reason("file-other-kind", file=path.name, kind=kind, kind_zh=kind_zh))


def _likely(path: Path, *, zipped: bool) -> list[str]:
    with _bytes(path, zipped=zipped) as file:
        head = file.read(4)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return [encoding]
    return ["utf-8", "gb18030"]


def _lines(path: Path, encoding: str, *, zipped: bool, most: int | None) -> int:
    """Decode the whole file and count its lines."""
    decoder = codecs.getincrementaldecoder(encoding)()
    count, last, whole, line = 0, "\n", 0, 0
    with _bytes(path, zipped=zipped) as file:
        while piece := file.read(_PIECE):
            text = decoder.decode(piece)
            count, last, whole = count + text.count("\n"), text[-1:] or last, whole + len(text)
            end = text.rfind("\n")
            line = line + len(text) if end < 0 else len(text) - end - 1
            _refuse_endless(path, line, whole, most)
    decoder.decode(b"", final=True)
    return count + (last != "\n")


def _refuse_endless(path: Path, line: int, whole: int, most: int | None) -> None:
    if line > LINE:
        raise Faulty(Reason("file-endless-line", file=path.name, limit=LINE >> 20))
    if most is not None and whole > most:
        raise Faulty(Reason("file-unpacks-text", file=path.name, limit=most >> 20))


@contextmanager
def _bytes(path: Path, *, zipped: bool) -> "Iterator[IO[bytes]]":
    try:
        with gzip.open(path, "rb") if zipped else path.open("rb") as file:
            yield file  # type: ignore[misc]
    except EOFError:
        raise Faulty(Reason("file-breaks-off", file=path.name)) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise Faulty(Reason("file-damaged", file=path.name, error=str(error))) from None


@contextmanager
def text_of(source: Source) -> Iterator[io.TextIOWrapper]:
    """Open a file that was looked through, as text, line ends as they are."""
    with _bytes(source.path, zipped=source.zipped) as file:
        yield io.TextIOWrapper(file, source.encoding, newline="")
