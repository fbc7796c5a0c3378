"""The generator of strangers' exports: what it writes is what it says is true."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter

import pytest

from tests.truth.strangers import headcount, recount
from tests.truth.strangers.build import FILES, Export, export
from tests.truth.strangers.judge import differences
from tests.truth.strangers.notation import NOTHING
from tests.truth.strangers.plan import CONSENTS, DISCOUNTS, IDENTITIES, KINDS, ORDER_DECOYS, QUESTIONS
from tests.truth.strangers.tongues import CODES, tongue

SUMS = ("total", "line_total", "unit_price", "net")
STEP = 1 if os.environ.get("TESSERA_TRUTH") == "full" else 5


@pytest.fixture(scope="module")
def exports() -> list[Export]:
    return [export(seed) for seed in range(0, FILES, STEP)]


def test_the_rows_as_written_add_up_to_the_revenue_that_is_said_to_be_right(exports: list[Export]) -> None:
    off = [
        f"{one.plan.seed} {one.plan.shape}: {counted} for {one.readings[0].revenue}"
        for one in exports
        if one.settled
        for counted in [recount.revenue(one)]
        if min(abs(counted - right) for right in one.readings[0].revenue) > 0.001
    ]
    assert off == []


def test_the_orders_and_customers_in_the_text_are_as_many_as_is_said_to_be_right(exports: list[Export]) -> None:
    off = []
    for one in exports:
        if one.settled:
            orders, customers = headcount.sales(one)
            right = one.readings[0]
            if orders != right.orders[0] or customers != right.customers[0]:
                off.append(f"{one.plan.seed} {one.plan.shape}: {orders}, {customers} for {right}")
    assert off == []


def test_nobody_who_refused_in_the_text_may_count_as_agreed(exports: list[Export]) -> None:
    asked = [one for one in exports if one.plan.consent != "none"]
    assert asked
    for one in asked:
        assert not headcount.refusals(one) & one.readings[0].may_agree, one.plan.seed
    assert any(headcount.refusals(one) for one in asked)


def test_in_a_late_file_nothing_rare_stands_before_row_800(exports: list[Export]) -> None:
    late = [one for one in exports if one.plan.late]
    assert late
    for one in late:
        rows = recount.table(one)
        assert len(rows) > 850, one.plan.seed
        assert not any(recount.is_dead(one, row) for row in rows[:800]), one.plan.seed
        back = (one.words["refund"], one.words["credit_note"])
        assert not any(row.get("doc_type") in back for row in rows[:800]), one.plan.seed


def test_every_trait_that_a_plan_can_have_occurs(exports: list[Export]) -> None:
    plans = [one.plan for one in exports]
    assert {plan.consent for plan in plans} == {"none", *CONSENTS}
    assert {plan.identity for plan in plans} == set(IDENTITIES)
    assert {plan.refunds for plan in plans} == {"none", "amount", "flag", "word", "rows"}
    assert {plan.discount for plan in plans} == {"none", "order", *DISCOUNTS}
    assert {plan.notation.nothing for plan in plans} == set(NOTHING)
    assert {name for plan in plans for name in plan.decoys} == {*ORDER_DECOYS, "sku"}


def test_the_judge_names_each_figure_that_is_off() -> None:
    right = export(0).readings[0]
    names = ("revenue", "customers", "orders", "guest_lines", "cost", "discount", "first")
    got: dict[str, object] = {name: getattr(right, name)[0] for name in names}
    got["currency"] = next(iter(right.currency), None)
    assert differences(right, got, right.must_agree) == ()
    assert len(differences(right, {**got, "revenue": right.revenue[0] + 0.01}, right.must_agree)) == 1
    assert len(differences(right, {**got, "customers": -1, "first": "1999-01-01"}, right.must_agree)) == 2
    assert "never agreed" in differences(right, got, frozenset({"stranger@example.org"}))[0]


def test_each_file_is_a_table_that_pythons_csv_module_reads(exports: list[Export]) -> None:
    for one in exports:
        separator = one.plan.notation.separator
        rows = list(csv.reader(io.StringIO(recount.decoded(one), newline=""), delimiter=separator))
        assert {len(row) for row in rows} == {len(one.headers)}, one.plan.seed
        assert len(rows) > 25, one.plan.seed


def test_every_shape_locale_and_open_question_occurs(exports: list[Export]) -> None:
    shapes = Counter(one.plan.shape for one in exports)
    assert set(shapes) == set(KINDS)
    assert {one.plan.tongue.code for one in exports} == set(CODES)
    assert {one.plan.question for one in exports} == {None, *QUESTIONS}
    assert min(shapes.values()) > len(exports) / len(shapes) / 3


def test_most_files_can_be_read_without_asking(exports: list[Export]) -> None:
    assert sum(one.settled for one in exports) > 0.9 * len(exports)


def test_a_file_is_the_same_each_time_it_is_made() -> None:
    assert all(export(seed).data == export(seed).data for seed in (0, 7, 1999))


def test_each_locale_has_a_word_for_every_heading_state_and_kind_of_row() -> None:
    model = tongue("en-US")
    for code in CODES:
        other = tongue(code)
        for name in ("headers", "status", "words"):
            assert set(getattr(other, name)) == set(getattr(model, name)), f"{code} {name}"
        assert len(other.months) == 12, code
        assert min(len(other.first), len(other.last)) >= 12, code
        assert len(other.products) >= 10, code


def test_no_locale_calls_a_dead_order_what_it_calls_a_live_one() -> None:
    for code in CODES:
        words = [form.lower() for forms in tongue(code).status.values() for form in forms]
        assert len(set(words)) == len(words), code


def test_a_returning_customer_is_usual_and_so_is_a_product_that_sells_again(exports: list[Export]) -> None:
    for one in exports:
        assert max(one.readings[0].customers) < max(one.readings[0].orders), one.plan.seed


def test_amounts_differ_from_row_to_row(exports: list[Export]) -> None:
    for one in exports:
        money = [name for name in one.headers if name in SUMS]
        for name in money[:1]:
            assert len({row[name] for row in recount.table(one)}) > 4, one.plan.seed
