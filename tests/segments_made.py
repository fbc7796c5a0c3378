"""A shop segmented in every way there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pyarrow as pa

from segmentation.analysis import Analysis, StudySettings
from segmentation.customers import CustomerTable
from segmentation.errors import FeatureUnavailable, NotEnoughData
from segmentation.segments import Bands, Condition, Conditions, Edits, Pin, Segmentation, freeze, segment, thaw

Made = tuple[str, CustomerTable, Segmentation]
"""In what way, of whom, and what."""

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


def every_way(shop: Analysis) -> Iterator[Made]:
    """By every method, on single features, merged, pinned, and made at an earlier date."""
    yield from made(shop)
    yield from grown_old(shop)


def made(shop: Analysis) -> Iterator[Made]:
    """Segments of a shop, made in every way there is, and what way that was."""
    table = shop.plain_customers()
    listed = table.ids.take(pa.array(range(0, table.n, 3)))
    for way, settings in ASKED:
        try:
            bare = shop.study(replace(settings, edits=Edits()))
        except (NotEnoughData, FeatureUnavailable):  # no dense places, too few different customers, no such column
            continue
        complete = replace(bare.segmentation.settings, edits=settings.edits)
        yield way, bare.customers, segment(bare.customers, complete, lists=lambda _: listed)


def grown_old(shop: Analysis) -> Iterator[Made]:
    """Segments made at an earlier date, with everyone of today in them."""
    before = shop.at(shop.as_of - EARLIER)
    today = shop.plain_customers()
    for way, settings in (("five", StudySettings(segments=5)), ("rfm", StudySettings(method="rfm"))):
        study = before.study(settings, wait=False)
        yield f"{way}, later", today, thaw(freeze(study.customers, study.segmentation)).on(today)
