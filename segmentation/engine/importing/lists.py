"""Lists of contacts and of campaigns, typed: one row per row of the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segmentation import columns
from segmentation.engine import casts
from segmentation.engine.importing.raw import RawTable
from segmentation.engine.reading import select
from segmentation.notation import DateStyle

_NOTHING = "CAST(NULL AS VARCHAR)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactColumns:
    """The columns (c0, c1, …) of a list of contacts, None where it has none. `names` are the parts of a name in their
    order, `said` says whether a contact agreed to marketing; `agreed` and `left` are filled where one agreed and where
    one withdrew."""

    given: str | None
    email: str | None
    phone: str | None
    said: str | None
    names: tuple[str, ...] = ()
    agreed: str | None = None
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignColumns:
    """The columns of a list of campaigns by what they mean, None where it has none: `texts`, `counts` with their
    decimal marks, and `sent_at` with how its days are written."""

    texts: Mapping[str, str | None]
    counts: Mapping[str, tuple[str, str] | None]
    sent_at: tuple[str, DateStyle] | None


def contact_rows_query(raw: RawTable, of: ContactColumns) -> str:
    """Each contact as its list has it: given, email, name, phone, said, agreed, left."""
    names = ", ".join(map(casts.text, of.names))
    return select(
        {
            "given": _identifier(of.given),
            "email": _identifier(of.email),
            "name": f"nullif(trim(concat_ws(' ', {names})), '')" if names else _NOTHING,
            "phone": _identifier(of.phone),
            "said": _identifier(of.said),
            "agreed": _identifier(of.agreed),
            "left": f"coalesce({', '.join(map(_identifier, of.left))})" if of.left else _NOTHING,
        },
        raw.sql,
    )


def campaign_rows_query(raw: RawTable, of: CampaignColumns) -> str:
    """Each campaign that has a name: its texts, its counts and when it was sent, in this order."""
    parts = {name: _NOTHING if column is None else casts.text(column) for name, column in of.texts.items()}
    for name, counted in of.counts.items():
        parts[name] = f"CAST(NULL AS {columns.MONEY})" if counted is None else casts.number(*counted)
    parts["sent_at"] = "CAST(NULL AS TIMESTAMP)" if of.sent_at is None else casts.moment(*of.sent_at)
    return select(parts, raw.sql, where=f"{parts['campaign']} IS NOT NULL")


def _identifier(column: str | None) -> str:
    return _NOTHING if column is None else casts.identifier(column)


__all__ = ["CampaignColumns", "ContactColumns", "campaign_rows_query", "contact_rows_query"]
