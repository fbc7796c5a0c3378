"""Which rows of a staged file stay, and which amounts beside them."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from segmentation.engine.importing.same import keyed
from segmentation.engine.reading import ImportConnection
from segmentation.intake.accounts.repeats import Hashes, Sieve, sieve
from segmentation.intake.typed import Staged


@dataclass(frozen=True, slots=True)
class Sifted:
    """What stays of the staged rows, and of the amounts beside them."""

    rows: Sieve
    beside: Sieve

    @property
    def nothing_goes(self) -> bool:
        return self.rows.nothing_goes and self.beside.nothing_goes


def sift(
    connection: ImportConnection,
    staged: tuple[Hashes, Hashes],
    known: list[Hashes],
    *,
    drop: Hashes | None = None,
    drop_all: bool = False,
) -> Sifted:
    """Sieve the hashes of staged rows and of the amounts beside them; shows the queries what stays, as `listed`."""
    rows = sieve(staged[0], known, drop=drop, drop_all=drop_all)
    beside = sieve(staged[1], known, drop=None, drop_all=False, others=rows.others)
    connection.show("listed", pa.concat_tables([rows.listed, beside.listed]))
    return Sifted(rows, beside)


__all__ = ["Sifted", "sift"]


def show_staged(connection: ImportConnection, staged: Staged, key: str) -> None:
    """Show the queries the lines of a staged file with this key, as `staged`."""
    connection.show_query("staged", keyed(connection.rows_of([staged.path]), key))
