"""No name of a segment says what is not so, whoever the customers are and however the segments were made.

`TESSERA_TRUTH=full` draws sixty shops, otherwise one of each of ten kinds.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from segmentation.analysis import Analysis, StudySettings
from segmentation.customers import CustomerTable
from segmentation.errors import NotEnoughData
from segmentation.segments import Bands, Condition, Conditions, Edits, Pin, Segmentation, freeze, segment, thaw
from segmentation.workspace import Workspace
from tests.naming import lies
from tests.segmentation.shops import store
from tests.truth.named_shops import KINDS, Kind, shop_lines

pytestmark = pytest.mark.truth

FULL = os.environ.get("TESSERA_TRUTH") == "full"
SHOPS = 6 if FULL else 1
EARLIER = timedelta(days=150)

OFTEN = Pin(rule=Conditions((Condition("orders", low=2),)))
DEAR = Pin(rule=Conditions((Condition("average_order", low=40), Condition("recency_days", high=200))))
LISTED = Pin(listed="0123456789abcdef")

ASKED: tuple[tuple[str, StudySettings], ...] = (
    ("automatic", StudySettings()),
    ("three", StudySettings(segments=3)),
    ("nine", StudySettings(segments=9)),
    ("mixture", StudySettings(method="mixture", segments=6)),
    ("ward", StudySettings(method="ward", segments=7)),
    ("hdbscan", StudySettings(method="hdbscan")),
    ("rfm", StudySettings(method="rfm")),
    ("klaviyo", StudySettings(method="rfm", rfm_preset="klaviyo")),
    ("moved cuts", StudySettings(method="rfm", rfm_cuts=(Bands("recency_days", (300, 600, 700, 800)),))),
    ("weekends alone", StudySettings(segments=4, features=("weekend_share",))),
    ("tenure alone", StudySettings(segments=5, features=("tenure_days",))),
    ("discounts alone", StudySettings(segments=3, features=("discount_share",))),
    ("spend alone", StudySettings(segments=6, features=("spend",))),
    ("merged", StudySettings(segments=6, edits=Edits(merges=((0, 1), (2, 5))))),
    ("merged rules", StudySettings(method="rfm", edits=Edits(merges=((0, 1), (2, 3, 4))))),
    ("pinned", StudySettings(segments=5, edits=Edits(pins=(OFTEN, DEAR)))),
    ("pinned rules", StudySettings(method="rfm", edits=Edits(merges=((1, 2),), pins=(DEAR,)))),
    ("pinned list", StudySettings(segments=5, edits=Edits(merges=((0, 3),), pins=(LISTED,)))),
)


def opened(kind: Kind, seed: int, folder: Path) -> Analysis:
    workspace = Workspace.open(folder)
    store(workspace, shop_lines(kind, seed))
    return Analysis.open(workspace, "Shop")


def made(shop: Analysis) -> Iterator[tuple[str, CustomerTable, Segmentation]]:
    """Segments of a shop, made in every way there is, and what way that was."""
    table = shop.plain_customers()
    listed = table.ids.take(pa.array(range(0, table.n, 3)))
    for way, settings in ASKED:
        try:
            bare = shop.study(replace(settings, edits=Edits()))
        except NotEnoughData:  # no dense places, or fewer different customers than segments
            continue
        complete = replace(bare.segmentation.settings, edits=settings.edits)
        yield way, bare.customers, segment(bare.customers, complete, lists=lambda _: listed)


def grown_old(shop: Analysis, before: Analysis) -> Iterator[tuple[str, CustomerTable, Segmentation]]:
    """Segments made at an earlier date, with everyone of today in them."""
    today = shop.plain_customers()
    for way, settings in (("five", StudySettings(segments=5)), ("rfm", StudySettings(method="rfm"))):
        study = before.study(settings)
        yield f"{way}, later", today, thaw(freeze(study.customers, study.segmentation)).on(today)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_name_says_what_is_not_so(kind: Kind, tmp_path: Path) -> None:
    names, wrong = 0, []
    for seed in range(SHOPS):
        shop = opened(kind, seed, tmp_path / str(seed))
        before = Analysis.open(shop.workspace, "Shop", as_of=shop.as_of - EARLIER)
        for way, customers, segmentation in (*made(shop), *grown_old(shop, before)):
            names += len(segmentation.segments)
            wrong += [f"{seed}, {way}: {lie}" for lie in lies(customers, segmentation)]
    print(f"{kind.__name__}: {len(wrong)} of {names} names in {SHOPS} shops are not so")
    assert not wrong, "\n".join(wrong)
