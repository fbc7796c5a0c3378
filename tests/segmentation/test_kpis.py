from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentation.engine import DuckEngine
from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Unknown
from segmentation.kpis import Overview, Period, Rate, overview, sales_by_customer, sales_by_group
from segmentation.workspace import DatasetVersion, Manifest, Workspace

MONEY = pa.decimal128(18, 4)
# customer, order, day, kind, amount, cost
LINES = [
    ("ann", "1", "2026-01-05", "sale", "100", "60"),
    ("ann", "2", "2026-02-10", "sale", "50", None),
    ("ann", "2", "2026-02-11", "sale", "10", None),
    ("bob", "3", "2026-02-12", "sale", "40", "10"),
    ("bob", "3", "2026-02-20", "refund", "-15", None),
    ("cy", "4", "2026-02-14", "cancelled", "0", None),
    (None, "5", "2026-02-15", "sale", "20", "5"),
    ("dan", "6", "2026-02-28", "sale", "30", "30"),
]
FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


@pytest.fixture
def shop(workspace: Workspace) -> DatasetVersion:
    return write_shop(workspace, LINES)


@pytest.fixture
def engine(workspace: Workspace) -> DuckEngine:
    return DuckEngine.open(workspace.root)


def write_shop(workspace: Workspace, lines: list[tuple]) -> DatasetVersion:
    table = pa.table(
        {
            "customer_id": pa.array([line[0] for line in lines], pa.string()),
            "order_id": [line[1] for line in lines],
            "ordered_at": pa.array([datetime.fromisoformat(line[2] + " 12:30") for line in lines], pa.timestamp("us")),
            "kind": [line[3] for line in lines],
            "amount": pa.array([Decimal(line[4]) for line in lines], MONEY),
            "cost": pa.array([None if line[5] is None else Decimal(line[5]) for line in lines], MONEY),
        }
    )
    has = frozenset(
        {"customer_id", "order_id", "ordered_at", "amount"}
        | ({"cost"} if table["cost"].null_count < len(lines) else set())
    )
    with workspace.draft("shop") as draft:
        pq.write_table(table, draft.folder / "lines" / "0.parquet")
        days = [date.fromisoformat(line[2]) for line in lines]
        return draft.publish(
            Manifest(
                fingerprint="f",
                created="2026-03-01",
                files=("x.csv",),
                currency="EUR",
                has=has,
                first=min(days),
                last=max(days),
                customers=3,
                orders=5,
                guests=1,
                lines=len(lines),
                revenue=Decimal(0),
            )
        )


def february(engine: DuckEngine, shop: DatasetVersion) -> Overview:
    return overview(engine, shop, FEBRUARY)


def test_revenue_is_what_the_lines_of_the_period_add_up_to(engine, shop):
    assert february(engine, shop).now.revenue == Decimal("135")


def test_a_refund_lowers_revenue_but_not_the_number_of_orders(engine, shop):
    assert february(engine, shop).now.orders == 4


def test_a_guest_order_counts_as_an_order_but_not_as_a_customer(engine, shop):
    now = february(engine, shop).now
    assert (now.orders, now.guest_orders, now.customers) == (4, 1, 3)


def test_a_cancelled_order_is_no_order(engine, shop):
    assert february(engine, shop).now.customers == 3


def test_a_customer_is_new_only_in_the_period_of_the_first_order(engine, shop):
    now = february(engine, shop).now
    assert (now.new, now.returning) == (2, 1)


def test_the_average_order_is_the_value_when_placed(engine, shop):
    assert february(engine, shop).now.average_order == Decimal("37.5")


def test_the_repeat_rate_counts_orders_before_the_period(engine, shop):
    assert february(engine, shop).now.repeat_rate == Rate(1 / 3, 3, "customers")


def test_the_refund_rate_is_money_refunded_of_money_sold(engine, shop):
    rate = february(engine, shop).now.refund_rate
    assert rate == Rate(0.1, 150.0, "revenue")


def test_the_margin_rests_on_lines_with_a_cost_only(engine, shop):
    now = february(engine, shop).now
    assert now.margin == Decimal("45")
    assert now.margin_rate == Rate(0.5, 90.0, "revenue")


def test_without_a_cost_column_the_margin_says_why_it_is_unknown(workspace, engine):
    shop = write_shop(workspace, [(*line[:5], None) for line in LINES])
    assert february(engine, shop).now.margin == Unknown("The export has no column with unit costs.")


def test_a_period_before_the_data_began_is_not_compared_with(engine, shop):
    assert isinstance(february(engine, shop).before, Unknown)


def test_the_period_before_has_as_many_days(engine, shop):
    week = Period(date(2026, 2, 10), date(2026, 2, 16))
    assert overview(engine, shop, week).before.period == Period(date(2026, 2, 3), date(2026, 2, 9))


@pytest.mark.parametrize(("days", "bucket"), [(28, "day"), (55, "week")])
def test_buckets_cover_the_period_without_gaps_and_add_up(engine, shop, days, bucket):
    period = Period(date(2026, 1, 5), date.fromordinal(date(2026, 1, 5).toordinal() + days - 1))
    found = overview(engine, shop, period)
    assert found.bucket == bucket
    assert sum(one.period.days for one in found.buckets) == period.days
    assert sum(one.revenue for one in found.buckets) == found.now.revenue
    assert sum(one.orders for one in found.buckets) == found.now.orders
    assert sum(one.new for one in found.buckets) == found.now.new


