import time
from dataclasses import replace

import numpy as np
import pytest

from segmentation.customers import CustomerTable
from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Unknown
from segmentation.explain import why
from segmentation.segments import SegmentSettings, segment
from segmentation.segments.conditions import Condition, Conditions
from segmentation.segments.edits import Edits, Pin
from tests.segmentation.planted import planted_shop, table_of

pytestmark = pytest.mark.filterwarnings("error")

METHODS = {
    "kmeans": SegmentSettings(segments=6),
    "weighted": SegmentSettings(
        segments=5, features=("recency_days", "orders", "spend"), weights=(("recency_days", 2.0),)
    ),
    "mixture": SegmentSettings(method="mixture", segments=5),
    "rfm": SegmentSettings(method="rfm"),
    "gaps": SegmentSettings(segments=5, features=("gap_days", "recency_days", "tenure_days")),
}
ROWS = range(12)


@pytest.fixture(scope="module")
def shop():
    return planted_shop(1_500)[0]


@pytest.fixture(scope="module", params=METHODS)
def told(request, shop):
    found = segment(shop, METHODS[request.param])
    return found, [why(shop, found, row) for row in ROWS]


def changed(customers, row, **values):
    """The customer alone, with these values instead."""
    raw = {f.name: np.array([customers.raw(f.name)[row]]) for f in customers.features}
    raw |= {name: np.array([value]) for name, value in values.items()}
    return CustomerTable.from_arrays(
        customers.ids[row : row + 1], raw, as_of=customers.as_of, scalings=customers.scalings, ordered=True
    )


def with_right_dates(customers, row, move):
    """What else changes with the date of the last order."""
    values = {move.feature: move.value}
    if move.feature == "recency_days":
        later = move.value - customers.raw("recency_days")[row]
        once = customers.raw("orders")[row] == 1
        values["tenure_days"] = customers.raw("tenure_days")[row] + (later if once else max(later, 0))
    return values


def test_everyone_is_told_their_own_segment_and_another_one(told):
    found, reasons = told
    for row, told_of in zip(ROWS, reasons, strict=True):
        assert told_of.segment == found.labels[row]
        assert told_of.nearest not in {None, told_of.segment}


def test_a_move_does_put_the_customer_in_that_segment(told, shop):
    found, reasons = told
    moved = [(row, move) for row, one in zip(ROWS, reasons, strict=True) for move in one.moves]
    assert moved
    for row, move in moved:
        there = found.assign(changed(shop, row, **with_right_dates(shop, row, move)))[0]
        assert there == move.segment != found.labels[row]


def test_moves_are_possible_and_the_smallest_comes_first(told, shop):
    for row, one in zip(ROWS, told[1], strict=True):
        assert len(one.moves) <= 4
        assert [move.effort for move in one.moves] == sorted(move.effort for move in one.moves)
        for move in one.moves:
            own = shop.raw(move.feature)[row]
            assert move.value != own
            if move.feature.endswith("_share"):
                assert 0 <= move.value <= 1
            assert move.feature != "tenure_days"  # time passes whatever is done
            if move.feature in {"orders", "spend", "average_order", "breadth", "recency_days", "active_days"}:
                assert move.value > own
            if move.feature in {"refund_share", "discount_share", "gap_days"}:
                assert move.value < own
            if move.feature in {"orders", "breadth", "recency_days"}:
                assert move.value >= 0
                assert float(move.value).is_integer()


def test_twenty_days_from_the_edge_it_takes_twenty_one_to_be_moved():
    customers = table_of(recency_days=np.arange(1, 401), orders=np.ones(400), spend=np.full(400, 20.0))
    found = segment(customers, SegmentSettings(segments=2, features=("recency_days",)))
    edge = customers.raw("recency_days")[
        found.labels == found.labels[int(np.argmin(customers.raw("recency_days")))]
    ].max()
    row = int(np.flatnonzero(customers.raw("recency_days") == edge - 20)[0])
    (move,) = why(customers, found, row).moves
    assert move.value == edge + 1
    assert move.sentence.startswith("If they do not order for another 21\u00a0days, they move to “")


def test_one_more_order_is_said_as_such():
    customers = table_of(recency_days=np.full(60, 9), orders=np.repeat([1, 2, 3, 4, 8, 9], 10), spend=np.full(60, 50.0))
    found = segment(customers, SegmentSettings(segments=2, features=("orders",)))
    labels = {int(o): int(found.labels[np.flatnonzero(customers.raw("orders") == o)[0]]) for o in (1, 2, 3, 4, 8)}
    last = max(o for o, label in labels.items() if label == labels[1])
    told_of = why(customers, found, int(np.flatnonzero(customers.raw("orders") == last)[0]))
    other = found.segments[1 - labels[1]].name
    assert told_of.moves[0].sentence == f"With one more order they would be in “{other}”."


