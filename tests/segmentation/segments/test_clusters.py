import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from segmentation.errors import FeatureNotFound, FeatureUnavailable, NotEnoughData
from segmentation.segments import SegmentSettings, segment
from segmentation.segments.clusters import different_points, fit_clusters
from segmentation.segments.models import Centroids
from tests.segmentation.planted import planted_shop, table_of

pytestmark = pytest.mark.filterwarnings("error")

TOLD_APART = ("recency_days", "orders", "average_order", "discount_share")


@pytest.fixture(scope="module")
def shop():
    return planted_shop()


@pytest.mark.parametrize("method", ["kmeans", "mixture"])
def test_planted_behaviours_are_found_again(shop, method):
    customers, kind = shop
    found = segment(customers, SegmentSettings(method=method, segments=6, features=TOLD_APART))
    assert adjusted_rand_score(kind, found.labels) > 0.9


@pytest.mark.parametrize("method", ["kmeans", "mixture"])
def test_segments_do_not_depend_on_row_order(method):
    settings = SegmentSettings(method=method, segments=5)
    plain, shuffled = (planted_shop(shuffle=seed)[0] for seed in (None, 11))
    assert plain.ids.equals(shuffled.ids)
    assert (segment(plain, settings).labels == segment(shuffled, settings).labels).all()


@pytest.mark.parametrize("method", ["kmeans", "mixture"])
def test_segments_do_not_depend_on_the_number_of_threads(shop, method):
    customers, _ = shop
    found = []
    for threads in (1, 2, 4):
        with threadpool_limits(threads):
            found.append(segment(customers, SegmentSettings(method=method, segments=7)))
    assert all((other.labels == found[0].labels).all() for other in found[1:])
    assert all(other.segments == found[0].segments for other in found[1:])


def test_segments_do_not_depend_on_the_order_in_which_features_were_chosen(shop):
    customers, _ = shop
    one, two = SegmentSettings(features=TOLD_APART), SegmentSettings(features=TOLD_APART[::-1])
    assert one == two
    assert (segment(customers, one).labels == segment(customers, two).labels).all()


@pytest.mark.parametrize("method", ["kmeans", "mixture"])
def test_a_model_gives_its_own_customers_their_own_segments(shop, method):
    customers, _ = shop
    found = segment(customers, SegmentSettings(method=method, segments=8))
    assert found.labels.dtype == np.uint8
    assert (found.assign(customers) == found.labels).all()
    assert found.sizes == tuple(np.bincount(found.labels))


def test_everyone_belongs_to_the_nearest_centre(shop):
    customers, _ = shop
    model, labels = fit_clusters(customers, SegmentSettings(segments=5))
    assert isinstance(model, Centroids)
    away = ((model.space.points(customers)[:, None, :] - model.centres) ** 2).sum(axis=2)
    assert np.take_along_axis(away, labels[:, None].astype(int), 1).ravel() == pytest.approx(away.min(1), abs=1e-4)


def test_without_an_anchor_segments_come_in_order_of_revenue(shop):
    customers, _ = shop
    revenue = [p.revenue for p in segment(customers, SegmentSettings(segments=6)).profiles]
    assert revenue == sorted(revenue, reverse=True)


@pytest.mark.parametrize("method", ["kmeans", "mixture"])
def test_identical_customers_are_too_few_different_ones(method):
    customers = table_of(recency_days=[30] * 50, orders=[1] * 50, spend=[20] * 50)
    with pytest.raises(NotEnoughData, match="alike") as problem:
        segment(customers, SegmentSettings(method=method, segments=3))
    assert (problem.value.have, problem.value.need) == (1, 2)


@pytest.mark.parametrize("method", ["kmeans", "mixture"])
def test_three_kinds_of_customer_make_at_most_three_segments(method):
    customers = table_of(recency_days=[5, 50, 500] * 20, orders=[9, 3, 1] * 20, spend=[90, 30, 10] * 20)
    found = segment(customers, SegmentSettings(method=method, segments=6))
    assert found.sizes == (20, 20, 20)
    assert [s.index for s in found.segments] == [0, 1, 2]


@pytest.mark.parametrize("n", [1, 2, 7, 11])
def test_fewer_than_two_customers_per_segment_is_said_with_the_number_that_fits(n):
    customers = table_of(recency_days=np.arange(n) + 1, orders=np.arange(n) + 1, spend=np.arange(n) * 10.0)
    with pytest.raises(NotEnoughData) as problem:
        segment(customers, SegmentSettings(segments=6))
    assert (problem.value.have, problem.value.need) == (n, 12)
    if n >= 4:
        assert f"Ask for {n // 2} segments" in str(problem.value)


@pytest.mark.parametrize("method", ["kmeans", "mixture"])
def test_data_full_of_repeats_and_one_absurd_customer_give_segments_of_two_or_more(method):
    rng = np.random.default_rng(4)
    for clusters in range(2, 13):
        n = int(rng.integers(2 * clusters, 80))
        spend = rng.integers(1, 4, n) * 10.0
        spend[0] = 1e12
        customers = table_of(
            recency_days=rng.integers(1, 5, n),
            orders=rng.integers(1, 3, n),
            spend=spend,
            gap_days=np.where(rng.random(n) < 0.5, np.nan, 20.0),
        )
        found = segment(customers, SegmentSettings(method=method, segments=clusters))
        assert min(found.sizes) >= 2 or len(found.sizes) == 1
        assert sum(found.sizes) == n
        assert len({s.name for s in found.segments}) == len(found.segments)


def test_a_feature_that_is_not_there_is_named(shop):
    customers, _ = shop
    with pytest.raises(FeatureUnavailable):
        segment(customers, SegmentSettings(features=("trend",)))
    with pytest.raises(FeatureNotFound, match="Did you mean “orders”"):
        segment(customers, SegmentSettings(features=("order",)))


def test_different_rows_are_counted():
    points = np.repeat(np.random.default_rng(0).normal(size=(37, 9)).astype(np.float32), 5, axis=0)
    assert different_points(points) == 37
