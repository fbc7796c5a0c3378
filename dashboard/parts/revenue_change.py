"""Why revenue changed: a sentence and a chart, the same on every screen."""

from __future__ import annotations

import re

import pandas as pd
import streamlit as st

from dashboard import state, words
from dashboard.charts import revenue_change as charts
from dashboard.parts import downloads, tables
from dashboard.parts.chart import chart
from segmentation.estimates import Unknown
from segmentation.kpis import Overview
from segmentation.revenue_change import Line, RevenueChange, lines, mix_sentence, sentence

_SIGN, _JOINER = re.compile(r"(?<= [+-])(?=\S)"), "\u2060"
TITLE = "Why revenue changed"
ABOUT = (
    "Customers × orders per customer × value per order, for orders with a customer; guests and refunds apart. Each "
    "effect is the average over all orders in which the three could have changed (Shapley value). The parts add up."
)


def change_of(overview: Overview) -> RevenueChange | None:
    """Why revenue changed; None where there is nothing to compare with."""
    if isinstance(overview.before, Unknown):
        return None
    return state.get(state.analysis().revenue_change(overview.now.period, overview.before.period))


def spoken(change: RevenueChange, currency: str | None) -> str:
    """Why revenue changed, as Markdown."""
    return _unbroken(sentence(change, currency))


def _unbroken(text: str) -> str:
    """The text as Markdown, in which no line ends between a sign and its amount."""
    return words.plain(_SIGN.sub(_JOINER, text), limit=700)


def card(overview: Overview, currency: str | None, *, key: str, said: bool = True, figures: bool = False) -> None:
    """The chart, with the sentence where it is not `said` elsewhere on the screen, and the `figures` behind it."""
    change = change_of(overview)
    if change is None:
        return
    parts = lines(change)
    with st.container(border=True):
        st.markdown(f"**{TITLE}**", help=ABOUT)
        if said:
            st.markdown(spoken(change, currency))
        chart(
            key,
            f"Bars: what each part adds to the change of revenue. {sentence(change, currency)}",
            charts.steps,
            parts,
            currency,
            state.palette(),
        )
        st.caption(_unbroken(mix_sentence(change, currency)))
        if figures:
            _figures(parts, currency)


def _figures(parts: tuple[Line, ...], currency: str | None) -> None:
    headers = ["What changed", "Before", "Now", "Effect on revenue"]
    plain = [(line.label, line.before, line.now, line.amount) for line in parts]
    rows = [
        (line.label, line.text(line.before, currency), line.text(line.now, currency), float(line.amount))
        for line in parts
    ]
    with st.expander("The figures behind it", icon=":material/table_rows:"):
        tables.table(
            pd.DataFrame(rows, columns=headers),
            downloads.csv("revenue-change", headers, plain),
            alt="Each part of the change of revenue: the figure before and now, and its effect",
            key="revenue_change_figures",
            columns={headers[3]: tables.money_column(headers[3], currency)},
        )
