"""The frame around every screen: page config, navigation, and which shop you are looking at."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import state, words
from dashboard.parts import damage, shop_news
from dashboard.screens.import_data import running
from dashboard.serving import visitors
from segmentation import formats

HERE = Path(__file__).parent
ADDRESSES = {"clv": "worth"}
"""Screens whose address is not their title: links that people kept lead to it."""

SCREENS = {
    "Data": (
        (
            "import_data",
            "Import",
            ":material/upload_file:",
            "Drop an export, check what it means, see every row and cent.",
        ),
        (
            "health",
            "Data health",
            ":material/health_and_safety:",
            "What the data can and cannot answer, and what to upload next.",
        ),
    ),
    "Understand": (
        (
            "overview",
            "Overview",
            ":material/monitoring:",
            "Revenue, orders and customers of a period, and how they changed.",
        ),
        (
            "segments",
            "Segments",
            ":material/bubble_chart:",
            "Find groups of customers who behave alike, and tune them.",
        ),
        ("customer", "Customer", ":material/person_search:", "Look one customer up: orders, segment, and why."),
    ),
    "Predict": (
        (
            "clv",
            "Lifetime value",
            ":material/savings:",
            "What customers are likely to spend, and how far that can be trusted.",
        ),
        ("churn", "Churn", ":material/heart_broken:", "Who is slipping away, and whom it pays to write to."),
    ),
    "Act": (
        ("campaign", "Campaign", ":material/campaign:", "Whom a campaign should reach, what it costs and returns."),
    ),
    "Watch": (("briefing", "Briefing", ":material/article:", "One page on the segments: size, value, what changed."),),
}


def pages() -> dict[str, list[st.Page]]:
    """The screens that exist, by group."""
    found = {
        group: [
            st.Page(
                f"screens/{name}/{name}.py",
                title=title,
                icon=icon,
                help=about,
                url_path=ADDRESSES.get(name, title.lower().replace(" ", "-")),
            )
            for name, title, icon, about in screens
            if (HERE / "screens" / name / f"{name}.py").is_file()
        ]
        for group, screens in SCREENS.items()
    }
    return {group: screens for group, screens in found.items() if screens}


def menu(groups: dict[str, list[st.Page]]) -> None:
    """The screens by group. Drawn here, because Streamlit's own grouped menu is no valid list to a screen reader."""
    for group, screens in groups.items():
        with st.container(gap="xsmall"):
            st.caption(group)
            for screen in screens:
                st.page_link(screen, width="stretch")


def looking_at() -> None:
    """Which shop and which segmentation you are looking at."""
    state.shop_picker()
    damage.broken_shops()
    shop = state.version()
    if shop is None and state.versions():
        return
    if shop is None:
        st.caption("No shop yet: import an export, or explore the sample shop.")
        return
    held = shop.manifest
    st.caption(
        f"{formats.count(held.customers, 'customer')} · {formats.count(held.orders, 'order')}  \n"
        f"{formats.period(held.first, held.last)}"
    )
    st.caption(words.segmentation(state.settings()))


visitors.is_here()
asked = state.asked_screen()
st.set_page_config(page_title="Tessera", page_icon=HERE / "static" / "tessera-icon.svg", layout="wide")
st.html(HERE / "static" / "tessera.css")
st.logo(HERE / "static" / "tessera.svg", size="large")

groups = pages()
start = st.Page("screens/start/start.py", title="Tessera", default=True)
page = state.choose_screen(asked, [start, *(screen for screens in groups.values() for screen in screens)])
with state.guard():
    damage.lost_list()
    state.spell_out_link(page)
    state.adopt_link()
    with st.sidebar:
        menu(groups)
        st.space("xsmall")
        looking_at()
        if page.url_path != "import":
            running.stopped()
    state.follow_shop()
    state.look_ahead()
    state.be_patient(page.url_path != "segments")
    state.share_link(drawn=page.url_path == "segments")
    shop_news.draw(stop=page.url_path not in {"", "import"})
    with shop_news.instead_of_errors(), state.one_run():
        page.run()
