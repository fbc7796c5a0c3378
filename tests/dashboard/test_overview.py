from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest

from dashboard.parts.period import ALL, LAST_30, LAST_90, LAST_365, THIS_YEAR, period_of, usual_choice
from segmentation.kpis import Period
from tests.dashboard.parts import files
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
    (revenue,) = [
        json.loads(one.proto.spec)["data"][0]
        for one in app.get("plotly_chart")
        if one.proto.alt.startswith("Bar chart: revenue by day")
    ]
    assert len(revenue["x"]) == 30
    assert sum(value == 0 for value in revenue["y"]) > 10
    assert sum(revenue["y"]) == pytest.approx(float(app.metric[0].value.strip("€\u00a0")), abs=0.5)


def test_figures_by_bucket_can_be_downloaded(screen, shop):
    app = screen("overview")
    course = next(one for one in files(app).values() if b"From" in one[:20])
    rows = list(csv.DictReader(io.StringIO(course.decode("utf-8-sig"))))
    assert list(rows[0]) == ["From", "To", "Revenue", "Orders", "Customers", "New", "Returning"]
    assert sum(int(row["Orders"]) for row in rows) == int(app.metric[1].value.replace(",", ""))


def test_every_chart_has_a_text_for_those_who_cannot_see_it(screen, shop):
    charts = screen("overview").get("plotly_chart")
    assert len(charts) == 4
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


def test_this_year_is_compared_with_the_same_dates_of_last_year(screen, shop):
    app = screen("overview", period=THIS_YEAR)
    (said,) = [caption.value for caption in app.caption if "compared with the same dates" in caption.value]
    last = shop.manifest.last
    assert said.endswith(f"compared with the same dates a year before (1 Jan – {last.day} {last:%b} {last.year - 1})")


def test_a_year_is_compared_with_the_same_dates_and_a_month_with_the_days_before(screen, shop):
    assert any("the same dates a year before" in one.value for one in screen("overview", period=LAST_365).caption)
    assert any(
        "compared with the 30\u00a0days before" in one.value for one in screen("overview", period=LAST_30).caption
    )


def test_why_revenue_changed_is_said_and_drawn_and_adds_up(screen, shop):
    app = screen("overview", period=LAST_365)
    (why,) = [one for one in app.get("plotly_chart") if one.proto.alt.startswith("Bars: what each part adds")]
    bars = json.loads(why.proto.spec)["data"][0]
    *parts, total = bars["x"]
    assert sum(parts) == pytest.approx(total, abs=1e-6)
    assert bars["y"][-1].startswith("<b>Change of revenue</b>")
    assert f"{abs(total):,.0f}" in bars["y"][-1]
    spoken = [one.value for one in app.markdown if one.value.startswith("Revenue ")]
    assert len(spoken) == 1
    assert f"{abs(total):,.0f}" in spoken[0]


def test_the_figures_behind_the_change_can_be_downloaded_as_plain_numbers(screen, shop):
    app = screen("overview", period=LAST_365)
    (found,) = [one.decode("utf-8-sig") for one in files(app).values() if b"What changed" in one]
    rows = {row["What changed"]: row for row in csv.DictReader(io.StringIO(found))}
    assert int(float(rows["Number of customers"]["Now"])) == int(app.metric[2].value.replace(",", ""))
    float(rows["Value per order"]["Effect on revenue"])


def test_where_there_is_nothing_to_compare_with_no_change_is_explained(screen, shop):
    app = screen("overview", period=ALL)
    assert not [one for one in app.get("plotly_chart") if one.proto.alt.startswith("Bars: what each part adds")]
