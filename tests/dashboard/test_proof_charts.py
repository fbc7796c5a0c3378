from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from PIL import Image

from dashboard import palette as colours
from dashboard.charts import confidence, customer_map, cuts, flows, proofs
from dashboard.charts.canvas import Canvas
from segmentation.customers import CustomerTable
from segmentation.estimates import Estimate, Unknown
from segmentation.proof.backtest import Backtest, MethodResult, Scores, SplitResult
from segmentation.proof.number import Point, Recommendation

LIGHT, DARK = colours.LIGHT, colours.DARK
HOSTILE = "<img src=x onerror=alert(1)> <a href='javascript:1'>Tea</a> & %{x}"
UNKNOWN = Unknown("Nobody knows.")


def around(value: float, width: float = 0.04) -> Estimate:
    return Estimate(value, value - width, value + width, 1_200)


def scores(value: float) -> Scores:
    return Scores(
        explained_spend=around(value),
        explained_spend_rank=around(value + 0.1),
        explained_orders=around(value),
        explained_bought_again=around(value),
        separation=around(value + 0.5),
        capture=around(value + 0.3),
    )


def backtest(dates: int = 3) -> Backtest:
    values = {"segments": 0.17, "rfm": 0.15, "recency": 0.08, "score": -0.02, "boosted_trees": 0.16}
    cut = SplitResult(on=date(2026, 8, 1), customers=4_000, buyers=700, groups=6, cap=800.0, perfect_capture=0.9)
    methods = tuple(
        MethodResult(
            method=name,
            groups=None if name == "boosted_trees" else 6,
            average=scores(value),
            by_cut=tuple(scores(value + 0.02 * i) for i in range(dates)),
            ahead=None if name == "segments" else scores(0.17 - value),
        )
        for name, value in values.items()
    )
    return Backtest(
        window_days=90, cuts=(cut,) * dates, methods=methods, winner="segments", leaders=("segments", "rfm")
    )


def advice(k: int, *, structure: bool = True, gap: int = 0) -> Recommendation:
    curve = tuple(
        Point(n, 12.0 - n if structure else UNKNOWN, 0.95 - 0.02 * n, UNKNOWN if n == gap else 0.02 * n, 0.7)
        for n in range(2, 16)
    )
    return Recommendation(k, "because", curve)


def texts(drawn) -> list[str]:
    return [note.text for note in drawn.layout.annotations]


def test_each_segment_keeps_its_place_and_colour_among_the_stabilities():
    drawn = proofs.stability(["Low", "High"], [7, 2], [around(0.5), around(0.9)], DARK, banded=True)
    assert [name.strip() for name in drawn.layout.yaxis.ticktext] == ["Low", "High"]
    assert [dot.marker.color for dot in drawn.data] == [DARK.segment(7), DARK.segment(2)]
    assert [dot.x[0] for dot in drawn.data] == pytest.approx([50, 90])


def test_one_crowd_has_no_words_of_praise_behind_its_stabilities():
    names, found = ["A", "B"], [around(0.9), around(0.7)]
    plain = proofs.stability(names, [0, 1], found, LIGHT, banded=False)
    assert not plain.layout.shapes
    assert "stable" not in plain.to_json()
    assert {"unstable", "doubtful", "stable", "very stable"} <= set(
        texts(proofs.stability(names, [0, 1], found, LIGHT, banded=True))
    )


@pytest.mark.parametrize(
    ("value", "word"), [(0.2, "unstable"), (0.6, "doubtful"), (0.75, "stable"), (0.9, "very stable")]
)
def test_the_hover_says_the_band_of_a_stability(value, word):
    drawn = proofs.stability(["A"], [0], [around(value)], LIGHT, banded=True)
    assert drawn.data[0].customdata[0].endswith(f": {word}")


def test_only_the_persons_own_segments_are_in_the_accent_colour():
    dots = [trace for trace in proofs.backtest(backtest(), LIGHT).data if len(trace.x) == 1]
    assert [dot.marker.color for dot in dots] == [LIGHT.accent] + [LIGHT.muted] * 4


@pytest.mark.parametrize("measure", ["explained_spend", "separation", "capture"])
def test_nothing_of_a_backtest_lies_outside_its_axis(measure):
    drawn = proofs.backtest(backtest(), LIGHT, measure)
    low, high = drawn.layout.xaxis.range
    ends = [x for trace in drawn.data for x in trace.x] + [line.x0 for line in drawn.layout.shapes]
    ends += [dot.x[0] + dot.error_x.array[0] for dot in drawn.data if dot.error_x.array is not None]
    assert low < min(ends)
    assert max(ends) < high


