"""Features: what each one means on a shop small enough to count by hand."""

from __future__ import annotations

import math
from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from segmentation.customers import (
    CLIP,
    UNDEFINED,
    BeforeFirstOrder,
    CustomerTable,
    build,
    catalogue,
    outcomes,
    outcomes_of,
    prepare,
    reach,
)
from segmentation.customers import table as table_module
from segmentation.customers.catalogue import parse
from segmentation.customers.scaling import bin_values
from segmentation.engine import DuckEngine
from segmentation.errors import FeatureNotFound, FeatureUnavailable, NotEnoughData
from segmentation.workspace import Workspace
from tests.segmentation.shops import Line, line, store

AS_OF = date(2026, 3, 1)


def table(
    tmp_path: Path, lines: list[Line], contacts: list[Line] | None = None, as_of: date | None = AS_OF
) -> CustomerTable:
    workspace = Workspace.open(tmp_path / "w")
    version = store(workspace, lines, contacts)
    return prepare(workspace, DuckEngine.open(workspace.root), version, as_of)


def value(customers: CustomerTable, name: str, customer: str) -> float:
    return float(customers.raw(name)[customers.ids.to_pylist().index(customer)])


SHOP = [
    line("ann", "1", "2026-01-10T10:00", "40", category="tea", discount=0, channel="web"),  # a Saturday
    line("ann", "1", "2026-01-10T10:00", "10", category="cups", discount=0, channel="web"),
    line("ann", "2", "2026-02-09T10:00", "50", category="tea", discount=5, channel="store"),  # a Monday
    line("bob", "3", "2026-02-19T23:59", "30", category="tea", discount=0, channel="web"),
]


def test_recency_counts_days_from_the_last_order_to_the_as_of_date(tmp_path: Path) -> None:
    customers = table(tmp_path, SHOP)
    assert value(customers, "recency_days", "ann") == 20
    assert value(customers, "recency_days", "bob") == 10


def test_tenure_span_orders_and_gap_agree_with_a_count_by_hand(tmp_path: Path) -> None:
    customers = table(tmp_path, SHOP)
    found = {
        name: value(customers, name, "ann")
        for name in ("tenure_days", "active_days", "orders", "gap_days", "average_order")
    }
    assert found == {"tenure_days": 50, "active_days": 30, "orders": 2, "gap_days": 30, "average_order": 50}
    assert value(customers, "breadth", "ann") == 2
    assert value(customers, "discount_share", "ann") == 0.5
    assert value(customers, "weekend_share", "ann") == 0.5
    assert value(customers, "main_channel_share", "ann") == 0.5


def test_a_one_time_buyer_has_no_gap_and_stands_in_the_middle_when_clustering(tmp_path: Path) -> None:
    customers = table(tmp_path, SHOP)
    row = customers.ids.to_pylist().index("bob")
    assert math.isnan(customers.raw("gap_days")[row])
    assert customers.codes("gap_days")[row] == UNDEFINED
    assert customers.scaled(["gap_days"])[row, 0] == 0
    assert catalogue().get("gap_days").undefined


def test_a_refund_lowers_spend_but_not_order_count(tmp_path: Path) -> None:
    customers = table(
        tmp_path, [*SHOP, line("ann", "refund-9", "2026-02-20", "-15"), line("bob", "3", "2026-02-25", "-30")]
    )
    assert value(customers, "spend", "ann") == 85
    assert value(customers, "orders", "ann") == 2
    assert value(customers, "recency_days", "ann") == 20
    assert value(customers, "spend", "bob") == 0
    assert value(customers, "refund_share", "bob") == 1


def test_a_cancelled_line_is_not_an_order(tmp_path: Path) -> None:
    cancelled = line("cy", "7", "2026-02-01", "0", kind="cancelled", listed_amount=20)
    customers = table(tmp_path, [*SHOP, cancelled])
    assert "cy" not in customers.ids.to_pylist()


def test_guests_are_nobodys_features(tmp_path: Path) -> None:
    customers = table(tmp_path, [*SHOP, line(None, "8", "2026-02-01", "99")])
    assert sorted(customers.ids.to_pylist()) == ["ann", "bob"]


