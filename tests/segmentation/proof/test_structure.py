import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from segmentation.estimates import Unknown
from segmentation.proof.null_model import fit_null_model, unimodal
from segmentation.proof.structure import Structure, structure, tightness

pytestmark = pytest.mark.filterwarnings("error")

FEW = range(2, 7)


def three_groups(n=300, seed=1):
    rng = np.random.default_rng(seed)
    centres = np.array([[0, 0, 0], [6, 0, 1], [0, 6, -1]])
    return (centres[rng.choice(3, n, p=[0.5, 0.3, 0.2])] + rng.normal(size=(n, 3))).astype(np.float32)


def one_crowd(n=300, seed=2):
    return np.random.default_rng(seed).normal(size=(n, 3)).astype(np.float32)


def test_three_groups_are_more_than_one_crowd_and_show_most_at_three():
    found = structure(three_groups(), FEW, seed=1)
    assert isinstance(found, Structure)
    assert found.beyond_one_group
    assert max(found.by_number, key=lambda separation: separation.size).k == 3
    assert found.statistic == max(separation.size for separation in found.by_number) > found.high


def test_one_crowd_is_not_beyond_itself():
    found = structure(one_crowd(), FEW, seed=1)
    assert isinstance(found, Structure)
    assert not found.beyond_one_group
    assert found.low < found.high
    assert found.statistic <= found.high


def test_a_count_with_steps_is_not_mistaken_for_groups():
    rng = np.random.default_rng(3)
    orders = np.log1p(1.0 + rng.poisson(rng.gamma(1.0, 1.5, 400)))
    basket = rng.normal(4, 0.5, 400)
    points = np.stack((orders, basket, orders + basket), axis=1)
    found = structure(((points - points.mean(0)) / points.std(0)).astype(np.float32), FEW, seed=1)
    assert isinstance(found, Structure)
    assert not found.beyond_one_group


def test_the_same_points_and_seed_give_the_same_answer_on_any_number_of_threads():
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            found.append(structure(one_crowd(), FEW, seed=4))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("points", "why"),
    [
        (np.zeros((0, 2)), "Only 0 customers"),
        (one_crowd(29), "Only 29 customers"),
        (np.full((500, 4), 1.5), "alike"),
        (np.repeat([[0.0, 1.0], [1.0, 0.0]], 50, axis=0), "alike"),
        (np.zeros((50, 0)), "alike"),
    ],
)
def test_too_few_or_identical_customers_cannot_show_groups(points, why):
    found = structure(np.asarray(points, dtype=np.float32), seed=1)
    assert isinstance(found, Unknown)
    assert why in found.reason


def test_four_kinds_of_customer_repeated_are_groups():
    kinds = np.array([[0, 0, 1], [2, 0, 0], [0, 2, 2], [2, 2, 1]], dtype=np.float32)
    found = structure(np.repeat(kinds, 25, axis=0), seed=1)
    assert isinstance(found, Structure)
    assert found.beyond_one_group
    assert [separation.k for separation in found.by_number] == [2, 3, 4]


def test_numbers_that_would_leave_groups_of_less_than_ten_are_not_tried():
    found = structure(one_crowd(65), seed=1)
    assert isinstance(found, Structure)
    assert [separation.k for separation in found.by_number] == [2, 3, 4, 5, 6]


def test_more_groups_never_leave_more_scatter():
    points = one_crowd()
    left = tightness(points - points.mean(axis=0), range(2, 16))
    assert (np.diff(left) <= 0).all()
    assert left[0] < 0


def test_two_groups_are_cut_as_tightly_as_the_truth():
    rng = np.random.default_rng(6)
    side = np.repeat([-4.0, 4.0], 100)
    points = (side[:, None] * [1, 0] + rng.normal(size=(200, 2))).astype(np.float32)
    points -= points.mean(axis=0)
    within = sum(((part - part.mean(axis=0)) ** 2).sum() for part in (points[:100], points[100:]))
    assert tightness(points, [2])[0] == pytest.approx(np.log(within / (points**2).sum()), abs=1e-3)


def test_the_crowd_fills_the_valley_between_two_humps():
    rng = np.random.default_rng(7)
    values = np.concatenate((rng.normal(-4, 1, 500), rng.normal(4, 1, 500)))
    drawn = unimodal(values).quantile(rng.random(20_000))
    inside = (np.abs(drawn) < 1).mean()
    assert (np.abs(values) < 1).mean() < 0.01
    assert inside > 0.08


def test_the_crowd_of_counts_has_the_same_counts():
    rng = np.random.default_rng(8)
    counts = 1.0 + rng.poisson(1.0, 400)
    drawn = unimodal(counts).quantile(rng.random(5_000))
    assert set(np.unique(drawn)) <= set(np.unique(counts)) | set(drawn[(drawn > 4)])
    assert (drawn == 1).mean() == pytest.approx((counts == 1).mean(), abs=0.03)


def test_the_crowd_has_the_means_spreads_and_correlations_of_the_data():
    rng = np.random.default_rng(9)
    mixed = rng.normal(size=(800, 3)) @ np.array([[1, 0.8, 0], [0, 0.6, 0.5], [0, 0, 1.0]])
    points = np.stack((np.exp(mixed[:, 0]), np.floor(mixed[:, 1] * 2), mixed[:, 2]), axis=1).astype(np.float32)
    drawn = fit_null_model(points, rng).draw(800, rng)
    assert drawn.mean(axis=0) == pytest.approx(points.mean(axis=0), abs=1e-3)
    assert drawn.std(axis=0) == pytest.approx(points.std(axis=0), rel=1e-3)
    assert np.corrcoef(drawn.T) == pytest.approx(np.corrcoef(points.T), abs=0.12)
