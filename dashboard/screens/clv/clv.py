"""Worth: what customers are likely to spend from here on, by any side, and how far that can be trusted."""

from __future__ import annotations

import streamlit as st

from dashboard import state, words
from dashboard.parts import reconciled, shop_news, waiting
from dashboard.screens.clv import parts, repurchase, terms
from segmentation.clv import (
    STEP_DAYS,
    concentration,
    joint_covariance,
    lifetime_value,
    payback,
    value_of_each,
)
from segmentation.estimates import Unknown

version = state.needed_version()
currency = version.manifest.currency

st.title("Lifetime value")
model = st.container()
with st.container(border=True), state.guard(stop=False), shop_news.instead_of_errors():
    repurchase.card()  # before the model, which may end the screen
with model, state.guard(), shop_news.instead_of_errors():
    shop = state.analysis()
    result = waiting.until(shop.clv(), key="worth")
    buying, spending = result.buying, result.spending
    look = result.outlook
    if isinstance(buying, Unknown) or isinstance(look, Unknown) or result.scores is None:
        st.info(words.unknown(buying) if isinstance(buying, Unknown) else words.KEPT_BADLY, icon=":material/info:")
        st.page_link("screens/import_data/import_data.py", label="Add an earlier export", icon=":material/upload_file:")
        st.stop()

    assumed = state.assumptions()
    chosen = terms.controls(assumed, currency, (state.as_of() - version.manifest.first).days)
    facets = state.get(shop.facets())
    covariance = joint_covariance(buying, spending)
    (total,) = lifetime_value(result.scores, covariance, chosen, look=look)
    each = value_of_each(result.scores, chosen)
    later = float((result.scores.value * result.scores.prices[:4].mean()).mean())
    paid = payback(buying, float(facets.first_value.mean()), later, chosen, assumed.values.acquisition_cost)
    careful = parts.cautions(result, shop.careful())
    parts.figures(total, chosen, concentration(each), paid, currency, cautions=careful)

    with st.container(border=True), state.guard(stop=False), shop_news.instead_of_errors():
        side = parts.facet_picker(list(facets.found))
        palette = state.palette()
        if side == parts.SEGMENT:
            shown = state.study().segmentation
            groups = parts.Groups(
                tuple(one.name for one in shown.segments),
                tuple(palette.segment(one.colour) for one in shown.segments),
                shown.labels,
            )
        else:
            facet = facets.found[side]
            groups = parts.Groups(facet.names, (palette.accent,) * len(facet.names), facet.labels)
        values = lifetime_value(result.scores, covariance, chosen, groups.labels, len(groups.names), look)
        parts.by_group(groups, values, chosen, currency)
        if side == parts.SEGMENT:
            reconciled.beside_value(state.study(), values, chosen)

    with st.container(border=True):
        parts.trust(result.holdout, look, chosen.steps * STEP_DAYS)
    with st.container(border=True):
        parts.paid_back(paid, currency)
    parts.method(result)
