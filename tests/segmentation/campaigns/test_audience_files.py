"""Audiences as files: headers, plain numbers and dates, no formula in any cell, and what mail tools ask for."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from segmentation.campaigns import Audience, Column, Form, audience, audience_file, columns_of
from segmentation.campaigns.audience_files import KLAVIYO_BYTES, OWN, days, figures, international
from segmentation.choices import LIST_FORMS, ListForm
from segmentation.customers import CustomerTable, prepare, reach, read_addresses
from segmentation.engine import DuckEngine
from segmentation.errors import DataError
from segmentation.exports import Cell, as_before, safe_text
from segmentation.workspace import Workspace
from tests.segmentation.hostile import FORMULAS
from tests.segmentation.shops import Line, line, store

PEOPLE = [
    ("ann", "Ann@shop.example", "Ann Lee", "+49 (0)30 1234567", True),
    ("bob", "bob@shop.example", "Bob Ray", None, False),
    ("=1+1", "cy@shop.example", "=1+1 @SUM", "0171 7654321", True),
    ("dee", "dee@shop.example", None, "0044 20 79460000", True),
]
LINES = [
    line("ann", "1", "2026-01-10", "40"),
    line("ann", "2", "2026-02-11", "1234567.5"),
    line("bob", "3", "2026-02-12", "20"),
    line("=1+1", "4", "2026-02-13", "70"),
    line("dee", "5", "2026-02-14", "10.1"),
]
SEGMENT = "=Best; \t-buyers"
Person = tuple[str, str | None, str | None, str | None, bool | None]
Dates = npt.NDArray[np.datetime64]
DUE: Dates = np.array(["2026-03-01", "NaT", "2026-03-03", "1999-12-31"], "datetime64[D]")


class Made:
    """A shop's whole list in any form."""

    def __init__(self, folder: Path, people: list[Person], lines: list[Line] = LINES, due: Dates = DUE) -> None:
        workspace = Workspace.open(folder)
        engine = DuckEngine.open(workspace.root)
        names = ("customer_id", "email", "name", "phone", "consent")
        version = store(workspace, lines, [dict(zip(names, one, strict=True)) for one in people])
        self.customers: CustomerTable = prepare(workspace, engine, version)
        addresses = read_addresses(engine, version, self.customers.ids)
        who = reach(self.customers, None)
        named = self.customers.ids.take(np.argsort(self.customers.ids.to_pylist()))
        self.audience: Audience = audience(
            self.customers, named, who, addresses, how="Segment “=1+1”", shop="Shop", channel="email"
        )
        self.columns: tuple[Column, ...] = columns_of(
            self.customers,
            lambda: addresses,
            basis=who.ground.short,
            segments=lambda at: [SEGMENT] * len(at),
            scores=[figures("score:risk", "Risk", np.resize([0.123456, np.nan, 1, 0], self.customers.n), "share")],
            more=[
                days(f"{OWN}due", "Due from", np.resize(due, self.customers.n)),
                figures(f"{OWN}odd", "+odd", np.resize([np.inf, 2, 1e16, -0.001], self.customers.n), "money"),
            ],
        )

    def file(self, preset: ListForm = "csv", columns: tuple[str, ...] | None = None, **more: str) -> bytes:
        form = Form(preset=preset, columns=columns, **more)  # type: ignore[arg-type]
        return audience_file(self.audience, self.customers, self.columns, form)

    def rows(self, preset: ListForm = "csv", columns: tuple[str, ...] | None = None) -> list[dict[str, str]]:
        text = self.file(preset, columns).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def sheet(self, columns: tuple[str, ...] | None = None) -> pd.DataFrame:
        return pd.read_excel(io.BytesIO(self.file("excel", columns)), engine="calamine")


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path, PEOPLE)


def test_a_file_has_addresses_names_segment_basis_and_figures(made: Made) -> None:
    rows = made.rows()
    assert [row["E-mail"] for row in rows] == ["cy@shop.example", "ann@shop.example", "dee@shop.example"]
    assert list(rows[0])[:6] == ["E-mail", "Phone", "Name", "Customer", "Segment", "Basis"]
    assert (rows[1]["Name"], rows[1]["Customer"], rows[1]["Spend (EUR)"]) == ("Ann Lee", "ann", "1234607.50")
    assert {row["Basis"] for row in rows} == {"Consent in the data"}
    assert [row["Orders (orders)"] for row in rows] == ["1", "2", "1"]


