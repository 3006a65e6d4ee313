"""A whole file: looked through, read, placed, written batch by batch; the same file again changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from xianfeng.foundation.kernel.tables import opening
from xianfeng.foundation.kernel.tables.faults import Rejected, Unfit
from xianfeng.matters.importing import letters, placing, writing
from xianfeng.matters.importing.letters import Letter, Reading
from xianfeng.matters.importing.writing import Batch, Placed

AT_ONCE = 2000
Progress = Callable[[int, int], None]


@dataclass
class Taken:
    """What became of a file's lines; `encoding` is the one it was read in."""

    encoding: str
    new: int = 0
    known: int = 0
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(frozen=True)
class Wishes:
    """How to take a file: datum of its coordinates, write nothing (`dry`), tell phones and inboxes (`tell`)."""

    datum: str = "wgs84"
    dry: bool = False
    tell: bool = False


def take(path: Path, reading: Reading, wishes: Wishes, *, encoding: str = "", progress: Progress) -> Taken:
    """Take the letters of a file in as needs. `progress` is told the lines done and all lines, after each batch.

    Raises Faulty, with nothing written, when the file as a whole cannot be read; OSError.
    """
    source = opening.looked_through(path, encoding)
    taken = Taken(source.encoding)
    batch = Batch(reading.source, reading.now, told=not wishes.tell)
    fit = _fit(letters.read(source, reading), taken, reading, wishes)
    while some := list(islice(fit, AT_ONCE)):
        new = _missing(some) if wishes.dry else writing.write_needs(some, batch)
        taken.new += new
        taken.known += len(some) - new
        progress(some[-1].letter.line, source.lines)
    taken.rejected.sort(key=lambda one: one.line)
    return taken


def _missing(some: list[Placed]) -> int:
    return len(some) - len(writing.known_keys([one.letter for one in some]))


def _fit(
    found: Iterator[Letter | Rejected], taken: Taken, reading: Reading, wishes: Wishes
) -> Iterator[Placed]:
    for one in found:
        if isinstance(one, Rejected):
            taken.rejected.append(one)
            continue
        try:
            spot = (
                placing.spot_of(*one.point, wishes.datum)
                if one.point
                else placing.home_of(reading.source, one.user)
            )
            yield Placed(one, spot)
        except Unfit as unfit:
            taken.rejected.append(Rejected(one.line, unfit.column, unfit.reason))
