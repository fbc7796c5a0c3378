"""Worth: what the screen says, and that its controls do what they say."""

from __future__ import annotations

import re
from datetime import date

import numpy as np

from dashboard.charts import worth as charts
from dashboard.palette import LIGHT
from dashboard.widgets.worth_parts import cautions
from segmentation.analysis import MEMORY, Analysis, ClvResult, known_scores
from segmentation.clv import Forecast, Holdout, Payback, RepeatBuying, Tenth, possible_months
from segmentation.customers import prepare
from segmentation.estimates import Estimate, Unknown
from tests.dashboard.shops import write_shop

GROUPS = [Estimate(60.0, 50.0, 70.0, 6), Estimate(40.0, 0.0, 90.0, 4)]


def value(app) -> float:
    """The first figure of the screen as a number."""
    text = app.metric[0].value.replace("\u00a0", "").replace(",", "").lstrip("€")
    return float(text.removesuffix("k")) * (1_000 if text.endswith("k") else 1)


def test_the_screen_shows_value_and_how_the_forecast_did(screen, shop):
    app = screen("worth")
    assert not app.exception
    assert [metric.label for metric in app.metric][:2] == ["Value in 12 months", "Per customer"]
    assert any("95 % interval" in caption.value for caption in app.caption)
    assert any("expected" in box.value and "there were" in box.value for box in [*app.warning, *app.success])
    assert any("BG/NBD" in text.value for text in app.markdown)


def test_horizon_margin_and_discount_change_the_value(screen, shop):
    app = screen("worth")
    usual = value(app)
    app.segmented_control(key="horizon").set_value(24).run()
    assert app.metric[0].label == "Value in 24 months"
    longer = value(app)
    app.number_input(key="margin").set_value(60.0).run()
    richer = value(app)
    app.number_input(key="discount").set_value(50.0).run()
    assert usual < longer < richer
    assert longer < value(app) < richer


def test_a_link_brings_the_terms_along(screen, shop):
    app = screen("worth", horizon="3", worth_by="cohort")
    assert app.metric[0].label == "Value in 3 months"
    assert app.segmented_control(key="worth_by").value == "cohort"


def test_nobody_is_offered_a_horizon_of_more_than_twice_the_history():
    assert [possible_months(days)[-1] for days in (900, 200, 100, 10)] == [24, 12, 6, 3]


def test_a_margin_of_nothing_is_worth_nothing(screen, workspace, shop):
    Analysis.of(workspace, shop).assume(margin=0.0)
    app = screen("worth", horizon="99")
    assert not app.exception
    assert app.metric[0].label == "Value in 12 months"
    assert value(app) == 0


def test_worth_that_was_torn_on_disk_is_worked_out_again(screen, workspace, shop):
    clv = Analysis.of(workspace, shop).clv()
    clv.get()
    kept = clv.file.path.with_suffix(".1.npy")
    whole = kept.read_bytes()
    kept.write_bytes(b"torn")
    MEMORY.forget()
    app = screen("worth")
    assert not app.exception
    assert app.metric
    assert kept.read_bytes() == whole


def test_worth_can_be_seen_from_every_side_the_export_has(screen, shop):
    app = screen("worth")
    for side in ("cohort", "product", "channel"):
        app.segmented_control(key="worth_by").set_value(side).run()
        assert not app.exception
        rows = app.dataframe[0].value
        assert rows["Customers"].sum() == shop.manifest.customers
        assert (rows["Low"] <= rows["Value"]).all()


def test_a_customer_who_costs_more_pays_back_later_or_never(screen, shop):
    app = screen("worth")
    app.number_input(key="acquisition").set_value(0.0).run()
    assert [metric.value for metric in app.metric if metric.label == "Paid back in month"] == ["0"]
    app.number_input(key="acquisition").set_value(90_000.0).run()
    assert any("not paid back" in caption.value for caption in app.caption)


def test_a_shop_without_repeat_customers_says_what_is_missing(screen, workspace):
    write_shop(workspace, customers=20)
    app = screen("worth")
    assert not app.exception
    assert any("came back on another day" in box.value for box in app.info)
    assert not app.metric


# Charts and sentences ------------------------------------------------------------------------------------------


