"""A table with its download; every screen shows tables this way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd
import streamlit as st

from dashboard.parts import downloads
from dashboard.parts.downloads import Download
from dashboard.serving.handing_out import RECEIPT
from segmentation import glossary


def download_button(
    download: Download,
    *,
    key: str,
    label: str = "Download CSV",
    kind: Literal["primary", "secondary"] = "secondary",
    help: str | None = None,  # noqa: A002
    disabled: bool = False,
) -> None:
    """Offer a file without rerunning the screen; every download of every screen is this one."""
    st.download_button(
        label,
        b"" if disabled else downloads.offered(download),
        file_name=download.file_name,
        mime=RECEIPT,
        key=key,
        icon=":material/download:",
        type=kind,
        on_click="ignore",
        help=help,
        disabled=disabled,
    )


def table(
    frame: pd.DataFrame,
    download: Download | None,
    *,
    alt: str,
    key: str,
    columns: Mapping[str, object] | None = None,
    height: int | str = "auto",
) -> None:
    """Show `frame` with its download below, where it has one; `alt` says what the table holds. Columns that are called
    by a term of the glossary say what it is."""
    terms = {name: st.column_config.Column(help=_defined(name)) for name in frame.columns if name in glossary.TERMS}
    st.dataframe(
        frame,
        hide_index=True,
        column_config={**terms, **(columns or {})},
        alt=alt,
        key=f"{key}_table",
        height=height,
        placeholder="–",
    )
    if download is not None:
        download_button(download, key=f"{key}_csv")


def money_column(label: str, currency: str | None, *, help: str | None = None, cents: bool = False) -> object:  # noqa: A002
    """A right-aligned amount with thousands separated; the currency stands in the header."""
    unit = f"{label}, {currency}" if currency else label
    return st.column_config.NumberColumn(unit, format="%,.2f" if cents else "%,.0f", help=help or _defined(label))


def percent_column(label: str, *, help: str | None = None) -> object:  # noqa: A002
    """A share as a percentage with one decimal; the cells hold percents (0 to 100), see `in_percent`."""
    return st.column_config.NumberColumn(label, format="%.1f %%", help=help or _defined(label))


def date_column(label: str) -> object:
    """A day as 31 Oct 2026."""
    return st.column_config.DateColumn(label, format="D MMM YYYY")


def in_percent(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """A copy with the shares (0 to 1) of these columns as percents, for showing; downloads keep the shares."""
    return frame.assign(**{name: frame[name] * 100 for name in names})


def count_column(label: str, *, help: str | None = None) -> object:  # noqa: A002
    """A whole number with thousands separated."""
    return st.column_config.NumberColumn(label, format="%,d", help=help or _defined(label))


def _defined(label: str) -> str | None:
    """What the glossary says of a column that is called by one of its terms."""
    return glossary.about(label) if label in glossary.TERMS else None
