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

from xianfeng.foundation.kernel.tables.faults import Faulty

_GZIP = b"\x1f\x8b"
_OTHERS = {b"PK\x03\x04": "an .xlsx or .zip file", b"\xd0\xcf\x11\xe0": "an old Excel file", b"%PDF": "a PDF"}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_PIECE = 1 << 20


@dataclass(frozen=True)
class Source:
    """A file that was read through once: its encoding, and how many lines it has."""

    path: Path
    zipped: bool
    encoding: str
    lines: int


def looked_through(path: Path, encoding: str = "") -> Source:
    """Read the whole file once. Raises Faulty when it is damaged, or in none of the encodings; OSError."""
    with path.open("rb") as file:
        head = file.read(4)
    zipped = head.startswith(_GZIP)
    _refuse_other_kinds(path, head)
    wanted = [encoding] if encoding else _likely(path, zipped=zipped)
    reasons = []
    for one in wanted:
        try:
            return Source(path, zipped, one, _lines(path, one, zipped=zipped))
        except UnicodeDecodeError as error:
            reasons.append(f"not {one} ({error.reason})")
        except LookupError:
            raise Faulty(f"{one} is no encoding that is known here") from None
    raise Faulty(f"{path.name}: {', '.join(reasons)}; say which with --encoding")


def _refuse_other_kinds(path: Path, head: bytes) -> None:
    if not head:
        raise Faulty(f"{path.name} is empty")
    for mark, kind in _OTHERS.items():
        if head.startswith(mark):
            raise Faulty(f"{path.name} is {kind}; save it as CSV (UTF-8) first")


def _likely(path: Path, *, zipped: bool) -> list[str]:
    with _bytes(path, zipped=zipped) as file:
        head = file.read(4)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return [encoding]
    return ["utf-8", "gb18030"]


def _lines(path: Path, encoding: str, *, zipped: bool) -> int:
    """Decode the whole file and count its lines."""
    decoder = codecs.getincrementaldecoder(encoding)()
    count, last = 0, "\n"
    with _bytes(path, zipped=zipped) as file:
        while piece := file.read(_PIECE):
            text = decoder.decode(piece)
            count, last = count + text.count("\n"), text[-1:] or last
    decoder.decode(b"", final=True)
    return count + (last != "\n")


@contextmanager
def _bytes(path: Path, *, zipped: bool) -> "Iterator[IO[bytes]]":
    try:
        with gzip.open(path, "rb") if zipped else path.open("rb") as file:
            yield file  # type: ignore[misc]
    except EOFError:
        raise Faulty(f"{path.name} breaks off: the gzip file is not whole; copy it again") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise Faulty(f"{path.name} is damaged ({error}); copy it again") from None


@contextmanager
def text_of(source: Source) -> Iterator[io.TextIOWrapper]:
    """Open a file that was looked through, as text, line ends as they are."""
    with _bytes(source.path, zipped=source.zipped) as file:
        yield io.TextIOWrapper(file, source.encoding, newline="")
