import numpy as np
import pytest

from segmentation.proof.stability import band, crosstab, jaccard, stability
from segmentation.proof.structure import Structure, structure
from segmentation.segments.coreset import coreset_of
from segmentation.segments.models import Centroids, Space

pytestmark = pytest.mark.filterwarnings("error")

SHOWN = np.repeat(np.arange(3, dtype=np.uint8), [500, 300, 200])
SAME = np.arange(3, dtype=np.uint8)


def placed(points, centres):
    return Centroids(Space(()), centres).nearest(points)


def k_means(points, k):
    coreset = coreset_of(points)

    def refit(rows):
        return placed(points, coreset.centres(rows, k, starts=2))

    return refit(np.arange(len(points))), refit


def steps(*labellings):
    """A refit that gives these labellings one after the other, again and again."""
    turn = iter(range(10_000))
    return lambda rows: labellings[next(turn) % len(labellings)]


def test_refits_that_change_nothing_are_perfectly_stable():
    found = stability(SHOWN, SAME, lambda rows: SHOWN, fitted_on=1_000, seed=1)
    assert [segment.jaccard.value for segment in found.segments] == [1.0, 1.0, 1.0]
    assert {segment.band for segment in found.segments} == {"very stable"}
    assert found.swaps == ()
    assert (found.confidence == 100).all()
    assert found.segments[0].jaccard.n == found.refits == 24


def test_other_numbers_for_the_same_groups_change_nothing():
    renumbered = np.array([2, 0, 1], dtype=np.uint8)[SHOWN]
    found = stability(SHOWN, SAME, steps(SHOWN, renumbered), fitted_on=1_000, seed=1)
    assert [segment.jaccard.value for segment in found.segments] == [1.0, 1.0, 1.0]


def test_groups_that_swap_only_among_themselves_are_stable_once_merged():
    rng = np.random.default_rng(1)
    shuffled = np.where(SHOWN > 0, rng.integers(1, 3, len(SHOWN)), 0).astype(np.uint8)
    apart = stability(SHOWN, SAME, lambda rows: shuffled, fitted_on=1_000, seed=1)
    merged = stability(SHOWN, np.array([0, 1, 1], dtype=np.uint8), lambda rows: shuffled, fitted_on=1_000, seed=1)
    assert apart.segments[apart.worst].jaccard.value < 0.6
    assert [(swap.one, swap.other) for swap in apart.swaps] == [(1, 2)]
    assert [segment.jaccard.value for segment in merged.segments] == [1.0, 1.0]
    assert (merged.confidence == 100).all()


def test_jaccard_and_swaps_are_those_counted_by_hand():
    moved = SHOWN.copy()
    moved[:100] = 1
    found = stability(SHOWN, SAME, lambda rows: moved, fitted_on=1_000, seed=1)
    assert [s.jaccard.value for s in found.segments] == pytest.approx([400 / 500, 300 / 400, 1.0])
    assert [s.band for s in found.segments] == ["stable", "stable", "very stable"]
    assert [(s.one, s.other, s.share) for s in found.swaps] == [(0, 1, pytest.approx(100 / 800))]
    assert found.worst == 1


def test_a_customer_is_as_sure_as_the_share_of_refits_that_agree():
    moved = SHOWN.copy()
    moved[:50] = 1
    found = stability(SHOWN, SAME, steps(SHOWN, SHOWN, SHOWN, moved), fitted_on=1_000, seed=1)
    assert set(found.confidence[:50]) == {75}
    assert set(found.confidence[50:]) == {100}
    assert found.segments[0].jaccard.low < found.segments[0].jaccard.value < found.segments[0].jaccard.high


def test_a_group_left_over_counts_with_the_segment_its_customers_come_from():
    split = SHOWN.copy()
    split[:100] = 3
    merged = np.array([0, 0, 2], dtype=np.uint8)[SHOWN]
    found = stability(SHOWN, SAME, lambda rows: split, fitted_on=1_000, seed=1)
    assert [s.jaccard.value for s in found.segments] == [1.0, 1.0, 1.0]
    fewer = stability(SHOWN, SAME, lambda rows: merged, fitted_on=1_000, seed=1)
    assert [s.jaccard.value for s in fewer.segments] == pytest.approx([500 / 800, 0.0, 1.0])


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (0.0, "unstable"),
        (0.59, "unstable"),
        (0.6, "doubtful"),
        (0.75, "stable"),
        (0.85, "stable"),
        (0.86, "very stable"),
    ],
)
def test_the_bands_begin_where_they_say(value, word):
    assert band(value) == word


def test_an_empty_segment_that_stays_empty_is_the_same():
    assert jaccard(crosstab(SHOWN, SHOWN, 4, 4)) == pytest.approx([1, 1, 1, 1])


def test_rows_come_from_the_fitted_customers_and_the_same_seed_draws_the_same():
    drawn = []

    def refit(rows):
        drawn.append(rows)
        return SHOWN

    for _ in range(2):
        stability(SHOWN, SAME, refit, fitted_on=300, seed=5, refits=2)
    assert max(rows.max() for rows in drawn) < 300
    assert (drawn[0] == drawn[2]).all()
    assert not np.array_equal(drawn[0], drawn[1])


def test_progress_ends_at_the_whole():
    seen = []
    stability(
        SHOWN, SAME, lambda rows: SHOWN, fitted_on=9, seed=1, refits=4, progress=lambda share, _: seen.append(share)
    )
    assert seen == [0.25, 0.5, 0.75, 1.0]


def test_less_than_two_refits_are_refused():
    with pytest.raises(ValueError, match="two refits"):
        stability(SHOWN, SAME, lambda rows: SHOWN, fitted_on=9, seed=1, refits=1)


def test_separated_groups_come_out_again_and_a_crowd_cut_in_many_does_not():
    rng = np.random.default_rng(2)
    centres = np.array([[0, 0], [8, 0], [0, 8]])
    groups = (centres[rng.integers(0, 3, 300)] + rng.normal(size=(300, 2))).astype(np.float32)
    shown, refit = k_means(groups, 3)
    apart = stability(shown, SAME, refit, fitted_on=300, seed=1, refits=8)
    assert apart.segments[apart.worst].band == "very stable"
    crowd = rng.normal(size=(300, 2)).astype(np.float32)
    shown, refit = k_means(crowd, 6)
    cut = stability(shown, np.arange(6, dtype=np.uint8), refit, fitted_on=300, seed=1, refits=8)
    assert cut.segments[cut.worst].band in {"unstable", "doubtful"}
    assert cut.confidence.min() < 100


def test_a_cut_that_can_be_repeated_is_no_proof_of_groups():
    rng = np.random.default_rng(3)
    crowd = (rng.normal(size=(400, 2)) * [3, 1]).astype(np.float32)
    shown, refit = k_means(crowd, 2)
    found = stability(shown, np.arange(2, dtype=np.uint8), refit, fitted_on=400, seed=1, refits=8)
    shape = structure(crowd, range(2, 7), seed=1)
    assert found.segments[found.worst].jaccard.value > 0.75
    assert isinstance(shape, Structure)
    assert not shape.beyond_one_group
