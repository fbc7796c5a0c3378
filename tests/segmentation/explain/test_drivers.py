import numpy as np
import pytest

from segmentation.explain import drivers
from tests.segmentation.planted import planted_shop, table_of

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def shop():
    return planted_shop(1_500)


def test_what_was_planted_drives_the_segment(shop):
    customers, kind = shop
    names = ("recency_days", "orders", "average_order", "discount_share")
    found = drivers(customers, kind.astype(np.uint8), 6, names)
    assert [(of[0].feature, of[0].direction) for of in found] == [
        ("orders", "above"),
        ("recency_days", "below"),
        ("recency_days", "below"),
        ("recency_days", "above"),
        ("average_order", "above"),
        ("discount_share", "above"),
    ]


def test_the_shares_of_a_segment_add_up_and_fall(shop):
    customers, kind = shop
    names = customers.default_features()
    for of in drivers(customers, kind.astype(np.uint8), 6, names):
        assert sum(driver.share for driver in of) == pytest.approx(1)
        assert [driver.share for driver in of] == sorted((driver.share for driver in of), reverse=True)


def test_the_distance_is_the_difference_of_means_in_standard_deviations_within(shop):
    customers, kind = shop
    labels = (kind == 4).astype(np.uint8)
    scaled = customers.scaled(("spend",))[:, 0].astype(float)
    inside, outside = scaled[labels == 1], scaled[labels == 0]
    within = (inside.var() * len(inside) + outside.var() * len(outside)) / len(scaled)
    (driver,) = drivers(customers, labels, 2, ("spend",))[1]
    assert driver.distance == pytest.approx((inside.mean() - outside.mean()) / np.sqrt(within), rel=1e-5)


def test_two_segments_are_apart_by_the_same_features_in_opposite_directions(shop):
    customers, kind = shop
    one, two = drivers(customers, (kind > 2).astype(np.uint8), 2, customers.default_features())
    assert [driver.feature for driver in one] == [driver.feature for driver in two]
    assert {(a.direction, b.direction) for a, b in zip(one, two, strict=True)} <= {
        ("above", "below"),
        ("below", "above"),
    }


def test_everyone_nobody_and_those_like_everyone_have_no_drivers():
    alike = table_of(orders=[1, 2, 1, 2], spend=[5, 5, 5, 5])
    order = alike.raw("orders")
    half = np.zeros(4, dtype=np.uint8)
    half[[np.flatnonzero(order == 1)[0], np.flatnonzero(order == 2)[0]]] = 1
    assert drivers(alike, np.zeros(4, dtype=np.uint8), 2, ("orders", "spend")) == ((), ())
    assert drivers(alike, half, 2, ("orders", "spend")) == ((), ())


def test_a_perfect_split_is_finite():
    customers = table_of(orders=[1, 1, 1, 9, 9, 9])
    labels = (customers.raw("orders") > 5).astype(np.uint8)
    (driver,) = drivers(customers, labels, 2, ("orders",))[1]
    assert (driver.share, driver.direction, np.isfinite(driver.distance)) == (1.0, "above", True)
