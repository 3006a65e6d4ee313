"""The index from scratch, for big cities: what joins and groups runs in Ibis, on DuckDB here or Spark on a cluster.

The comparing of raters, the costly step, is written apart from `formula.independence`, so that the two can be held
against each other (1e-6). What only adds up columns (caps, severities, parts) runs here, in the formula's own code.
"""

from xianfeng.recognition.merit.scratch.recompute import STEPS, Recomputed, recompute

__all__ = ["STEPS", "Recomputed", "recompute"]
