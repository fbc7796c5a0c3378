import duckdb
import numpy as np
import pyarrow as pa
import pytest

from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Unknown
from segmentation.explain import Rules, describe_rules
from segmentation.explain import tree as trees
from segmentation.explain.rules import share, sql_names
from segmentation.explain.tree import agreement, grow, round_numbers
from segmentation.segments import SegmentSettings, segment
from tests.segmentation.planted import planted_shop, table_of

pytestmark = pytest.mark.filterwarnings("error")

METHODS = {
    "kmeans": SegmentSettings(segments=6),
    "mixture": SegmentSettings(method="mixture", segments=5),
    "shopify": SegmentSettings(method="rfm"),
    "gaps": SegmentSettings(segments=5, features=("gap_days", "average_order")),
}
HOSTILE = ("it's", "'; DROP TABLE customers; --", "a\nb\x00\u202e", "back\\slash", "ends in \\", "it''s", "ends in \\'")


@pytest.fixture(scope="module")
def shop():
    return planted_shop(1_500)[0]


@pytest.fixture(scope="module", params=METHODS)
def described(request, shop):
    found = segment(shop, METHODS[request.param])
    return found.labels, describe_rules(shop, found.labels, [s.name for s in found.segments])


def ruled(customers, sql):
    columns = {f.name: customers.raw(f.name) for f in customers.features}
    table = pa.table({name: pa.array(values, mask=np.isnan(values)) for name, values in columns.items()})
    with duckdb.connect() as connection:
        connection.register("customers", table)
        return [row for (row,) in connection.execute(f"SELECT {sql} FROM customers").fetchall()]


def by_hand(recency, orders, spend):
    return np.where(recency > 180, 0, np.where(orders >= 4, 1, np.where(spend >= 100, 2, 3))).astype(np.uint8)


def planted_rules(n=2_000, seed=3):
    rng = np.random.default_rng(seed)
    recency, orders = np.floor(rng.exponential(150, n)) + 1, 1.0 + rng.poisson(2.5, n)
    spend, nothing = np.round(rng.lognormal(4.5, 0.8, n), 2), rng.random(n)
    customers = table_of(recency_days=recency, orders=orders, spend=spend, weekend_share=nothing)
    return customers, by_hand(*(customers.raw(name) for name in ("recency_days", "orders", "spend")))


def test_planted_rules_are_found_as_they_were_written():
    customers, labels = planted_rules()
    found = describe_rules(customers, labels, ["lost", "often", "big", "small"])
    assert found.agreement.value == 1
    assert found.features == ("recency_days", "orders", "spend")
    assert [s.sentence.replace("\u00a0", " ") for s in found.segments] == [
        "last ordered more than 180 days ago",
        "ordered within the last 180 days and ordered at least 4 times",
        "ordered within the last 180 days and ordered at most 3 times and spent at least 100",
        "ordered within the last 180 days and ordered at most 3 times and spent less than 100",
    ]


def test_the_planted_behaviours_are_told_apart_by_a_few_rules(shop):
    found = segment(shop, METHODS["kmeans"])
    rules = describe_rules(shop, found.labels, [s.name for s in found.segments])
    assert rules.agreement.value > 0.95
    assert len(rules.features) <= 3
    assert rules.missing == ()


def test_the_agreement_is_counted_over_everyone(described, shop):
    labels, rules = described
    assert isinstance(rules, Rules)
    given = rules.labels(shop)
    assert rules.agreement.value == pytest.approx((given == labels).mean())
    assert rules.agreement.n == shop.n
    for one in rules.segments:
        inside, met = labels == one.segment, given == one.segment
        assert one.customers == inside.sum()
        assert one.recall.value == pytest.approx((inside & met).sum() / inside.sum())
        if met.any():
            assert one.precision.value == pytest.approx((inside & met).sum() / met.sum())
        else:
            assert isinstance(one.precision, Unknown)


def test_nobody_meets_two_rules(described, shop):
    _, rules = described
    met = sum(
        np.logical_and.reduce([condition.met_by(shop) for condition in rule.conditions]).astype(int)
        for rule in rules.rules
    )
    assert met.max() == 1
    assert sum(rule.customers for rule in rules.rules) == met.sum()


def test_duckdb_gives_everyone_the_segment_of_the_rules(described, shop):
    labels, _ = described
    names = [f"segment {i}" for i in range(labels.max() + 1)]
    again = describe_rules(shop, labels, names)
    assert ruled(shop, again.sql) == [names[label] for label in again.labels(shop)]


def test_a_segment_without_a_rule_is_named(described):
    _, rules = described
    told = {rule.segment for rule in rules.rules}
    assert rules.missing == tuple(s.segment for s in rules.segments if s.segment not in told)


def test_one_more_question_is_asked_only_where_it_gives_a_segment_a_rule():
    customers, labels = planted_rules()
    plain = [describe_rules(customers, labels, list("abcd"), depth=depth) for depth in (2, 3)]
    assert [max(len(rule.conditions) for rule in rules.rules) for rules in plain] == [3, 3]
    assert [rules.missing for rules in plain] == [(), ()]
    two = (labels == 0).astype(np.uint8)
    assert {len(rule.conditions) for rule in describe_rules(customers, two, list("ab"), depth=1).rules} == {1}


def test_rules_need_few_leaves_and_none_for_almost_nobody(described, shop):
    _, rules = described
    assert len(rules.rules) <= 10
    assert min(rule.customers for rule in rules.rules) >= 0.005 * shop.n


