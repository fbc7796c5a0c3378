"""No name of a segment says what is not so, whoever the customers are and however the segments were made.

`TESSERA_TRUTH=full` draws sixty shops, otherwise one of each of ten kinds.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from segmentation.analysis import Analysis
from segmentation.intake import import_file
from segmentation.workspace import Workspace
from tests.naming import lies
from tests.segmentation.shops import store
from tests.segments_made import every_way
from tests.truth.named_shops import KINDS, Kind, shop_lines

pytestmark = pytest.mark.truth

FULL = os.environ.get("TESSERA_TRUTH") == "full"
SHOPS = 6 if FULL else 1


def opened(kind: Kind, seed: int, folder: Path) -> Analysis:
    workspace = Workspace.open(folder)
    store(workspace, shop_lines(kind, seed))
    return Analysis.open(workspace, "Shop")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_name_says_what_is_not_so(kind: Kind, tmp_path: Path) -> None:
    names, wrong = 0, []
    for seed in range(SHOPS):
        for way, customers, segmentation in every_way(opened(kind, seed, tmp_path / str(seed))):
            names += len(segmentation.segments)
            wrong += [f"{seed}, {way}: {lie}" for lie in lies(customers, segmentation)]
    print(f"{kind.__name__}: {len(wrong)} of {names} names in {SHOPS} shops are not so")
    assert names > 80 * SHOPS
    assert not wrong, "\n".join(wrong)


def test_no_name_in_the_sample_shop_says_what_is_not_so(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path)
    import_file(workspace, Path("sample_data/orders.csv"), dataset="Sample shop", today=date(2026, 11, 22))
    shop = Analysis.open(workspace, "Sample shop")
    assert [f"{way}: {lie}" for way, table, found in every_way(shop) for lie in lies(table, found)] == []
