"""Worth: what the screen says, and that its controls do what they say."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from dashboard import words
from dashboard.charts import clv as charts
from dashboard.charts.repurchase import curves
from dashboard.palette import DARK, LIGHT, Palette, contrast
from dashboard.screens.clv.parts import cautions
from segmentation.analysis import MEMORY, Analysis, ClvResult, known_scores
from segmentation.clv import Forecast, Holdout, Payback, RepeatBuying, Tenth, followed, possible_months, why_so_wide
from segmentation.customers import prepare
from segmentation.customers.repurchase import Curve, Repurchase
from segmentation.estimates import Estimate, Unknown
from tests.dashboard.shops import write_shop
from tests.segmentation.shops import line, store

pytestmark = pytest.mark.usefixtures("known_results")

GROUPS = [Estimate(60.0, 50.0, 70.0, 6), Estimate(40.0, 0.0, 90.0, 4)]


def value(app) -> float:
    """The first figure of the screen as a number."""
    text = app.metric[0].value.replace("\u00a0", "").replace(",", "").lstrip("€")
    return float(text.removesuffix("k")) * (1_000 if text.endswith("k") else 1)


def test_the_screen_shows_value_and_how_the_forecast_did(screen, shop):
    app = screen("clv")
    assert not app.exception
    assert [metric.label for metric in app.metric][:2] == ["Value in 12 months", "Per customer"]
    assert any("95 % interval" in caption.value for caption in app.caption)
    assert any("expected" in box.value and "there were" in box.value for box in [*app.warning, *app.success])
    assert any("BG/NBD" in text.value for text in app.markdown)


def test_the_screen_says_what_is_followed_and_what_the_interval_rests_on(screen, workspace, shop):
    app = screen("clv")
    look = Analysis.of(workspace, shop).clv().get().outlook
    assert words.plain(f"{followed(look)} {why_so_wide(look, 365.25)}", limit=900) in [one.value for one in app.caption]
    assert re.search(r"of \d+ days, made from .* off by \d", why_so_wide(look, 365.25).replace("\u00a0", " "))
    assert any("wider where forecasts made at earlier dates were further off" in text.value for text in app.markdown)


def test_horizon_margin_and_discount_change_the_value(screen, shop):
    app = screen("clv")
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
    app = screen("clv", horizon="3", worth_by="cohort")
    assert app.metric[0].label == "Value in 3 months"
    assert app.segmented_control(key="worth_by").value == "cohort"


def test_nobody_is_offered_a_horizon_of_more_than_twice_the_history():
    assert [possible_months(days)[-1] for days in (900, 200, 100, 10)] == [24, 12, 6, 3]


def test_a_margin_of_nothing_is_worth_nothing(screen, workspace, shop):
    Analysis.of(workspace, shop).assume(margin=0.0)
    app = screen("clv", horizon="99")
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
    app = screen("clv")
    assert not app.exception
    assert app.metric
    assert kept.read_bytes() == whole


def test_worth_can_be_seen_from_every_side_the_export_has(screen, shop):
    app = screen("clv")
    for side in ("cohort", "product", "channel"):
        app.segmented_control(key="worth_by").set_value(side).run()
        assert not app.exception
        rows = app.dataframe[0].value
        assert rows["Customers"].sum() == shop.manifest.customers
        assert (rows["Low"] <= rows["Value"]).all()


def test_a_customer_who_costs_more_pays_back_later_or_never(screen, shop):
    app = screen("clv")
    app.number_input(key="acquisition").set_value(0.0).run()
    assert [metric.value for metric in app.metric if metric.label == "Payback (months)"] == ["0"]
    app.number_input(key="acquisition").set_value(90_000.0).run()
    assert any("not paid back" in caption.value for caption in app.caption)


def test_a_shop_without_repeat_customers_says_what_is_missing(screen, workspace):
    write_shop(workspace, customers=20)
    app = screen("clv")
    assert not app.exception
    assert any("came back on another day" in box.value for box in app.info)
    assert not app.metric


def has_curve(app) -> bool:
    """Whether the card of second orders is drawn, with its figures."""
    titles = [one.value for one in app.markdown if "order a second time" in one.value]
    return len(titles) == 1 and any("Within 30 days" in one.value.columns for one in app.dataframe)


def test_the_curve_of_second_orders_is_drawn_where_there_is_no_model(screen, workspace):
    """40 customers, 20 of whom came back within ten days and nobody twice, since no order is older than 30 days."""
    lines = [line(f"c{who}", f"{who}-1", "2026-01-05", "10") for who in range(40)]
    lines += [line(f"c{who}", f"{who}-2", "2026-01-15", "10") for who in range(20)]
    store(workspace, [*lines, line("c0", "last", "2026-02-10", "10")])
    app = screen("clv")
    assert not app.exception
    assert not app.metric
    assert app.info
    assert has_curve(app)
    captions = [one.value.replace("\u00a0", " ") for one in app.caption]
    assert any("Within 30 days of the first order 50 %" in one for one in captions)


def test_the_curve_and_the_value_stand_where_there_are_no_segments(screen, workspace, shop):
    app = screen("clv", features="season_share")
    assert not app.exception
    assert ["not available for this shop" in one.value for one in app.error] == [True]
    assert [one.label for one in app.metric][:1] == ["Value in 12 months"]
    assert any("What a new customer earns" in one.value for one in app.markdown)
    assert has_curve(app)


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
    result = ClvResult(buying, spending, found, None, Unknown("nobody asked"))  # type: ignore[arg-type]
    return " ".join(cautions(result)).replace("\u00a0", " ")


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
    app = screen("clv", as_of="2024-06-10")
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
    assert drawn.layout.xaxis.range == pytest.approx(
        (0, 91.8)
    )  # the labels have the margin, which is as wide on a narrow screen
    assert drawn.layout.margin.r > 100


def test_the_tenths_show_what_happened_beside_both_forecasts():
    drawn = charts.tenths(holdout(105), LIGHT)
    assert [one.name for one in drawn.data][:2] == ["Happened", "Expected"]
    assert drawn.data[2].name == "Plain forecast: nobody orders again"
    assert np.allclose(drawn.data[1].y, [10.0 - i for i in range(10)])


def cohort(name: str, days: tuple[int, ...] = (0, 10, 90)) -> Curve:
    share = tuple(place / 10 for place in range(len(days)))
    return Curve(name, 40, days, share, share, share, 120)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("number", [0, 1, 2, 8])
def test_cohorts_are_told_apart_by_colour_and_dash_and_stand_out_from_the_card(palette: Palette, number: int):
    cohorts = tuple(cohort(f"Q{place % 4 + 1} {2024 + place // 4}") for place in range(number))
    drawn = curves(Repurchase(cohort("All customers"), cohorts), palette)
    lines = [one for one in drawn.data if one.showlegend is not False]
    assert [one.name for one in lines] == [*(one.name for one in cohorts), "All"]
    colours = [one.line.color for one in lines]
    assert len(set(colours)) == number + 1
    assert all(contrast(colour, palette.background) >= 4 for colour in colours)
    assert all(one.line.dash != other.line.dash for one, other in pairwise(lines[:-1]))
    assert {max(one.x) for one in lines} == {90}


def test_a_cohort_of_which_no_other_day_is_known_has_no_line():
    drawn = curves(Repurchase(cohort("All customers"), (cohort("Q1 2026"), cohort("Q2 2026", (0,)))), LIGHT)
    assert [one.name for one in drawn.data if one.showlegend is not False] == ["Q1 2026", "All"]


def test_the_month_of_payback_is_marked_only_where_there_is_one():
    paid = charts.payback(Payback(5.0, (3.0, 4.0, 6.0), 2), "EUR", LIGHT)
    never = charts.payback(Payback(50.0, (3.0, 4.0, 6.0), None), "EUR", LIGHT)
    assert list(paid.data[1].x) == [2]
    assert len(never.data) == 1
    assert re.search("Cost", paid.layout.annotations[0].text)


# Scores as columns ---------------------------------------------------------------------------------------------


def test_files_of_customers_carry_the_scores_that_are_there_with_date_and_model(workspace):
    shop = write_shop(workspace, customers=900, seed=5)  # of which no other test has found out anything
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
