"""Refunds dated after the last order are in no period: screens that leave them out say so."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from segmentation.intake import import_file
from tests.dashboard.readings import metrics, number, plain, said, table


@pytest.fixture
def late(workspace, tmp_path: Path) -> None:
    rows = [f"{n},{date(2025, 1, 1) + timedelta(days=3 * n)},P{n % 30:02d},{20 + n % 7}.00" for n in range(90)]
    rows += ["7,2025-11-20,P07,-21.00"]
    file = tmp_path / "orders.csv"
    file.write_text("\n".join(["order,date,customer,amount", *rows]), encoding="utf-8")
    import_file(workspace, file, dataset="Shop", today=date(2026, 1, 1))


def test_a_customers_figures_leave_a_refund_after_the_last_order_out_and_say_so(screen, late):
    app = screen("customer")
    app.text_input(key="customer_search").set_value("P07").run()
    assert not app.exception
    shown = metrics(app)
    features = {row["Feature"]: row["This customer"] for row in table(app, "Feature", "Meaning").to_dict("records")}
    assert number(shown["Spend"], "card").value == number(features["Spend"], "features").value
    assert "not counted here, as on no screen of this date: -21.00." in said(app)


def test_the_overview_of_all_days_says_what_the_shop_has_beside_it(screen, late):
    app = screen("overview", period="All")
    assert "after the last, -21.00, are in no figure here." in said(app)


def test_a_shop_without_such_refunds_says_nothing_of_them(screen, shop):
    assert "in no figure here" not in said(screen("overview", period="All"))


def test_new_and_returning_are_not_told_apart_where_the_data_begins(screen, shop):
    app = screen("overview", period="All")
    assert {"New customers", "Returning customers"}.isdisjoint(metrics(app))
    assert plain("who had ordered before it is not known") in said(app)
