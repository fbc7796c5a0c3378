import math
import re

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.customers import catalogue
from segmentation.errors import CallError, FeatureNotFound, FeatureUnavailable, SettingOutOfRange, WrongCall
from segmentation.estimates import Unknown
from segmentation.segments.conditions import LONGEST, MOST, Condition, Conditions
from segmentation.segments.overlap import compare
from tests.segmentation.planted import planted_shop, table_of

pytestmark = pytest.mark.filterwarnings("error")

FEATURES = [feature.name for feature in catalogue().features]


def said(*all_of, either=(), currency="EUR"):
    return Conditions(all_of, either).sentence(currency).replace("\u00a0", " ")


@st.composite
def conditions(draw, names=tuple(FEATURES)):
    ends = draw(st.lists(st.floats(-1e18, 1e18, allow_nan=False), min_size=1, max_size=2).map(sorted))
    low, high = (ends[0], ends[-1]) if len(ends) == 2 else draw(st.sampled_from([(ends[0], None), (None, ends[0])]))
    return Condition(draw(st.sampled_from(names)), low, high, draw(st.booleans()))


def groups_of(names=tuple(FEATURES)):
    some = st.lists(conditions(names), max_size=4).map(tuple)
    return st.tuples(some, some).filter(any).map(lambda both: Conditions(*both))


def test_both_ends_belong_to_a_condition():
    customers = table_of(orders=[1, 2, 3, 4, 5])
    order = customers.raw("orders")
    assert sorted(order[Condition("orders", 2, 4).met_by(customers)]) == [2, 3, 4]
    assert sorted(order[Condition("orders", 2, 4, outside=True).met_by(customers)]) == [1, 5]
    assert sorted(order[Condition("orders", low=2, outside=True).met_by(customers)]) == [1]


@pytest.mark.parametrize("outside", [False, True])
def test_who_has_no_value_never_meets_a_condition(outside):
    customers = table_of(gap_days=[np.nan, np.nan, np.nan])
    assert not Condition("gap_days", 5, 10, outside).met_by(customers).any()


def test_all_of_these_and_one_of_those():
    customers = table_of(orders=[1, 5, 5, 9], spend=[10, 10, 90, 90])
    chosen = Conditions((Condition("orders", low=2),), (Condition("spend", low=50), Condition("orders", low=6)))
    met = chosen.mask(customers)
    assert sorted(customers.raw("orders")[met]) == [5, 9]
    assert (customers.spend[met] == 90).all()


@pytest.mark.parametrize(
    ("sentence", "all_of"),
    [
        ("ordered within the last 90 days and spent at least € 200",
         (Condition("recency_days", high=90), Condition("spend", low=200))),
        ("last ordered more than 90 days ago", (Condition("recency_days", high=90, outside=True),)),
        ("last ordered 30 to 90 days ago", (Condition("recency_days", 30, 90),)),
        ("ordered only once", (Condition("orders", high=1),)),
        ("ordered at least twice", (Condition("orders", low=2),)),
        ("ordered 2 to 4 times", (Condition("orders", 2, 4),)),
        ("ordered exactly 3 times", (Condition("orders", 3, 3),)),
        ("spent at least € 100 but less than € 250.50",
         (Condition("spend", low=100), Condition("spend", low=250.5, outside=True))),
        ("spent less than € 50 or more than € 80 per order", (Condition("average_order", 50, 80, outside=True),)),
        ("never used a discount", (Condition("discount_share", high=0),)),
        ("used a discount on less than 12.5 % of orders", (Condition("discount_share", low=0.125, outside=True),)),
        ("used a discount on some but less than 50 % of orders",
         (Condition("discount_share", high=0, outside=True), Condition("discount_share", low=0.5, outside=True))),
        ("bought from one category only", (Condition("breadth", high=1),)),
        ("had a recent trend of at least 0.5", (Condition("trend", low=0.5),)),
        ("spent at least € 300", (Condition("spend", low=100), Condition("spend", low=300))),
    ],
)  # fmt: skip
def test_conditions_read_as_a_person_would_say_them(sentence, all_of):
    assert said(*all_of) == sentence


def test_a_choice_is_said_with_either():
    choice = (Condition("spend", low=200), Condition("orders", low=5))
    assert said(Condition("recency_days", high=90), either=choice) == (
        "ordered within the last 90 days and either spent at least € 200 or ordered at least 5 times"
    )


