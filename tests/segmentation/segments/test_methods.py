"""Every method keeps the promises: everyone labelled, the same whatever the order, the threads and the process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from segmentation.analysis import METHODS
from segmentation.errors import FeatureUnavailable, NotEnoughData, SettingOutOfRange
from segmentation.segments import SegmentSettings, segment
from segmentation.segments.clusters import chosen_space
from segmentation.segments.density import fit_density
from segmentation.segments.models import Neighbours, Space
from tests.segmentation.planted import planted_shop, table_of

pytestmark = pytest.mark.filterwarnings("error")

N = 1_000
TOLD_APART = ("recency_days", "orders", "average_order", "discount_share")
FITTED = ("kmeans", "mixture", "ward", "hdbscan")
ROOT = Path(__file__).resolve().parents[3]

ELSEWHERE = """
import json, sys
sys.path.insert(0, sys.argv[1])
from segmentation.segments import SegmentSettings, segment
from segmentation.analysis import METHODS
from tests.segmentation.planted import planted_shop
customers = planted_shop(int(sys.argv[2]))[0]
found = [segment(customers, SegmentSettings(method=method)) for method in METHODS]
print(json.dumps([[one.labels.tolist(), [s.name for s in one.segments]] for one in found]))
"""


def settings_of(method, **more):
    return SegmentSettings(method=method, features=() if method == "rfm" else TOLD_APART, **more)


@pytest.fixture(scope="module")
def shop():
    return planted_shop(N)


def blobs(rng, sizes, middles, spread=0.15):
    """Points around middles, shuffled: shape (sum of sizes, 2), and which middle each is from."""
    which = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    points = np.asarray(middles)[which] + rng.normal(0, spread, (len(which), 2))
    return points.astype(np.float32), which


@pytest.mark.parametrize("method", METHODS)
def test_every_method_puts_everyone_in_exactly_one_named_segment(shop, method):
    customers, _ = shop
    found = segment(customers, settings_of(method))
    assert found.labels.shape == (customers.n,)
    assert found.sizes == tuple(np.bincount(found.labels, minlength=len(found.segments)))
    assert min(found.sizes) > 0
    assert [s.index for s in found.segments] == list(range(len(found.segments)))
    assert len({s.name for s in found.segments}) == len(found.segments)
    assert (found.assign(customers) == found.labels).all()


@pytest.mark.parametrize("method", FITTED)
def test_every_method_finds_most_of_what_was_planted(shop, method):
    customers, kind = shop
    assert adjusted_rand_score(kind, segment(customers, settings_of(method)).labels) > 0.75


@pytest.mark.parametrize("method", METHODS)
def test_no_method_depends_on_the_order_of_rows_or_columns(shop, method):
    customers, _ = shop
    shuffled = planted_shop(N, shuffle=3)[0]
    names = [feature.name for feature in customers.features]
    ids = customers.ids.to_pylist()
    turned = table_of_ids(ids[::-1], {name: customers.raw(name)[::-1] for name in reversed(names)}, customers)
    found = segment(customers, settings_of(method))
    for other in (shuffled, turned):
        assert other.ids.equals(customers.ids)
        again = segment(other, settings_of(method))
        assert (again.labels == found.labels).all()
        assert again.segments == found.segments


def table_of_ids(ids, raw, like):
    """The same customers with their columns in this order."""
    return type(like).from_arrays(ids, raw, as_of=like.as_of, currency=like.currency, fingerprint=like.fingerprint)


def test_no_method_depends_on_the_number_of_threads_or_on_the_process(shop):
    customers = shop[0]
    own = [segment(customers, SegmentSettings(method=method)) for method in METHODS]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", ELSEWHERE, str(ROOT), str(N)],
            env={**os.environ, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads, "PYTHONHASHSEED": threads},
            stdout=subprocess.PIPE,
            text=True,
        )
        for threads in ("1", "2")
    ]
    for process in running:
        told = json.loads(process.communicate(timeout=120)[0])
        assert process.returncode == 0
        for method, one, (labels, names) in zip(METHODS, own, told, strict=True):
            assert one.labels.tolist() == labels, method
            assert [s.name for s in one.segments] == names, method


@pytest.mark.parametrize("method", FITTED)
def test_a_method_asked_for_few_segments_never_gives_more(shop, method):
    customers, _ = shop
    for clusters in (2, 4):
        assert 2 <= len(segment(customers, settings_of(method, segments=clusters)).segments) <= clusters


# Weights ------------------------------------------------------------------------------------------------------


def two_ways(n=400):
    """Customers who differ by recency as much as by spend, independently; both ways of cutting in two are as good."""
    rng = np.random.default_rng(2)
    recent, rich = rng.random(n) < 0.5, rng.random(n) < 0.5
    customers = table_of(
        recency_days=np.where(recent, 20, 400) * rng.lognormal(0, 0.1, n),
        orders=np.ones(n),
        spend=np.where(rich, 500, 25) * rng.lognormal(0, 0.1, n),
    )
    return customers, customers.raw("recency_days") < 100, customers.raw("spend") > 100


@pytest.mark.parametrize("method", ["kmeans", "ward"])
def test_the_heavier_feature_decides_who_is_together(method):
    customers, recent, rich = two_ways()
    names = ("recency_days", "spend")
    for name, wanted in (("recency_days", recent), ("spend", rich)):
        heavy = SegmentSettings(method=method, segments=2, features=names, weights=((name, 3.0),))
        assert adjusted_rand_score(wanted, segment(customers, heavy).labels) > 0.95


def test_a_weight_multiplies_distances_in_its_feature_alone(shop):
    customers, _ = shop
    plain = chosen_space(customers, SegmentSettings(features=TOLD_APART)).points(customers)
    weighed = SegmentSettings(features=TOLD_APART, weights=(("orders", 2.5), ("recency_days", 1.0)))
    space = chosen_space(customers, weighed)
    at = space.features.index("orders")
    ratio = space.points(customers) / np.where(plain == 0, 1, plain)
    assert np.allclose(ratio[:, at][plain[:, at] != 0], 2.5)
    assert np.allclose(np.delete(space.points(customers), at, axis=1), np.delete(plain, at, axis=1))


def test_a_weight_of_one_or_of_a_feature_that_is_not_chosen_changes_nothing():
    weighed = SegmentSettings(features=("orders", "spend"), weights=(("orders", 1.0), ("gap_days", 2.0)))
    assert weighed == SegmentSettings(features=("orders", "spend"))


@pytest.mark.parametrize("weight", [0.0, 0.2, 4.1, -1.0, float("nan"), float("inf")])
def test_a_weight_that_would_drown_everything_is_refused(weight):
    with pytest.raises(SettingOutOfRange, match="weight of orders"):
        SegmentSettings(features=("orders",), weights=(("orders", weight),))


# HDBSCAN ------------------------------------------------------------------------------------------------------


def test_whoever_stands_between_the_crowds_joins_the_nearest_one_and_is_unsure():
    rng = np.random.default_rng(6)
    points, which = blobs(rng, (300, 300), [(-2.0, 0.0), (2.0, 0.0)])
    lost = np.array([[-0.9, 0.0], [0.9, 0.0], [-2.0, 3.0], [2.0, -3.0]], dtype=np.float32)
    everyone = np.concatenate((points, lost))
    model = fit_density(Space(("a", "b")), points, 6)
    labels, away = model._found(everyone)
    unsure = away > model.reach[labels]
    assert adjusted_rand_score(which, labels[:600]) == 1.0
    assert unsure[600:].all()
    assert unsure[:600].mean() < 0.1
    assert labels[600] == labels[602] != labels[601] == labels[603]


def test_those_in_no_dense_place_of_a_shop_are_in_a_segment_all_the_same(shop):
    customers, _ = shop
    found = segment(customers, settings_of("hdbscan"))
    assert isinstance(found.model, Neighbours)
    unsure = found.model.unsure(customers)
    assert 0 < unsure.sum() < customers.n / 3
    assert sum(found.sizes) == customers.n


def test_one_crowd_has_no_dense_places_and_the_sentence_says_so():
    rng = np.random.default_rng(3)
    n, names = 900, ("recency_days", "spend", "gap_days")
    customers = table_of(**{name: rng.lognormal(4, 0.5, n) for name in names})
    with pytest.raises(NotEnoughData, match="no natural groups") as problem:
        segment(customers, SegmentSettings(method="hdbscan", features=names))
    assert "Choose Automatic" in problem.value.next_step


def test_a_model_without_some_groups_sends_their_customers_to_the_others():
    points, _ = blobs(np.random.default_rng(1), (200, 100, 100), [(-3.0, 0.0), (3.0, 0.0), (0.0, 4.0)])
    model = fit_density(Space(()), points, 6)
    assert model.groups == 3
    fewer = model.keep(np.array([0, 2]))
    assert fewer.groups == 2
    stayed = model.nearest(points) != 1
    assert (fewer.nearest(points)[stayed] == np.array([0, 9, 1])[model.nearest(points)[stayed]]).all()


def test_with_more_dense_places_than_wanted_the_largest_are_the_groups():
    middles = [(-9.0, 0.0), (0.0, 0.0), (9.0, 0.0), (0.0, 9.0)]
    points, which = blobs(np.random.default_rng(1), (150, 100, 100, 100), middles)
    model = fit_density(Space(()), points, 3)
    assert 2 <= model.groups <= 3
    labels = model.nearest(points)
    assert len(set(labels[which == 0])) == 1
    assert not set(labels[which == 0]) & set(labels[which == 1])


@pytest.mark.parametrize("method", ["ward", "hdbscan"])
def test_identical_customers_are_refused_with_a_sentence(method):
    customers = table_of(recency_days=[30] * 50, orders=[1] * 50, spend=[20] * 50)
    with pytest.raises(NotEnoughData, match="alike"):
        segment(customers, SegmentSettings(method=method, segments=3))


def test_three_kinds_of_customer_make_three_groups_of_wards_tree():
    customers = table_of(recency_days=[5, 50, 500] * 20, orders=[9, 3, 1] * 20, spend=[90, 30, 10] * 20)
    assert segment(customers, SegmentSettings(method="ward", segments=6)).sizes == (20, 20, 20)


def test_a_feature_that_the_table_lacks_is_named_by_every_method(shop):
    for method in FITTED:
        with pytest.raises(FeatureUnavailable):
            segment(shop[0], SegmentSettings(method=method, features=("trend",)))
