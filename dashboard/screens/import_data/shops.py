"""The shops there are: what they hold, their last ledger, their versions, and a way to delete them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import state, words
from dashboard.parts import tables
from dashboard.screens.import_data import importing
from dashboard.screens.import_data import ledger as ledgers
from dashboard.serving.visitors import visitor
from segmentation import erasure, formats
from segmentation.errors import VersionDamaged
from segmentation.intake import Ledger
from segmentation.workspace import BrokenVersion, DatasetVersion, audit, logged

_DELETED = "deleted_shop"


def shops() -> None:
    """The shops there are: what they hold, their last ledger, a way to delete them; of damaged ones a way back."""
    deleted()
    versions, broken = state.versions(), state.broken()
    if not versions and not broken:
        return
    st.subheader("Your shops")
    for one in broken:
        _broken(one)
    for index, version in enumerate(versions):
        _shop(index, version)


def _broken(shop: BrokenVersion) -> None:
    """A shop whose current version is damaged: what is wrong, and what can be done."""
    with st.container(border=True, key=f"broken_{shop.dataset_id}"):
        st.error(words.error(shop.problem), icon=":material/broken_image:")
        with st.container(horizontal=True, vertical_alignment="center"):
            earlier = shop.problem.earlier if isinstance(shop.problem, VersionDamaged) else None
            if earlier is not None:
                st.button(
                    f"Go back to version {earlier}",
                    key=f"use_version_{shop.dataset_id}",
                    type="primary",
                    icon=":material/history:",
                    on_click=_use,
                    args=(shop.name, earlier),
                )
            _delete_control(shop.name, shop.dataset_id)


def _shop(index: int, version: DatasetVersion) -> None:
    held = version.manifest
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            with st.container(width="stretch", gap=None):
                st.markdown(f"**{words.plain(version.name)}**")
                st.caption(
                    f"{formats.count(held.customers, 'customer')} · {formats.count(held.orders, 'order')} "
                    f"({formats.count(held.guests, 'guest order')}) · {formats.period(held.first, held.last)} · "
                    f"{words.plain(formats.money(held.revenue, held.currency))} · "
                    f"{words.plain(words.list_of(list(held.files)))}"
                )
            _versions(version)
            _delete_control(version.name, version.dataset_id)
        with st.expander("Ledger of the last import", on_change="rerun", key=f"ledger_{version.dataset_id}") as box:
            if box.open and held.ledger:
                ledger = Ledger.from_json(held.ledger)
                ledgers.ledger_card(ledger, held.currency, key=f"shop_{index}")
                ledgers.open_steps(version, ledger, key=f"shop_{index}")


def _delete_control(name: str, dataset_id: str) -> None:
    with st.popover("Delete", icon=":material/delete:"):
        st.markdown(f"Delete **{words.plain(name)}** with everything computed from it?")
        st.caption("It cannot be undone. Your file stays where it is.")
        st.button("Delete for good", key=f"delete_{dataset_id}", type="primary", on_click=_delete, args=(name,))


def _versions(version: DatasetVersion) -> None:
    """Every version that is kept, and a way back to any of them that is not damaged."""
    versions = state.versions_of(version.name)
    if len(versions) < 2:
        return
    history = [one for one in versions if isinstance(one, DatasetVersion)]
    damaged = [str(one.number) for one in versions if isinstance(one, BrokenVersion)]
    with st.popover(f"Version {version.number} of {len(versions)}", icon=":material/history:"):
        st.caption("An import makes a new version and keeps the ones before. Going back loses nothing.")
        if damaged:
            st.caption(f"Damaged, and left out here: version {words.list_of(damaged)}.")
        frame = pd.DataFrame(
            [
                (
                    "→" if one.number == version.number else "",
                    one.number,
                    one.manifest.created[:16].replace("T", " "),
                    one.manifest.lines,
                    float(one.manifest.revenue),
                )
                for one in reversed(history)
            ],
            columns=["Current", "Version", "Imported", "Lines", "Revenue"],
        )
        st.dataframe(
            frame,
            hide_index=True,
            alt="The versions of the shop",
            column_config={
                "Lines": tables.count_column("Lines"),
                "Revenue": tables.money_column("Revenue", version.manifest.currency),
            },
        )
        others = [one.number for one in reversed(history) if one.number != version.number]
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if not others:
                return
            chosen = st.selectbox("Version", others, key=f"version_{version.dataset_id}", width=120)
            st.button(
                "Use this version",
                key=f"use_version_{version.dataset_id}",
                on_click=_use,
                args=(version.name, chosen),
            )


def _use(name: str, number: int) -> None:
    with state.guard(stop=False):
        logged.roll_back(state.workspace(), name, number, by=audit.visitor(visitor()))
        importing.put_away()


def _delete(name: str) -> None:
    with state.guard(stop=False):
        versions = [one for one in state.versions_of(name) if isinstance(one, DatasetVersion)]
        gone = _what_is_gone(versions)
        erasure.delete(state.workspace(), name, by=audit.visitor(visitor()))
        state.leave_shop(name)
        importing.put_away()
        state.keep(_DELETED, f"Deleted “{name}”{gone}, with everything computed from it.")


def _what_is_gone(versions: list[DatasetVersion]) -> str:
    """What the last of these versions holds, and how many there are, as the end of a sentence."""
    if not versions:
        return ""
    held = versions[-1].manifest
    counted = [formats.count(held.customers, "customer"), formats.count(held.orders, "order")]
    return f": {words.list_of([*counted, formats.count(len(versions), 'version')])}"


def deleted() -> None:
    """Say once what was deleted a moment ago."""
    said = state.recall(_DELETED, "")
    if said:
        state.forget(_DELETED)
        st.success(words.plain(said, limit=400), icon=":material/delete:")
