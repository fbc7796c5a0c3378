"""The parts of the Worth screen: waiting, the figures, value by group, the proof of the forecast, payback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard import state, words
from dashboard.charts import clv as charts
from dashboard.parts import downloads, tables
from dashboard.parts.chart import chart
from segmentation import formats, glossary
from segmentation.analysis import ClvResult
from segmentation.clv import (
    BASELINES,
    Concentration,
    Holdout,
    Outlook,
    Payback,
    RepeatBuying,
    Spending,
    Terms,
    followed,
    why_so_wide,
)
from segmentation.customers import CodeArray
from segmentation.estimates import Estimate, Unknown

SEGMENT, BY = words.SEGMENT, "worth_by"


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Groups of customers to look at worth by: names, colours, and the group of each customer."""

    names: tuple[str, ...]
    colours: tuple[str, ...]
    labels: CodeArray


def figures(
    total: Estimate,
    terms: Terms,
    few: Concentration,
    paid: Payback,
    currency: str | None,
    *,
    cautions: Sequence[str] = (),
) -> None:
    """What everyone together is worth, and who makes most of it."""
    with st.grid(4, min_column_width=210, gap="small"):
        with st.container(border=True, height="stretch", key="worth_total"):
            st.metric(
                f"Value in {terms.months} months",
                formats.compact_money(total.value, currency),
                help=glossary.about("Lifetime value"),
            )
            st.caption(f"95 % interval {formats.money_interval(total.low, total.high, currency)}".replace("$", "\\$"))
            for caution in cautions:
                st.markdown(f":orange-badge[check this] :small[{words.plain(caution, limit=500)}]")
        with st.container(border=True, height="stretch"):
            st.metric(
                "Per customer",
                formats.money(total.value / max(total.n, 1), currency, cents=True),
                help=glossary.about("Per customer", f"In the next {terms.months} months."),
            )
            st.caption(f"Average of {formats.count(total.n, 'customer')}.")
        with st.container(border=True, height="stretch"):
            st.metric(f"{formats.percent(few.of_value)} of value from", formats.percent(few.share))
            st.caption(f"{formats.count(few.customers, 'customer')} make most of it.")
        with st.container(border=True, height="stretch"):
            st.metric("Payback (months)", formats.NOTHING if paid.month is None else str(paid.month))
            st.caption(_payback_sentence(paid, currency).replace("$", "\\$"))


def _payback_sentence(paid: Payback, currency: str | None) -> str:
    cost = formats.money(paid.cost, currency, cents=True)
    if paid.month is None:
        earned = formats.money(paid.earned[-1], currency, cents=True)
        return (
            f"A new customer who costs {cost} has earned {earned} after {len(paid.earned) - 1} months: not paid back."
        )
    when = "with the first order" if paid.month == 0 else f"{formats.count(paid.month, 'month')} after the first order"
    return f"A new customer who costs {cost} has earned it {when}."


def facet_picker(names: Sequence[str]) -> str:
    """Which side to look from; segments unless asked otherwise."""
    labels = {name: label for name, label in words.SIDES.items() if name == SEGMENT or name in names}
    asked = str(state.asked(BY))  # a link may have the plain name, the control writes its label
    state.put(BY, next((name for name, label in labels.items() if asked in {name, label}), SEGMENT))
    return str(
        st.segmented_control(
            "Value by",
            list(labels),
            default=SEGMENT,
            required=True,
            key=BY,
            bind="query-params",
            format_func=lambda name: labels.get(name, name),
        )
    )


