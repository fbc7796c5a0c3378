"""Merges by hand go on when something else is moved, also where a score is among the features."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from segmentation.analysis import Analysis, StudySettings
from segmentation.errors import FeatureUnavailable
from segmentation.segments import Edits, SegmentSettings
from segmentation.workspace import Workspace
from tests.dashboard.shops import write_shop

SCORED = ("recency_days", "expected_spend")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    workspace = Workspace.open(tmp_path_factory.mktemp("carried"))
    return Analysis.of(workspace, write_shop(workspace, customers=900))


def merged(shop: Analysis, settings: StudySettings) -> str:
    """The key of these segments, the first two of them merged."""
    return shop.study(replace(settings, edits=Edits(merges=((0, 1),))), wait=False).segmentation.settings.key


@pytest.mark.parametrize("features", [("recency_days", "orders"), SCORED, (*SCORED, "lost_risk")])
def test_a_merge_goes_on_where_its_segments_do(shop: Analysis, features: tuple[str, ...]) -> None:
    settings = StudySettings(segments=5, features=features)
    edits, lost = shop.carried(merged(shop, settings), settings)
    assert edits.merges == ((0, 1),)
    assert lost == ()


def test_a_merge_goes_on_where_a_score_is_taken_away_or_added(shop: Analysis) -> None:
    plain, scored = (StudySettings(segments=4, features=names) for names in (("recency_days", "spend"), SCORED))
    for before, after in ((plain, scored), (scored, plain)):
        edits, lost = shop.carried(merged(shop, before), after)
        assert len(edits.merges) + len(lost) == 1


def test_other_changes_by_hand_stay(shop: Analysis) -> None:
    settings = StudySettings(segments=5, features=SCORED, edits=Edits(names=((3, "Mine"),)))
    edits, _ = shop.carried(merged(shop, replace(settings, edits=Edits())), settings)
    assert edits == Edits(merges=((0, 1),), names=((3, "Mine"),))


def test_a_merge_that_does_not_go_on_is_named_by_its_segments(shop: Analysis) -> None:
    before = StudySettings(segments=8, features=("recency_days", "orders"))
    names = [one.name for one in shop.study(before, wait=False).segmentation.segments]
    edits, lost = shop.carried(merged(shop, before), StudySettings(segments=2, features=("average_order",)))
    assert edits.merges == ()
    assert lost == (f"{names[0]} + {names[1]}",)


def test_all_merges_are_lost_and_named_where_the_segments_of_before_cannot_be_made(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path)
    small = Analysis.of(workspace, write_shop(workspace, customers=40))
    before = SegmentSettings(segments=4, features=SCORED, edits=Edits(merges=((0, 2), (1, 3)))).key
    with pytest.raises(FeatureUnavailable):
        small.study(StudySettings(segments=4, features=SCORED))
    edits, lost = small.carried(before, StudySettings(segments=3, edits=Edits(names=((0, "Mine"),))))
    assert edits == Edits(names=((0, "Mine"),))
    assert lost == ("Segment 1 + Segment 3", "Segment 2 + Segment 4")
