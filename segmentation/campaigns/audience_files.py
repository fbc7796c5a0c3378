"""An audience as a file: its columns, and the forms that spreadsheets and mail tools take.

| form | for | text |
|---|---|---|
| csv | spreadsheets; commas, or semicolons with decimal commas | guarded against formulas |
| excel | Excel; real numbers and dates | text cells, never formulas |
| klaviyo | a list import; `Email` first, consent where the data holds it | as Klaviyo takes it, and guarded |
| mailchimp | an audience import; `Email Address` first | at most 255 bytes, and guarded |

Rows are made and written a few thousand at a time. Numbers are plain and rounded by their unit.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segmentation.campaigns.audience import Audience
from segmentation.choices import ListForm, Separator
from segmentation.customers import Addresses, CustomerTable
from segmentation.errors import DataError
from segmentation.excel import WORKBOOK, Kind, write_workbook
from segmentation.exports import Cell, write_csv

MAIL_TOOLS: tuple[ListForm, ...] = ("klaviyo", "mailchimp")
"""Forms that are imported by a program, by e-mail address."""

EMAIL, PHONE, NAME, CUSTOMER, SEGMENT, BASIS, AGREED = (
    "email", "phone", "name", "customer", "segment", "basis", "agreed",
)  # fmt: skip
USUAL = (EMAIL, PHONE, NAME, CUSTOMER, SEGMENT, BASIS, "recency_days", "orders", "spend", "average_order")
"""The columns of a file where nobody chose."""
USUAL_MAIL = (SEGMENT, "recency_days", "orders", "spend")
"""What a mail tool is given beside address and name, where nobody chose."""

OWN, SCORE = "own:", "score:"
"""What the names of columns begin with that a list brings itself, as the days on which an order is due, and of those
that hold what a model expects."""

KLAVIYO_BYTES = 50_000_000
"""What Klaviyo takes at most in one file: 50 MB."""
MAILCHIMP_TEXT = 255
"""Bytes of a text that Mailchimp keeps."""
_AT_ONCE = 5_000
_DIGITS: Mapping[Kind, int] = {"amount": 2, "number": 3, "share": 4}
_NO_DIGIT = re.compile(r"[ ()./\u00a0-]")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of a file.

    name, header: what it is asked for by, and what stands above it.
    kind: how its cells are shown.
    cells: the cells of the customers at some places of their table.
    """

    name: str
    header: str
    kind: Kind
    cells: Callable[[Places], list[Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a file is to be. `columns` are names of columns in their order; None for the usual ones."""

    preset: ListForm = "csv"
    separator: Separator = "comma"
    columns: tuple[str, ...] | None = None

    @property
    def suffix(self) -> str:
        """What the file's name ends with."""
        return ".xlsx" if self.preset == "excel" else ".csv"

    @property
    def mime(self) -> str:
        """The media type of the file."""
        return WORKBOOK if self.preset == "excel" else "text/csv"

    @property
    def identity(self) -> str:
        """Another text for every other form."""
        return repr((self.preset, self.separator, self.columns))


# Columns --------------------------------------------------------------------------------------------------------


def columns_of(
    customers: CustomerTable,
    addresses: Callable[[], Addresses],
    *,
    basis: str,
    segments: Callable[[Places], list[str]] | None = None,
    scores: Sequence[Column] = (),
    more: Sequence[Column] = (),
) -> tuple[Column, ...]:
    """Every column that a file of these customers can have.

    `basis` is on what they are written to, `segments` names the segments of the customers at some places. `addresses`
    are aligned with the table and asked for when they are written; `scores` stand behind the features, `more` before.
    """
    columns = [
        _text(EMAIL, "E-mail", lambda: addresses().email),
        _text(PHONE, "Phone", lambda: addresses().phone),
        _text(NAME, "Name", lambda: addresses().name),
        _text(CUSTOMER, "Customer", lambda: customers.ids),
    ]
    if segments is not None:
        columns.append(Column(SEGMENT, "Segment", "text", lambda at: list[Cell](segments(at))))
    columns.append(Column(BASIS, "Basis", "text", lambda at: [basis] * len(at)))
    consent = customers.consent
    if consent is not None and consent.column:
        agreed = consent.agreed
        columns.append(Column(AGREED, "Agreed to marketing", "truth", lambda at: list(agreed[at].tolist())))
    columns += more
    for feature in customers.features:
        unit = customers.currency or "money" if feature.unit == "money" else feature.unit
        values = customers.raw(feature.name)
        columns.append(figures(feature.name, f"{feature.label} ({unit})", values, feature.unit))
    return (*columns, *scores)


def figures(name: str, header: str, values: npt.NDArray[np.floating], unit: str) -> Column:
    """A column of numbers, rounded as their unit asks for; whole where all of them are."""
    kind: Kind = "amount" if unit == "money" else "share" if unit == "share" else "number"
    if kind == "number" and bool(np.all((values == np.floor(values)) | ~np.isfinite(values))):
        kind = "whole"
    if kind == "whole":
        return Column(name, header, kind, lambda at: [_whole(value) for value in values[at].tolist()])
    digits = _DIGITS[kind]
    return Column(name, header, kind, lambda at: [_decimal(value, digits) for value in values[at].tolist()])


def days(name: str, header: str, values: npt.NDArray[np.datetime64]) -> Column:
    """A column of days; empty where there is none."""
    return Column(name, header, "day", lambda at: list(values[at].astype("datetime64[D]").astype(object).tolist()))


def _text(name: str, header: str, values: Callable[[], pa.Array]) -> Column:
    return Column(name, header, "text", lambda at: list(values().take(pa.array(at)).to_pylist()))


def _whole(value: float) -> Cell:
    return int(value) if np.isfinite(value) else None


def _decimal(value: float, digits: int) -> Cell:
    return Decimal(f"{round(value, digits) + 0.0:.{digits}f}") if np.isfinite(value) else None


# Files ----------------------------------------------------------------------------------------------------------


def audience_file(of: Audience, customers: CustomerTable, columns: Sequence[Column], form: Form) -> bytes:
    """The audience in this form. Raises DataError where the tool it is for takes no file of that size."""
    file = io.BytesIO()
    write_audience(file, of, customers, columns, form)
    return file.getvalue()


def write_audience(
    file: BinaryIO, of: Audience, customers: CustomerTable, columns: Sequence[Column], form: Form
) -> None:
    """The same into an open file. Raises as `audience_file`."""
    places = np.asarray(of.places(customers), dtype=np.intp)
    chosen = chosen_columns(columns, form)
    rows = _rows(places, chosen)
    headers = [one.header for one in chosen]
    if form.preset == "excel":
        write_workbook(file, headers, [one.kind for one in chosen], rows, about=_about(of))
    elif form.preset == "csv":
        write_csv(file, headers, rows, separator=";" if form.separator == "semicolon" else ",")
    else:
        write_csv(file, headers, rows, for_tools=True)
        if form.preset == "klaviyo" and file.tell() > KLAVIYO_BYTES:
            raise DataError(
                f"The file has {file.tell() / 1e6:,.0f} MB, and Klaviyo takes 50 MB at most.",
                next_step="Choose fewer columns, or a smaller list.",
            )


def chosen_columns(columns: Sequence[Column], form: Form) -> tuple[Column, ...]:
    """The columns of a file in this form, in their order; names that nothing answers to are passed over."""
    by_name = {one.name: one for one in columns}
    names = usual_columns(columns, form.preset) if form.columns is None else form.columns
    if form.preset in MAIL_TOOLS:
        leading = _for_mail(form.preset, by_name)
        ours = (EMAIL, PHONE, NAME, AGREED)
        rest = [by_name[name] for name in names if name in by_name and name not in ours]
        return (*leading, *(_as_tool_takes(one, form.preset) for one in rest))
    return tuple(by_name[name] for name in dict.fromkeys(names) if name in by_name)


def usual_columns(columns: Sequence[Column], preset: ListForm) -> tuple[str, ...]:
    """The names of the columns that a file has where nobody chose, in their order."""
    usual, beside = (USUAL_MAIL, (OWN,)) if preset in MAIL_TOOLS else (USUAL, (OWN, SCORE))
    return tuple(one.name for one in columns if one.name in usual or one.name.startswith(beside))


def _for_mail(preset: ListForm, by_name: Mapping[str, Column]) -> tuple[Column, ...]:
    """Address, name, phone and consent under the headers that the tool knows."""
    name, phone = by_name[NAME].cells, by_name[PHONE].cells
    columns = [
        replace(by_name[EMAIL], header="Email" if preset == "klaviyo" else "Email Address"),
        Column("first_name", "First Name", "text", lambda at: [_parts_of(one)[0] for one in name(at)]),
        Column("last_name", "Last Name", "text", lambda at: [_parts_of(one)[1] for one in name(at)]),
        Column(PHONE, "Phone Number", "text", lambda at: [international(one) for one in phone(at)]),
    ]
    if preset == "klaviyo" and AGREED in by_name:
        agreed = by_name[AGREED].cells
        said = Column(
            AGREED, "Email Marketing Consent", "text", lambda at: ["SUBSCRIBED" if one else "" for one in agreed(at)]
        )
        columns.append(said)
    return tuple(_as_tool_takes(one, preset) for one in columns)


def _as_tool_takes(column: Column, preset: ListForm) -> Column:
    """The column with cells as the tool reads them: true and false, and no longer text than it keeps."""
    if column.kind == "truth":
        return replace(column, cells=lambda at: ["true" if one else "false" for one in column.cells(at)])
    if preset == "mailchimp" and column.kind == "text":
        return replace(column, cells=lambda at: [_cut(one) for one in column.cells(at)])
    return column


def _cut(text: Cell) -> Cell:
    if not isinstance(text, str) or len(text.encode()) < MAILCHIMP_TEXT:  # one is left for an apostrophe
        return text
    return text.encode()[: MAILCHIMP_TEXT - 1].decode(errors="ignore")


def _parts_of(name: Cell) -> tuple[str, str]:
    """First and last name, where a name is of two words; else all of it is the last name, since nothing says more."""
    if not isinstance(name, str):
        return "", ""
    words = name.split()
    return (words[0], words[1]) if len(words) == 2 and "," not in name else ("", " ".join(words))


def international(phone: Cell) -> Cell:
    """A number as E.164 writes it, where its country's code is there; else nothing, since nobody knows the country."""
    if not isinstance(phone, str):
        return None
    bare = _NO_DIGIT.sub("", phone.replace("(0)", ""))
    bare = f"+{bare[2:]}" if bare.startswith("00") else bare
    return bare if _E164.fullmatch(bare) else None


def _rows(places: Places, columns: Sequence[Column]) -> Iterator[tuple[Cell, ...]]:
    for start in range(0, len(places), _AT_ONCE):
        some = places[start : start + _AT_ONCE]
        yield from zip(*(column.cells(some) for column in columns), strict=True)


def _about(of: Audience) -> list[tuple[str, str]]:
    """What the second sheet of a workbook says."""
    return [
        ("Shop", of.shop),
        ("List", of.how),
        ("Orders before", of.as_of.isoformat()),
        ("Basis", of.basis),
        ("Customers", of.sentence),
    ]


__all__ = [
    "MAIL_TOOLS", "OWN", "SCORE", "Column", "Form", "audience_file",
    "chosen_columns", "columns_of", "days", "figures", "international", "usual_columns", "write_audience",
]  # fmt: skip
