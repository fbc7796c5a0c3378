"""A chart is drawn once for equal content, and anew for any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import plotly.graph_objects as go
import pytest

from dashboard.charts import clv, segments
from dashboard.charts.base import figure, finished
from dashboard.palette import LIGHT
from dashboard.parts import chart as part
from segmentation.analysis import MEMORY
from segmentation.estimates import Estimate


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[go.Figure]:
    """The figures that were put on the screen."""
    shown: list[go.Figure] = []
    monkeypatch.setattr(part.st, "plotly_chart", lambda figure, **_: shown.append(figure))
    MEMORY.forget()
    return shown


def counted(*shown: object, **more: object) -> go.Figure:
    return go.Figure(layout={"title": repr((shown, more))})


VALUES = [
    (None,),
    ("a", "b"),
    ("ab", ""),
    ("a", ["b"]),
    (["a"], "b"),
    (1,),
    (1.0,),
    ("1",),
    (True,),
    (Decimal(1),),
    (date(2026, 1, 1),),
    ("2026-01-01",),
    (np.array([1, 2]),),
    (np.array([1.0, 2.0]),),
    (np.array([[1], [2]]),),
    ([1, 2],),
    ({"a": 1},),
    ({"a": 2},),
    (float("nan"),),
    (LIGHT,),
    (replace(LIGHT, text="#000001"),),
]


def test_what_differs_is_another_chart(drawn: list[go.Figure]) -> None:
    for shown in VALUES:
        part.chart("key", "alt", counted, *shown)
    assert len({id(figure) for figure in drawn}) == len(VALUES)
    part.chart("key", "alt", counted, more=1)
    part.chart("key", "alt", counted, other=1)
    part.chart("key", "alt", segments.signed, 1.0)  # type: ignore[arg-type]
    assert len({id(figure) for figure in drawn}) == len(VALUES) + 3


def test_what_is_equal_is_drawn_once(drawn: list[go.Figure]) -> None:
    for shown in VALUES:
        part.chart("first", "alt", counted, *shown)
    for shown in VALUES:
        part.chart("second", "another", counted, *shown)
    assert list(map(id, drawn[: len(VALUES)])) == list(map(id, drawn[len(VALUES) :]))


def test_one_value_of_a_group_makes_another_chart(drawn: list[go.Figure]) -> None:
    values = [Estimate(10.0, 8.0, 12.0, 5), Estimate(20.0, 18.0, 22.0, 6)]
    for shown in (values, [values[0], replace(values[1], high=22.5)]):
        part.chart("key", "alt", clv.value_by_group, ["A", "B"], ["#111111", "#222222"], shown, "EUR", LIGHT)
    assert drawn[0] is not drawn[1]


def test_what_cannot_be_compared_is_no_chart_of_something_else(drawn: list[go.Figure]) -> None:
    with pytest.raises(TypeError, match="cannot be compared: object"):
        part.chart("key", "alt", counted, object())
    assert not drawn


def test_a_finished_figure_is_written_once_and_as_before() -> None:
    drawn = figure(LIGHT, height=100, title="Title")
    drawn.add_bar(x=np.arange(3.0), y=["a", "b", "c"])
    before = drawn.to_dict()
    assert finished(drawn) is drawn
    assert drawn.to_dict() is drawn.to_dict()
    assert drawn.to_dict() == before == go.Figure(drawn).to_dict()


def test_a_figure_that_is_not_finished_can_still_change() -> None:
    drawn = figure(LIGHT, height=100)
    drawn.to_dict()
    drawn.add_bar(y=[1, 2])
    assert len(drawn.to_dict()["data"]) == 1
