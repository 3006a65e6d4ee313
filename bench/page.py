"""The figures as tables, and as parts of the page docs/benchmarks.md."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.cockpit import DRILL_MS, EVENTS, FIRST_MS, STATEMENTS
from bench.phones import WITHIN_MS
from bench.run import P99_MS, WORKER_MB
from bench.walk import MOST_MS

NAMES = {"claim": "claim (抢单)", "feed": "feed, nearest first", "post": "posting a need"}
END = "<!-- /figures -->"


def told(what: str, figures: dict[str, Any]) -> str:
    """Return the figures of `what` (speed, pages, phones) as text, what was asked beside what was measured."""
    return {"speed": table, "pages": _pages, "phones": _phones, "cockpit": _cockpit}[what](figures)


def table(figures: dict[str, Any]) -> str:
    """Return the speed as a Markdown table."""
    lines = [
        "| | over HTTP | raw PostgreSQL | share | asked | p50 | p99 (asked 80 ms) | wrong |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for code, name in NAMES.items():
        one = figures[code]
        held = _missed(one["ratio"] >= one["asked"] and one["p99_ms"] <= P99_MS)
        lines.append(
            f"| {name}{held} | {one['per_second']:,}/s | {one['raw_per_second']:,}/s | {one['ratio']:.2f} | "
            f"{one['asked']:.2f} | {one['p50_ms']} ms | {one['p99_ms']} ms | {one['wrong']} of {one['requests']:,} |"
        )
    memory = figures["worker_mb"]
    lines += [
        "",
        f"Largest web worker: {memory:.0f} MB{_missed(memory <= WORKER_MB)} (asked {WORKER_MB:.0f} MB).",
    ]
    return "\n".join(lines)


def _pages(figures: dict[str, Any]) -> str:
    lines = [
        f"| page | median | slowest of a hundred (asked {MOST_MS:.0f} ms) | wrong |",
        "|---|---|---|---|",
    ]
    for name, one in figures["pages"].items():
        held = _missed(one["p99_ms"] <= MOST_MS)
        lines.append(f"| {name}{held} | {one['p50_ms']:.0f} ms | {one['p99_ms']:.0f} ms | {one['wrong']} |")
    return "\n".join(lines)


def _phones(figures: dict[str, Any]) -> str:
    late = f"{figures['p99_ms']:.0f} ms{_missed(figures['p99_ms'] <= WITHIN_MS)}"
    return (
        f"{figures['phones']:,} phones on one stream process, {figures['events']} events one after the other, the "
        f"worst of them: at half of the phones after {figures['p50_ms']:.0f} ms, at 99 of 100 after {late} (asked "
        f"{WITHIN_MS:.0f} ms), at the last after {figures['last_ms']:.0f} ms; {figures['missing']} did not come; the "
        f"process took {figures['memory_mb']:.0f} MB."
    )


def _cockpit(figures: dict[str, Any]) -> str:
    lines = ["| over HTTP | asked | median | slowest of a hundred | wrong |", "|---|---|---|---|---|"]
    for number, (name, one) in enumerate(figures["views"].items()):
        most = DRILL_MS if number else FIRST_MS
        told = f"{one['p50_ms']:.0f} ms | {one['p99_ms']:.0f} ms | {one['wrong']}"
        lines.append(f"| {name}{_missed(one['p50_ms'] <= most)} | {most:.0f} ms | {told} |")
    asked, rate = figures["statements"], figures["events_per_second"]
    board = f"{asked['board']} SQL statements{_missed(asked['board'] <= STATEMENTS)} (asked {STATEMENTS})"
    events = f"{rate:,} events a second{_missed(rate >= EVENTS)} (asked {EVENTS})"
    facts = f"{figures['facts']:,} facts take {figures['facts_mb']:,} MB"
    sums = f"{figures['sums']:,} sums {figures['sums_mb']:,} MB"
    lines += [
        "",
        f"A board takes {board}, a list {asked['list']}. The worker counts {events}. {facts}, {sums}.",
    ]
    return "\n".join(lines)


def _missed(held: bool) -> str:
    return "" if held else " **missed**"


def write(what: str, figures: dict[str, Any], path: Path) -> None:
    """Put the figures of `what`, the machine and the day into the page, between two marks; a new part at its end."""
    large = figures.get("needs", 0) or figures.get("options", {}).get("open_needs", 0)
    name = (
        "speed" if what == "speed" and large < 1_000_000 else f"{what} million" if what == "speed" else what
    )
    mark = f"<!-- figures: {name} -->"
    text = path.read_text(encoding="utf-8")
    if mark not in text:
        text = f"{text.rstrip()}\n\n{mark}\n{END}\n"
    before, _, rest = text.partition(mark)
    _, _, after = rest.partition(END)
    part = f"{mark}\n\n{_about(what, figures)}\n\n{told(what, figures)}\n\n{END}"
    path.write_text(f"{before}{part}{after}", encoding="utf-8")


def _about(what: str, figures: dict[str, Any]) -> str:
    machine = figures["machine"]
    about = (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {machine['cores']} cores, {machine['memory_gb']} GB, Python "
        f"{machine['python']}, PostgreSQL {machine['postgresql']} (fsync {machine['fsync']}), load "
        f"{machine['load_before']} before it began"
    )
    if what == "speed":
        options = figures["options"]
        about += (
            f"; {options['open_needs']:,} open needs, {options['connections']} kept connections, "
            f"{options['workers']} workers, medians of {options['rounds']} rounds of {options['seconds']:g} s"
        )
    if what == "cockpit":
        about += (
            f"; {figures['matters']:,} matters of three years, every town and village. Their facts are written row by "
            "row, matters for the newest two of a hundred (a list reads a page of them), and as many sums as such a "
            "city comes to with amounts drawn for them"
        )
    if what == "pages":
        about += f"; {figures['needs']:,} open needs, {figures['pioneers']:,} pioneers, each page 40 times"
    return f"{about}."
