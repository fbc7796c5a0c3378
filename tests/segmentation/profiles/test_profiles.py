import numpy as np
import pytest

from segmentation.customers import CustomerTable
from segmentation.customers.scaling import transformed
from segmentation.profiles import FEW, describe, describe_selection, in_words, survey
from tests.segmentation.planted import AS_OF, planted_shop, table_of

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def shop():
    return planted_shop()


def test_shares_of_customers_and_revenue_add_up_to_one(shop):
    customers, kind = shop
    profiles = describe(customers, kind.astype(np.uint8), 6)
    assert sum(p.share_of_customers for p in profiles) == pytest.approx(1, abs=1e-12)
    assert sum(p.share_of_revenue for p in profiles) == pytest.approx(1, abs=1e-12)
    assert sum(p.customers for p in profiles) == customers.n


def test_revenue_is_exactly_the_spend_of_the_group(shop):
    customers, kind = shop
    for group, profile in enumerate(describe(customers, kind.astype(np.uint8), 6)):
        assert profile.revenue == pytest.approx(customers.spend[kind == group].sum(), rel=1e-12)


@pytest.mark.parametrize("name", ["orders", "breadth", "discount_share"])
def test_quartiles_of_features_with_few_values_are_numpys(shop, name):
    customers, kind = shop
    for group, profile in enumerate(describe(customers, kind.astype(np.uint8), 6)):
        wanted = np.quantile(customers.raw(name)[kind == group], [0.25, 0.5, 0.75])
        quartiles = profile.typical[name]
        assert [quartiles.low, quartiles.median, quartiles.high] == pytest.approx(list(wanted))


@pytest.mark.parametrize("name", ["spend", "average_order", "tenure_days"])
def test_other_quartiles_are_within_one_bin_of_numpys(shop, name):
    customers, kind = shop
    levels, bins = customers.levels(name), len(customers.levels(name))
    for group, profile in enumerate(describe(customers, kind.astype(np.uint8), 6)):
        wanted = np.quantile(customers.raw(name)[kind == group], [0.25, 0.5, 0.75])
        quartiles = profile.typical[name]
        for found, value in zip([quartiles.low, quartiles.median, quartiles.high], wanted, strict=True):
            at = int(np.searchsorted(levels, value))
            assert levels[max(at - 2, 0)] <= found <= levels[min(at + 1, bins - 1)]


def test_quartiles_leave_out_customers_without_a_value(shop):
    customers, _ = shop
    profile = survey(customers, np.zeros(customers.n, np.uint8), 1).everyone
    gaps = customers.raw("gap_days")
    known = gaps[~np.isnan(gaps)]
    assert profile.defined["gap_days"] == known.size < customers.n
    assert profile.typical["gap_days"].median == pytest.approx(np.median(known), rel=0.02)


def test_differences_are_standard_deviations_on_the_transformed_scale(shop):
    customers, kind = shop
    profile = describe(customers, kind.astype(np.uint8), 6)[0]
    for feature in customers.features:
        values = transformed(customers.raw(feature.name), feature.transform)
        wanted = (np.nanmean(values[kind == 0]) - np.nanmean(values)) / np.nanstd(values)
        assert profile.differences[feature.name] == pytest.approx(wanted, abs=0.05)


def test_everyone_differs_from_everyone_in_nothing(shop):
    customers, _ = shop
    profile = describe_selection(customers, np.ones(customers.n, dtype=bool))
    assert max(abs(size) for size in profile.differences.values()) < 1e-12
    assert profile.strongest == ()
    assert profile.share_of_revenue == 1


def test_a_feature_nobody_in_the_group_has_is_left_out_instead_of_zero(shop):
    customers, kind = shop
    profile = describe(customers, kind.astype(np.uint8), 6)[3]
    assert profile.defined["gap_days"] == 0
    assert "gap_days" not in profile.differences
    assert "gap_days" not in profile.typical


def test_groups_below_ten_show_their_size_and_nothing_else(shop):
    customers, _ = shop
    labels = np.zeros(customers.n, np.uint8)
    labels[: FEW - 1] = 1
    small = describe(customers, labels, 2)[1]
    assert (small.customers, small.few) == (FEW - 1, True)
    assert (small.typical, small.differences, small.strongest, small.buys) == ({}, {}, (), ())
    labels[FEW - 1] = 1
    assert describe(customers, labels, 2)[1].typical


def test_a_selection_of_nobody_is_described_without_a_warning(shop):
    customers, _ = shop
    nobody = describe_selection(customers, np.zeros(customers.n, dtype=bool))
    assert (nobody.customers, nobody.revenue, nobody.few) == (0, 0, True)


