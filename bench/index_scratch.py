"""The index from scratch on a big invented city: python -m bench.index_scratch 5000000 50000 [--engine spark] [--check]

Writes the tables of the file contract into a folder of its own, recomputes, and tells seconds a step and the most
memory. `--check` scores the same files with numpy too and tells the widest gap.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from xianfeng.recognition.merit.formula import load
from xianfeng.recognition.merit.scratch import recompute
from xianfeng.recognition.merit.scratch.engines import opened

DAYS = 730
VILLAGE = 60


def write_city(folder: Path, orders: int, pioneers: int, seed: int = 1) -> None:
    """Write ratings.csv: busy and quiet raters, two thirds of whom stay with the 60 pioneers near home."""
    rng = np.random.default_rng(seed)
    merit = rng.normal(size=pioneers)
    raters = max(10, int(orders * 0.3))
    busy = np.cumsum(np.exp(1.1 * rng.normal(size=raters)))
    rater = np.searchsorted(busy, rng.random(orders) * busy[-1])
    pull = np.cumsum(np.exp(0.4 * merit + 0.8 * rng.normal(size=pioneers)))
    pioneer = np.searchsorted(pull, rng.random(orders) * pull[-1])
    villages = max(1, pioneers // VILLAGE)
    home = rater % villages * VILLAGE + rng.integers(0, VILLAGE, orders)
    pioneer = np.where(rng.random(orders) < 0.6, home, pioneer)
    felt = 4.3 + 0.6 * merit[pioneer] + 0.5 * rng.normal(size=raters)[rater] + 0.7 * rng.normal(size=orders)
    finished = rng.integers(40, DAYS, orders)
    verified = rng.random(orders) < 0.35
    columns = {
        "order_id": np.arange(orders), "pioneer_id": pioneer, "rater_id": rater,
        "category": rng.integers(0, 14, orders), "created": finished - rng.integers(0, 20, orders),
        "finished": finished, "stars": np.clip(np.round(felt), 1, 5).astype(np.int8),
        "benefit_yuan": np.exp(7 + 0.6 * merit[pioneer] + rng.normal(size=orders)).astype(np.int64),
        "jobs": np.zeros(orders, np.int8), "verified": verified.astype(np.int8),
    }  # fmt: skip
    pyarrow.csv.write_csv(pa.table(columns), folder / "ratings.csv")


def main() -> None:
    """Draw, recompute, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("orders", type=int)
    parser.add_argument("pioneers", type=int)
    parser.add_argument("--engine", default="duckdb", choices=["duckdb", "spark"])
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-index-") as name:
        folder = Path(name)
        write_city(folder, given.orders, given.pioneers)
        busy, start = time.process_time(), time.perf_counter()
        last = start

        def told(step: str) -> None:
            nonlocal last
            now = time.perf_counter()
            print(f"  {step:<20}{now - last:7.2f} s", flush=True)
            last = now

        with opened(given.engine) as engine:
            found = recompute(engine, folder, constants=load(), told=told)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        took, busy = time.perf_counter() - start, time.process_time() - busy
        print(
            f"{found.orders} orders, {len(found.pioneer)} pioneers: {took:.1f} s "
            f"({busy:.1f} s of processors), {most:.2f} GB at most",
            flush=True,
        )
        if given.check:
            _check(folder, found.scores.total)


def _check(folder: Path, total: NDArray[np.float64]) -> None:
    from xianfeng.recognition.merit.files import score_directory

    start = time.perf_counter()
    scores = score_directory(folder, folder / "out.csv")
    print(f"numpy: {time.perf_counter() - start:.1f} s; widest gap {np.abs(scores.total - total).max():.1e}")


if __name__ == "__main__":
    main()