def by_group(groups: Groups, values: Sequence[Estimate], terms: Terms, currency: str | None) -> None:
    """Value of each group as bars, and as a table to take along."""
    chart(
        "worth_groups",
        f"Bars: value of each group in {terms.months} months, with its 95 % interval",
        charts.value_by_group,
        groups.names,
        groups.colours,
        values,
        currency,
        state.palette(),
    )
    rows = [
        (name, one.n, one.value, one.low, one.high, one.value / max(one.n, 1))
        for name, one in zip(groups.names, values, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["Group", "Customers", "Value", "Low", "High", "Per customer"])
    with st.expander("The figures", icon=":material/table_rows:"):
        tables.table(
            frame,
            downloads.csv("worth", list(frame.columns), rows),
            alt="Value by group with its interval",
            key="worth_groups_list",
            columns={
                "Customers": tables.count_column("Customers"),
                **{name: tables.money_column(name, currency) for name in ("Value", "Low", "High")},
                "Per customer": tables.money_column("Per customer", currency, cents=True),
            },
        )


def trust(holdout: Holdout | Unknown, look: Outlook, days: float) -> None:
    """What the forecast takes into account, how far off it was, and the one made earlier held against what happened."""
    st.markdown("**Can this be trusted? The same forecast, made earlier**")
    st.caption(words.plain(f"{followed(look)} {why_so_wide(look, days)}", limit=900))
    if isinstance(holdout, Unknown):
        st.info(words.unknown(holdout), icon=":material/info:")
        return
    show = (
        st.success
        if holdout.winner == "model" and holdout.total.low <= holdout.actual <= holdout.total.high
        else st.warning
    )
    show(words.plain(holdout.verdict, limit=600), icon=":material/fact_check:")
    chart(
        "worth_tenths",
        f"Orders per customer expected on {formats.day(holdout.on)} and what happened in {holdout.days} days, by tenth",
        charts.tenths,
        holdout,
        state.palette(),
    )
    st.caption(
        f"Made on {formats.day(holdout.on)} for {formats.days(holdout.days)}, from what was known then. The tenth "
        f"of the customers of whom most was expected brought {formats.percent(holdout.top_share)} of the revenue that "
        "came."
    )
    rows = [
        (
            "The model" if one.name == "model" else BASELINES[one.name][:1].upper() + BASELINES[one.name][1:],
            round(one.total),
            one.rmse,
            one.mae,
        )
        for one in (holdout.model, *holdout.baselines)
    ]
    rows.append(("What happened", holdout.actual, None, None))
    frame = pd.DataFrame(rows, columns=["Forecast", "Days with an order", "Squared error", "Absolute error"])
    with st.expander("Beside plain forecasts", icon=":material/compare_arrows:"):
        tables.table(
            frame,
            downloads.csv("worth-forecasts", list(frame.columns), rows),
            alt="The model's forecast of orders beside plain ones, with their errors",
            key="worth_forecasts",
            columns={
                "Forecast": st.column_config.TextColumn(width="large"),
                "Days with an order": tables.count_column(
                    "Days with an order", help="In the days of the test; orders of one day count as one."
                ),
                "Squared error": st.column_config.NumberColumn(
                    format="%.3f", help="Root of the mean squared error, in orders per customer; who is lowest wins."
                ),
                "Absolute error": st.column_config.NumberColumn(
                    format="%.3f", help="Mean error in orders per customer. “Nobody orders again” does well by it."
                ),
            },
        )


def paid_back(paid: Payback, currency: str | None) -> None:
    """When a new customer has earned what it cost to win them."""
    st.markdown("**What a new customer earns**")
    chart("worth_payback", _payback_sentence(paid, currency), charts.payback, paid, currency, state.palette())
    st.caption("Margin, discounted; the first order counts as the average first order did.")


def method(result: ClvResult) -> None:
    """How it is worked out, for those who ask."""
    buying, spending = result.buying, result.spending
    with st.expander("How this is worked out", icon=":material/functions:"):
        if isinstance(buying, RepeatBuying):
            errors = buying.errors or (None,) * 4
            told = ", ".join(
                f"{name} {value:.3g}" + (f" ± {error:.2g}" if error else "")
                for name, value, error in zip(("r", "α", "a", "b"), buying.parameters, errors, strict=True)
            )
            st.markdown(
                f"**Orders: {buying.name}.** Customers order by chance at a rate of their own, and after an order "
                "leave with a chance of their own (Fader, Hardie & Lee 2005). Several orders of a day count as one. "
                f"Fitted to {formats.count(buying.customers, 'customer')}, in days: {words.plain(told)}. "
                f"{words.plain(buying.edge)}"
            )
        if isinstance(spending, Spending):
            holds = "holds well enough" if spending.independent else "does not hold well"
            st.markdown(
                "**Spend: Gamma-Gamma.** Customers with few orders are drawn towards the average (Fader & Hardie "
                "2013). It assumes that those who order often do not spend more or less per order; here the "
                f"correlation is {_correlation(spending)}, so that {holds}."
            )
        else:
            st.markdown(f"**Spend.** Every order counts as the usual order: {words.unknown(spending)}")
        st.markdown(
            "**Intervals** hold the doubt about the parameters and the chance in who orders, and are wider where "
            "forecasts made at earlier dates were further off. The "
            "chance of still being a customer ranks nobody: who ordered once has 100 % by construction."
        )


def _correlation(spending: Spending) -> str:
    one, low, high = (
        f"{value:.2f}".replace("-", "−")
        for value in (spending.depends.value, spending.depends.low, spending.depends.high)
    )
    return f"{one} ({low} to {high})"


def cautions(result: ClvResult, gaps: str = "") -> tuple[str, ...]:
    """What to keep in mind beside the total: a forecast nobody could test or that was off, and what it leaves out;
    `gaps` says what days without orders do to it."""
    said = [_off_last_time(result.holdout), gaps]
    if isinstance(result.spending, Unknown):
        said.append("Every order counts as the usual order: who spends more than others is not known.")
    if isinstance(result.buying, RepeatBuying) and not result.buying.covariance:
        said.append("The interval holds chance alone: how sure the model is of itself could not be worked out.")
    return tuple(filter(None, said))


def _off_last_time(holdout: Holdout | Unknown) -> str:
    if isinstance(holdout, Unknown):
        return "No earlier forecast could be held against what happened, so nobody knows how far off this one is."
    if not holdout.actual:
        return f"Nobody has ordered again since {formats.day(holdout.on)}: there was nothing to hold it against."
    if holdout.total.low <= holdout.actual <= holdout.total.high:
        return ""
    gap = formats.percent(abs(holdout.total.value / holdout.actual - 1))
    way = "low" if holdout.total.value < holdout.actual else "high"
    return f"The same forecast, made on {formats.day(holdout.on)}, was {gap} too {way}."