def test_a_single_date_is_not_drawn_twice():
    assert len(proofs.backtest(backtest(dates=1), LIGHT).data) == 5


def test_a_figure_below_nothing_has_a_minus_that_no_dash_can_be_taken_for():
    assert any("−2\u00a0%" in text and "−6 to 2" in text for text in texts(proofs.backtest(backtest(), LIGHT)))


def test_what_is_unknown_leaves_a_gap_and_a_panel_that_knows_nothing_is_left_out():
    assert len(proofs.curve(advice(5), 7, LIGHT).data) == 3
    drawn = proofs.curve(advice(5, structure=False, gap=4), 7, LIGHT)
    assert len(drawn.data) == 2
    assert drawn.data[1].y[2] is None
    assert drawn.data[1].connectgaps is False
    assert not any("Separation" in text for text in texts(drawn))


@pytest.mark.parametrize(("k", "shown"), [(2, 2), (2, 3), (5, 7), (4, 12), (15, 14), (7, 20)])
def test_the_curve_says_which_number_is_recommended_and_which_is_shown(k, shown):
    drawn = proofs.curve(advice(k), shown, LIGHT)
    said = " ".join(texts(drawn))
    assert "recommended" in said
    assert "shown" in said
    assert [(shape.x0 + shape.x1) / 2 for shape in drawn.layout.shapes] == pytest.approx([k, shown])


def test_where_no_number_is_recommended_the_curve_marks_the_shown_one_only():
    drawn = proofs.curve(replace(advice(4), is_recommended=False), 4, LIGHT)
    assert "recommended" not in " ".join(texts(drawn))
    assert [shape.x0 for shape in drawn.layout.shapes] == [4]
    assert set(drawn.data[0].marker.size) == {5}


def test_every_customer_is_in_one_flow_and_segments_without_customers_are_left_out():
    counts = np.array([[50, 0, 6], [0, 0, 0], [4, 0, 90]])
    drawn = flows.flows(["A", "B", "C"], [3, 4, 5], ["D", "E", "F"], [0, 1, 2], counts, LIGHT).data[0]
    assert list(drawn.node.label) == ["A", "C", "D", "F"]
    assert list(drawn.node.color) == [LIGHT.segment(slot) for slot in (3, 5, 0, 2)]
    assert sum(drawn.link.value) == counts.sum()
    assert drawn.link.customdata[0] == "50 customers: A → D (89\u00a0% of A)"
    assert all(0 < place < 1 for place in (*drawn.node.y, *drawn.node.x))


def test_no_customers_flow_nowhere():
    assert not flows.flows(["A"], [0], ["B"], [1], np.zeros((1, 1), np.int64), LIGHT).data


def histogram(levels, counts, ends, **options):
    given = {"unit": "orders", "currency": "EUR", "label": "Orders", "log": True, **options}
    return cuts.histogram(np.asarray(levels, float), np.asarray(counts), ends, LIGHT, **given)


@pytest.mark.parametrize("log", [True, False])
@pytest.mark.parametrize(
    ("levels", "unit"),
    [
        ([1], "orders"),
        ([1, 2, 3, 40], "orders"),
        (range(1, 255), "days"),
        ([-5.5, 0.0, 0.004, 12.5, 12.75, 9e4], "money"),
        ([-3.0, -1.0], "money"),
        ([], "money"),
    ],
)
def test_every_customer_is_in_one_bar(levels, unit, log):
    counts = np.arange(1, len(levels) + 1)
    drawn = histogram(levels, counts, [2, 20], unit=unit, log=log)
    assert sum(drawn.data[0].y) == pytest.approx(counts.sum())
    assert np.isfinite(np.asarray(drawn.data[0].x, float)).all()


def test_scores_fall_with_recency_and_rise_with_everything_else():
    bold = [f"<b>{score}</b>" for score in range(1, 4)]
    assert texts(histogram(range(1, 100), [5] * 99, [30, 60], unit="days", log=False)) == bold[::-1]
    assert texts(histogram(range(1, 100), [5] * 99, [30, 60], unit="orders", log=False)) == bold


