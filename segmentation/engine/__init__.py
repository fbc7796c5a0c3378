"""The only room that runs SQL. `DuckEngine` answers a named query over one version of a dataset."""

from functools import lru_cache
from pathlib import Path

from segmentation.engine.duckdb import DuckEngine, Run
from segmentation.engine.protocol import Engine


@lru_cache(maxsize=4)
def engine_of(root: Path) -> Engine:
    """This process's engine over the workspace at `root`."""
    return DuckEngine.open(root)


__all__ = ["DuckEngine", "Engine", "Run", "engine_of"]
