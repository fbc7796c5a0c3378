"""The only room that runs SQL. `DuckEngine` answers a named query over one version of a dataset."""

from segmentation.engine.duckdb import DuckEngine, Run
from segmentation.engine.protocol import Engine

__all__ = ["DuckEngine", "Engine", "Run"]
