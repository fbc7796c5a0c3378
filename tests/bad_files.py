"""Files that go wrong in the ways shops' files do, and what must be said about each: for the CLI and the browser."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass, field

HEADER = ("order_id", "date", "customer", "product", "amount")

Row = tuple[object, ...]

NASTY_NAMES = (
    'Shirt "blue", size M',
    "Two\nlines",
    "Three\r\nlines, one comma",
    "<script>window.__fired = 'product'</script>",
    "<img src=x onerror=\"window.__fired='img'\">",
    '=HYPERLINK("http://x.example","click")',
    "+SUM(A1:A9)",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\tTabbed; =1+1",
    "'; DROP TABLE lines; --",
    "{{7*7}} ${7*7} **bold** [x](javascript:alert(1))",
)
"""Product names that break a careless reader, page or spreadsheet."""


@dataclass(frozen=True, slots=True)
class BadFile:
    """A file and what an honest import makes of it.

    `refused` are words of the sentence where nothing can be imported, () where the file is imported; `set_aside`
    counts rows by reason; `warned` are words of a warning; `unstudied` are words of the study's answer where the
    rows are fine and still cannot be divided into segments; `told_before`: the screen says so before the import.
    """

    name: str
    content: bytes
    rows: int = 0
    refused: tuple[str, ...] = ()
    set_aside: dict[str, int] = field(default_factory=dict)
    warned: tuple[str, ...] = ()
    unstudied: tuple[str, ...] = ()
    told_before: bool = False

    @property
    def loaded(self) -> int:
        """Rows that must end up in the dataset."""
        return 0 if self.refused else self.rows - sum(self.set_aside.values())


def text(rows: list[Row], header: tuple[str, ...] = HEADER) -> bytes:
    """Rows as a CSV under a header."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def ordinary(customers: int = 40, *, seed: int = 7, product: str = "Shirt") -> list[Row]:
    """A small shop's order lines: customers who differ in how often and how much they buy."""
    chance = random.Random(seed)
    rows: list[Row] = []
    for who in range(customers):
        for _ in range(1 + who % 6):
            day = f"2026-{chance.randint(1, 9):02d}-{chance.randint(1, 28):02d}"
            rows.append((f"o{len(rows)}", day, f"c{who:03d}", product, f"{chance.uniform(5, 40) * (1 + who % 3):.2f}"))
    return rows


def named(rows: list[Row], products: tuple[str, ...]) -> list[Row]:
    """The same lines with these products in turn."""
    return [(*row[:3], products[at % len(products)], row[4]) for at, row in enumerate(rows)]


def _refused() -> tuple[BadFile, ...]:
    lines, junk = ordinary(), random.Random(1)
    undated = [(row[0], *row[2:]) for row in lines]
    return (
        BadFile("empty.csv", b"", refused=("The file is empty", "Export it again")),
        BadFile("blanks.csv", b"\n\n   \n", refused=("nothing but blanks", "one order line per row")),
        BadFile("header-only.csv", text([]), refused=("a header but no rows", "longer period")),
        BadFile("junk.csv", junk.randbytes(4000), refused=("does not look like a text file", "Choose the export")),
        BadFile("zeros.csv", bytes(3000), refused=("does not look like a text file", "Choose the export")),
        BadFile(
            "picture.csv",
            b"\x89PNG\r\n\x1a\n" + junk.randbytes(4000),
            refused=("picture, not delimited text", "Choose the export"),
        ),
        BadFile(
            "no-date.csv",
            text(undated, (HEADER[0], *HEADER[2:])),
            rows=len(undated),
            refused=("do not say the date of an order", "Import it together with the table of orders"),
            told_before=True,
        ),
        BadFile(
            "unreadable-dates.csv",
            text([(row[0], "sometime in spring", *row[2:]) for row in lines]),
            rows=len(lines),
            refused=("No row can be loaded", "sometime in spring", "Choose another column"),
        ),
        BadFile(
            "all-in-the-future.csv",
            text([(row[0], f"2999{str(row[1])[4:]}", *row[2:]) for row in lines]),
            rows=len(lines),
            refused=("No row can be loaded", "in the future", "Choose another column"),
        ),
    )


def _imported() -> tuple[BadFile, ...]:
    lines = ordinary()
    count = len(lines)
    undated = [row if at % 5 else (row[0], "31 Feb", *row[2:]) for at, row in enumerate(lines)]
    late = [("f1", "2999-01-01", "c001", "Shirt", "9.99"), ("f2", "2999-01-02", "c002", "Shirt", "5.00")]
    return (
        BadFile(
            "one-customer.csv",
            text([(1, "2026-01-05", "ann", "Shirt", "10.10"), (2, "2026-02-09", "ann", "Hat", "20.20")]),
            rows=2,
            unstudied=("too few customers", "The data has 1"),
        ),
        BadFile(
            "all-alike.csv",
            text([(at, "2026-01-05", f"c{at}", "Shirt", "10.00") for at in range(50)]),
            rows=50,
            unstudied=("all alike", "The data has 1"),
        ),
        BadFile(
            "some-dates.csv",
            text(undated),
            rows=count,
            set_aside={"unreadable_date": -(-count // 5)},
            warned=("rows were rejected",),
        ),
        BadFile(
            "outlier.csv",
            text([*lines, ("big", "2026-05-05", "c001", "Shirt", "1000000000000.00")]),
            rows=count + 1,
            warned=("1,000,000,000,000.00", "check whether it is real"),
        ),
        BadFile(
            "beyond-money.csv",
            text([*lines, ("big", "2026-05-05", "c001", "Shirt", "1e40")]),
            rows=count + 1,
            set_aside={"unreadable_amount": 1},
        ),
        BadFile("future.csv", text([*lines, *late]), rows=count + 2, set_aside={"future_date": 2}),
        BadFile("names.csv", text(named(lines, NASTY_NAMES)), rows=count),
    )


REFUSED, IMPORTED = _refused(), _imported()
BAD_FILES = (*REFUSED, *IMPORTED)