def holdout(actual: int) -> Holdout:
    tenth = tuple(Tenth(10, 10.0 - i, 9.0 - i / 2, 8.0 - i / 2, 10.0, 5.0) for i in range(10))
    return Holdout(
        on=date(2026, 1, 1),
        days=90,
        buying=None,  # type: ignore[arg-type] - no chart and no sentence asks for it
        customers=100,
        actual=actual,
        total=Estimate(100.0, 90.0, 110.0, 100),
        correlation=0.5,
        model=Forecast("model", 1.0, 1.0, 100.0),
        baselines=(Forecast("nobody", 2.0, 2.0, 0.0),),
        tenths=tenth,
        top_share=0.3,
        winner="model",
        verdict="",
    )


def warned(found: Holdout | Unknown, *, spending: object = None, doubt: bool = True) -> str:
    known = {"r": 1.0, "alpha": 1.0, "a": 1.0, "b": 1.0, "unit_days": 1.0, "log_likelihood": 0.0}
    covariance = ((1.0,),) if doubt else ()
    buying = RepeatBuying(model="bg", **known, customers=100, distinct=10, covariance=covariance)
    return " ".join(cautions(ClvResult(buying, spending, found, None))).replace("\u00a0", " ")  # type: ignore[arg-type]


def test_the_warning_says_which_way_the_forecast_was_off_and_is_quiet_where_it_held():
    assert "was 50 % too low" in warned(holdout(200))
    assert "too high" in warned(holdout(50))
    assert warned(holdout(105)) == ""


def test_the_warning_says_what_was_not_tested_and_what_is_left_out():
    assert "nobody knows how far off" in warned(Unknown("too short"))
    assert "nothing to hold it against" in warned(holdout(0))
    assert "counts as the usual order" in warned(holdout(105), spending=Unknown("too few"))
    assert "chance alone" in warned(holdout(105), doubt=False)


def test_a_short_history_says_why_it_cannot_look_far_ahead(screen, workspace):
    write_shop(workspace, customers=900)
    app = screen("worth", as_of="2024-06-10")
    assert not app.exception
    assert app.segmented_control(key="horizon").options == ["3", "6"]
    assert any("too short to look further ahead than 6 months" in caption.value for caption in app.caption)


def test_bars_carry_their_intervals_and_their_shares():
    drawn = charts.value_by_group(["<b>A</b>", "B"], ["#000000"] * 2, GROUPS, "EUR", LIGHT)
    bar = drawn.data[0]
    assert list(bar.error_x.array) == [10.0, 50.0]
    assert list(bar.error_x.arrayminus) == [10.0, 40.0]
    assert "60" in drawn.layout.annotations[0].text
    assert "<b>A" not in bar.y[0]


def test_the_tenths_show_what_happened_beside_both_forecasts():
    drawn = charts.tenths(holdout(105), LIGHT)
    assert [one.name for one in drawn.data][:2] == ["Happened", "Expected"]
    assert drawn.data[2].name == "Plain forecast: nobody orders again"
    assert np.allclose(drawn.data[1].y, [10.0 - i for i in range(10)])


def test_the_month_of_payback_is_marked_only_where_there_is_one():
    paid = charts.payback(Payback(5.0, (3.0, 4.0, 6.0), 2), "EUR", LIGHT)
    never = charts.payback(Payback(50.0, (3.0, 4.0, 6.0), None), "EUR", LIGHT)
    assert list(paid.data[1].x) == [2]
    assert len(never.data) == 1
    assert re.search("Cost", paid.layout.annotations[0].text)


# Scores as columns ---------------------------------------------------------------------------------------------


def test_files_of_customers_carry_the_scores_that_are_there_with_date_and_model(workspace):
    shop = write_shop(workspace, customers=900)
    analysis = Analysis.of(workspace, shop)

    customers = analysis.plain_customers()
    assert known_scores(analysis, customers) == {}
    analysis.clv().get()
    found = known_scores(analysis, customers)
    assert len(found) == 3
    assert all("BG/NBD" in name and len(values) == shop.manifest.customers for name, values in found.items())
    analysis.churn().get()
    assert any(name.startswith("Risk of being lost (churn model") for name in known_scores(analysis, customers))
    assert known_scores(analysis, prepare(workspace, analysis.engine, shop, most=100)) == {}
