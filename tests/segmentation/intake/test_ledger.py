"""The ledger: every row and every cent of a file is accounted for."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.intake import REASONS, Ledger, read_set_aside
from segmentation.intake.accounts.ledger import Holdings, LedgerDoesNotAddUp
from segmentation.meaning import Mapping
from tests.segmentation.intake_files import csv, lines, load, money

STATUS = "Customer ID,Order ID,Date,Product,Amount,Status"

SMALL = Ledger(
    dataset="Shop",
    version=1,
    read=3,
    loaded=2,
    already_present=0,
    dropped_repeats=0,
    set_aside={"unreadable_date": 1},
    repeated_rows=0,
    revenue_file=money("30.10"),
    revenue_kept=money("20.05"),
    excluded={"unreadable_date": money("10.05")},
    after=Holdings(customers=2, guests=0, orders=2, first=date(2026, 1, 1), last=date(2026, 1, 2)),
)


def test_a_ledger_that_loses_a_row_cannot_be_made() -> None:
    with pytest.raises(LedgerDoesNotAddUp):
        replace(SMALL, loaded=1)


def test_a_ledger_that_loses_a_cent_cannot_be_made() -> None:
    with pytest.raises(LedgerDoesNotAddUp):
        replace(SMALL, revenue_kept=money("20.04"))


def test_a_ledger_without_a_sentence_for_a_reason_cannot_be_made() -> None:
    with pytest.raises(LedgerDoesNotAddUp):
        replace(SMALL, set_aside={"gremlins": 1})


def test_a_ledger_survives_json() -> None:
    assert Ledger.from_json(json.loads(json.dumps(SMALL.to_json()))) == SMALL


def test_rows_and_revenue_are_accounted_for_reason_by_reason(tmp_path: Path) -> None:
    result = load(
        tmp_path,
        csv(
            "C1,1,2026-01-05,Tea,10.10,paid",
            "C1,1,2026-01-05,Mug,0.10,paid",
            "C2,2,2026-01-06,Tea,20.20,cancelled",
            "C2,3,2026-01-07,Tea,5.05,refunded",
            "C3,4,soon,Tea,7.07,paid",
            "C3,5,,Tea,1.01,paid",
            "C3,6,2031-01-01,Tea,2.02,paid",
            "C3,7,1970-01-01,Tea,4.04,paid",
            "C3,8,2026-01-08,Tea,lots,paid",
            "C3,9,2026-01-08,Tea,,paid",
            ",10,2026-01-09,Tea,3.03,paid",
            "C1,1,2026-01-10,Mug,-0.10,refund",
            header=STATUS,
        ),
    )
    ledger = result.ledger
    assert ledger.read == 12
    assert ledger.set_aside == {
        "unreadable_date": 1,
        "missing_date": 1,
        "future_date": 1,
        "placeholder_date": 1,
        "unreadable_amount": 1,
        "missing_amount": 1,
    }
    assert ledger.revenue_file == money("52.52")
    assert ledger.revenue_kept == money("13.13")
    assert ledger.excluded == {
        "cancelled": money("20.20"),
        "refunded": money("5.05"),
        "unreadable_date": money("7.07"),
        "missing_date": money("1.01"),
        "future_date": money("2.02"),
        "placeholder_date": money("4.04"),
    }
    assert (ledger.customers, ledger.guests, ledger.orders) == (2, 1, 3)  # what was paid back had been an order
    assert (ledger.first, ledger.last) == (date(2026, 1, 5), date(2026, 1, 9))


def test_the_ledger_prints_in_the_promised_shape(tmp_path: Path) -> None:
    result = load(tmp_path, csv("C1,1,2026-01-05,Tea,10.10", "C2,2,2026-01-06,Tea,x"))
    assert result.ledger.to_json() == {
        "dataset": "Shop",
        "version": 1,
        "rows": {
            "read": 2,
            "loaded": 1,
            "already_present": 0,
            "kept_as_stored": 0,
            "dropped_repeats": 0,
            "set_aside": {"unreadable_amount": 1},
        },
        "repeated_rows": 0,
        "replaced": {"orders": 0, "rows": 0, "revenue": 0.0},
        "revenue": {"file": 10.1, "kept": 10.1, "excluded": {}},
        "customers": 1,
        "guests": 0,
        "orders": 1,
        "period": ["2026-01-05", "2026-01-05"],
    }


def test_rows_set_aside_can_be_opened_with_line_reason_and_fields(tmp_path: Path) -> None:
    result = load(tmp_path, csv("C1,1,2026-01-05,Tea,1.00", "C1,2,soon,Tea,2.00", "C1,3,2026-01-05,Tea,3.00,extra,x"))
    rows = read_set_aside(result.version).to_pylist()
    assert [(r["file"], r["line_number"], r["reason"], r["amount"]) for r in rows] == [
        ("orders.csv", 3, "unreadable_date", money("2.00")),
        ("orders.csv", 4, "too_many_fields", money("3.00")),
    ]
    assert rows[0]["row"] == ["C1", "2", "soon", "Tea", "2.00", None]
    assert rows[1]["row"] == ["C1", "3", "2026-01-05", "Tea", "3.00", "extra", "x"]
    assert all(r["reason"] in REASONS for r in rows)


def test_line_numbers_stay_right_after_newlines_in_quotes_and_blank_lines(tmp_path: Path) -> None:
    result = load(
        tmp_path,
        csv('C1,1,2026-01-05,"Tea\nfor\ntwo",1.00', "", "C1,2,soon,Tea,2.00", 'C1,3,2026-01-05,"a\nb",x'),
    )
    assert [row["line_number"] for row in read_set_aside(result.version).to_pylist()] == [6, 7]
    assert [row["product"] for row in lines(result.version)] == ["Tea\nfor\ntwo"]


def test_a_quote_that_never_closes_costs_its_own_line_only(tmp_path: Path) -> None:
    rows = [f"C{i},{i},2026-01-05,Tea,1.00" for i in range(50)]
    rows[10] = 'C10,10,2026-01-05,"Tea, green,1.00'
    result = load(tmp_path, csv(*rows))
    assert result.ledger.loaded == 49
    assert result.ledger.set_aside == {"broken_quoting": 1}
    (row,) = read_set_aside(result.version).to_pylist()
    assert (row["line_number"], row["row"]) == (12, [rows[10]])


def test_a_stray_quote_is_a_sign_like_any_where_its_line_has_the_right_number_of_fields(tmp_path: Path) -> None:
    rows = [f'C{i},{i},2026-01-05,"Tea",1.00' for i in range(50)]
    rows[10] = 'C10,10,2026-01-05,"Tea,1.00'
    rows[11] = 'C11,11,2026-01-05,"Mug,1.00'
    rows[12] = 'C12,12,2026-01-05,6" Pot,1.00'
    rows[13] = 'C13,13,2026-01-05,""Pan" of iron, black",1.00'
    rows[30] = 'C30,30,2026-01-05,"Tea,1.00'
    result = load(tmp_path, csv(*rows))
    assert result.ledger.loaded == 50
    products = {row["order_id"]: row["product"] for row in lines(result.version)}
    assert [products[order] for order in ("10", "11", "12", "13", "14", "30")] == [
        '"Tea', '"Mug', '6" Pot', '"Pan" of iron, black', "Tea", '"Tea',
    ]  # fmt: skip


def test_a_refund_lowers_revenue_and_is_no_order(tmp_path: Path) -> None:
    result = load(tmp_path, csv("C1,1,2026-01-05,Tea,10.00", "C1,2,2026-02-05,Tea,-4.00"))
    assert result.ledger.revenue_kept == money("6.00")
    assert result.ledger.orders == 1
    assert [row["kind"] for row in lines(result.version)] == ["sale", "refund"]


def test_a_refund_marker_turns_a_positive_amount_around(tmp_path: Path) -> None:
    result = load(
        tmp_path,
        csv(
            "C1,1,2026-01-05,10.00,Sale",
            "C1,1,2026-01-06,4.00,Return",
            header="Customer,Order,Date,Amount,Transaction type",
        ),
    )
    assert result.mapping.refund == "Transaction type"
    assert result.ledger.revenue_file == result.ledger.revenue_kept == money("6.00")


def test_a_partial_refund_stays_a_sale(tmp_path: Path) -> None:
    result = load(tmp_path, csv("C1,1,2026-01-05,Tea,10.00,partially refunded", header=STATUS))
    assert lines(result.version)[0]["kind"] == "sale"


def test_a_reversed_cancellation_stays_negative(tmp_path: Path) -> None:
    result = load(
        tmp_path, csv("C1,1,2026-01-05,Tea,10.00,paid", "C1,1,2026-01-05,Tea,-10.00,cancelled", header=STATUS)
    )
    assert result.ledger.revenue_kept == 0
    assert {row["kind"] for row in lines(result.version)} == {"sale", "refund"}


def test_quantity_times_unit_price_less_discount_is_the_amount_where_there_is_no_line_total(tmp_path: Path) -> None:
    result = load(
        tmp_path,
        csv(
            "C1,1,2026-01-05,3,2.50,0.50,1.00",
            "C1,2,2026-01-06,-1,2.50,0.50,1.00",
            header="Customer,Order,Date,Quantity,Unit price,Discount,Unit cost",
        ),
    )
    sale, refund = lines(result.version)
    assert (sale["amount"], sale["discount"], sale["cost"]) == (money("7.00"), money("0.50"), money("3.00"))
    assert (refund["amount"], refund["kind"], refund["cost"]) == (money("-2.00"), "refund", money("-1.00"))


def test_the_line_total_is_preferred_to_the_unit_price() -> None:
    assert Mapping(date="d", customer="c", amount="Line total", unit_price="Unit price").require(
        ["d", "c", "Line total", "Unit price"]
    )


AMOUNTS = st.decimals(min_value=-99999, max_value=99999, places=2, allow_nan=False)


@settings(max_examples=15)
@given(st.lists(st.tuples(AMOUNTS, st.sampled_from(["2026-01-05", "soon", ""])), min_size=1, max_size=40))
def test_revenue_adds_up_to_the_cent_for_any_amounts(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Decimal, str]]
) -> None:
    texts = [f"C{i},{i},{day},Tea,{amount}" for i, (amount, day) in enumerate(rows)]
    texts.append("C0,x,2026-01-05,Tea,1.00")
    ledger = load(tmp_path_factory.mktemp("shop"), csv(*texts)).ledger
    assert ledger.revenue_file == sum((amount for amount, _ in rows), Decimal(1))
    assert ledger.revenue_kept == sum((amount for amount, day in rows if day == "2026-01-05"), Decimal(1))
