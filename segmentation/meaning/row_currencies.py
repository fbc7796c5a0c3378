"""The currencies that the rows of a table are in: a column of them, what stands beside amounts, or their header."""

from __future__ import annotations

import re

from segmentation.meaning.mapping import Mapping
from segmentation.meaning.profiles import TableProfile
from segmentation.notation import looks_like_date, looks_like_number
from segmentation.notation.currencies import ISO_CODES, SHARED, currency_code
from segmentation.notation.numbers import currency_beside, reads_as_number

_MOST = 0.5
PLAIN = "no sign"
"""What amounts are counted under that stand without a currency among others that have one."""


def as_written(table: TableProfile, mapping: Mapping) -> dict[str, int]:
    """The currencies as the rows write them; amounts of nothing say nothing of theirs."""
    about = (mapping.currency, mapping.amount or mapping.unit_price, mapping.date)
    return dict(table.once("currencies as written", about, lambda: _read_as_written(table, mapping)))


def _read_as_written(table: TableProfile, mapping: Mapping) -> dict[str, int]:
    counts: dict[str, int] = {}
    if (code := everywhere(table, mapping)) is not None:
        return {code: table.rows}
    if mapping.currency is not None:
        return _in_column(table, mapping, mapping.currency)
    header = mapping.amount or mapping.unit_price
    for value in table[header].values if header else ():
        if reads_as_number(value.text) and any(digit in value.text for digit in "123456789"):
            code = currency_beside(value.text) or PLAIN
            counts[code] = counts.get(code, 0) + value.rows
    for code in _of_totals_only(table, mapping, header) if header else ():
        counts.pop(code, None)
    return {} if set(counts) == {PLAIN} else counts


def _in_column(table: TableProfile, mapping: Mapping, header: str) -> dict[str, int]:
    """The currencies in a column of them. A text that is no known currency counts where a row bears it whose amount and
    date can be read: else its cells have moved, or it names the column. An import looks at every row once more."""
    counts: dict[str, int] = {}
    for value in table[header].values:
        code = currency_code(value.text)
        counts[code] = counts.get(code, 0) + value.rows
    known = {code for code in counts if code in ISO_CODES or code in SHARED}
    if not known or len(known) == len(counts):
        return counts
    borne = {currency_code(text) for text in _on_readable_rows(table, mapping, header)}
    return {code: count for code, count in counts.items() if code in known or code in borne}


def _on_readable_rows(table: TableProfile, mapping: Mapping, header: str) -> set[str]:
    """The texts of a column that stand on sampled rows whose amount is a number and whose date is one."""
    tests = ((mapping.amount or mapping.unit_price, looks_like_number), (mapping.date, looks_like_date))
    looked_at = [(one, test) for one, test in tests if one is not None and table[one].share(test) >= _MOST]
    found = set()
    for at, text in enumerate(table.sampled[header]):
        if text and all(test((table.sampled[one][at] or "").strip()) for one, test in looked_at):
            found.add(text)
    return found


def _of_totals_only(table: TableProfile, mapping: Mapping, header: str) -> set[str]:
    """The currencies that stand beside amounts in rows without a date only: sums of other rows, which are no sales."""
    if mapping.date is None:
        return set()
    dated: dict[bool, set[str]] = {True: set(), False: set()}
    for day, amount in zip(table.sampled[mapping.date], table.sampled[header], strict=True):
        if amount and looks_like_number(amount):
            dated[bool(day and day.strip())].add(currency_beside(amount) or PLAIN)
    return dated[False] - dated[True] if dated[True] else set()


def everywhere(table: TableProfile, mapping: Mapping) -> str | None:
    """The currency that the header of the amounts names, “Total (EUR)”, “Betrag €”, where no row names one."""
    header = mapping.amount or mapping.unit_price
    if mapping.currency is not None or header is None:
        return None
    if any(currency_beside(value.text) for value in table[header].values):
        return None
    found = {
        currency_code(word)
        for word in re.findall(r"[A-Z]{3}|[^\w\s()\[\]/.,:;#%&*+-]+|[A-Z]{1,3}\$|z[łl]|K[čc]|kr|Ft|TL", header)
    }
    codes = [code for code in found if code in ISO_CODES]
    return codes[0] if len(codes) == 1 else None