def test_names_cannot_break_out_of_the_sql(shop):
    labels = segment(shop, SegmentSettings(segments=len(HOSTILE))).labels
    rules = describe_rules(shop, labels, HOSTILE, depth=4)
    assert set(ruled(shop, rules.sql)) <= {"it's", "'; DROP TABLE customers; --", "ab", "back/slash", "ends in /",
                                           "it''s", "ends in /'"}  # fmt: skip


def test_names_stay_different_in_sql():
    assert sql_names(["a", "a\x00", "a\u200b"]) == ("'a'", "'a (2)'", "'a (3)'")


def test_customers_without_a_value_meet_no_rule_and_are_counted_as_the_rest():
    rng = np.random.default_rng(8)
    gap = np.where(rng.random(500) < 0.4, np.nan, rng.integers(1, 100, 500))
    customers = table_of(gap_days=gap)
    labels = np.where(np.isnan(customers.raw("gap_days")), 2, customers.raw("gap_days") > 30).astype(np.uint8)
    rules = describe_rules(customers, labels, ["short", "long", "none"])
    assert rules.otherwise == 2
    assert rules.agreement.value == 1
    assert rules.missing == (2,)
    assert ruled(customers, rules.sql) == [("short", "long", "none")[label] for label in labels]


def test_a_feature_with_gaps_is_not_used_where_another_says_the_same(shop):
    labels = (shop.raw("orders") >= 3).astype(np.uint8)
    assert describe_rules(shop, labels, ["few", "many"]).features == ("orders",)


def test_the_rules_do_not_depend_on_chance_or_on_row_order():
    plain, shuffled = (planted_shop(800, shuffle=seed)[0] for seed in (None, 11))
    labels = segment(plain, METHODS["kmeans"]).labels
    names = [f"s{i}" for i in range(6)]
    assert describe_rules(plain, labels, names) == describe_rules(shuffled, labels, names)


def test_segments_drawn_by_lot_are_not_said_to_follow_rules(shop):
    labels = np.random.default_rng(1).integers(0, 4, shop.n).astype(np.uint8)
    found = describe_rules(shop, labels, list("abcd"))
    assert isinstance(found, Unknown) or found.agreement.value < 0.4


def test_setting_splits_anew_leaves_no_more_wrong_labels_than_the_greedy_tree(monkeypatch):
    rng = np.random.default_rng(2)
    features = table_of(**{name: [1] for name in ("spend", "gap_days", "average_order")}).features
    for _ in range(8):
        columns = rng.normal(size=(3, 600))
        labels = ((columns[0] > 0) + 2 * (columns[1] + columns[2] > rng.normal(0, 0.5, 600))).astype(np.uint8)
        columns[1, rng.random(600) < 0.3] = np.nan
        better = agreement(grow(columns, labels, features, depth=3, smallest=6), columns, labels)
        with monkeypatch.context() as changed:
            changed.setattr(trees, "_SWEEPS", 0)
            greedy = agreement(grow(columns, labels, features, depth=3, smallest=6), columns, labels)
        assert better >= greedy


@pytest.mark.parametrize("n", [1, 2, 29])
def test_too_few_customers_have_no_rules(n):
    found = describe_rules(table_of(orders=np.arange(n) + 1.0), (np.arange(n) % 2).astype(np.uint8), ["a", "b"])
    assert "too few" in found.reason


def test_one_segment_needs_no_rule(shop):
    assert isinstance(describe_rules(shop, np.zeros(shop.n, dtype=np.uint8), ["all"]), Unknown)


def test_alike_customers_cannot_be_told_apart():
    labels = (np.arange(60) % 2).astype(np.uint8)
    assert isinstance(describe_rules(table_of(orders=[1] * 60, spend=[5] * 60), labels, ["a", "b"]), Unknown)


@pytest.mark.parametrize("depth", [0, 5])
def test_rules_nobody_could_read_are_refused(shop, depth):
    with pytest.raises(SettingOutOfRange):
        describe_rules(shop, np.zeros(shop.n, dtype=np.uint8), ["all"], depth=depth)


@pytest.mark.parametrize(
    ("value", "unit", "first"),
    [(182.5, "days", 180), (88.0, "days", 90), (3.5, "orders", 3), (101.37, "money", 100), (0.26, "share", 0.25),
     (23.4, "money", 20), (0.004, "share", 0.0), (-40.2, "money", -50)],
)  # fmt: skip
def test_a_cut_is_first_tried_at_the_number_a_person_would_write(value, unit, first):
    assert next(round_numbers(value, unit)) == pytest.approx(first)


@pytest.mark.parametrize("unit", ["days", "money", "share", "ratio", "orders"])
@pytest.mark.parametrize("value", [0.0, 0.3, 1.0, 17.23, 1e6 + 0.5, -3.3])
def test_the_last_number_tried_is_as_good_as_the_cut(value, unit):
    *_, last = round_numbers(value, unit)
    assert abs(last - value) <= (1 if unit in {"days", "orders"} else 0.005)


def test_the_interval_of_a_share_holds_it():
    for hits, n in ((0, 5), (5, 5), (1, 3), (930, 1000)):
        found = share(hits, n)
        assert 0 <= found.low <= found.value <= found.high <= 1
    assert (share(930, 1000).low, share(930, 1000).high) == pytest.approx((0.9125, 0.9442), abs=2e-3)