def test_orders_on_or_after_the_as_of_date_are_the_future(tmp_path: Path) -> None:
    customers = table(tmp_path, SHOP, as_of=date(2026, 2, 9))
    assert customers.ids.to_pylist() == ["ann"]
    assert value(customers, "orders", "ann") == 1


def test_the_as_of_date_is_the_day_after_the_last_order_unless_given(tmp_path: Path) -> None:
    assert table(tmp_path, SHOP, as_of=None).as_of == date(2026, 2, 20)


def test_a_missing_column_greys_its_feature_with_the_reason(tmp_path: Path) -> None:
    customers = table(tmp_path, [line("ann", "1", "2026-01-10", "40")])
    reasons = {missing.feature.name: missing.reason for missing in customers.unavailable}
    assert reasons["breadth"] == "The export has no product category column."
    assert set(reasons) == {"breadth", "discount_share", "main_channel_share", "season_share"}
    with pytest.raises(FeatureUnavailable, match="no discount column"):
        customers.raw("discount_share")
    with pytest.raises(FeatureNotFound, match="Did you mean “recency_days”"):
        customers.raw("recency_day")


def test_consent_decides_who_can_be_reached(tmp_path: Path) -> None:
    customers = table(
        tmp_path, SHOP, [{"customer_id": "ann", "consent": True}, {"customer_id": "bob", "consent": False}]
    )
    may = reach(customers, None).may
    assert dict(zip(customers.ids.to_pylist(), may.tolist(), strict=True)) == {"ann": True, "bob": False}
    assert table(tmp_path / "no-contacts", SHOP).consent is None


def test_the_table_does_not_depend_on_the_order_of_lines(tmp_path: Path) -> None:
    many = [line(f"c{i % 40}", str(i), f"2026-01-{1 + i % 28:02d}", str(1 + i % 9)) for i in range(200)]
    one = table(tmp_path / "one", many)
    two = table(tmp_path / "two", many[::-1])
    assert one.ids.equals(two.ids)
    assert np.array_equal(one.scaled(["recency_days", "spend"]), two.scaled(["recency_days", "spend"]))


def test_a_sample_is_the_first_rows_of_the_whole_table(tmp_path: Path) -> None:
    many = [line(f"c{i % 40}", str(i), f"2026-01-{1 + i % 28:02d}", str(1 + i % 9)) for i in range(200)]
    workspace = Workspace.open(tmp_path / "w")
    version, engine = store(workspace, many), DuckEngine.open(workspace.root)
    whole, some = prepare(workspace, engine, version), prepare(workspace, engine, version, most=15)
    assert some.ids.equals(whole.ids[:15])
    assert some.fingerprint != whole.fingerprint
    for feature in whole.features:
        assert np.array_equal(some.raw(feature.name), whole.raw(feature.name)[:15], equal_nan=True)
    like = prepare(workspace, engine, version, like=whole, most=15)
    assert np.array_equal(like.scaled(["spend"]), whole.scaled(["spend"])[:15])
    assert prepare(workspace, engine, version, most=40).fingerprint == whole.fingerprint