def test_who_refused_is_in_no_form_with_no_column_chosen(made: Made) -> None:
    everything = tuple(one.name for one in made.columns)
    for preset in LIST_FORMS:
        content = made.file(preset, everything)
        text = content.decode() if preset != "excel" else made.sheet(everything).to_csv()
        assert "bob" not in text.lower()
        assert "ann@shop.example" in text


def test_numbers_are_plain_and_rounded_by_their_unit(made: Made) -> None:
    everything = tuple(one.name for one in made.columns)
    rows = made.rows("csv", everything)
    figure = re.compile(r"-?\d+(\.\d{2,4})?|")
    text = {"E-mail", "Phone", "Name", "Customer", "Segment", "Basis", "Agreed to marketing", "Due from"}
    for row in rows:
        assert all(figure.fullmatch(cell) for name, cell in row.items() if name not in text), row
        assert row["Agreed to marketing"] == "yes"
    odd = {row["'+odd"] for row in rows}
    assert odd <= {"", "2.00", "10000000000000000.00", "0.00"}


def test_a_file_with_semicolons_has_decimal_commas_and_is_read_back(made: Made) -> None:
    content = made.file(separator="semicolon")
    frame = pd.read_csv(io.BytesIO(content), sep=";", decimal=",", encoding="utf-8-sig")
    assert frame["Spend (EUR)"].tolist() == [70.0, 1234607.5, 10.1]
    assert frame["Orders (orders)"].dtype.kind == "i"
    assert as_before(frame["Segment"][0]) == SEGMENT
    assert b";1234607,50;" in content


def test_a_workbook_has_real_numbers_and_dates(made: Made) -> None:
    frame = made.sheet(("spend", "orders", f"{OWN}due", "agreed", "email"))
    assert frame["Spend (EUR)"].tolist() == [70.0, 1234607.5, 10.1]
    assert frame["Orders (orders)"].dtype.kind == "i"
    due = dict(zip(frame["E-mail"], frame["Due from"], strict=True))
    places = {one: n for n, one in enumerate(made.customers.ids.to_pylist())}
    days_of = [date(2026, 3, 1), None, date(2026, 3, 3), date(1999, 12, 31)]
    for email, customer in (("ann@shop.example", "ann"), ("dee@shop.example", "dee")):
        expected, shown = days_of[places[customer]], due[email]
        assert (None if pd.isna(shown) else pd.Timestamp(shown).date()) == expected
    assert frame["Agreed to marketing"].tolist() == [True] * 3


def test_a_workbook_says_on_a_second_sheet_how_the_list_was_made(made: Made) -> None:
    about = pd.read_excel(io.BytesIO(made.file("excel")), sheet_name="About", engine="calamine")
    said = dict(about.itertuples(index=False, name=None))
    assert said["Shop"] == "Shop"
    assert said["List"] == "Segment “=1+1”"
    assert said["Customers"] == "3 of 4: 1 refused"
    assert said["Basis"] == "Consent in the data"


# Mail tools -----------------------------------------------------------------------------------------------------


def test_klaviyo_is_given_its_headers_and_consent_where_the_data_holds_it(made: Made) -> None:
    rows = made.rows("klaviyo")
    head = ["Email", "First Name", "Last Name", "Phone Number", "Email Marketing Consent", "Segment"]
    assert list(rows[0])[:6] == head
    assert not made.file("klaviyo").startswith(b"\xef\xbb\xbf")
    ann = next(row for row in rows if row["Email"] == "ann@shop.example")
    assert (ann["First Name"], ann["Last Name"], ann["Phone Number"]) == ("Ann", "Lee", "+49301234567")
    assert {row["Email Marketing Consent"] for row in rows} == {"SUBSCRIBED"}
    assert "E-mail" not in ann


def test_klaviyo_is_told_of_no_consent_that_the_data_does_not_hold(tmp_path: Path) -> None:
    made = Made(tmp_path, [(*one[:4], None) for one in PEOPLE])
    assert "Email Marketing Consent" not in made.rows("klaviyo")[0]


def test_mailchimp_is_given_its_headers(made: Made) -> None:
    assert list(made.rows("mailchimp")[0])[:4] == ["Email Address", "First Name", "Last Name", "Phone Number"]