def test_the_last_value_of_a_band_lies_left_of_its_line():
    drawn = histogram([1, 2, 3, 4], [9, 8, 7, 6], [2])
    line, bars = drawn.layout.shapes[0].x0, drawn.data[0]
    right = np.asarray(bars.x) + np.asarray(bars.width) / 2
    assert line == pytest.approx(right[1])
    assert bars.customdata[1].startswith("2 orders")
    assert bars.customdata[1].endswith("score 1")


def test_a_cut_point_beyond_everybody_is_not_drawn():
    drawn = histogram(range(1, 30), [5] * 29, [10, 900], unit="days", log=False)
    assert len(drawn.layout.shapes) == 1
    assert texts(drawn) == ["<b>3</b>", "<b>2</b>"]


def test_sureness_has_four_steps_that_begin_on_round_percents():
    labels, names = confidence.bins(np.array([0, 59, 60, 74, 75, 89, 90, 100], np.uint8))
    assert labels.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert labels.dtype == np.uint8
    assert len(names) == len(confidence.groups(LIGHT)) == 4


# Machado, Oliveira & Fernandes (2009), severity 1, on linear RGB; XYZ of sRGB to CIELAB under D65.
_SEEN = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]
    ),
}
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(colour: str, eye: str) -> np.ndarray:
    channel = np.array(colours.rgb(colour)) / 255
    linear = np.where(channel <= 0.04045, channel / 12.92, ((channel + 0.055) / 1.055) ** 2.4)
    xyz = _XYZ @ np.clip(_SEEN[eye] @ linear, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("eye", list(_SEEN))
def test_the_steps_of_sureness_look_different_to_every_eye(palette, eye):
    seen = [lab(colour, eye) for colour in confidence.ramp(palette)]
    assert min(np.linalg.norm(seen[i] - seen[j]) for i in range(4) for j in range(i)) > 15


def test_the_map_paints_colours_of_their_own():
    canvas = Canvas.of(np.random.default_rng(1).normal(size=(300, 2)).astype(np.float32))
    painted = Image.open(io.BytesIO(canvas.png(np.ones(300, np.uint8), [0, "#123456"], LIGHT))).convert("RGBA")
    pixels = np.asarray(painted)
    assert {tuple(p) for p in pixels[pixels[..., 3] == pixels[..., 3].max()][:, :3]} == {(0x12, 0x34, 0x56)}


def test_an_overlay_changes_the_picture_but_neither_names_nor_segments():
    rng = np.random.default_rng(3)
    columns = {name: rng.integers(1, 90, 60) for name in ("recency_days", "orders", "spend")}
    table = CustomerTable.from_arrays([f"C{i}" for i in range(60)], columns, as_of=date(2026, 11, 1))
    coords, labels = rng.normal(size=(60, 2)).astype(np.float32), (np.arange(60) % 2).astype(np.uint8)
    groups = [customer_map.Group("One", 0), customer_map.Group("Two", 1)]
    steps, _ = confidence.bins(np.linspace(0, 100, 60).astype(np.uint8))
    given = (Canvas.of(coords), coords, customer_map.Marks.of(table), labels, groups, LIGHT)
    plain = customer_map.customer_map(*given)
    over = customer_map.customer_map(
        *given, overlay=customer_map.Overlay("Same segment again", steps, confidence.groups(LIGHT))
    )
    assert plain.layout.images[0].source != over.layout.images[0].source
    assert texts(over)[:2] == texts(plain)
    assert len(over.data) == len(plain.data)
    assert over.data[0].text[0].startswith("Same segment again: ")


def test_segment_names_cannot_bring_markup_into_any_of_these_charts():
    names, slots, found = [HOSTILE, "Two"], [0, 1], [around(0.9), around(0.7)]
    drawn = (
        proofs.stability(names, slots, found, LIGHT, banded=True),
        flows.flows(names, slots, names, slots, np.array([[5, 2], [1, 9]]), LIGHT),
        histogram([1, 2, 3], [3, 2, 1], [2], label=HOSTILE),
    )
    for one in drawn:
        text = json.dumps(json.loads(one.to_json()), ensure_ascii=False)
        assert "&lt;img" in text
        assert "<img" not in text
        assert "<a " not in text
        templates = [trace.get("hovertemplate", "") for trace in json.loads(one.to_json())["data"]]
        assert not any("%{x}" in template for template in templates)
