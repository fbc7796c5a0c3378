"""Nobody who refused is marked as to be contacted in a list that leaves, whatever basis is stated.

There are no exports for advertising platforms yet, and so no hashes to compare. What there is are the scores of churn,
with whom to contact. `TESSERA_TRUTH=full` tries 2,000 customers in every combination of consent and basis; otherwise
some in three.
"""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from pathlib import Path

import pytest

from segmentation.cli import main
from segmentation.workspace import BASES, Workspace
from tests.dashboard.shops import write_shop
from tests.segmentation.intake_files import contacts

pytestmark = pytest.mark.truth

FULL = os.environ.get("TESSERA_TRUTH") == "full"
CUSTOMERS = 2_000 if FULL else 600
CONSENTS = ("asked", "refusals", "nothing")
STATED = (None, *BASES) if FULL else (BASES[0],)


@pytest.mark.parametrize("consent", CONSENTS)
def test_nobody_who_refused_is_marked_as_to_be_contacted(tmp_path: Path, consent: str) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    version = write_shop(workspace, "Shop", customers=CUSTOMERS, consent=consent)
    said = {row["customer_id"]: row["consent"] for row in contacts(version)}
    met: Counter[object] = Counter()
    for basis in STATED:
        root = ["--workspace", str(workspace.root)]
        if basis is not None:
            assert main(["basis", "Shop", "--state", basis, *root]) == 0
        out = tmp_path / f"{basis}.csv"
        assert main(["churn", "Shop", "--offer-cost", "0.01", "--out", str(out), *root]) == 0
        rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
        assert {row["contact"] for row in rows} <= {"yes", "no"}
        marked = Counter(said.get(row["customer_id"]) for row in rows if row["contact"] == "yes")
        assert marked[False] == 0, basis
        assert consent != "asked" or marked[None] == 0, basis
        met += Counter(said.get(row["customer_id"]) for row in rows)
        print(f"{consent}, {basis}: {len(rows)} rows, of whom marked {dict(marked)}")
        if consent != "refusals" or basis is not None:
            assert sum(marked.values()) > 0, basis
    assert consent == "nothing" or met[False] > 0