@pytest.mark.parametrize("name", FEATURES)
def test_every_feature_of_the_catalogue_can_be_said(name):
    for ends in ((1, None), (None, 1), (1, 1), (0, 1), (0, None), (None, 0)):
        for outside in (False, True):
            sentence = said(Condition(name, *ends, outside))
            assert "{" not in sentence
            assert re.fullmatch(r"[a-z].*[^.]", sentence)


@settings(max_examples=50)
@given(groups_of())
def test_a_text_reads_back_as_the_same_conditions_and_needs_no_escape(chosen):
    assert re.fullmatch(r"[A-Za-z0-9~_.-]+", chosen.text)
    assert Conditions.from_text(chosen.text) == chosen


def test_the_text_is_short_and_readable():
    chosen = Conditions((Condition("recency_days", high=90),), (Condition("spend", 10.5, outside=True),))
    assert chosen.text == "all~recency_days~x~90~any~not-spend~10.5~x"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", WrongCall),
        ("all", SettingOutOfRange),
        ("spend~1~2", WrongCall),
        ("all~spend~1", WrongCall),
        ("all~spend~x~x", WrongCall),
        ("all~spend~nan~x", WrongCall),
        ("all~spend~inf~x", WrongCall),
        ("all~spend~1e999~x", SettingOutOfRange),
        ("all~spend~9~1", SettingOutOfRange),
        ("all~spend~1_0~x", WrongCall),
        ("all~spend~١~x", WrongCall),
        ("all~spend~ 1~x", WrongCall),
        ("all~spend~1;--~x", WrongCall),
        ("all~spned~1~x", FeatureNotFound),
        ("all~spend) or (1~1~x", FeatureNotFound),
        ("all~not-not-spend~1~x", FeatureNotFound),
        ("all" + "~spend~1~x" * (MOST + 1), SettingOutOfRange),
        ("all" + "~spend~1~x" * LONGEST, SettingOutOfRange),
    ],
)
def test_a_spoiled_text_is_refused(text, error):
    with pytest.raises(error):
        Conditions.from_text(text)


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(["all", "any", "spend", "not-", "1", "x", "-", "e9", "'"])).map("~".join)
)
def test_hostile_text_is_refused_or_means_conditions(text):  # fmt: skip
    try:
        chosen = Conditions.from_text(text)
    except CallError:
        return
    assert re.fullmatch(r"[A-Za-z0-9_ ().<>=eE-]+", chosen.sql())


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_an_end_that_is_no_number_is_refused(value):
    with pytest.raises(SettingOutOfRange):
        Condition("spend", low=value)


def test_a_feature_the_shop_cannot_give_is_named():
    with pytest.raises(FeatureUnavailable):
        Conditions((Condition("breadth", low=2),)).mask(table_of(orders=[1, 2]))


SHOP = planted_shop(400)[0]
KNOWN = tuple(feature.name for feature in SHOP.features)


@pytest.fixture(scope="module")
def table():
    columns = {name: SHOP.raw(name) for name in KNOWN}
    rows = pa.table({name: pa.array(values, mask=np.isnan(values)) for name, values in columns.items()})
    with duckdb.connect() as connection:
        connection.register("customers", rows)
        yield connection


@settings(max_examples=50)
@given(groups_of(KNOWN))
def test_the_sql_finds_the_same_customers(table, chosen):
    count = f"SELECT count(*) FROM customers WHERE {chosen.sql()}"
    assert table.execute(count).fetchone() == (chosen.mask(SHOP).sum(),)


def test_the_sql_finds_the_same_customers_at_their_very_values(table):
    for name in KNOWN:
        for value in SHOP.levels(name)[::40]:
            for one in (
                Condition(name, low=value),
                Condition(name, high=value, outside=True),
                Condition(name, value, value),
            ):
                found = table.execute(f"SELECT count(*) FROM customers WHERE {one.sql()}").fetchone()
                assert found == (one.met_by(SHOP).sum(),)


def test_the_comparison_counts_everyone_once():
    labels = np.repeat(np.arange(3, dtype=np.uint8), [50, 30, 20])
    mask = np.zeros(100, dtype=bool)
    mask[40:75] = True  # 10 of the first, 25 of the second
    found = compare(mask, labels, 3)
    assert (found.customers, found.inside) == (35, (10, 25, 0))
    assert found.share == pytest.approx((10 / 35, 25 / 35, 0))
    assert found.covered == pytest.approx((0.2, 25 / 30, 0))
    assert (found.closest, found.similarity) == (1, pytest.approx(25 / 40))


def test_a_segment_of_nobody_is_not_compared():
    assert isinstance(compare(np.zeros(4, dtype=bool), np.zeros(4, dtype=np.uint8), 2), Unknown)
