from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from segmentation.engine import DuckEngine
from segmentation.estimates import Unknown
from segmentation.health import Health, findings, measure
from segmentation.workspace import Workspace
from tests.segmentation.shops import Line, line, store


def look(tmp_path: Path, lines: list[Line], contacts: list[Line] | None = None) -> Health:
    workspace = Workspace.open(tmp_path / "workspace")
    version = store(workspace, lines, contacts)
    return measure(DuckEngine.open(workspace.root), version)


LINES = [
    line("ann", "1", "2026-01-05", "100", product="Tea", cost=Decimal(40)),
    line("ann", "1", "2026-01-05", "20", product="Mug"),
    line("ann", "2", "2026-02-10", "50", product="Tea"),
    line("ann", "2", "2026-02-20", "-10"),
    line("bob", "3", "2026-02-12", "40"),
    line("bob", "9", "2026-02-20", "-15"),
    line("eve", "4", "2026-02-14", "0", kind="cancelled", listed_amount=Decimal(70)),
    line(None, "5", "2026-02-28", "30"),
    line("dan", "6", "2026-03-31", "0"),
]
CONTACTS = [
    {"customer_id": "ann", "email": "ann@example.org", "consent": True},
    {"customer_id": "bob", "email": None, "consent": False},
    {"customer_id": "not a buyer", "email": "x@example.org", "consent": True},
]


def test_what_there_is_is_counted(tmp_path: Path) -> None:
    health = look(tmp_path, LINES, CONTACTS)
    assert (health.first, health.last, health.days) == (date(2026, 1, 5), date(2026, 3, 31), 86)
    assert (health.orders, health.guest_orders) == (5, 1)
    assert (health.sold, health.guest_sold) == (Decimal(240), Decimal(30))
    assert (health.customers, health.repeat_customers, health.without_sale) == (3, 1, 1)
    assert health.by_orders == (2, 1, 0, 0, 0, 0, 0, 0, 0, 0)
    assert (health.refunds, health.loose_refunds) == (2, 1)
    assert (health.zero_lines, health.negative_lines) == (1, 0)
    assert health.recent_buyers == 1  # dan; ann's and bob's last orders are older than 30 days
    assert (health.asked, health.agreed) == (2, 1)
    assert health.coverage("product").filled == 3
    assert health.coverage("product").of == 6
    assert health.coverage("email").filled == 1
    assert health.coverage("email").of == 3
    assert health.costed == Decimal(100)


def test_orders_stand_on_the_day_of_their_first_sale(tmp_path: Path) -> None:
    health = look(tmp_path, LINES)
    assert health.counts.sum() == health.orders
    assert health.counts[0] == 1
    assert health.counts[(date(2026, 2, 10) - health.first).days] == 1
    assert health.counts[(date(2026, 2, 20) - health.first).days] == 0


def test_months_are_covered_once_for_each_year_they_are_whole_in(tmp_path: Path) -> None:
    health = look(tmp_path, [line("a", str(i), f"2025-{i:02d}-15", "1") for i in range(1, 13)])
    assert health.seasons == (0, *([1] * 10), 0)  # the first and the last month end inside the data


def test_orders_far_above_the_others_are_found_and_listed(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    usual = [line(f"c{i}", f"o{i}", "2026-03-01", f"{rng.lognormal(3.4, 0.6):.2f}") for i in range(300)]
    huge = [line("b2b", f"big{i}", "2026-03-02", str(5000 + i), quantity=Decimal(200)) for i in range(3)]
    found = look(tmp_path, usual + huge).outliers
    assert not isinstance(found, Unknown)
    assert found.typical == pytest.approx(np.exp(3.4), rel=0.15)
    assert found.orders == 3
    assert found.sold == Decimal(15003)
    assert [one.order for one in found.largest] == ["big2", "big1", "big0"]
    assert found.largest[0].pieces == 200


def test_the_fence_stands_where_the_quartiles_put_it(tmp_path: Path) -> None:
    rng = np.random.default_rng(11)
    values = np.round(rng.lognormal(3.4, 0.6, 400), 2)
    found = look(tmp_path, [line(f"c{i}", f"o{i}", "2026-03-01", str(v)) for i, v in enumerate(values)]).outliers
    assert not isinstance(found, Unknown)
    low, high = np.quantile(np.log(values), [0.25, 0.75])
    assert found.fence == pytest.approx(np.exp(high + 3 * (high - low)), rel=0.2)


def test_among_a_few_orders_none_is_called_unusual(tmp_path: Path) -> None:
    found = look(tmp_path, LINES).outliers
    assert isinstance(found, Unknown)
    assert "40" in found.reason


def test_one_price_for_everything_makes_no_order_unusual(tmp_path: Path) -> None:
    found = look(tmp_path, [line(f"c{i}", f"o{i}", "2026-03-01", "19.90") for i in range(100)]).outliers
    assert not isinstance(found, Unknown)
    assert found.orders == 0


def test_what_stands_out_is_said_and_what_does_not_is_not(tmp_path: Path) -> None:
    titles = [one.title for one in findings(look(tmp_path, LINES))]
    assert titles == [
        "Orders without a customer",
        "Refunds without their order",
        "Customers without a sale",
        "Lines of nothing, or less",
    ]


def test_a_till_that_counts_as_one_customer_is_noticed(tmp_path: Path) -> None:
    till = [line("0", f"t{i}", "2026-03-01", "5") for i in range(60)]
    people = [line(f"c{i}", f"o{i}", "2026-03-01", "5") for i in range(60)]
    found = {one.title: one.sentence for one in findings(look(tmp_path, till + people))}
    assert "60 of 120 orders" in found["One customer with very many orders"]


def test_one_customer_with_much_of_the_revenue_is_noticed_and_no_other_ones_spend_is_said_of_who_orders_most(
    tmp_path: Path,
) -> None:
    till = [line("0", f"t{i}", "2026-03-01", "5") for i in range(60)]
    people = [line(f"c{i}", f"o{i}", "2026-03-01", "5") for i in range(60)]
    found = {
        one.title: one.sentence
        for one in findings(look(tmp_path, [*till, *people, line("w", "w", "2026-03-02", "400")]))
    }
    assert "400" not in found["One customer with very many orders"], "that is another customer's"
    told = found["One customer with much of the revenue"].replace("\N{NO-BREAK SPACE}", " ")
    assert told.startswith("One customer brought 40 % of what was sold (")
    assert "400" in told


def test_a_loyal_customer_is_no_till(tmp_path: Path) -> None:
    people = [line(f"c{i % 100}", f"o{i}", "2026-03-01", "5") for i in range(200)]
    loyal = [line("loyal", f"l{i}", "2026-03-01", "5") for i in range(8)]
    assert findings(look(tmp_path, people + loyal)) == ()
