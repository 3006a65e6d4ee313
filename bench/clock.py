"""What a measurement says: how many, how fast, how long the slow ones took."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """One round. Latencies in milliseconds; `wrong` counts answers that were not what was asked for."""

    count: int
    seconds: float
    p50_ms: float
    p99_ms: float
    wrong: int

    @property
    def rate(self) -> float:
        """Return how many a second."""
        return self.count / self.seconds


def measured(latencies: list[float], seconds: float, wrong: int) -> Measured:
    """Return what latencies in seconds, taken within `seconds`, say."""
    ordered = sorted(latencies)
    last = len(ordered) - 1
    return Measured(
        len(ordered), seconds, 1000 * ordered[last // 2], 1000 * ordered[round(last * 0.99)], wrong
    )