def test_long_periods_are_shown_by_calendar_month(engine, shop):
    found = overview(engine, shop, Period(date(2025, 6, 10), date(2026, 2, 28)))
    assert found.bucket == "month"
    assert found.buckets[0].period == Period(date(2025, 6, 10), date(2025, 6, 30))
    assert [one.orders for one in found.buckets[-2:]] == [1, 4]
    assert sum(one.revenue for one in found.buckets) == found.now.revenue


def test_a_period_without_orders_has_no_average_rather_than_zero(engine, shop):
    quiet = overview(engine, shop, Period(date(2026, 1, 10), date(2026, 1, 20))).now
    assert quiet.orders == 0
    assert isinstance(quiet.average_order, Unknown)
    assert isinstance(quiet.repeat_rate, Unknown)


def test_a_period_outside_the_data_is_refused(engine, shop):
    with pytest.raises(SettingOutOfRange):
        overview(engine, shop, Period(date(2020, 1, 1), date(2020, 2, 1)))


def test_a_period_cannot_end_before_it_begins():
    with pytest.raises(SettingOutOfRange):
        Period(date(2026, 2, 2), date(2026, 2, 1))


def test_groups_get_their_own_orders_and_revenue_and_guests_none(engine, shop):
    groups = sales_by_group(
        sales_by_customer(engine, shop, FEBRUARY, pa.array(["bob", "ann"])), np.array([0, 1], np.uint8), 2
    )
    assert [(g.customers, g.buyers, g.orders, g.revenue) for g in groups] == [(1, 1, 1, 25.0), (1, 1, 1, 60.0)]


def test_shares_of_groups_are_of_what_all_groups_bought(engine, shop):
    sales = sales_by_customer(engine, shop, FEBRUARY, pa.array(["bob", "ann", "nobody"]))
    groups = sales_by_group(sales, np.array([0, 1, 1], np.uint8), 3)
    assert [g.share for g in groups] == pytest.approx([25 / 85, 60 / 85, 0])
    nothing = sales_by_group(sales_by_customer(engine, shop, FEBRUARY, pa.array(["cy"])), np.zeros(1, np.uint8), 1)
    assert nothing[0].share == 0


@pytest.mark.parametrize(
    ("first", "known"),
    [(date(2026, 1, 5), False), (date(2025, 12, 1), False), (date(2026, 1, 6), True), (date(2026, 2, 1), True)],
)
def test_who_is_new_is_not_known_where_the_data_begins_with_the_period(engine, shop, first, known):
    now = overview(engine, shop, Period(first, date(2026, 2, 28))).now
    assert isinstance(now.first_time, int) == known
    assert isinstance(now.came_back, int) == known
    assert now.first_time == now.new if known else "begins with this period" in now.first_time.reason


def test_the_first_part_of_the_whole_history_does_not_tell_new_from_returning(engine, shop):
    parts = overview(engine, shop, Period(date(2026, 1, 5), date(2026, 2, 28))).buckets
    assert [one.from_start for one in parts] == [True] + [False] * (len(parts) - 1)


def with_months(workspace: Workspace, revenue: dict[str, int]) -> DatasetVersion:
    """A shop that sells this on the 15th of each month, and something small in its first."""
    first = (min(revenue)[:4] + "-01-01", 1)
    days = [first, *((f"{month}-15", amount) for month, amount in revenue.items())]
    return write_shop(
        workspace, [("ann", str(i), day, "sale", str(amount), None) for i, (day, amount) in enumerate(days)]
    )


def test_a_month_is_also_held_against_last_years_where_the_two_disagree(workspace, engine):
    shop = with_months(workspace, {"2025-02": 50, "2026-01": 200, "2026-02": 100})
    found = overview(engine, shop, FEBRUARY)
    assert found.before.period == FEBRUARY.before()
    assert found.beside.period == Period(date(2025, 2, 1), date(2025, 2, 28))
    assert (found.before.revenue, found.beside.revenue) == (200, 50)


@pytest.mark.parametrize("last_year", [150, 100])
def test_where_both_say_the_same_one_comparison_is_enough(workspace, engine, last_year):
    shop = with_months(workspace, {"2025-02": last_year, "2026-01": 200, "2026-02": 100})
    assert overview(engine, shop, FEBRUARY).beside is None


def test_a_year_to_date_is_compared_with_the_same_dates(workspace, engine):
    shop = with_months(workspace, {"2025-02": 50, "2026-01": 200, "2026-02": 100})
    found = overview(engine, shop, Period(date(2026, 1, 1), date(2026, 2, 28)), yearly=True)
    assert found.before.period == Period(date(2025, 1, 1), date(2025, 2, 28))
    assert found.before.revenue == 51
    assert found.beside is None


@pytest.mark.parametrize(
    ("ends", "main"),
    [(date(2026, 1, 5), "the same dates a year before"), (date(2025, 6, 30), "the 30\u00a0days before")],
)
def test_a_shop_with_a_peak_season_holds_christmas_against_christmas(workspace, engine, ends, main):
    days = [date(2023, 1, 1) + timedelta(days=day) for day in range(1101)]
    sold = [(day, number) for day in days for number in range(6 if day.month in {11, 12} else 2)]
    shop = write_shop(
        workspace,
        [(f"c{i % 40}", str(i), day.isoformat(), "sale", "10", None) for i, (day, _) in enumerate(sold)],
    )
    found = overview(engine, shop, Period(ends - timedelta(days=29), ends))
    assert found.now.period.relation(found.before.period) == main
    assert found.beside is not None
    assert found.beside.period != found.before.period


def test_what_the_data_does_not_reach_is_named_with_its_days(engine, shop):
    assert february(engine, shop).before == Unknown(
        "The data begins on 5 Jan 2026, too late to compare with 4 Jan – 31 Jan 2026."
    )
