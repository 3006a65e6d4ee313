"""Where the expressions run: DuckDB in this process, or Spark. Both read CSV and keep tables between steps."""

import csv
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import ibis
import numpy as np
from ibis.expr.types import Table

MEMORY = "2GB"  # of DuckDB; what does not fit goes to disk
_names = (f"step_{number}" for number in count())


class Engine(Protocol):
    """What the steps ask of an engine."""

    def read(self, path: Path) -> Table:
        """Return a CSV file with a header row as a table of texts; what is blank is nothing."""
        ...

    def keep(self, table: Table) -> Table:
        """Work a table out now, once, and hold it."""
        ...

    def drop(self, table: Table) -> None:
        """Let go of what `keep` holds."""
        ...


def columns(table: Table) -> dict[str, "np.ndarray[Any, np.dtype[Any]]"]:
    """Work a table out and return its columns."""
    arrow = table.to_pyarrow()
    return {name: arrow.column(name).to_numpy() for name in arrow.column_names}


def values(table: Table) -> dict[str, float]:
    """Work out a table of one row; what is nothing counts 0."""
    (row,) = table.to_pyarrow().to_pylist()
    return {name: float(value or 0.0) for name, value in row.items()}


class DuckDB:
    """Runs in this process, within a fixed share of memory."""

    def __init__(self, spill: Path, memory: str = MEMORY) -> None:
        self._con = ibis.duckdb.connect(
            memory_limit=memory, temp_directory=str(spill), preserve_insertion_order=False
        )

    def read(self, path: Path) -> Table:
        """Return a CSV file as a table."""
        with path.open(encoding="utf-8-sig", newline="") as file:
            names = next(csv.reader(file))
        return self._con.read_csv(
            str(path), header=True, columns=dict.fromkeys(names, "VARCHAR"), auto_detect=False
        )

    def keep(self, table: Table) -> Table:
        """Work a table out now and hold it."""
        return self._con.create_table(next(_names), table)

    def drop(self, table: Table) -> None:
        """Let go of a table that was kept."""
        self._con.drop_table(table.op().name)


class Spark:
    """Runs on Spark: a cluster where `XIANFENG_SPARK` names its master, else local mode. Needs pyspark and Java."""

    def __init__(self, master: str, spill: Path) -> None:
        from pyspark.sql import SparkSession

        builder: Any = SparkSession.builder
        self._session = (
            builder.master(master)
            .appName("xianfeng-index")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.ui.enabled", "false")
            .getOrCreate()
        )
        self._con = ibis.pyspark.connect(self._session)
        self._spill = spill

    def read(self, path: Path) -> Table:
        """Return a CSV file as a table."""
        return self._con.read_csv(str(path), header=True)

    def keep(self, table: Table) -> Table:
        """Work a table out now and write it down, so that what comes next starts from a file.

        Spark tells every plan whole: one that only names persisted tables doubles with each step, until no memory
        holds its words.
        """
        name = next(_names)
        path = f"{self._spill}/{name}"
        self._session.sql(self._con.compile(table)).write.parquet(path)
        self._session.read.parquet(path).createOrReplaceTempView(name)
        return self._con.table(name)

    def drop(self, table: Table) -> None:
        """Let go of a table that was kept."""
        name = table.op().name
        self._session.catalog.dropTempView(name)
        shutil.rmtree(f"{self._spill}/{name}", ignore_errors=True)

    def stop(self) -> None:
        """End the session."""
        self._session.stop()


@contextmanager
def opened(name: str) -> Iterator[Engine]:
    """Open the engine of that name ('duckdb' or 'spark') for a while. Raises ImportError where pyspark is missing."""
    if name == "spark":
        with tempfile.TemporaryDirectory(
            prefix="index-spill-", dir=os.environ.get("XIANFENG_SPARK_SPILL")
        ) as spill:
            spark = Spark(os.environ.get("XIANFENG_SPARK", "local[2]"), Path(spill))
            try:
                yield spark
            finally:
                spark.stop()
        return
    with tempfile.TemporaryDirectory(prefix="index-spill-") as spill:
        yield DuckDB(Path(spill))
