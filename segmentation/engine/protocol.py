"""What Tessera asks of an engine, whichever it is."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

import pyarrow as pa

from segmentation.engine.named import Aggregates
from segmentation.workspace import DatasetVersion

Bound = object
"""A value bound into a query: text, number, date, or a list of them; never spliced into the SQL."""


class Reading(Protocol):
    """One run over one version: the tables `lines`, `contacts` and `set_aside` answer."""

    def query(self, name: str, /, **values: Bound) -> pa.Table:
        """The result of the query of that name with `$name` placeholders bound."""
        ...

    def aggregate(self, wanted: Aggregates, /, **values: Bound) -> pa.Table:
        """What is wanted of each customer, with `$name` placeholders bound."""
        ...

    def interrupt(self) -> None:
        """Stop the running query; callable from another thread."""
        ...


class Engine(Protocol):
    """Opens readings; one engine per process."""

    def reading(self, version: DatasetVersion) -> AbstractContextManager[Reading]:
        """A run over this version."""
        ...
