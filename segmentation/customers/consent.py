"""What a shop's files say of consent: who agreed to marketing, who refused it, and whether anybody was asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.engine.protocol import Engine, Reading
from segmentation.workspace import DatasetVersion

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Consent:
    """What is known of each customer.

    agreed: who agreed to marketing, shape (n,).
    refused: who refused it, shape (n,); who is in neither is unknown.
    column: whether somebody in the shop agreed. Only a column of consent says so; one of refusals does not.
    """

    agreed: BoolArray
    refused: BoolArray
    column: bool

    @classmethod
    def of(cls, said: BoolArray, *, column: bool) -> Consent:
        """From who agreed and who refused, shape (2, n)."""
        return cls(said[0], said[1], column)

    def take(self, rows: slice | npt.NDArray[np.intp]) -> Consent:
        """The same for these rows."""
        return Consent(self.agreed[rows], self.refused[rows], self.column)


@dataclass(frozen=True, slots=True)
class ConsentCounts:
    """Contacts of a version, buyers or not.

    agreed: how many agreed to marketing.
    refused: how many refused it.
    """

    agreed: int
    refused: int

    @property
    def column(self) -> bool:
        """Whether the files hold a column of consent: somebody agreed."""
        return self.agreed > 0


def count_consent(engine: Engine, version: DatasetVersion) -> ConsentCounts:
    """How many contacts of a version agreed and refused."""
    if "consent" not in version.manifest.has:
        return ConsentCounts(0, 0)
    with engine.reading(version) as run:
        row = run.query("consent_counts").to_pylist()[0]
    return ConsentCounts(row["agreed"], row["refused"])


def read_consent(run: Reading, ids: pa.Array) -> Consent | None:
    """What is known of the customers with these ids; None where the version says nothing of anybody."""
    known = run.query("consent_known")
    if not known.num_rows:
        return None
    said, who = known["consent"].combine_chunks(), known["customer_id"].combine_chunks()
    agreed, refused = who.filter(said), who.filter(pc.invert(said))
    return Consent(
        np.asarray(pc.is_in(ids, value_set=agreed)), np.asarray(pc.is_in(ids, value_set=refused)), len(agreed) > 0
    )
