"""Rows with more fields than the header: rejected with all that stands in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentation.intake import rejected
from tests.segmentation.intake_files import csv, load


@pytest.mark.parametrize("extra", [",,lost,more", ",x,lost,,more", ",,,,deep", ",,,,,,,,eighth"])
def test_a_row_with_more_fields_than_the_header_is_rejected_with_all_of_them(tmp_path: Path, extra: str) -> None:
    good = [f"c{n},o{n},2025-01-{n + 1:02d},Tea,{n}.50" for n in range(1, 20)]
    text = csv(*good, f"c1,o50,2025-01-02,Tea,5.00{extra}", header="Customer,Order,Date,Product,Amount")
    done = load(tmp_path, text)
    assert (done.ledger.loaded, done.ledger.set_aside) == (19, {"too_many_fields": 1})
    (one,) = rejected(done.version)
    assert next(iter(one.cells()))[-1] == "c1 | o50 | 2025-01-02 | Tea | 5.00" + extra.replace(",", " | ")


def test_separators_behind_a_row_are_no_further_fields(tmp_path: Path) -> None:
    good = [f"c{n},o{n},2025-01-{n + 1:02d},Tea,{n}.50,,,," for n in range(1, 20)]
    done = load(tmp_path, csv(*good, header="Customer,Order,Date,Product,Amount"))
    assert (done.ledger.loaded, done.ledger.set_aside) == (19, {})
