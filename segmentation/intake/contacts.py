"""Lists of contacts and of campaigns, added to a shop that has orders: who agreed to marketing, and what was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from segmentation.engine.importing.lists import (
    CampaignColumns,
    ContactColumns,
    campaign_rows_query,
    contact_rows_query,
)
from segmentation.engine.importing.raw import RawTable
from segmentation.engine.named import named_query
from segmentation.engine.reading import ImportConnection
from segmentation.files.opened import Opened
from segmentation.files.table import Layout
from segmentation.intake.erased import Marks
from segmentation.intake.store import known_addresses, part_name, write_contacts
from segmentation.intake.text import TextValues, raw_of
from segmentation.meaning.people import spelled
from segmentation.meaning.platforms import Platform
from segmentation.meaning.vocabulary.consent import agreed
from segmentation.notation import Mark, date_order, date_style, decimal_mark
from segmentation.privacy import pseudonyms
from segmentation.workspace import Draft


@dataclass(frozen=True, slots=True)
class Read:
    """How many rows of a list are kept, and how many are of customers who were erased."""

    rows: int
    erased: int = 0


CAMPAIGN_TEXTS = ("campaign", "campaign_id", "subject", "list", "channel")
CAMPAIGN_COUNTS = ("recipients", "orders", "revenue", "opens", "clicks", "unsubscribes")


def read_contacts(
    connection: ImportConnection,
    opened: Opened,
    platform: Platform,
    draft: Draft,
    key: bytes,
    stopped: Callable[[], bool],
) -> Read:
    """Add a list of contacts. A contact is the customer with that address, where there is one, and else stands for
    itself, so that it is known when it orders; who was erased is left out."""
    opened, raw = raw_of(connection, opened, draft.folder, stopped)
    said = platform.header("consent", opened.layout.headers)
    of = _contact_columns(raw, opened.layout.headers, platform)
    listed = connection.run(contact_rows_query(raw, of)).to_pylist()
    rows = [
        {
            "given": row["given"],
            "email": spelled(row["email"]) if row["email"] else None,
            "name": row["name"],
            "phone": row["phone"],
            "consent": _consent(row, said, by_filling=of.agreed is not None),
        }
        for row in listed
    ]
    stay = _but_erased(rows, Marks(key, draft.erased))
    return Read(_keep(connection, stay, draft, key), len(rows) - len(stay))


def _contact_columns(raw: RawTable, headers: tuple[str, ...], platform: Platform) -> ContactColumns:
    """Which columns of the list say what."""

    def all_of(named: Iterable[str | None]) -> tuple[str, ...]:
        return tuple(_column(raw, headers, one) for one in named if one is not None and one in headers)

    meanings = ("customer", "email", "phone", "consent")
    given, email, phone, said = (_named(raw, headers, platform.header(name, headers)) for name in meanings)
    return ContactColumns(
        given=given,
        email=email,
        phone=phone,
        said=said,
        names=all_of(platform.columns.get("name", ())),
        agreed=next(iter(all_of([platform.agreed_when_filled])), None),
        left=all_of(platform.withdrawn_when_filled),
    )


def _but_erased(rows: list[dict[str, Any]], marks: Marks) -> list[dict[str, Any]]:
    """The contacts without those who were erased, by their address, their id, or the one that stands for their
    address."""
    if not marks:
        return rows
    names = pseudonyms(marks.key, [row["email"] or "" for row in rows])
    return [
        row
        for row, name in zip(rows, names, strict=True)
        if not (marks.has("email", row["email"]) or marks.has_id(row["given"]) or marks.has_id(name))
    ]


def _consent(row: dict[str, str | None], header: str | None, *, by_filling: bool) -> bool | None:
    """Whether a contact agreed to marketing, and has not withdrawn since."""
    if row["left"]:
        return False
    if by_filling:
        return bool(row["agreed"])
    return agreed(header, row["said"]) if header and row["said"] else None


def _keep(connection: ImportConnection, listed: list[dict[str, Any]], draft: Draft, key: bytes) -> int:
    known, customers = known_addresses(draft), _customers(draft)
    rows = [row for row in listed if row["email"] or row["given"] in customers]
    addresses = [row["email"] or "" for row in rows]
    for row, name in zip(rows, pseudonyms(key, addresses), strict=True):
        given = row.pop("given")
        row["customer_id"] = given if given in customers else known.get(row["email"], name)
    schema = pa.schema(
        [("customer_id", pa.string()), ("email", pa.string()), ("name", pa.string()), ("phone", pa.string()),
         ("consent", pa.bool_())]
    )  # fmt: skip
    refused = {row["customer_id"] for row in rows if row["consent"] is False}
    latest = list({row["customer_id"]: row for row in rows}.values())
    for row in latest:
        row["consent"] = False if row["customer_id"] in refused else row["consent"]
    connection.show("listed_contacts", pa.Table.from_pylist(latest, schema))
    write_contacts(connection, named_query("import_listed_contacts"), draft)
    return len(rows)


def _customers(draft: Draft) -> set[str]:
    """The ids of the dataset's customers."""
    found: set[str] = set()
    for path in (draft.folder / "lines").glob("*.parquet"):
        found.update(pq.ParquetFile(path).read(["customer_id"]).column("customer_id").unique().to_pylist())
    return found - {None}