def test_a_table_read_back_from_disk_is_the_same(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    version = store(workspace, SHOP, [{"customer_id": "ann", "consent": True}])
    engine = DuckEngine.open(workspace.root)
    made, kept = prepare(workspace, engine, version, AS_OF), prepare(workspace, engine, version, AS_OF)
    names = [feature.name for feature in made.features]
    assert made.ids.equals(kept.ids)
    assert made.unavailable == kept.unavailable
    assert np.array_equal(made.scaled(names), kept.scaled(names))
    for name in names:
        assert np.array_equal(made.raw(name), kept.raw(name), equal_nan=True)
        assert np.array_equal(made.codes(name), kept.codes(name))
        assert np.array_equal(made.levels(name), kept.levels(name))
    assert np.array_equal(made.consent.agreed, kept.consent.agreed)
    assert np.array_equal(made.consent.refused, kept.consent.refused)
    assert made.consent.column == kept.consent.column
    assert np.array_equal(made.category_spend, kept.category_spend)


def test_a_date_before_the_first_order_is_refused_with_the_range(tmp_path: Path) -> None:
    with pytest.raises(BeforeFirstOrder, match="2026-01-11"):
        table(tmp_path, SHOP, as_of=date(2020, 1, 1))


def test_a_shop_of_guests_says_that_there_are_no_customers(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData, match="customers with an order"):
        table(tmp_path, [line(None, "1", "2026-01-10", "40")])


def test_outcomes_count_only_the_window_after_the_as_of_date(tmp_path: Path) -> None:
    lines = [
        *(line("ann", f"a{day}", f"2026-01-{day:02d}", "10", cost=4) for day in (1, 10, 20)),
        line("bob", "b1", "2026-01-02", "10", cost=4),
    ]
    workspace = Workspace.open(tmp_path / "w")
    version, engine = store(workspace, lines), DuckEngine.open(workspace.root)
    then = prepare(workspace, engine, version, date(2026, 1, 10))
    found = outcomes(engine, version, then, days=10)
    assert dict(zip(then.ids.to_pylist(), found.orders.tolist(), strict=True)) == {"ann": 1, "bob": 0}
    assert found.margin.sum() == 6


def test_outcomes_of_several_windows_are_those_of_each(tmp_path: Path) -> None:
    lines = [
        *(line("ann", f"a{day}", f"2026-01-{day:02d}", "10", cost=4) for day in (1, 10, 20, 21)),
        line("bob", "b1", "2026-01-02", "10", cost=4),
        line("bob", "b1", "2026-01-21", "-5", cost=-2),
    ]
    workspace = Workspace.open(tmp_path / "w")
    version, engine = store(workspace, lines), DuckEngine.open(workspace.root)
    tables = [prepare(workspace, engine, version, date(2026, 1, day)) for day in (20, 2, 11)]
    together = outcomes_of(engine, version, tables, days=9)
    for then, found in zip(tables, together, strict=True):
        alone = outcomes(engine, version, then, days=9)
        assert (found.start, found.end) == (alone.start, alone.end)
        for name in ("orders", "revenue", "margin"):
            assert getattr(found, name).tolist() == getattr(alone, name).tolist()
    assert [found.orders.sum() for found in together] == [2, 1, 0]
    assert outcomes_of(engine, version, [], days=9) == ()
    with pytest.raises(ValueError, match="overlap"):
        outcomes_of(engine, version, tables, days=10)


def test_one_absurd_basket_does_not_stretch_the_scale_of_everyone_else() -> None:
    spend = np.concatenate([np.linspace(10, 1000, 999), [1e12]])
    customers = CustomerTable.from_arrays([str(i) for i in range(1000)], {"spend": spend}, as_of=AS_OF)
    scaled = customers.scaled(["spend"])
    assert scaled.max() == CLIP
    assert np.sort(scaled[:, 0])[-2] - scaled.min() > 3


def test_a_constant_feature_scales_to_zero() -> None:
    customers = CustomerTable.from_arrays(["a", "b"], {"spend": [5, 5]}, as_of=AS_OF)
    assert customers.scaled(["spend"]).tolist() == [[0], [0]]


@pytest.mark.parametrize("seed", range(5))
def test_quantiles_from_bins_are_within_a_bin_of_the_exact_ones(seed: int) -> None:
    values = np.random.default_rng(seed).lognormal(3, 2, 5000)
    codes, levels = bin_values(values)
    assert np.all(np.diff(levels) > 0)
    assert abs(np.median(levels[codes]) / np.median(values) - 1) < 0.02


def test_few_distinct_values_are_kept_exactly() -> None:
    values = np.array([3, 1, np.nan, 2, 2, 1.0])
    codes, levels = bin_values(values)
    assert levels.tolist() == [1, 2, 3]
    assert codes.tolist() == [2, 0, UNDEFINED, 1, 1, 0]


def test_a_new_feature_needs_only_an_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = (
        '[biggest]\nlabel="Biggest order"\nunit="money"\nsentence="The largest order."\ngrain="orders"\n'
        'sql="MAX(sold)"\ntransform="log"\nhigh="one big order"\nlow="no big order"\n'
    )
    shipped = (files("segmentation.customers") / "features.toml").read_text(encoding="utf-8")
    longer = parse(shipped + entry)
    for module in (build, table_module):
        monkeypatch.setattr(module, "catalogue", lambda: longer)
    assert value(table(tmp_path, SHOP), "biggest", "ann") == 50
