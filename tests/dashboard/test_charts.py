from __future__ import annotations

import io
import json
import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dashboard import palette as colours
from dashboard.charts import campaign, customer_map, segments
from dashboard.charts.canvas import CORE, MARKS, NOBODY, Canvas
from dashboard.parts.assumptions import round_up
from dashboard.screens.segments.customer_map import _content as map_content
from dashboard.screens.segments.customer_map import polygon_of
from segmentation.campaigns import PlanRow
from segmentation.customers import CustomerTable
from segmentation.estimates import Estimate, Unknown
from segmentation.profiles import describe

HOSTILE = "<img src=x onerror=alert(1)> <a href='javascript:1'>Tea</a> & %{x}"
LIGHT, DARK = colours.LIGHT, colours.DARK


def table(ids: list[str]) -> CustomerTable:
    rng = np.random.default_rng(3)
    n = len(ids)
    raw = {
        "recency_days": rng.integers(1, 400, n),
        "orders": rng.integers(1, 9, n),
        "spend": rng.gamma(2.0, 60.0, n),
        "average_order": rng.gamma(2.0, 30.0, n),
    }
    return CustomerTable.from_arrays(ids, raw, as_of=date(2026, 11, 1), currency="EUR")


def drawn_map(customers: CustomerTable, names: list[str], **options):
    rng = np.random.default_rng(5)
    coords = rng.normal(size=(customers.n, 2)).astype(np.float32)
    labels = (np.arange(customers.n) % len(names)).astype(np.uint8)
    groups = [customer_map.Group(name, slot) for slot, name in enumerate(names)]
    marks = customer_map.Marks.of(customers)
    return customer_map.customer_map(Canvas.of(coords), coords, marks, labels, groups, LIGHT, **options)


def row(name: str, profit: float | None, margin: float = 100.0) -> PlanRow:
    none = Unknown("Nobody knows.")
    known = profit is not None
    figure = Estimate(margin, margin - 50, margin + 80, 200)
    return PlanRow(
        name=name,
        customers=200,
        reachable=150,
        baseline_rate=figure if known else none,
        orders_per_buyer=none,
        order_value=none,
        margin_rate=none,
        incremental_orders=none,
        incremental_margin=figure if known else none,
        cost=Estimate(20.0, 10.0, 30.0, 200) if known else none,
        profit=Estimate(profit, profit - 5, profit + 5, 200) if profit is not None else none,
        roi=none,
        break_even_uplift=none,
        chance_of_loss=none,
        chosen=0,
        spent=0.0,
        single_rate=none,
        single_orders=none,
        single_profit=none,
        single_roi=none,
        single_chance_of_loss=none,
        between_windows=none,
    )


def test_the_segment_colours_are_those_of_the_theme():
    config = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text())
    for mode in (LIGHT, DARK):
        themed = config["theme"][mode.mode]["chartCategoricalColors"]
        assert list(mode.segments[: len(themed)]) == themed


@pytest.mark.parametrize("mode", [LIGHT, DARK])
def test_no_two_segments_share_a_colour(mode):
    assert len(set(mode.segments)) == len(mode.segments) == 12


@pytest.mark.parametrize("mode", [LIGHT, DARK])
@pytest.mark.parametrize("value", np.linspace(-2.5, 2.5, 21))
def test_every_number_in_the_heat_map_can_be_read_on_its_cell(mode, value):
    place = (min(max(value, -1.5), 1.5) + 1.5) / 3 * 4
    low = min(int(place), 3)
    ends = (colours.rgb(mode.diverging[low]), colours.rgb(mode.diverging[low + 1]))
    cell = "#{:02X}{:02X}{:02X}".format(*(round(a + (b - a) * (place - low)) for a, b in zip(*ends, strict=True)))
    assert colours.contrast(segments.readable(value, mode), cell) >= 4.5


def test_a_picture_shows_every_customer_of_a_small_shop():
    coords = np.random.default_rng(1).uniform(size=(400, 2)).astype(np.float32)
    seen = np.unique(Canvas.of(coords).owner)
    assert len(seen[seen != NOBODY]) > 390


def test_a_retune_paints_the_same_places_in_other_colours():
    coords = np.random.default_rng(1).normal(size=(500, 2)).astype(np.float32)
    canvas = Canvas.of(coords)
    pictures = [
        Image.open(io.BytesIO(canvas.png(np.full(500, label, np.uint8), [0, 1], LIGHT))).convert("RGBA")
        for label in (0, 1)
    ]
    first, second = (np.asarray(picture) for picture in pictures)
    assert (first[..., 3] == second[..., 3]).all()
    inside = first[..., 3] == first[..., 3].max()
    assert {tuple(p) for p in first[inside][:, :3]} == {colours.rgb(LIGHT.segment(0))}
    assert {tuple(p) for p in second[inside][:, :3]} == {colours.rgb(LIGHT.segment(1))}


def test_the_crowd_behind_the_marks_is_everyone():
    coords = np.zeros((MARKS + 5, 2), dtype=np.float32)
    coords[-1] = 10.0
    canvas = Canvas.of(coords)
    assert MARKS + 4 in canvas.owner
    assert canvas.strength.max() == CORE


@pytest.mark.parametrize("coords", [np.zeros((0, 2)), np.zeros((1, 2)), np.ones((50, 2))])
def test_a_shop_without_differences_still_has_a_picture(coords):
    canvas = Canvas.of(coords.astype(np.float32))
    assert canvas.across[0] < canvas.across[1]
    canvas.png(np.zeros(max(len(coords), 1), np.uint8), [0], DARK)