def read_campaigns(
    connection: ImportConnection,
    opened: Opened,
    platform: Platform,
    draft: Draft,
    key: bytes,
    stopped: Callable[[], bool],
) -> Read:
    """Add a list of campaigns. One that is there already is replaced by its newer state."""
    del key
    opened, raw = raw_of(connection, opened, draft.folder, stopped)
    of = _campaign_columns(raw, opened.layout, platform, TextValues(connection, raw, opened.layout.headers))
    fresh = connection.run(campaign_rows_query(raw, of))
    folder = draft.folder / "campaigns"
    old = sorted(folder.glob("*.parquet"))
    known = {_same(row): row for path in old for row in pq.ParquetFile(path).read().to_pylist()}
    known |= {_same(row): row for row in fresh.to_pylist()}
    target = folder / f"fresh-{part_name(draft)}"
    pq.write_table(pa.Table.from_pylist(list(known.values()), fresh.schema), target)
    for path in old:
        path.unlink()
    target.rename(folder / part_name(draft))
    return Read(int(fresh.num_rows))


def _campaign_columns(raw: RawTable, layout: Layout, platform: Platform, values: TextValues) -> CampaignColumns:
    """Which columns of the list say what, and how their figures and days are written."""
    headers = layout.headers
    counted = {name: platform.header(name, headers) for name in CAMPAIGN_COUNTS}
    sent, sent_at = platform.header("sent_at", headers), None
    if sent is not None:
        order = date_order([*layout.column(sent), *values.days(sent)])
        style = date_style(layout.column(sent), order.value if order.value in {"ymd", "dmy", "mdy"} else "ymd")
        sent_at = (_column(raw, headers, sent), style)
    return CampaignColumns(
        texts={name: _named(raw, headers, platform.header(name, headers)) for name in CAMPAIGN_TEXTS},
        counts={
            name: None if header is None else (_column(raw, headers, header), _mark(layout, header, platform))
            for name, header in counted.items()
        },
        sent_at=sent_at,
    )


def _same(row: dict[str, object]) -> tuple[object, object]:
    """What tells a campaign: its id, else its name and when it was sent."""
    return (row["campaign_id"], None) if row["campaign_id"] else (row["campaign"], row["sent_at"])


def _mark(layout: Layout, header: str, platform: Platform) -> str:
    mark = decimal_mark(layout.column(header))
    return mark.value if mark in {Mark.POINT, Mark.COMMA} else platform.decimal or "point"


def _column(raw: RawTable, headers: tuple[str, ...], header: str) -> str:
    return raw.columns[headers.index(header)]


def _named(raw: RawTable, headers: tuple[str, ...], header: str | None) -> str | None:
    return None if header is None else _column(raw, headers, header)


__all__ = ["CAMPAIGN_COUNTS", "CAMPAIGN_TEXTS", "read_campaigns", "read_contacts"]
