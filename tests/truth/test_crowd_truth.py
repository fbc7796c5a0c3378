"""“Real groups?” on whole shops made up order by order (`crowd_shops`), in the usual features as the engine makes them.

`TESSERA_TRUTH=full` makes forty shops of each kind; otherwise four, which must be right but for one with kinds.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from segmentation.customers import prepare
from segmentation.engine import DuckEngine
from segmentation.proof.structure import Structure, structure_in
from segmentation.segments.models import Space
from segmentation.workspace import Workspace
from tests.truth import crowd_shops as shops

pytestmark = pytest.mark.truth

FULL = os.environ.get("TESSERA_TRUTH") == "full"
SHOPS = 40 if FULL else 4
CUSTOMERS = (800, 3_000)


def said(kind: shops.Kind, folder: Path) -> list[bool]:
    """Whether each of these shops is said to hold groups."""
    answers = []
    for number in range(SHOPS):
        rng = np.random.default_rng([number, sum(map(ord, kind.__name__))])
        workspace = Workspace.open(folder / str(number))
        version = kind(rng, int(rng.integers(*CUSTOMERS))).store(workspace, "Shop", rng)
        customers = prepare(workspace, DuckEngine.open(workspace.root), version)
        shape = structure_in(customers, Space(customers.default_features()), seed=20_261_101)
        assert isinstance(shape, Structure)
        answers.append(shape.beyond_one_group)
    return answers


@pytest.mark.parametrize("kind", shops.CROWDS)
def test_one_kind_of_customer_is_taken_for_groups_in_at_most_five_of_a_hundred_shops(
    kind: shops.Kind, tmp_path: Path
) -> None:
    assert np.mean(said(kind, tmp_path)) <= 0.05


@pytest.mark.parametrize("kind", [shops.several_kinds, shops.kinds_that_overlap])
def test_three_or_four_kinds_are_seen_in_at_least_ninety_five_of_a_hundred_shops(
    kind: shops.Kind, tmp_path: Path
) -> None:
    seen = said(kind, tmp_path)
    assert np.mean(seen) >= (0.95 if FULL else 0.75)
