"""How numbers, currencies and dates are written: read off the values themselves, never assumed."""

from segmentation.notation.dates import DateStyle, DayOrder, date_order, date_style, looks_like_date
from segmentation.notation.numbers import Mark, decimal_mark, looks_like_number
from segmentation.notation.shares import mostly, share

__all__ = [
    "DateStyle",
    "DayOrder",
    "Mark",
    "date_order",
    "date_style",
    "decimal_mark",
    "looks_like_date",
    "looks_like_number",
    "mostly",
    "share",
]
