"""Audiences of a shop: who of some customers may be written to, and the file that a mail tool or a spreadsheet takes.

Addresses are read when they are needed and held by nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segmentation.analysis.analysis import Analysis
from segmentation.analysis.lists import score_columns
from segmentation.analysis.studies import Study
from segmentation.campaigns import (
    MAIL_TOOLS,
    Audience,
    Channel,
    Column,
    Form,
    audience,
    audience_file,
    columns_of,
    usual_channel,
)
from segmentation.campaigns.audience_files import days, figures
from segmentation.campaigns.contact_lists import Prospects, Windows
from segmentation.customers import Addresses, CustomerTable, read_addresses
from segmentation.errors import DataError

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Source:
    """A list of customers of a shop that can leave it.

    how: how it was made, in words.
    places: where its customers stand in the table, in the order of the list.
    study: segments that its customers are in; called when their names are needed, None where there are none.
    more: columns that only this list has.
    """

    shop: Analysis
    customers: CustomerTable
    places: Places
    how: str
    study: Callable[[], Study] | None = None
    more: Sequence[Column] = ()

    @cached_property
    def addresses(self) -> Addresses:
        """How everybody in the table can be reached."""
        return read_addresses(self.shop.engine, self.shop.version, self.customers.ids)

    def usual_channel(self) -> Channel:
        """How the shop's customers are mostly reached."""
        return usual_channel(self.addresses)

    def audience(self, form: Form, channel: Channel | None = None) -> Audience:
        """Who of the list leaves in this form; mail tools take e-mail addresses only."""
        by = "email" if form.preset in MAIL_TOOLS else channel or self.usual_channel()
        named = self.customers.ids.take(pa.array(self.places))
        who = self.shop.reach()
        return audience(
            self.customers, named, who, self.addresses, how=self.how, shop=self.shop.version.name, channel=by
        )

    def columns(self) -> tuple[Column, ...]:
        """The columns that its files can have."""
        return columns_of(
            self.customers,
            lambda: self.addresses,
            basis=self.shop.reach().ground.short,
            segments=None if self.study is None else self._segments,
            scores=score_columns(self.shop, self.customers),
            more=self.more,
        )

    def file(self, form: Form, channel: Channel | None = None, *, expected: int | None = None) -> bytes:
        """The list in this form. Raises DataError where it has not as many customers as are `expected`, and where the
        tool it is for takes no file of that size."""
        leaving = self.audience(form, channel)
        if expected is not None and leaving.size != expected:
            raise DataError(
                f"The list has {leaving.size:,} customers now, not {expected:,}: whom you may write to has changed.",
                next_step="Open the screen again; it shows the list as it is now.",
            )
        return audience_file(leaving, self.customers, self.columns(), form)

    def _segments(self, places: Places) -> list[str]:
        """The names of the segments of the customers at these places."""
        names = [one.name for one in self._studied.segmentation.segments]
        return [names[label] for label in self._studied.segmentation.labels[places]]

    @cached_property
    def _studied(self) -> Study:
        if self.study is None:
            raise ValueError("This list has no segments.")
        return self.study()


def offer_columns(prospects: Prospects, model: str, as_of: date) -> tuple[Column, ...]:
    """What is expected of an offer to each customer, and the day and the model that say so."""
    return (
        figures("own:chance", "Chance to order", prospects.chance, "share"),
        figures("own:value", "Value if saved", prospects.value, "money"),
        figures("own:profit", "Expected profit", prospects.profit, "money"),
        Column("own:as_of", "As of", "day", lambda at: [as_of] * len(at)),
        Column("own:model", "Model", "text", lambda at: [model] * len(at)),
    )


def due_columns(windows: Windows) -> tuple[Column, ...]:
    """When the next order of each customer is due."""
    return (
        days("own:due_from", "Due from", windows.start),
        days("own:due_until", "Due until", windows.end),
        figures("own:days_late", "Days late", windows.late_days.astype(np.float64), "days"),
    )


def segment_source(shop: Analysis, study: Study, place: int) -> Source:
    """The customers of the segment at this place."""
    return Source(
        shop=shop,
        customers=study.customers,
        places=np.flatnonzero(study.segmentation.labels == place),
        how=f"Segment “{study.segmentation.segments[place].name}”",
        study=lambda: study,
    )


__all__ = ["Source", "due_columns", "offer_columns", "segment_source"]
