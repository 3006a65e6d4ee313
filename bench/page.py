"""The figures as a table, and as the page docs/benchmarks.md."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.run import P99_MS, WORKER_MB

NAMES = {"claim": "claim (抢单)", "feed": "feed, nearest first", "post": "posting a need"}
BEGIN, END = "<!-- figures: xianfeng bench --write -->", "<!-- /figures -->"


def table(figures: dict[str, Any]) -> str:
    """Return the figures as a Markdown table, with what was asked beside what was measured."""
    lines = [
        "| | over HTTP | raw PostgreSQL | share | asked | p50 | p99 (asked 80 ms) | wrong |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for code, name in NAMES.items():
        one = figures[code]
        held = "" if one["ratio"] >= one["asked"] and one["p99_ms"] <= P99_MS else " **missed**"
        lines.append(
            f"| {name}{held} | {one['per_second']:,}/s | {one['raw_per_second']:,}/s | {one['ratio']:.2f} | "
            f"{one['asked']:.2f} | {one['p50_ms']} ms | {one['p99_ms']} ms | {one['wrong']} of {one['requests']:,} |"
        )
    memory = figures["worker_mb"]
    lines += [
        "",
        f"Largest web worker: {memory:.0f} MB{_missed(memory)} (asked {WORKER_MB:.0f} MB).",
    ]
    return "\n".join(lines)


def _missed(memory: float) -> str:
    return "" if memory <= WORKER_MB else " **missed**"


def write(figures: dict[str, Any], path: Path) -> None:
    """Put the figures, the machine and the day into the page, between its two marks."""
    machine, options = figures["machine"], figures["options"]
    about = (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {machine['cores']} cores, {machine['memory_gb']} GB, Python "
        f"{machine['python']}, PostgreSQL {machine['postgresql']} (fsync {machine['fsync']}), load "
        f"{machine['load_before']} before it began; {options['open_needs']:,} open needs, "
        f"{options['connections']} kept connections, {options['workers']} workers, medians of {options['rounds']} "
        f"rounds of {options['seconds']:g} s."
    )
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n\n{about}\n\n{table(figures)}\n\n{END}{after}", encoding="utf-8")
