from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from dashboard.parts.period import ALL, LAST_30, LAST_90, LAST_365, THIS_YEAR, period_of, usual_choice
from segmentation.kpis import Period
from tests.dashboard.parts import charts, files
from tests.dashboard.readings import metrics, plain
from tests.dashboard.shops import write_shop

pytestmark = pytest.mark.usefixtures("known_results")


def test_the_overview_shows_every_figure_with_its_change(screen, shop):
    app = screen("overview")
    assert not app.exception
    assert [metric.label for metric in app.metric] == [
        "Revenue",
        "Orders",
        "Customers",
        "New customers",
        "Returning customers",
        "Average order",
        "Repeat rate",
        "Refund rate",
        "Margin",
        "Margin rate",
    ]
    assert all(metric.delta for metric in app.metric)


def test_revenue_carries_the_shops_currency(screen, shop):
    assert screen("overview").metric[0].value.startswith("€")


def test_without_costs_the_margin_says_why_instead_of_a_number(screen, workspace):
    write_shop(workspace, costs=False)
    app = screen("overview")
    assert "Margin" not in [metric.label for metric in app.metric]
    assert "The export has no column with unit costs\\." in [caption.value for caption in app.caption]


def test_the_period_can_be_chosen(screen, shop):
    app = screen("overview")
    app.segmented_control(key="period").set_value(LAST_30).run()
    assert any("(30" in caption.value for caption in app.caption)


def test_a_link_chooses_the_period(screen, shop):
    assert screen("overview", period=LAST_90).segmented_control(key="period").value == LAST_90


def test_a_custom_period_asks_for_its_days(screen, shop):
    app = screen("overview", period="Custom")
    assert not app.exception
    app.date_input(key="days").set_value((date(2024, 6, 1), date(2024, 6, 30))).run()
    assert any("1 Jun – 30 Jun 2024" in caption.value for caption in app.caption)


def test_the_whole_history_is_not_compared_and_says_why(screen, shop):
    app = screen("overview", period=ALL)
    assert all(not metric.delta for metric in app.metric)
    assert any("not compared: the data begins" in caption.value for caption in app.caption)


def test_days_without_orders_leave_a_gap_and_no_error(screen, workspace):
    write_shop(workspace, customers=30)
    app = screen("overview", period=LAST_30)
    assert not app.exception
    revenue = charts(app)[0]["data"][0]
    assert len(revenue["x"]) == 30
    assert sum(value == 0 for value in revenue["y"]) > 10
    assert sum(revenue["y"]) == pytest.approx(float(app.metric[0].value.strip("€\u00a0")), abs=0.5)


def test_figures_by_bucket_can_be_downloaded(screen, shop):
    app = screen("overview")
    (course,) = files(app).values()
    rows = list(csv.DictReader(io.StringIO(course.decode("utf-8-sig"))))
    assert list(rows[0]) == ["From", "To", "Revenue", "Orders", "Customers", "New", "Returning"]
    assert sum(int(row["Orders"]) for row in rows) == int(app.metric[1].value.replace(",", ""))


def test_every_chart_has_a_text_for_those_who_cannot_see_it(screen, shop):
    charts = screen("overview").get("plotly_chart")
    assert len(charts) == 3
    assert all(chart.proto.alt for chart in charts)


@pytest.mark.parametrize(("days", "choice"), [(20, ALL), (70, LAST_30), (200, LAST_90), (900, LAST_365)])
def test_the_usual_period_leaves_as_much_again_to_compare_with(days, choice):
    assert usual_choice(date(2024, 1, 1), date.fromordinal(date(2024, 1, 1).toordinal() + days - 1)) == choice


@pytest.mark.parametrize(
    ("choice", "first"),
    [
        (LAST_30, date(2026, 10, 2)),
        (THIS_YEAR, date(2026, 1, 1)),
        (ALL, date(2025, 5, 5)),
        (LAST_365, date(2025, 11, 1)),
    ],
)
def test_periods_are_counted_back_from_the_last_order(choice, first):
    assert period_of(choice, date(2025, 5, 5), date(2026, 10, 31)) == Period(first, date(2026, 10, 31))


def test_seen_from_an_earlier_day_periods_end_before_it_as_on_every_screen(screen, shop):
    app = screen("overview", period="365 days", as_of="2026-01-01")
    assert any("1 Jan – 31 Dec 2025" in plain(caption.value) for caption in app.caption)
    briefing = screen("briefing", window="365 days", as_of="2026-01-01")
    assert metrics(app)["Revenue"] == metrics(briefing)["Revenue"]
    assert metrics(app)["Customers"] == metrics(briefing)["Customers"]


def test_a_period_never_begins_before_the_data():
    assert period_of(LAST_365, date(2026, 10, 1), date(2026, 10, 31)).first == date(2026, 10, 1)