def test_the_reasons_speak_for_the_segment_and_the_strongest_comes_first(told):
    _, reasons = told
    assert sum(bool(one.reasons) for one in reasons) > 0.8 * len(reasons)
    for one in reasons:
        weights = [reason.weight for reason in one.reasons]
        assert weights == sorted(weights, reverse=True)
        assert sum(weights) <= 1 + 1e-9
        assert len(weights) <= 3


def test_a_champion_is_told_about_their_orders():
    customers, kind = planted_shop()
    found = segment(customers, SegmentSettings(segments=6, features=("recency_days", "orders", "average_order")))
    row = int(np.flatnonzero(kind == 0)[0])
    first = why(customers, found, row).reasons[0]
    assert first.feature == "orders"
    assert first.value == customers.raw("orders")[row]
    assert first.sentence.startswith(
        f"They placed {first.value:.0f} orders; typical here is {first.here:.0f} orders, in “"
    )


def test_a_value_that_is_undefined_is_said_to_be_so(shop):
    found = segment(shop, SegmentSettings(segments=4, features=("gap_days", "discount_share")))
    rows = np.flatnonzero(np.isnan(shop.raw("gap_days")))[:15]
    told_of = [reason for row in rows for reason in why(shop, found, int(row)).reasons if reason.feature == "gap_days"]
    assert told_of
    for reason in told_of:
        assert isinstance(reason.value, Unknown)
        assert reason.sentence.startswith("One order only, so there is no gap yet")


def test_a_pinned_customer_is_told_the_rule_and_what_would_free_them(shop):
    rule = Conditions((Condition("orders", low=10),))
    found = segment(shop, replace(METHODS["kmeans"], edits=Edits(pins=(Pin(rule),))))
    row = int(np.flatnonzero(shop.raw("orders") >= 10)[0])
    told_of = why(shop, found, row)
    assert told_of.by_hand
    assert told_of.reasons == ()
    assert told_of.sentence == f"You pinned them to “{found.segments[-1].name}”: {rule.sentence()}."


def test_a_rule_made_by_hand_can_take_a_customer_in(shop):
    rule = Conditions((Condition("orders", low=50),))
    found = segment(shop, replace(METHODS["rfm"], edits=Edits(pins=(Pin(rule),))))
    assert why(shop, found, 0).segment == found.labels[0]


def test_who_is_on_a_pinned_list_stays_there_whatever_they_do(shop):
    listed = shop.ids[5:15]
    settings = replace(METHODS["kmeans"], edits=Edits(pins=(Pin(listed="0123456789abcdef"),)))
    found = segment(shop, settings, lists=lambda _: listed)
    told_of = [why(shop, found, row) for row in (4, 5, 14, 15)]
    assert [one.by_hand for one in told_of] == [False, True, True, False]
    assert told_of[1].moves == told_of[2].moves == ()


def test_when_days_pass_without_an_order_the_time_since_the_first_one_grows_too():
    recency = np.repeat(np.arange(1.0, 101.0), 4)
    customers = table_of(recency_days=recency, tenure_days=recency + 370, orders=np.full(400, 3), spend=np.full(400, 9))
    edits = Edits(pins=(Pin(Conditions((Condition("tenure_days", low=385),))),))
    found = segment(customers, SegmentSettings(segments=2, features=("recency_days",), edits=edits))
    row = int(np.flatnonzero(customers.raw("recency_days") == 5)[0])
    move = next(move for move in why(customers, found, row).moves if move.value > 5)
    assert (move.value, move.segment) == (15, 2)


def test_where_everyone_is_in_one_segment_there_is_nothing_to_move_to():
    customers = table_of(recency_days=[9] * 30, orders=[2] * 30, spend=[20] * 30)
    found = segment(customers, SegmentSettings(method="rfm"))
    told_of = why(customers, found, 3)
    assert (told_of.nearest, told_of.reasons, told_of.moves) == (None, (), ())
    assert told_of.sentence.startswith("Everyone is in")


@pytest.mark.parametrize("row", [-1, 1_500])
def test_a_row_that_is_not_there_is_refused(shop, row):
    with pytest.raises(SettingOutOfRange):
        why(shop, segment(shop, METHODS["rfm"]), row)


def test_the_answer_comes_at_once(told, shop):
    found, _ = told
    seconds = []
    for row in range(5):
        start = time.perf_counter()
        why(shop, found, row)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.05
