"""Who was erased does not come back with a file: rows are left out and counted, and the ledger adds up to the cent."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from segmentation.errors import DataError
from segmentation.intake import ImportResult, rejected
from segmentation.privacy import erased_mark
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import contacts, csv, lines, load, money

PEOPLE = "Customer ID,Email,Name,Phone,Order ID,Date,Product,Amount"


def erase(folder: Path, dataset: str = "Shop", **traces: str) -> None:
    """Mark a customer of a dataset as erased."""
    workspace = Workspace.open(folder / "workspace")
    key = workspace.secret()
    marks = [erased_mark(key, trace, value) for trace, value in traces.items()]
    with workspace.registry() as registry:
        registry.executemany("INSERT INTO erased VALUES (?, ?)", [(dataset, mark) for mark in marks])


def account(done: ImportResult) -> tuple[int, int, int, Decimal, Decimal, Decimal]:
    """Rows read, loaded and left out as erased; revenue of the file, kept and left out as erased."""
    ledger = done.ledger
    erased = ledger.excluded.get("erased", Decimal(0))
    left = ledger.set_aside.get("erased", 0)
    return ledger.read, ledger.loaded, left, ledger.revenue_file, ledger.revenue_kept, erased


def everything(done: ImportResult) -> str:
    """All that the version has, as text."""
    files = sorted(done.version.folder.rglob("*.parquet"))
    return "".join(str(pq.ParquetFile(path).read().to_pylist()) for path in files)


def test_rows_of_an_erased_customer_are_left_out_and_counted(tmp_path: Path) -> None:
    erase(tmp_path, customer="c1")
    done = load(tmp_path, csv("c1,o1,2025-01-02,Tea,5.25", "c2,o2,2025-01-03,Tea,6.10", "c1,o3,2025-01-04,Pot,-1.25"))
    assert account(done) == (3, 1, 2, money("10.10"), money("6.10"), money("4.00"))
    assert [row["customer_id"] for row in lines(done.version)] == ["c2"]
    assert (done.version.manifest.customers, done.version.manifest.revenue) == (1, money("6.10"))
    assert rejected(done.version) == ()


def test_another_shop_of_the_workspace_is_not_concerned(tmp_path: Path) -> None:
    erase(tmp_path, dataset="Other", customer="c1")
    assert load(tmp_path, csv("c1,o1,2025-01-02,Tea,5.25")).ledger.loaded == 1


@pytest.mark.parametrize("spelling", ["0042", "42"])
def test_zeros_that_a_spreadsheet_takes_away_do_not_bring_anybody_back(tmp_path: Path, spelling: str) -> None:
    erase(tmp_path, customer="0042")
    done = load(tmp_path, csv(f"{spelling},o1,2025-01-02,Tea,5.25", "0043,o2,2025-01-03,Tea,6.10"))
    assert done.ledger.set_aside == {"erased": 1}


@pytest.mark.parametrize("address", ["ada@example.com", " Ada@Example.COM "])
def test_an_address_is_enough_also_under_another_id(tmp_path: Path, address: str) -> None:
    erase(tmp_path, email="ada@example.com")
    text = csv(
        f"c9,{address},Ada,1,o1,2025-01-02,Tea,5.25",
        "c9,,,,o2,2025-01-05,Tea,7.00",
        "c2,bob@example.com,Bob,2,o3,2025-01-03,Tea,6.10",
        header=PEOPLE,
    )
    done = load(tmp_path, text)
    assert account(done) == (3, 1, 2, money("18.35"), money("6.10"), money("12.25"))
    assert [row["email"] for row in contacts(done.version)] == ["bob@example.com"]
    assert not re.search(r"(?<![0-9a-f])ada(?![0-9a-f])", everything(done).lower())


def test_who_is_known_by_the_address_alone_is_left_out_too(tmp_path: Path) -> None:
    erase(tmp_path, email="ada@example.com")
    rows = ("ada@example.com,o1,2025-01-02,Tea,5.25", "bob@example.com,o2,2025-01-03,Tea,6.10")
    done = load(tmp_path, csv(*rows, header="Email,Order ID,Date,Product,Amount"))
    assert account(done) == (2, 1, 1, money("11.35"), money("6.10"), money("5.25"))


UNREADABLE = {
    "by id": "c1,,,,o1,soon,Tea,5.25",
    "by address": "c9,ada@example.com,,,o1,soon,Tea,5.25",
    "by name": ",,Ada Lovelace,,o1,soon,Tea,5.25",
    "by phone": ",,,+43 660 1234567,o1,soon,Tea,5.25",
}


@pytest.mark.parametrize("how", UNREADABLE)
def test_a_row_that_cannot_be_read_is_not_kept_either(tmp_path: Path, how: str) -> None:
    erase(tmp_path, customer="c1", email="ada@example.com", name="Ada Lovelace", phone="0660 1234567")
    good = [f"c{2 + i % 3},bob{i}@example.com,Bob {i},2,p{i},2025-01-{3 + i:02d},Tea,6.10" for i in range(9)]
    done = load(tmp_path, csv(*good, UNREADABLE[how], "c3,,Someone Else,3,o9,soon,Tea,2.00", header=PEOPLE))
    assert done.ledger.set_aside == {"erased": 1, "unreadable_date": 1}
    assert done.ledger.excluded == {"erased": money("5.25"), "unreadable_date": money("2.00")}
    (one,) = rejected(done.version)
    assert [fields[2] for _, _, _, fields, _ in one.rows] == ["Someone Else"]


def test_a_damaged_line_is_not_kept_either(tmp_path: Path) -> None:
    erase(tmp_path, email="ada@example.com", name="Ada Lovelace")
    good = [f"c{2 + i % 3},bob{i}@example.com,Bob {i},2,p{i},2025-01-{3 + i:02d},Tea,6.10" for i in range(9)]
    broken = 'c1,ada@example.com,"Ada Lovelace,1,o1,2025-01-02,Tea,5.25'
    done = load(tmp_path, csv(*good, broken, header=PEOPLE))
    assert done.ledger.set_aside == {"erased": 1}
    assert done.ledger.loaded == 9
    assert not re.search(r"(?<![0-9a-f])ada(?![0-9a-f])", everything(done).lower())


def test_lines_of_an_order_that_names_its_customer_once_go_together(tmp_path: Path) -> None:
    """As Shopify writes orders: the address stands on the first row, and shipping beside it."""
    erase(tmp_path, email="ada@example.com")
    head = "Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,"
    head += "Lineitem name,Lineitem price,Billing Name,Phone"
    rows = [
        "#1,ada@example.com,paid,EUR,30.00,5.00,0.00,35.00,2025-01-02 10:00:00 +0100,1,Tea,10.00,Ada Lovelace,123",
        "#1,,,,,,,,2025-01-02 10:00:00 +0100,2,Pot,10.00,,",
        *(f"#{n},bob{n % 4}@example.com,paid,EUR,7.00,5.00,0.00,12.00,2025-01-{n:02d} 10:00:00 +0100,1,Tea,7.00,Bob,9"
          for n in range(3, 12)),
    ]  # fmt: skip
    done = load(tmp_path, "\n".join([head, *rows]) + "\n")
    assert done.ledger.set_aside == {"erased": 2}
    assert done.ledger.excluded["erased"] == money("35.00")
    assert done.ledger.revenue_kept == money("63.00")
    assert not re.search(r"(?<![0-9a-f])ada(?![0-9a-f])", everything(done).lower())


def test_a_list_of_contacts_does_not_bring_anybody_back(tmp_path: Path) -> None:
    load(tmp_path, csv("bob@example.com,o1,2025-01-02,Tea,5.25", header="Email,Order ID,Date,Product,Amount"))
    erase(tmp_path, email="ada@example.com")
    text = csv(
        "ada@example.com,Ada,Lovelace,Subscribed",
        "bob@example.com,Bob,Bobson,Subscribed",
        header="Email Address,First Name,Last Name,MEMBER_RATING",
    )
    done = load(tmp_path, text, name="audience.csv")
    assert [row["email"] for row in contacts(done.version)] == ["bob@example.com"]
    assert any("1 contact of customers who were erased" in sentence for sentence in done.warnings)
    assert not re.search(r"(?<![0-9a-f])ada(?![0-9a-f])", everything(done).lower())


def test_a_file_of_erased_customers_only_says_so(tmp_path: Path) -> None:
    erase(tmp_path, customer="c1")
    with pytest.raises(DataError, match="1 of its 1 rows are of customers who were erased"):
        load(tmp_path, csv("c1,o1,2025-01-02,Tea,5.25"))


def test_nobody_else_is_left_out(tmp_path: Path) -> None:
    erase(tmp_path, customer="5", email="ada@example.com", name="Ada Lovelace", phone="0660 1234567")
    rows = [f"c{i},bob{i}@example.com,Bob,0660 7654321,o{i},2025-01-0{i},Tea,5" for i in range(1, 7)]
    bad = ["c7,,,,o7,soon,Tea,5", "c8,,Ada,,o8,soon,5,5"]
    done = load(tmp_path, csv(*rows, *bad, header=PEOPLE))
    assert done.ledger.set_aside == {"unreadable_date": 2}
    assert done.ledger.loaded == 6


def test_a_mark_does_not_lead_back_to_the_customer(tmp_path: Path) -> None:
    erase(tmp_path, customer="zenobia-17", email="zenobia@example.com")
    raw = b"".join(file.read_bytes() for file in (tmp_path / "workspace").rglob("*") if file.is_file())
    assert b"zenobia" not in raw.lower()
    assert erased_mark(b"one key", "email", "a@b.c") != erased_mark(b"another", "email", "a@b.c")


GOOD = [f"c{2 + i % 3},bob{i}@example.com,Bob {i},2,p{i},2025-01-{3 + i:02d},Tea,6.10" for i in range(9)]
MENTIONED = (
    "call Ada Lovelace!",
    "gift for ADA  LOVELACE, from Bob",
    "Lovelace, Ada (paid)",
    "was ada@example.com.",
    "write to <Ada@Example.com>, please",
    "ring +43 660 1234567 after 6 pm, 2 pieces",
    "0660/123 45 67",
    "seen by Ada Lovelace's sister",
)
OTHERS = (
    "call Adam Lovelace",
    "Ada",
    "lovelace street 12",
    "ada@example.community",
    "0660 1234568",
    "Ada, Bob Lovelace",
)


@pytest.mark.parametrize("text", [*MENTIONED, *OTHERS])
def test_a_longer_text_that_names_an_erased_customer_takes_its_rejected_row_with_it(tmp_path: Path, text: str) -> None:
    erase(tmp_path, customer="c1", email="ada@example.com", name="Ada Lovelace", phone="0660 1234567")
    done = load(tmp_path, csv(*GOOD, f'c3,,"{text}",3,o9,soon,Tea,2.00', header=PEOPLE))
    gone = text in MENTIONED
    assert done.ledger.set_aside == {"erased" if gone else "unreadable_date": 1}
    assert done.ledger.excluded == {"erased" if gone else "unreadable_date": money("2.00")}
    assert (text in str(rejected(done.version))) is not gone


@pytest.mark.parametrize(("erased", "written"), [
    ("J. Smith", "to J. Smith, urgent"),
    ("Zoë Kanarıá07", "for Zoe\u0308 Kanarıá07 only"),
    ("Jean-Luc O'Neil", "Jean-Luc O'Neil's order"),
    ("Maria del Carmen Ruiz Soto", "note: Maria del Carmen Ruiz Soto called"),
    ("陳 大文", "給 陳 大文 的"),
])  # fmt: skip
def test_names_are_found_in_texts_however_they_are_written(tmp_path: Path, erased: str, written: str) -> None:
    erase(tmp_path, name=erased)
    done = load(tmp_path, csv(*GOOD, f'c3,,"{written}",3,o9,soon,Tea,2.00', header=PEOPLE))
    assert done.ledger.set_aside == {"erased": 1}
