"""The parts of the Churn screen: waiting, definition, proof, whom to contact, and whose order is due."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard import state, words
from dashboard.charts import churn as charts
from dashboard.parts import audience, basis, downloads, tables
from dashboard.parts.chart import chart
from segmentation import formats
from segmentation.analysis import Source, Study, due_columns, due_windows, offer_columns
from segmentation.campaigns import DUE, OFFERED, Prospects, by_spend, due_list, offer_list, worth_an_offer
from segmentation.churn import Due, Findings, Policy
from segmentation.customers import CustomerTable, Reach
from segmentation.estimates import Estimate, Unknown
from segmentation.workspace.audit import digest_of

SHOWN = 200


def proof(findings: Findings) -> None:
    """Whether the chances can be relied on: held against what happened, beside plain rules."""
    st.markdown("**Can this be trusted? The same model, tested earlier**")
    beyond = findings.ahead.get("recency")
    good = findings.calibration.within_noise and beyond is not None and beyond.low > 0
    (st.success if good else st.warning)(words.plain(findings.verdict, limit=700), icon=":material/fact_check:")
    with st.grid(2, min_column_width=380, gap="small"):
        with st.container():
            st.caption("Do the chances come true?")
            chart(
                "churn_reliability",
                f"Share who ordered against the chance said; off by {formats.percent(findings.calibration.error)}",
                charts.reliability,
                findings.calibration,
                state.palette(),
            )
        with st.container():
            st.caption("How many of the lost are caught?")
            chart(
                "churn_lift",
                "Share of lost customers caught by contacting the riskiest first, beside the longest silent first",
                charts.lift,
                findings.lift,
                state.palette(),
            )
    st.caption(
        f"Tested on {formats.count(findings.tested, 'customer')} as they stood on {formats.day(findings.tested_on)}: "
        f"{formats.count(findings.ordered, 'customer')} ordered in the next {formats.days(findings.horizon_days)}. "
        f"Mean error of a chance {100 * findings.calibration.error:.1f} points; a perfect model of this size would "
        f"show up to {100 * findings.calibration.noise_floor:.1f}. The tenth likeliest to order brought "
        f"{formats.percent(findings.lift.revenue_captured)} of the revenue."
    )
    right = findings.recalibrated
    st.caption(words.plain(right.reason if isinstance(right, Unknown) else right.sentence, limit=500))
    _baselines(findings)


def _baselines(findings: Findings) -> None:
    names = {"trees": "Boosted trees", "logistic": "Logistic regression", "recency": "Recency alone"}
    scoring, held = names[findings.scored_by], findings.cross_validated
    rows = [
        (
            label,
            one.auc.value,
            one.auc.low,
            one.auc.high,
            _value(findings.present.get(name)),
            one.brier.value,
            one.log_loss.value,
            held.get(name),
        )
        for name, label, one in (
            ("model", f"Today's scores: {scoring}", findings.model),
            *((name, names[name], one) for name, one in findings.models.items()),
        )
    ]
    columns = [
        "Who tells",
        "AUC",
        "Low",
        "High",
        "AUC, not lost yet",
        "Brier score",
        "Log loss",
        "Log loss, all windows",
    ]
    frame = pd.DataFrame(rows, columns=columns)
    with st.expander("Beside plain rules", icon=":material/compare_arrows:"):
        tables.table(
            frame,
            downloads.csv("churn-rules", list(frame.columns), rows),
            alt="How well the model and plain rules tell who orders",
            key="churn_rivals",
            columns={
                "AUC": st.column_config.NumberColumn(
                    format="%.3f", help="Chance that who ordered was ranked above who did not; 0.5 is luck."
                ),
                "Low": st.column_config.NumberColumn(format="%.3f"),
                "High": st.column_config.NumberColumn(format="%.3f"),
                "AUC, not lost yet": st.column_config.NumberColumn(
                    format="%.3f",
                    help="The same among customers who had ordered lately: those who are long gone are easy to tell.",
                ),
                "Brier score": st.column_config.NumberColumn(
                    format="%.3f", help="Mean squared error; lower is better."
                ),
                "Log loss": st.column_config.NumberColumn(
                    format="%.3f", help="What a chance loses when the other thing happens; lower is better."
                ),
                "Log loss, all windows": st.column_config.NumberColumn(
                    format="%.3f",
                    help="Mean over the windows held out. The lowest scores the customers; a plainer model only "
                    "if it beat the trees in each.",
                ),
            },
        )


def _value(one: Estimate | None) -> float | None:
    return None if one is None else one.value


def drivers(findings: Findings) -> None:
    """What the chances rest on."""
    st.markdown("**What tells who will order**")
    if not findings.drivers:
        st.caption("Nothing does: at the test, the chances were no better than tossing a coin.")
        return
    st.markdown("\n".join(f"- {words.plain(one.sentence, limit=300)}" for one in findings.drivers[:5]))


def chosen(policy: Policy, currency: str | None) -> None:
    """What the choice comes to."""
    st.markdown(words.plain(policy.sentence, limit=500))
    with st.grid(4, min_column_width=120, gap="small"):
        st.metric("Contact", formats.number(policy.contact), help="Customers whose expected profit is above zero.")
        st.metric(
            "Of these lost",
            formats.number(policy.churners_caught),
            help="Expected number of those contacted who would not order again.",
        )
        st.metric("Offers wasted", formats.number(policy.offers_wasted), help="On those who would order anyway.")
        with st.container(key="churn_profit"):
            st.metric("Net profit", _money(policy.net_profit, currency), help="In the horizon, with its 95 % interval.")
            if isinstance(policy.net_profit, Estimate):
                st.caption(
                    formats.money_interval(policy.net_profit.low, policy.net_profit.high, currency).replace("$", "\\$")
                )
    chart(
        "churn_curve",
        f"Net profit by number of customers contacted; chosen {policy.contact:,}",
        charts.profit,
        policy,
        currency,
        state.palette(),
    )
    if policy.flat is not None:
        st.caption(words.plain(policy.flat, limit=300))
    plain = [
        f"{label}: {formats.count(one.contact, 'customer')}, {_money(one.net_profit, currency)}"
        for label, one in (("Everyone", policy.everyone), ("As many, longest silent first", policy.silent))
    ]
    st.caption(f"Plain rules beside it. {'. '.join(words.plain(line) for line in plain)}.")


def _money(figure: Estimate | Unknown, currency: str | None) -> str:
    return formats.NOTHING if isinstance(figure, Unknown) else formats.compact_money(figure.value, currency)


def contact_list(
    customers: CustomerTable, prospects: Prospects, currency: str | None, *, lost_too: bool, model: str, who: Reach
) -> None:
    """Whom to contact, most promising first; the file holds all of them, with its date, model and basis."""
    listed = offer_list(customers, prospects, who, lost_too=lost_too, model=model)
    if not listed.rows:
        st.markdown("**Whom to contact: nobody**")
        st.caption(
            "No customer is worth the offer: what it saves is less than what it costs. A cheaper offer, one that saves "
            "more, or a better margin changes that."
        )
        basis.beside(who, key="churn_contacts")
        return
    frame = pd.DataFrame([row[: len(OFFERED)] for row in listed.rows[:SHOWN]], columns=list(OFFERED))
    st.markdown(f"**Whom to contact: {formats.count(len(listed.rows), 'customer')}**")
    tables.table(
        tables.in_percent(frame, "Chance to order"),
        None,
        alt="Customers to contact, most promising first",
        key="churn_contacts",
        height=320,
        columns={
            "Chance to order": tables.percent_column("Chance to order"),
            "Value if saved": tables.money_column("Value if saved", currency, cents=True),
            "Expected profit": tables.money_column("Expected profit", currency, cents=True),
        },
    )
    if len(listed.rows) > SHOWN:
        st.caption(f"The first {SHOWN} are shown; the list holds all {len(listed.rows):,}.")
    audience.take_away(
        Source(
            shop=state.analysis(),
            customers=customers,
            places=worth_an_offer(prospects, lost_too=lost_too),
            how=f"Customers worth an offer ({model})",
            study=_segments(),
            more=offer_columns(prospects, model, customers.as_of),
        ),
        stem="contact",
        key="churn_contacts",
        identity=f"{customers.fingerprint}|{model}|{digest_of(prospects.profit.tobytes())}|{state.settings()!r}",
    )


def due_lists(customers: CustomerTable, due: Due | Unknown, currency: str | None, who: Reach) -> None:
    """Whose next order is due, and who is late."""
    st.markdown("**Whose next order is due**")
    if isinstance(due, Unknown):
        st.info(words.unknown(due), icon=":material/info:")
        return
    st.markdown(words.plain(due.summary.sentence, limit=400))
    late, when = due.late_days > 0, due_windows(due)
    for label, key, among in (("Due now", "due", due.is_due), ("Late", "late", late)):
        listed = due_list(customers, when, among, who)
        with st.expander(f"{label}: {formats.count(len(listed.rows), 'customer')}", icon=":material/event:"):
            tables.table(
                pd.DataFrame([row[: len(DUE)] for row in listed.rows[:SHOWN]], columns=list(DUE)),
                None,
                alt=f"Customers whose next order is {label.lower()}, biggest spenders first",
                key=f"churn_{key}",
                height=320,
                columns={
                    "Due from": tables.date_column("Due from"),
                    "Due until": tables.date_column("Due until"),
                    "Spend so far": tables.money_column("Spend so far", currency, cents=True),
                },
            )
            audience.take_away(
                Source(
                    shop=state.analysis(),
                    customers=customers,
                    places=by_spend(customers, among),
                    how=f"Customers whose next order is {label.lower()}",
                    study=_segments(),
                    more=due_columns(when),
                ),
                stem=f"order-{key}",
                key=f"churn_{key}",
                identity=f"{customers.fingerprint}|{key}|{digest_of(when.end.tobytes())}|{state.settings()!r}",
            )


def _segments() -> Callable[[], Study]:
    """The segments of the link, worked out when a file names them."""
    shop, settings = state.analysis(), state.settings()
    return lambda: shop.study(settings)