def test_the_map_has_no_mark_that_a_lasso_would_send_back():
    drawn = drawn_map(table([f"C{i}" for i in range(60)]), ["One", "Two"])
    with_marks = [trace for trace in drawn.data if "markers" in trace.mode]
    assert all(list(trace.x) == [None] for trace in with_marks)
    assert sum(len(trace.x) for trace in drawn.data if trace.mode == "none") == 60


def test_hover_text_from_a_file_is_shown_letter_by_letter():
    drawn = drawn_map(table([f"{HOSTILE}{i}" for i in range(30)]), [HOSTILE, "Two"])
    text = json.loads(drawn.to_json())
    said = [str(one) for trace in text["data"] for one in trace.get("ids", [])]
    said += [one["text"] for one in text["layout"]["annotations"]]
    assert said
    assert not [one for one in said if "<img" in one or "<a" in one]


@pytest.mark.parametrize("name", [HOSTILE, "%{customdata[0]}", "a\nb"])
def test_segment_names_cannot_bring_markup_into_shares_or_heat_map(name):
    customers = table([f"C{i}" for i in range(40)])
    profiles = describe(customers, (np.arange(40) % 2).astype(np.uint8), 2)
    shares = segments.shares([name, "Two"], [0, 1], profiles, LIGHT).to_json()
    heat = segments.heat_map([name, "Two"], profiles, [("orders", "Orders"), ("spend", name)], LIGHT).to_json()
    for text in (shares, heat):
        assert "<img" not in text.replace("\\u003c", "<")
        assert "<a " not in text.replace("\\u003c", "<")


def test_shares_add_up_to_everyone_and_keep_the_segments_colours():
    customers = table([f"C{i}" for i in range(60)])
    profiles = describe(customers, (np.arange(60) % 3).astype(np.uint8), 3)
    drawn = segments.shares(["A", "B", "C"], [4, 0, 11], profiles, DARK)
    assert sum(bar.x[0] for bar in drawn.data) == pytest.approx(1.0)
    assert sum(bar.x[1] for bar in drawn.data) == pytest.approx(1.0)
    assert [bar.marker.color for bar in drawn.data] == [DARK.segment(4), DARK.segment(0), DARK.segment(11)]


def test_a_group_too_small_to_describe_has_an_empty_column():
    customers = table([f"C{i}" for i in range(40)])
    labels = np.zeros(40, np.uint8)
    labels[:5] = 1
    profiles = describe(customers, labels, 2)
    drawn = segments.heat_map(["Most", "Few"], profiles, [("orders", "Orders"), ("spend", "Spend")], LIGHT)
    cells = np.array(drawn.data[0].z, dtype=float)
    assert np.isnan(cells[:, 1]).all()
    assert np.isfinite(cells[:, 0]).all()
    assert "(too few)" in drawn.layout.xaxis.ticktext[1]


@pytest.mark.parametrize(("value", "text"), [(0.04, "0.0"), (-0.04, "0.0"), (0.6, "+0.6"), (-1.25, "−1.2")])
def test_nothing_has_no_sign(value, text):
    assert segments.signed(value) == text


@given(
    st.lists(st.tuples(st.floats(-50, 900), st.floats(-50, 700), st.integers(20, 200)), min_size=1, max_size=12),
)
def test_names_on_the_map_do_not_cover_each_other(places):
    centres = np.array([(x, y) for x, y, _ in places])
    widths = [width for *_, width in places]
    placed = customer_map.spread(centres, widths)
    for i in range(len(places)):
        assert 0 <= placed[i, 1] <= customer_map.PLOT_HEIGHT
        for j in range(i):
            apart_across = abs(placed[i, 0] - placed[j, 0]) >= (widths[i] + widths[j]) / 2 - 1e-6
            apart_up = abs(placed[i, 1] - placed[j, 1]) >= customer_map.LABEL_HEIGHT - 1e-6
            assert apart_across or apart_up


def test_the_campaign_chart_puts_the_best_first_and_leaves_the_unknown_out():
    rows = [row("Poor", 5.0), row("Silent", None), row("Rich", 90.0)]
    drawn = campaign.extra_margin(rows, [2, 1, 7], "EUR", LIGHT)
    assert list(drawn.data[0].y) == ["Rich", "Poor"]
    assert list(drawn.data[0].marker.color) == [LIGHT.segment(7), LIGHT.segment(2)]
    assert "EUR" in drawn.layout.xaxis.title.text


def test_a_lasso_and_a_box_become_polygons():
    lasso = {"lasso": [{"x": [0, 1, 1], "y": [0, 0, 1]}], "box": []}
    box = {"lasso": [], "box": [{"x": [2, 0], "y": [1, 3]}]}
    assert polygon_of(lasso) == ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))
    assert polygon_of(box) == ((0.0, 1.0), (2.0, 1.0), (2.0, 3.0), (0.0, 3.0))
    assert polygon_of({"lasso": [], "box": []}) == ()


@pytest.mark.parametrize(("amount", "rounded"), [(0.0, 0), (0.4, 1), (84.6, 85), (1234.0, 1300), (1300.0, 1300)])
def test_a_budget_ends_on_a_round_number(amount, rounded):
    assert round_up(amount) == rounded


def test_a_map_is_drawn_anew_when_anything_in_it_differs() -> None:
    coords, labels = np.zeros((3, 2), dtype=np.float32), np.array([0, 1, 1])
    told, sure = ("a table", "EUR", ()), np.array([90, 80, 70], dtype=np.uint8)
    moved, other = coords + np.float32(1), np.array([0, 0, 1])
    seen = [
        map_content(told, coords, labels, None),
        map_content(("another", "EUR", ()), coords, labels, None),
        map_content(told, moved, labels, None),
        map_content(told, coords, other, None),
        map_content(told, coords, labels, sure),
    ]
    assert len(set(seen)) == len(seen)
    assert map_content(told, coords.copy(), labels.copy(), None) == seen[0]