def test_three_strongest_differences_say_what_was_planted(shop):
    customers, kind = shop
    profiles = describe(customers, kind.astype(np.uint8), 6)
    told = [" / ".join(d.sentence for d in p.strongest) for p in profiles]
    assert "× as often" in told[0]
    assert "last bought" in told[3]
    assert "per order" in told[4]
    assert "use a discount on 100\u00a0%" in told[5]
    assert all(len(p.strongest) == 3 for p in profiles)
    assert all(abs(a.size) >= abs(b.size) for p in profiles for a, b in zip(p.strongest, p.strongest[1:], strict=False))


def test_no_sentence_compares_a_number_with_itself(shop):
    customers, _ = shop
    rng = np.random.default_rng(0)
    for _ in range(20):
        labels = (customers.scaled(["orders", "weekend_share"]) @ rng.normal(size=2) > 0).astype(np.uint8)
        for profile in describe(customers, labels, 2):
            for difference in profile.strongest:
                numbers = [word.strip("()") for word in difference.sentence.split() if any(c.isdigit() for c in word)]
                assert len(numbers) == len(set(numbers)) or len(numbers) < 2, difference.sentence


def test_the_category_a_group_prefers_comes_first_with_its_lift(shop):
    customers, kind = shop
    (category, lift), *_ = describe(customers, kind.astype(np.uint8), 6)[4].buys
    assert category == "Coffee"
    share = np.asarray(customers.category_spend, np.float64)
    wanted = (share[kind == 4].sum(0) / share[kind == 4].sum())[1] / (share.sum(0) / share.sum())[1]
    assert lift == pytest.approx(wanted, rel=1e-4)


def test_refunds_and_an_absurd_basket_break_nothing():
    rng = np.random.default_rng(3)
    spend = rng.lognormal(3, 1, 500)
    spend[0], spend[1] = 1e12, -250.0
    customers = table_of(orders=np.ones(500), spend=spend, average_order=spend, gap_days=np.full(500, np.nan))
    labels = (np.arange(500) % 2).astype(np.uint8)
    profiles = describe(customers, labels, 2)
    assert sum(p.share_of_revenue for p in profiles) == pytest.approx(1)
    assert all(abs(size) <= 3.5 for p in profiles for size in p.differences.values())
    assert all("gap_days" not in p.typical for p in profiles)
    assert all(p.typical["spend"].median < 1e4 for p in profiles)


def test_a_shop_without_revenue_has_shares_of_zero_instead_of_nan():
    customers = table_of(orders=np.ones(30), spend=np.zeros(30))
    assert [p.share_of_revenue for p in describe(customers, np.repeat([0, 1], 15).astype(np.uint8), 2)] == [0, 0]


def test_refunded_categories_never_give_a_negative_lift():
    spend = np.array([[50.0, -10.0]] * 20 + [[10.0, 40.0]] * 20)
    customers = CustomerTable.from_arrays(
        [f"c{i}" for i in range(40)],
        {"orders": np.ones(40), "spend": spend.sum(axis=1)},
        as_of=AS_OF,
        categories=("Tea", "Cups"),
        category_spend=spend,
    )
    mask = customers.spend < 45
    assert describe_selection(customers, mask).buys == (("Tea", pytest.approx(1 / 0.6)),)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1, "days", "1 day"),
        (410, "days", "410 days"),
        (1234.5, "money", "€\u00a01,234"),
        (84.2, "money", "€\u00a084.20"),
        (0.714, "share", "71\u00a0%"),
        (0.046, "share", "4.6\u00a0%"),
        (1, "categories", "1 category"),
        (2.5, "orders", "2.5 orders"),
        (-0.4, "ratio", "-0.4"),
    ],
)
def test_numbers_are_written_with_their_unit(value, unit, text):
    assert in_words(value, unit, "EUR") == text


def test_one_wholesale_customer_is_said_beside_the_revenue_of_the_segment():
    spend = np.r_[np.full(40, 30.0), 800.0, np.full(59, 20.0)]
    labels = np.repeat([0, 1], [41, 59]).astype(np.uint8)
    customers = table_of(spend=spend, recency_days=np.full(100, 10.0), orders=np.ones(100))
    places = np.array([int(one.lstrip("c")) for one in customers.ids.to_pylist()])
    with_one, without = describe(customers, labels[places], 2)
    assert with_one.from_one == pytest.approx(800 / 2_000)
    assert with_one.rests_on_one
    assert without.from_one == pytest.approx(1 / 59)
    assert not without.rests_on_one
    everyone = survey(customers, labels[places], 2).everyone
    assert everyone.from_one == pytest.approx(800 / 3_180)
    few = describe(customers, (places == 40).astype(np.uint8), 2)[1]
    assert few.few
    assert not few.rests_on_one
