"""How numbers, currencies and dates are written: read off the values themselves, never assumed."""

from segmentation.notation.currencies import currency_code, no_cents, shared_signs
from segmentation.notation.dates import DateStyle, DayOrder, date_order, date_style, looks_like_date
from segmentation.notation.missing import is_missing
from segmentation.notation.numbers import (
    Mark,
    currencies_beside,
    currency_beside,
    decimal_mark,
    looks_like_number,
    without_currency,
)
from segmentation.notation.offsets import ZoneEvidence, offsets
from segmentation.notation.shares import mostly, share

__all__ = [
    "DateStyle",
    "DayOrder",
    "Mark",
    "ZoneEvidence",
    "currencies_beside",
    "currency_beside",
    "currency_code",
    "date_order",
    "date_style",
    "decimal_mark",
    "is_missing",
    "looks_like_date",
    "looks_like_number",
    "mostly",
    "no_cents",
    "offsets",
    "share",
    "shared_signs",
    "without_currency",
]