def test_mailchimp_is_given_no_text_of_more_than_255_bytes(tmp_path: Path) -> None:
    long = "=" + "é" * 300
    made = Made(tmp_path, [("ann", "ann@shop.example", long, None, True)])
    (row,) = made.rows("mailchimp")
    assert all(len(cell.encode()) <= 255 for cell in row.values())
    assert row["Last Name"].startswith("'=éé")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("+49 (0)30 1234567", "+49301234567"),
        ("0044 20 79460000", "+442079460000"),
        ("+1 (202) 555-0100", "+12025550100"),
        ("030 1234567", None),  # nobody knows the country
        ("+0 123", None),
        ("+12", None),
        ("=1+1", None),
        ("+49301234567;=1+1", None),
        (None, None),
    ],
)
def test_a_phone_number_is_international_where_its_country_is_known(written: str | None, expected: str | None) -> None:
    assert international(written) == expected


@pytest.mark.parametrize("preset", ["klaviyo", "mailchimp"])
def test_chosen_columns_follow_those_of_the_tool_and_none_comes_twice(made: Made, preset: ListForm) -> None:
    rows = made.rows(preset, ("spend", "email", "name", "agreed", "customer", "nothing"))
    assert list(rows[0])[-2:] == ["Spend (EUR)", "Customer"]
    assert len(set(rows[0])) == len(rows[0])


def test_klaviyo_is_given_no_file_that_it_would_refuse(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segmentation.campaigns.audience_files.KLAVIYO_BYTES", 100)
    with pytest.raises(DataError, match="50 MB at most"):
        made.file("klaviyo")
    assert KLAVIYO_BYTES == 50_000_000


# Formulas -------------------------------------------------------------------------------------------------------

SAFE_PHONE = re.compile(r"\+[1-9]\d{6,14}")


def cells_of(made: Made, preset: ListForm, separator: str = "comma") -> list[str]:
    everything = tuple(one.name for one in made.columns)
    content = made.file(preset, everything, separator=separator).decode("utf-8-sig")
    parted = ";" if separator == "semicolon" else ","
    return [cell for row in csv.reader(io.StringIO(content), delimiter=parted) for cell in row]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Customers whose id, name, phone and every second address is what a spreadsheet would run, and such headers."""
    texts = list(FORMULAS)
    people: list[Person] = [
        (text, text if n % 2 else f"c{n}@shop.example", text, text, True) for n, text in enumerate(texts)
    ]
    lines = [line(text, str(n), "2026-01-10", "40") for n, text in enumerate(texts)]
    made = Made(tmp_path_factory.mktemp("hostile"), people, lines)
    own = [Column(f"own:{n}", text, "text", _always(text)) for n, text in enumerate(texts)]
    made.columns = (*made.columns, *own)
    return made


def _always(text: str) -> Callable[[npt.NDArray[np.intp]], list[Cell]]:
    return lambda at: [text] * len(at)


@pytest.mark.parametrize(
    ("preset", "separator"), [("csv", "comma"), ("csv", "semicolon"), ("klaviyo", "comma"), ("mailchimp", "comma")]
)
def test_no_cell_of_any_text_form_is_a_formula(hostile: Made, preset: ListForm, separator: str) -> None:
    cells = cells_of(hostile, preset, separator)
    assert len(cells) > len(FORMULAS) ** 2 // 2
    for cell in cells:
        assert SAFE_PHONE.fullmatch(cell) or safe_text(cell) == cell or as_before(cell) != cell, cell
        assert not cell.startswith(("=", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"))
        assert not cell.startswith("+") or SAFE_PHONE.fullmatch(cell)
        assert not cell.startswith("-") or re.fullmatch(r"-\d+([.,]\d+)?", cell)


def test_no_cell_of_a_workbook_is_a_formula(hostile: Made) -> None:
    with zipfile.ZipFile(io.BytesIO(hostile.file("excel", tuple(one.name for one in hostile.columns)))) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)
            assert b"<f " not in archive.read(name)


def test_rows_are_made_some_thousands_at_a_time(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = made.file()
    asked: list[int] = []
    monkeypatch.setattr("segmentation.campaigns.audience_files._AT_ONCE", 2)

    def counted(cells: Callable[..., list[object]]) -> Callable[..., list[object]]:
        return lambda at: asked.append(len(at)) or cells(at)  # type: ignore[func-returns-value]

    first = made.columns[0]
    made.columns = (Column(first.name, first.header, first.kind, counted(first.cells)), *made.columns[1:])  # type: ignore[arg-type]
    assert made.file() == whole
    assert asked == [2, 1]
