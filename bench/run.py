"""A whole run: its own database, its own web process, every kind in turns with raw PostgreSQL, then the table."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from time import monotonic, sleep
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import psycopg

from bench import database, walk
from bench.city import City
from bench.clock import Measured
from bench.plan import KINDS

ROOT = Path(__file__).resolve().parents[1]
ASKED = {"claim": 0.40, "feed": 0.25, "post": 0.40}  # least share of the raw rate
P99_MS, WORKER_MB = 80.0, 250.0
AHEAD_A_SECOND = {"feed": 9_000, "post": 9_000, "claim": 9_000}  # statements prepared for a raw round
CLAIMS_A_SECOND = {"raw": 9_000, "http": 6_000}  # needs kept for a round of claims
MB = 1024 * 1024


@dataclass(frozen=True)
class Options:
    """How much and how long. Seconds are of one round."""

    open_needs: int = 100_000
    connections: int = 32
    seconds: float = 4.0
    rounds: int = 3
    workers: int = 2
    port: int = 8190


@dataclass
class Kind:
    """What was measured of one kind, round by round, both ways."""

    name: str
    http: list[Measured] = field(default_factory=list)
    raw: list[Measured] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """Return the figures: medians over the rounds, the worst 99th percentile."""
        ratios = [ours.rate / theirs.rate for ours, theirs in zip(self.http, self.raw, strict=True)]
        return {
            "per_second": round(median(one.rate for one in self.http)),
            "raw_per_second": round(median(one.rate for one in self.raw)),
            "ratio": round(median(ratios), 3), "ratios": [round(one, 3) for one in ratios],
            "asked": ASKED[self.name], "p50_ms": round(median(one.p50_ms for one in self.http), 1),
            "p99_ms": round(max(one.p99_ms for one in self.http), 1),
            "requests": sum(one.count for one in self.http), "wrong": sum(one.wrong for one in self.http),
            "raw_wrong": sum(one.wrong for one in self.raw),
        }  # fmt: skip


def needed(options: Options) -> City:
    """Return the city for a run: after all its claims there are still as many open needs as were asked for."""
    claims = int(options.rounds * options.seconds * sum(CLAIMS_A_SECOND.values())) + 4 * options.rounds
    return City(needs=options.open_needs + claims, pioneers=claims // 2, residents=5_000)


@contextmanager
def web(options: Options, url: str, *, demo: bool = False) -> Iterator[psutil.Process]:
    """Serve the pages and the API of that database while in here, as `xianfeng serve` does.

    In the `demo` a sign-in tells its code.
    """
    words = ["-m", "xianfeng", "serve", "--port", str(options.port), "--workers", str(options.workers)]
    environment = {key: value for key, value in os.environ.items() if key != "XIANFENG_DEMO"}
    environment |= {"XIANFENG_DEMO": "1"} if demo else {}
    with subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, *words], cwd=ROOT, env=environment | {"DATABASE_URL": url}
    ) as process:
        try:
            _wait_until_up(options.port)
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(20)


def _wait_until_up(port: int) -> None:
    until = monotonic() + 60
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/api/v1/categories", timeout=5):
                return
        except (URLError, OSError):
            if monotonic() > until:
                raise
            sleep(0.1)


def worker_mb(process: psutil.Process) -> float:
    """Return the memory (RSS) of the largest worker in MB."""
    sizes = [child.memory_info().rss for child in process.children(recursive=True)]
    return float(max(sizes, default=process.memory_info().rss) / MB)


def measure(options: Options, city: City, url: str, say: Any) -> list[Kind]:
    """Measure every kind in turns, ours and raw, so that what else the machine does meets both alike."""
    kinds, first = [Kind(name) for name in KINDS], 0
    for kind in kinds:
        shoot("http", kind.name, options, city, url, first, seconds=1.0)  # so that caches and plans are warm
        first += CLAIMS_A_SECOND["http"] if kind.name == "claim" else 0
        for number in range(options.rounds):
            for way, found in (("raw", kind.raw), ("http", kind.http)):
                found.append(shoot(way, kind.name, options, city, url, first))
                first += int(CLAIMS_A_SECOND[way] * options.seconds) if kind.name == "claim" else 0
            say(
                f"{kind.name} {number + 1}/{options.rounds}: {found[-1].rate:,.0f}/s, raw {kind.raw[-1].rate:,.0f}/s"
            )
    return kinds


def shoot(  # noqa: PLR0917 - as a round is told
    way: str, kind: str, options: Options, city: City, url: str, first: int, *, seconds: float | None = None
) -> Measured:  # fmt: skip
    """Measure one round in a process of its own."""
    long = seconds or options.seconds
    given = {
        "city": city.__dict__, "port": options.port, "connections": options.connections, "seconds": long,
        "first": first, "url": url, "count": int(AHEAD_A_SECOND[kind] * long),
    }  # fmt: skip
    words = [sys.executable, "-m", "bench.shoot", way, kind, json.dumps(given)]
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "xianfeng.config.settings"}
    done = subprocess.run(words, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)  # noqa: S603
    found = Measured(**json.loads(done.stdout.splitlines()[-1]))
    if way == "raw" and found.wrong > found.count // 100:
        raise RuntimeError(f"{found.wrong} of {found.count} bare statements of {kind} did nothing")
    return found


def whole(options: Options, url: str, say: Any) -> dict[str, Any]:
    """Run everything, in a copy of the database that was seeded if it is large enough; return the figures."""
    on = machine(url)
    kept = database.seeded(url)
    fits = kept is not None and kept.needs >= needed(options).needs
    city = kept if kept and fits else needed(options)
    options = replace(options, open_needs=options.open_needs + city.needs - needed(options).needs)
    with database.own(url, like=database.SEEDED if fits else None) as own, pointed_at(own):
        if not fits:
            fill(city, say)
        with web(options, own) as process:
            kinds = measure(options, city, own, say)
            memory = worker_mb(process)
    return {
        "machine": on, "options": options.__dict__, "worker_mb": round(memory, 1),
        **{kind.name: kind.told() for kind in kinds},
    }  # fmt: skip


@contextmanager
def pointed_at(url: str) -> Iterator[None]:
    """Let this process, and those it starts, work in the database of `url` while in here."""
    from django.db import connections

    own, before = connections["default"], os.environ["DATABASE_URL"]
    named = own.settings_dict["NAME"]
    own.close()
    os.environ["DATABASE_URL"] = url
    own.settings_dict["NAME"] = url.partition("?")[0].rpartition("/")[2]
    try:
        yield
    finally:
        own.close()
        own.settings_dict["NAME"] = named
        os.environ["DATABASE_URL"] = before


def fill(city: City, say: Any) -> None:
    """Fill the database that this process works in."""
    from bench import city as building

    start = monotonic()
    building.build(city)
    say(f"{city.needs:,} open needs, {city.pioneers:,} pioneers: {monotonic() - start:.0f} s")


def seed(options: Options, url: str, say: Any) -> None:
    """Fill a database that is kept, for further runs."""
    own, city = database.make(url), needed(options)
    with pointed_at(own):
        fill(city, say)
    database.keep(url, city)


def pages(options: Options, url: str, say: Any) -> dict[str, Any]:
    """Ask for pages over the database that was seeded; return the figures. Raises LookupError where there is none."""
    from django.core.management import call_command

    from xianfeng.foundation.kernel import catalogue

    city, found, on = _kept(url), {}, machine(url)
    own = database.address(url, database.SEEDED)
    call_command("collectstatic", verbosity=0, interactive=False)
    with pointed_at(own), web(options, own, demo=True):
        for asked in walk.pages(city, own):
            found[asked.name] = walk.walk(options.port, asked)
            say(f"{asked.name}: {found[asked.name].p50_ms:.0f} ms, slowest {found[asked.name].p99_ms:.0f} ms")
        consent = catalogue.load("people")["privacy"]["version"]
        found["signing in, both steps"] = walk.sign_in(options.port, "1390000", consent)
    return {
        "machine": on, "needs": city.needs, "pioneers": city.pioneers,
        "pages": {name: asdict(one) for name, one in found.items()},
    }  # fmt: skip


def phones(options: Options, url: str, count: int) -> dict[str, Any]:
    """Open so many streams on one process over the database that was seeded; return the figures."""
    from bench import phones as streams
    from xianfeng.foundation.kernel import signing

    _kept(url)
    on = machine(url)
    own = database.address(url, database.SEEDED)
    with pointed_at(own), streams.stream(options.port, str(ROOT), dict(os.environ)) as process:
        found = streams.measure(options.port, own, process, signing.ticket("stream", {"person": None}), count)
    return {"machine": on, **asdict(found)}


def _kept(url: str) -> City:
    city = database.seeded(url)
    if city is None:
        raise LookupError("nothing is seeded: run `xianfeng bench seed --matters 1000000` first")
    return city


def machine(url: str) -> dict[str, Any]:
    """Return what it was measured on."""
    with psycopg.connect(url) as link:
        version, fsync = link.execute(
            "SELECT current_setting('server_version'), current_setting('fsync')"
        ).fetchone() or ("", "")
    return {
        "cores": psutil.cpu_count(), "memory_gb": round(psutil.virtual_memory().total / 1024**3, 1),
        "python": sys.version.split()[0], "postgresql": version, "fsync": fsync,
        "load_before": round(os.getloadavg()[0], 2),
    }  # fmt: skip
