"""What every published version of the index reaches in invented cities: python -m bench.index_worlds 901-905

Prints Kendall's tau against hidden merit / ring members among the top 100 / (where there are factories) pioneers of
factories among the top 100 and among the hundred of most merit; means over the seeds. Minutes, on all cores.
"""

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from tests.recognition.merit import simulator, worlds
from tests.recognition.merit.simulator import kendall
from xianfeng.recognition.merit.formula import load, score
from xianfeng.recognition.merit.formula.constants import FOLDER

TOP = 100
VERSIONS = sorted(path.stem for path in FOLDER.glob("*.toml"))
Job = tuple[str, str, bool, int]


def jobs(seeds: range) -> Iterator[Job]:
    """Yield city, attack, whether accounts are known, seed."""
    for known in (False, True):
        for city in ("simulator", *worlds.WORLDS):
            attacks = simulator.ATTACKS if city == "simulator" else worlds.ATTACKS
            for attack in attacks:
                for seed in seeds:
                    yield city, attack, known, seed


def reached(job: Job) -> dict[str, list[float]]:
    """Return by version: tau, ring members, pioneers of factories in the top and by merit."""
    name, attack, known, seed = job
    city: simulator.City | worlds.World
    if name == "simulator":
        city = simulator.city(seed, attack, known_accounts=known)
    else:
        city = worlds.world(seed, attack, name, known=known)
    factory = getattr(city, "factory", np.zeros(len(city.merit), bool))
    best = np.argsort(-city.merit)[:TOP]
    found = {}
    for version in VERSIONS:
        scores = score(city.ratings, city.activities, city.honours, today=730, constants=load(version))
        top = scores.pioneer[np.argsort(-scores.total)[:TOP]]
        tau = kendall(scores.total, city.merit[scores.pioneer])
        found[version] = [tau, city.ring[top].sum(), factory[top].sum(), factory[best].sum()]
    return found


def main() -> None:
    """Print one line a city and attack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", help="first-last")
    first, last = map(int, parser.parse_args().seeds.split("-"))
    rows: dict[tuple[str, str, bool], list[dict[str, list[float]]]] = {}
    todo = list(jobs(range(first, last + 1)))
    with ProcessPoolExecutor() as pool:
        for job, found in zip(todo, pool.map(reached, todo), strict=True):
            rows.setdefault(job[:3], []).append(found)
            if len(rows[job[:3]]) == last + 1 - first:
                print(line(job, rows[job[:3]]), flush=True)


def line(job: Job, found: list[dict[str, list[float]]]) -> str:
    """Return the means of one city and attack as a line."""
    told = []
    for version in VERSIONS:
        tau, ring, top, best = np.mean([one[version] for one in found], axis=0)
        plants = f" {top:.0f} of {best:.0f}" if best else ""
        told.append(f"{version} {tau:.3f} / {ring:.1f}{plants}")
    return f"{job[0]:<10} {job[1]:<18} {'accounts known' if job[2] else '':<15} " + "   ".join(told)


if __name__ == "__main__":
    main()
