"""What to expect of one customer: orders, spend, risk and the next order, each with its date and model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import state, words
from dashboard.parts.waiting import LOOK_SECONDS
from segmentation import formats, glossary
from segmentation.analysis import ChurnResult, ClvResult
from segmentation.clv import AGAIN_DAYS
from segmentation.estimates import Unknown
from segmentation.jobs import Job

_AGAIN = "outlook_again"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Figures that workers are still at, and the place on the screen where it says how far they are."""

    place: DeltaGenerator
    jobs: tuple[Job, ...]


def draw(row: int, currency: str | None) -> Waiting | None:
    """The figures that are known by now; what is still worked out says so, and what cannot be known says why.

    What is worked out is given back, for `follow` at the end of the screen.
    """
    shop = state.analysis()
    answers = (shop.clv(), shop.churn())
    clv, churn = state.obtained(answers[0]), state.obtained(answers[1])
    again = state.recall(_AGAIN, False)
    state.forget(_AGAIN)
    jobs = [state.ask(one, again=again) for one, known in zip(answers, (clv, churn), strict=True) if known is None]
    with st.grid(4, min_column_width=170, gap="small"):
        _worth(clv, row, currency)
        _churn(churn, row)
    models = [] if clv is None or isinstance(clv.buying, Unknown) else [clv.buying.name]
    if churn is not None and not isinstance(churn.findings, Unknown):
        models.append(f"churn model, lost after {formats.days(churn.findings.horizon_days)}")
    if models:
        st.caption(f"As of {formats.day(state.as_of())}, by {' and '.join(models)}.")
    begun = tuple(job for job in jobs if job is not None)
    return Waiting(st.empty(), begun) if begun else None


def follow(waiting: Waiting | None) -> None:
    """Wait for what is worked out, and draw the screen anew once it is there; any click ends the wait."""
    if waiting is None:
        return
    while running := [job for job in waiting.jobs if not job.finished]:
        waiting.place.progress(running[0].progress, text=words.plain(running[0].text))
        running[0].wait(LOOK_SECONDS)
    lost = [job for job in waiting.jobs if job.state != "done"]
    if not lost:
        st.rerun()
    with waiting.place.container():
        st.error(words.plain(lost[0].text), icon=":material/error:")
        st.button("Try again", key="try_outlook_again", on_click=state.keep, args=(_AGAIN, True))


def _worth(result: ClvResult | None, row: int, currency: str | None) -> None:
    if result is None or result.scores is None:
        buying = None if result is None else result.buying
        _nothing("Orders in 12 months", buying if isinstance(buying, Unknown) else None)
        return
    orders, spend = float(result.scores.orders_within(12)[row]), float(result.scores.spend_within(12)[row])
    st.metric("Orders in 12 months", formats.number(orders, decimals=1), border=True, height="stretch")
    st.metric(
        "Spend in 12 months",
        formats.money(spend, currency),
        border=True,
        height="stretch",
        help=f"Expected, at {formats.money(spend / max(orders, 1e-9), currency, cents=True)} an order after refunds. "
        "Revenue, not margin; not discounted.",
    )
    st.metric(
        f"Orders within {AGAIN_DAYS} days",
        formats.percent(float(result.scores.again[row])),
        border=True,
        height="stretch",
        help="The chance of at least one order.",
    )


def _churn(result: ChurnResult | None, row: int) -> None:
    if result is None or result.scores is None:
        why = None if result is None else result.findings
        due = "" if result is None else _next_order(result, row) or ""
        _nothing("Risk of being lost", why if isinstance(why, Unknown) else None, due)
        return
    st.metric(
        "Risk of being lost",
        formats.percent(float(result.scores.risk[row])),
        _next_order(result, row),
        delta_color="off",
        delta_arrow="off",
        border=True,
        height="stretch",
        help=glossary.about("Risk of being lost"),
    )


def _next_order(result: ChurnResult, row: int) -> str | None:
    """When the next order is due; None where that cannot be said of anybody."""
    if isinstance(result.due, Unknown):
        return None
    if np.isnat(result.due.end[row]):
        return "no rhythm known yet"
    start, end = (days[row].astype(object) for days in (result.due.start, result.due.end))
    late = int(result.due.late_days[row])
    if late:
        return f"{formats.days(late)} late"
    return f"next order {formats.day(start)} – {formats.day(end)}"


def _nothing(label: str, why: Unknown | None, beside: str = "") -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(label)
        st.caption("Being worked out …" if why is None else words.unknown(why))
        if beside:
            st.caption(beside[:1].upper() + beside[1:] + ".")
