"""Names of segments say what is so: the limits of each word, what is tried first, and when a name is made again."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from segmentation.customers import CustomerTable
from segmentation.profiles import survey
from segmentation.segments import Condition, Conditions, Edits, Pin, SegmentSettings, freeze, segment, thaw
from segmentation.segments.naming import LONGEST, holds, name_segments
from segmentation.segments.predicates import tally
from segmentation.segments.renaming import named_again
from segmentation.segments.vocabulary import families_of, rhythm_of
from tests.naming import lies
from tests.segmentation.planted import AS_OF, planted_shop

pytestmark = pytest.mark.filterwarnings("error")

N = 1_000
LISTED = "0123456789abcdef"


def table_of(season: tuple[int, int] | None = None, **changed: object) -> CustomerTable:
    """A thousand customers who are alike in everything but what is changed: two orders, 100 days apart, long known."""
    usual = {
        "recency_days": np.full(N, 40.0),
        "tenure_days": np.full(N, 700.0),
        "active_days": np.full(N, 100.0),
        "orders": np.full(N, 2.0),
        "spend": np.full(N, 60.0),
        "average_order": np.full(N, 30.0),
        "gap_days": np.full(N, 100.0),
        "season_share": np.full(N, 0.0),
    }
    raw = usual | {name: np.asarray(values, dtype=float) for name, values in changed.items()}
    if season is None:
        del raw["season_share"]
    ids = [f"c{i:04d}" for i in range(N)]
    return CustomerTable.from_arrays(ids, raw, as_of=AS_OF, currency="EUR", season=season, ordered=True)


def named(customers: CustomerTable, labels: np.ndarray, groups: int = 2):
    at = labels.astype(np.uint8)
    features = customers.features
    return name_segments(customers, tally(customers, at, groups), survey(customers, at, groups), features)


def halves() -> np.ndarray:
    return np.repeat([0, 1], N // 2)


def first(number: int, of: int = 0) -> np.ndarray:
    """So many customers of one half."""
    return np.isin(np.arange(N), np.arange(of * N // 2, of * N // 2 + number))


# The limits -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("once", "said"), [(300, True), (299, False)])
def test_a_word_is_true_of_at_least_sixty_percent(once, said):
    orders = np.where(first(once) | first(150, of=1), 1, 2)
    assert (named(table_of(orders=orders), halves())[0].name == "One-time buyers") == said


@pytest.mark.parametrize(("others", "said"), [(249, True), (250, True), (251, False)])
def test_its_odds_are_at_least_twice_those_elsewhere(others, said):
    """334 of 500 are odds of 2.01; 250 of 500 are odds of 1."""
    orders = np.where(first(334) | first(others, of=1), 1, 2)
    customers = table_of(orders=orders)
    counted = tally(customers, halves().astype(np.uint8), 2)
    assert holds(counted, ("one_order",), 0) == said


def test_all_words_together_are_true_of_as_many():
    """Two in three are lapsed and two in three buy big baskets, but only one in three does both."""
    recency = np.where(first(334), 900, 40)
    basket = np.where(first(500) & ~first(166), 200.0, 30.0)
    basket[500:] = np.linspace(20, 40, 500)
    name = named(table_of(recency_days=recency, average_order=basket), halves())[0]
    assert set(name.words) != {"lapsed", "big_basket"}
    assert len(name.words) <= 1


def test_the_limits_come_from_the_shop_and_are_said():
    recency = np.where(first(450), 401, 399)
    name = named(table_of(recency_days=recency), halves())[0]
    assert name.name == "Lapsed customers"
    assert name.evidence == (
        (
            "90\u00a0% are lapsed, 0\u00a0% of the rest of the shop: no order for more than 400\u00a0days, four times "
            "the 100\u00a0days that repeat buyers usually leave between orders."
        ),
    )


def test_the_top_fifth_is_never_more_than_a_fifth_where_many_are_equal():
    """Forty percent spent the most: that is no top fifth."""
    customers = table_of(spend=np.where(np.arange(N) < 400, 500.0, 60.0))
    words = {word.key for family in families_of(customers) for word in family.words}
    assert "high_spend" not in words
    assert "low_spend" not in words


# What must not be said ----------------------------------------------------------------------------------------------


def test_newcomers_who_all_came_in_the_season_are_newcomers():
    new = halves() == 0
    customers = table_of(
        season=(11, 12), tenure_days=np.where(new, 30, 700), season_share=np.where(new, 1.0, 0.2), orders=1 + ~new
    )
    assert named(customers, halves())[0].name == "New one-time buyers"


def test_a_season_needs_customers_who_could_have_ordered_in_two():
    old = first(500) & (np.arange(N) % 2 == 0)
    share = np.where(first(500), 1.0, 0.1)
    customers = table_of(season=(11, 12), tenure_days=np.where(old | ~first(500), 700, 300), season_share=share)
    assert "season" not in named(customers, halves())[0].words
    customers = table_of(season=(11, 12), tenure_days=np.full(N, 365), season_share=share)
    assert named(customers, halves())[0].words == ("season",)


def test_champions_of_whom_nearly_half_are_active_are_not_called_lapsing():
    rng = np.random.default_rng(3)
    best = first(200)
    recency = np.where(best & (rng.random(N) < 0.55), 250, 40)
    customers = table_of(
        recency_days=recency,
        orders=np.where(best, 12, 2) + rng.integers(0, 2, N),
        spend=np.where(best, 900, 60) * (1 + rng.random(N)),
    )
    name = named(customers, best.astype(int) ^ 1)[0]
    assert name.name == "Top customers"
    assert "lapsing" not in name.words


def test_one_order_is_not_said_where_more_than_a_third_have_two():
    orders = np.where(first(310) | first(20, of=1), 1, 2)
    name = named(table_of(orders=orders, average_order=np.where(first(500), 99, 30)), halves())[0]
    assert "one_order" in name.words
    orders = np.where(first(295) | first(20, of=1), 1, 2)
    name = named(table_of(orders=orders, average_order=np.where(first(500), 99, 30)), halves())[0]
    assert "one_order" not in name.words


@pytest.mark.parametrize(("again", "usable"), [(200, True), (199, False)])
def test_no_stage_is_said_where_fewer_than_a_fifth_come_back(again, usable):
    orders = np.where(np.arange(N) < again, 2, 1)
    gaps = np.where(orders > 1, 100.0, np.nan)
    customers = table_of(orders=orders, gap_days=gaps, recency_days=np.where(first(500), 900, 40))
    assert rhythm_of(customers).usable == usable
    words = {word.key for family in families_of(customers) for word in family.words}
    assert ({"active", "lapsing", "lapsed", "late", "loyal"} <= words) == usable
    assert named(customers, halves())[0].name == ("Lapsed customers" if usable else "Long-ago customers")


@pytest.mark.parametrize("preset", ["shopify", "klaviyo"])
def test_rule_groups_have_another_name_where_their_own_is_not_so(preset):
    """Everybody ordered within the usual days, so that nobody is dormant, at risk or inactive."""
    rng = np.random.default_rng(8)
    customers = table_of(recency_days=rng.integers(1, 60, N), orders=rng.integers(1, 9, N), spend=rng.random(N) * 300)
    found = segment(customers, SegmentSettings(method="rfm", rfm_preset=preset))
    names = {s.name for s in found.segments}
    assert not names & {"Dormant", "At risk", "Almost lost", "Inactive", "Needs attention", "Previously loyal"}
    assert lies(customers, found) == []


@pytest.mark.parametrize("preset", ["shopify", "klaviyo"])
def test_nobody_is_loyal_who_left_long_ago_by_the_rhythm_of_the_shop(preset):
    """A subscription: whoever goes on orders each 30 days; the rest have cancelled, some after many orders."""
    rng = np.random.default_rng(9)
    gone = rng.random(N) < 0.75
    customers = table_of(
        recency_days=np.where(gone, rng.integers(31, 900, N), rng.integers(1, 30, N)),
        orders=rng.geometric(0.1, N),
        spend=rng.random(N) * 300,
        gap_days=np.full(N, 30.0),
        tenure_days=np.full(N, 950.0),
    )
    found = segment(customers, SegmentSettings(method="rfm", rfm_preset=preset))
    away = customers.raw("recency_days")
    for one in found.segments:
        member = found.labels == one.index
        if one.name in {"Loyal", "Champions", "Active", "Recent"}:
            assert (away[member] > 120).mean() <= 0.4, one
    assert lies(customers, found) == []


def test_loyal_customers_who_still_order_keep_the_name():
    rng = np.random.default_rng(10)
    away = rng.integers(1, 400, N)
    customers = table_of(recency_days=away, orders=rng.integers(1, 9, N), spend=rng.random(N) * 300,
                         gap_days=np.full(N, 40.0), tenure_days=np.full(N, 900.0))  # fmt: skip
    found = segment(customers, SegmentSettings(method="rfm"))
    (loyal,) = (one for one in found.segments if one.rule == "R 3–4 and FM 4–5")
    assert loyal.name == "Loyal"
    assert any("are not lapsed, " in line for line in loyal.evidence)


# A figure where no word will do -------------------------------------------------------------------------------------


def test_where_no_word_will_do_the_name_is_the_strongest_difference_with_its_figure():
    spend = np.where(first(500), 70.0, 60.0) + np.arange(N) % 40
    name = named(table_of(spend=spend), halves())[0]
    assert name.name == "Spend €\u00a089 (shop 84.50)"
    assert name.words == ()
    assert name.evidence[-1] == "What sets them apart most: spend €\u00a089, 84.50 in the shop (medians)."


def test_customers_who_are_all_alike_are_said_to_be():
    names = named(table_of(), np.arange(N) % 2)
    assert [name.name for name in names] == ["Much like everyone", "Much like everyone 2"]


@pytest.mark.parametrize(("others", "told"), [(9, False), (10, True)])
def test_nothing_is_said_of_a_rest_of_the_shop_that_is_too_few_to_describe(others, told):
    few = np.arange(N) < others
    name = named(table_of(recency_days=np.where(few, 40, 900)), few)[0]
    assert name.name == "Lapsed customers"
    assert ("rest of the shop" in name.evidence[0]) == told
    assert named(table_of(recency_days=np.where(few, 40, 900)), few)[1].name.startswith(
        "Active" if told else "A handful"
    )


def test_everybody_in_one_segment_is_everybody():
    assert [name.name for name in named(table_of(), np.zeros(N, int), 1)] == ["All customers"]


# Made again ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def customers():
    return planted_shop()[0]


def of(customers, edits=None, **more):
    settings = SegmentSettings(segments=5, edits=edits or Edits(), **more)
    return segment(customers, settings, lists=lambda _: customers.ids.take(pa.array(range(0, customers.n, 2))))


def test_names_that_were_swapped_are_found_out(customers):
    found = of(customers)
    one, other = found.segments[:2]
    swapped = replace(
        found, segments=(replace(one, name=other.name), replace(other, name=one.name), *found.segments[2:])
    )
    assert lies(customers, found) == []
    assert len(lies(customers, swapped)) == 2


@pytest.mark.parametrize("groups", [2, 3, 5, 9, 19])
@pytest.mark.parametrize("feature", ["recency_days", "orders", "average_order", "weekend_share", ""])
def test_however_customers_are_cut_no_group_is_called_what_it_is_not(customers, groups, feature):
    """Slices of one feature, a little blurred; without a feature, groups drawn by lot."""
    rng = np.random.default_rng(groups)
    values = customers.raw(feature) if feature else np.zeros(customers.n)
    blurred = values + rng.normal(0, values.std() * 0.1 + 1e-9, customers.n)
    labels = (blurred.argsort().argsort() * groups // customers.n).astype(np.uint8)
    blank = replace(of(customers).segments[0], name="", words=())
    segments = tuple(replace(blank, index=i, parts=(i,)) for i in range(groups))
    found = named_again(customers, replace(of(customers), labels=labels, segments=segments))
    assert lies(customers, found) == []
    assert all(0 < len(s.name) <= LONGEST for s in found.segments)


@pytest.mark.parametrize("pair", [(0, 1), (1, 4), (0, 4), (2, 3)])
def test_merged_segments_get_a_name_that_is_so(customers, pair):
    found = of(customers, Edits(merges=(pair,)))
    assert lies(customers, found) == []
    assert all(len(s.name) <= LONGEST for s in found.segments)


def test_a_name_that_was_typed_stays_whatever_is_merged_and_pinned(customers):
    rule = Pin(rule=Conditions((Condition("orders", low=2),)))
    edits = Edits(merges=((0, 1),)).named(1, "Ours").pinned(rule, "Come back")
    found = of(customers, edits)
    assert [s.name for s in found.segments if s.typed] == ["Ours", "Come back"]
    assert {s.evidence for s in found.segments if s.typed} == {("Somebody gave it this name.",)}


def test_a_segment_that_lost_customers_to_a_pinned_one_is_named_by_those_it_has_left(customers):
    rule = Pin(rule=Conditions((Condition("recency_days", high=100),)))
    found = of(customers, Edits(pins=(rule,)))
    assert lies(customers, found) == []
    assert not any(s.name.startswith("Active") for s in found.segments[:-1])
    assert found.segments[-1].name.startswith("Active")


def test_a_pinned_list_of_every_second_customer_is_not_called_by_what_everybody_is(customers):
    found = of(customers, Edits(pins=(Pin(listed=LISTED),)))
    assert lies(customers, found) == []
    assert found.segments[-1].words == ()


def test_an_empty_segment_is_called_that(customers):
    everybody = Pin(rule=Conditions((Condition("orders", low=1),)))
    names = [s.name for s in of(customers, Edits(pins=(everybody,))).segments]
    assert names == ["No customers", *(f"No customers {i}" for i in range(2, 6)), "All customers"]


def test_a_saved_segmentation_is_named_anew_for_customers_who_have_changed(customers):
    found = of(customers, Edits().named(4, "Sleepers"))
    raw = {f.name: customers.raw(f.name) for f in customers.features}
    raw["recency_days"] = np.full(customers.n, 20.0)
    later = CustomerTable.from_arrays(customers.ids, raw, as_of=AS_OF, currency="EUR", ordered=True)
    again = thaw(freeze(customers, found)).on(later)
    assert any(s.name.startswith("Lapsed") for s in found.segments)
    assert not any(s.name.startswith("Lapsed") for s in again.segments)
    assert [s.part for s in again.segments if s.name == "Sleepers"] == [4]
    assert lies(later, again) == []


def test_a_segmentation_saved_before_names_had_evidence_is_read_and_named(customers):
    edits = Edits().named(1, "Old friends")
    body = json.loads(freeze(customers, of(customers, edits)))
    for one in body["segments"]:
        for key in ("words", "evidence", "typed"):
            del one[key]
        one["name"] = "Old friends" if one["index"] == 1 else f"Season shoppers {one['index']}"
    again = thaw(json.dumps(body)).on(customers)
    assert again.segments[1].name == "Old friends"
    assert not any("Season" in s.name for s in again.segments)
    assert lies(customers, again) == []


def test_a_name_typed_in_what_segments_are_anchored_to_stays(customers):
    anchor = of(customers, Edits().named(3, "Bargain crowd"))
    tuned = segment(customers, SegmentSettings(segments=6), anchor=anchor)
    kept = [s for s in tuned.segments if s.name == "Bargain crowd"]
    assert len(kept) == 1
    assert kept[0].typed
