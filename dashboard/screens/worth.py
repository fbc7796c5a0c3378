"""Worth: what customers are likely to spend from here on, by any side, and how far that can be trusted."""

from __future__ import annotations

import streamlit as st

from dashboard import session, words
from dashboard.widgets import repurchase, shop_news, waiting, worth_parts, worth_terms
from segmentation.clv import (
    concentration,
    joint_covariance,
    lifetime_value,
    payback,
    value_of_each,
)
from segmentation.estimates import Unknown

version = session.needed_version()
currency = version.manifest.currency

st.title("Worth")
model = st.container()
with st.container(border=True), session.guard(stop=False), shop_news.instead_of_errors():
    repurchase.card()  # before the model, which may end the screen
with model, session.guard(), shop_news.instead_of_errors():
    shop = session.analysis()
    found = waiting.until(shop.clv(), key="worth")
    buying, spending = found.buying, found.spending
    if isinstance(buying, Unknown) or found.scores is None:
        st.info(words.unknown(buying) if isinstance(buying, Unknown) else words.KEPT_BADLY, icon=":material/info:")
        st.page_link("screens/import_data.py", label="Add an earlier export", icon=":material/upload_file:")
        st.stop()

    assumed = session.assumptions()
    terms = worth_terms.controls(assumed, currency, (session.as_of() - version.manifest.first).days)
    facets = session.get(shop.facets())
    covariance = joint_covariance(buying, spending)
    (total,) = lifetime_value(found.scores, covariance, terms)
    each = value_of_each(found.scores, terms)
    later = float(found.scores.value.mean())
    paid = payback(buying, float(facets.first_value.mean()), later, terms, assumed.values.acquisition_cost)
    careful = worth_parts.cautions(found)
    worth_parts.figures(total, terms, concentration(each), paid, currency, cautions=careful)

    with st.container(border=True), session.guard(stop=False), shop_news.instead_of_errors():
        side = worth_parts.facet_picker(list(facets.found))
        palette = session.palette()
        if side == worth_parts.SEGMENT:
            shown = session.study().segmentation
            groups = worth_parts.Groups(
                tuple(one.name for one in shown.segments),
                tuple(palette.segment(one.colour) for one in shown.segments),
                shown.labels,
            )
        else:
            facet = facets.found[side]
            groups = worth_parts.Groups(facet.names, (palette.accent,) * len(facet.names), facet.labels)
        values = lifetime_value(found.scores, covariance, terms, groups.labels, len(groups.names))
        worth_parts.by_group(groups, values, terms, currency)

    with st.container(border=True):
        worth_parts.trust(found.holdout)
    with st.container(border=True):
        worth_parts.paid_back(paid, currency)
    worth_parts.method(found)
