"""Products without a letter or a figure in their name: what takes off money under one is a refund, no coupon."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.segmentation.intake_files import csv, lines, load, money


@pytest.mark.parametrize(("name", "kind"), [
    (",", "refund"), (";", "refund"), ("?!", "refund"), ("-", "refund"), ("***", "refund"), ("…", "refund"),
    ("GRATIS10", "sale"), ("10", "sale"),
])  # fmt: skip
def test_what_takes_off_money_without_a_name_is_a_refund(tmp_path: Path, name: str, kind: str) -> None:
    rows = []
    for n in range(40):
        day = f"2026-03-{n % 28 + 1:02d}"
        rows.append(f"{day},{n + 1},K{n % 9},P{n % 5},{20 + n}.00")
        if n % 5 == 0:
            rows.append(f'{day},{n + 1},K{n % 9},"{name}",-5.00')
    result = load(tmp_path, csv(*rows, header="Date,Order,Customer,Product,Amount"))
    below = [line for line in lines(result.version) if line["amount"] < 0]
    assert {line["kind"] for line in below} == {kind}
    assert result.version.manifest.revenue == money(str(sum(range(20, 60)) - 40))
