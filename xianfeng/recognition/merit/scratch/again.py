"""The city's index from scratch, and how far it is from what stands on the pioneers' rows."""

import tempfile
from datetime import datetime
from pathlib import Path

import numpy as np

from xianfeng.foundation.people.models import Pioneer
from xianfeng.recognition.merit import formula, holding, tables
from xianfeng.recognition.merit.models import Run
from xianfeng.recognition.merit.scratch.engines import opened
from xianfeng.recognition.merit.scratch.recompute import STEPS, Progress, Recomputed, recompute

__all__ = ["STEPS", "gap", "of_database", "of_files"]


def of_files(folder: Path, engine: str, told: Progress) -> Recomputed:
    """Score tables of the file contract. Raises FileProblem, OSError; ImportError without pyspark."""
    with opened(engine) as running:
        return recompute(running, folder, constants=formula.load(), told=told)


def of_database(at: datetime, engine: str, told: Progress) -> Recomputed:
    """Score the city as of an instant, with what was corrected since. Raises ImportError without pyspark.

    Where that day's yardsticks are kept it measures with them, as the runs of that day did.
    """
    day = tables.today(at)
    held = holding.of_day(day, formula.CURRENT)
    with tempfile.TemporaryDirectory(prefix="index-tables-") as name, opened(engine) as running:
        tables.dump(Path(name), at)
        return recompute(running, Path(name), constants=formula.load(), today=day, held=held, told=told)


def gap(found: Recomputed) -> float | None:
    """Return the widest gap between standing and `found`, in points; None when the last run is of another day."""
    run = Run.objects.order_by("-id").first()
    if run is None or (run.day, run.version) != (found.scores.today, found.scores.version):
        return None
    stands = dict(Pioneer.objects.exclude(index=None).values_list("id", "index"))
    told = zip(found.pioneer.astype(np.int64).tolist(), found.scores.total.tolist(), strict=True)
    return max((abs(total - (stands.get(one) or 0.0)) for one, total in told), default=0.0)
