"""Each gate says what the app then does: "not possible" where it refuses, "thin" where it goes on."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.analysis import Analysis, StudySettings
from segmentation.customers import prepare
from segmentation.errors import NotEnoughData
from segmentation.estimates import Unknown
from segmentation.health import ENOUGH, NOT_POSSIBLE, THIN, Gate, gates
from segmentation.workspace import Statement
from tests.segmentation.health.stored import Shop, shop
from tests.segmentation.shops import line


def test_a_rich_shop_passes_every_gate_but_the_campaigns_it_has_not_imported(tmp_path: Path) -> None:
    full = {"category": "Tea", "product": "Sencha", "channel": "web", "cost": Decimal(4)}
    lines, contacts = shop(400, orders=5, days=1000, **full)
    once = [f"once{i}" for i in range(120)]  # without them nobody would be lost
    lines += [line(who, who, "2024-06-01", "12", **full) for who in once]
    one = Shop(tmp_path, lines, contacts + [{"customer_id": who, "consent": True} for who in once])
    assert {key for key, gate in one.gates.items() if gate.verdict != ENOUGH} == {"campaign", "past_campaigns"}
    assert one.verdict("campaign") == THIN  # 60 customers ordered in the last 30 days


def test_a_passed_gate_costs_nothing_and_asks_for_nothing(tmp_path: Path) -> None:
    one = Shop(tmp_path, *shop(30, days=100))
    for gate in one.gates.values():
        assert bool(gate.costs) == bool(gate.next_step) == (gate.verdict != ENOUGH)
        assert 0 < len(gate.threshold) <= 300  # what its card has room for
        assert 0 < len(gate.evidence) <= 400


@pytest.mark.parametrize(("customers", "verdict"), [(9, NOT_POSSIBLE), (10, THIN), (499, THIN), (500, ENOUGH)])
def test_the_cluster_gate_counts_customers(tmp_path: Path, customers: int, verdict: str) -> None:
    assert Shop(tmp_path, *shop(customers)).verdict("clusters") == verdict


def test_below_the_cluster_gate_no_number_is_recommended_and_above_it_one_is(tmp_path: Path) -> None:
    for customers in (9, 10):
        one = Shop(tmp_path / str(customers), *shop(customers))
        number = Analysis.of(one.workspace, one.version, engine=one.engine).number()
        if one.verdict("clusters") == NOT_POSSIBLE:
            with pytest.raises(NotEnoughData):
                number.get()
        else:
            assert number.get().k >= 2


def test_rules_work_from_the_first_customer_on(tmp_path: Path) -> None:
    one = Shop(tmp_path, *shop(1))
    assert one.verdict("rules") == THIN
    analysis = Analysis.of(one.workspace, one.version, engine=one.engine)
    assert sum(analysis.study(StudySettings(method="rfm")).segmentation.sizes) == 1


@pytest.mark.parametrize("days", [59, 60])
def test_the_campaign_gate_opens_where_a_baseline_exists(tmp_path: Path, days: int) -> None:
    one = Shop(tmp_path, *shop(30, days=days))
    back = Analysis.of(one.workspace, one.version, engine=one.engine).look_back(30).get()
    assert (one.verdict("campaign") == NOT_POSSIBLE) == isinstance(back, Unknown)
    assert (one.verdict("moves") == NOT_POSSIBLE) == isinstance(back, Unknown)


@pytest.mark.parametrize(("guests", "verdict"), [(0, ENOUGH), (22, ENOUGH), (23, THIN)])
def test_one_guest_order_in_ten_is_accepted(tmp_path: Path, guests: int, verdict: str) -> None:
    assert Shop(tmp_path, *shop(100, guests=guests)).verdict("recognised") == verdict


def test_a_shop_of_guests_only_has_no_segments(tmp_path: Path) -> None:
    one = Shop(tmp_path, [line(None, f"g{i}", f"2026-0{1 + i % 9}-11", "12") for i in range(50)])
    assert {one.verdict(key) for key in ("recognised", "rules", "clusters", "rhythm")} == {NOT_POSSIBLE}
    with pytest.raises(NotEnoughData):
        prepare(one.workspace, one.engine, one.version, None)


@pytest.mark.parametrize(
    ("key", "column", "value"),
    [("tastes", "category", "Tea"), ("channels", "channel", "web"), ("margin", "cost", Decimal(4))],
)
def test_a_column_missing_half_full_and_full(tmp_path: Path, key: str, column: str, value: object) -> None:
    lines, _ = shop(40)
    assert Shop(tmp_path / "none", lines).verdict(key) == NOT_POSSIBLE
    half = [row | {column: value} if i % 2 else row for i, row in enumerate(lines)]
    assert Shop(tmp_path / "half", half).verdict(key) == THIN
    assert Shop(tmp_path / "full", [row | {column: value} for row in lines]).verdict(key) == ENOUGH


def test_seasons_need_every_month_twice(tmp_path: Path) -> None:
    assert Shop(tmp_path / "a", *shop(200, days=300)).verdict("seasons") == NOT_POSSIBLE
    assert Shop(tmp_path / "b", *shop(200, days=450)).verdict("seasons") == THIN
    assert Shop(tmp_path / "c", *shop(400, days=800)).verdict("seasons") == ENOUGH


def test_consent_is_known_or_everyone_counts_as_reachable(tmp_path: Path) -> None:
    lines, contacts = shop(40)
    assert Shop(tmp_path / "none", lines).verdict("consent") == NOT_POSSIBLE
    assert Shop(tmp_path / "some", lines, contacts[:10]).verdict("consent") == THIN
    assert Shop(tmp_path / "all", lines, contacts).verdict("consent") == ENOUGH


def test_a_stated_basis_opens_the_gate_of_consent_only_where_the_data_holds_none(tmp_path: Path) -> None:
    said = Statement(basis="existing_customers", note="", by="Ann", at="2026-11-01T10:00:00+00:00")
    lines, contacts = shop(40)
    refusals = [{"customer_id": "c0", "consent": False}]
    nothing, refused = Shop(tmp_path / "none", lines), Shop(tmp_path / "refused", lines, refusals)
    asked = Shop(tmp_path / "asked", lines, contacts[:10])

    def gate_of(one: Shop, stated: Statement | None) -> Gate:
        return next(gate for gate in gates(one.health, stated) if gate.key == "consent")

    assert [gate_of(one, None).verdict for one in (nothing, refused, asked)] == [NOT_POSSIBLE, THIN, THIN]
    for one in (nothing, refused):
        assert gate_of(one, said).verdict == THIN
        assert "Existing customers" in gate_of(one, said).costs
    assert "1 customer refused" in gate_of(refused, said).evidence
    assert gate_of(asked, said) == gate_of(asked, None)
