"""Who stands for many buyers in one import does so in the next, and no customer becomes nobody without a word."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from segmentation.cli import main
from segmentation.errors import AmbiguousReading
from segmentation.intake import ImportResult
from segmentation.meaning.mapping import Choices
from tests.segmentation.intake_files import csv, load, write

Counts = Sequence[tuple[str, int]]
MANY: Counts = [(f"C{n}", 2) for n in range(40)]
PEOPLE: Counts = [(f"anna{n}.berg@web.de", 2) for n in range(40)]
FEW: Counts = [(f"C{n}", 3) for n in range(20)]


def orders(counts: Counts, month: int, by: str = "Customer ID") -> str:
    """So many orders of each customer in a month; order numbers of their own."""
    who = [one for one, count in counts for _ in range(count)]
    rows = [f"{one},{month}-{n},2026-{month:02d}-{n % 28 + 1:02d},Tea,1.00" for n, one in enumerate(who)]
    return csv(*rows, header=f"{by},Order,Date,Product,Amount")


def counted(result: ImportResult) -> tuple[int, int]:
    """Customers and orders of guests in the dataset."""
    return result.version.manifest.customers, result.version.manifest.guests


@pytest.mark.parametrize("nobody", ["99999", "ACME"])
def test_who_was_nobody_before_still_is(tmp_path: Path, nobody: str) -> None:
    choices = None if nobody.isdigit() else Choices(guests=(nobody,))
    load(tmp_path, orders([*MANY, (nobody, 40)], 1), choices=choices, name="a.csv")
    result = load(tmp_path, orders([*FEW, (nobody, 2)], 2), name="b.csv")
    assert counted(result) == (40, 42)
    third = load(tmp_path, orders([*FEW, (nobody, 2)], 3), name="c.csv")
    assert counted(third) == (40, 44)
    assert any(f"“{nobody}” (2 rows)" in said for said in third.warnings)


def test_an_address_that_was_nobody_before_still_is(tmp_path: Path) -> None:
    load(tmp_path, orders([*PEOPLE, ("bestellung@shop.de", 40)], 1, "E-Mail"), name="a.csv")
    result = load(tmp_path, orders([*PEOPLE[:20], ("Bestellung@shop.de", 1)], 2, "E-Mail"), name="b.csv")
    assert counted(result) == (40, 41)
    names = "".join(path.read_bytes().decode("latin-1") for path in result.version.files("lines"))
    assert "bestellung" not in names.lower()


def test_who_is_said_to_be_a_customer_is_one_whatever_was_before(tmp_path: Path) -> None:
    load(tmp_path, orders([*MANY, ("99999", 40)], 1), name="a.csv")
    kept = load(tmp_path, orders([*FEW, ("99999", 2)], 2), choices=Choices(not_guests=("99999",)), name="b.csv")
    assert counted(kept) == (41, 40)


@pytest.mark.parametrize(
    ("by", "nobody", "others"),
    [("Customer ID", "99999", MANY), ("E-Mail", "bestellung@shop.de", PEOPLE)],
)  # fmt: skip
def test_a_customer_of_the_dataset_who_looks_like_nobody_is_asked_about(
    tmp_path: Path, by: str, nobody: str, others: Counts
) -> None:
    load(tmp_path, orders([*others[:20], (nobody, 1)], 1, by), choices=Choices(not_guests=(nobody,)), name="a.csv")
    later = orders([*others, (nobody, 40)], 2, by)
    with pytest.raises(AmbiguousReading, match="one customer of the shop") as asked:
        load(tmp_path, later, name="b.csv")
    assert asked.value.answers == (f"--guest {nobody}", f"--not-guest {nobody}")
    assert counted(load(tmp_path, later, choices=Choices(not_guests=(nobody,)), name="b.csv")) == (41, 0)


@pytest.mark.parametrize("named", ["kunde{}@web.de", "client{}@orange.fr", "customer{}@example.com"])
def test_customers_who_are_numbered_in_their_addresses_are_customers(tmp_path: Path, named: str) -> None:
    counts = [(named.format(n), 9 if n == 5 else 3) for n in range(14)]
    assert counted(load(tmp_path, orders(counts, 1, "E-Mail"))) == (14, 0)


def test_the_command_line_tells_it_in_json_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, orders([*MANY, ("99999", 40)], 1), "a.csv")
    assert main(["import", str(path), "--workspace", str(tmp_path / "w"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["warnings"] == ["These stand for nobody, so their orders are guests': “99999” (40 rows)."]
