"""Who may be written to: a refusal wins in every combination, and unknown counts only on a stated basis."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentation.analysis import StudySettings, plan_of
from segmentation.assumptions import ShopAssumptions
from segmentation.customers import CustomerTable, count_consent, prepare, reach
from segmentation.engine import DuckEngine
from segmentation.estimates import Unknown
from segmentation.workspace import BASES, Statement, Workspace
from tests.segmentation.shops import line, store
from tests.studies import study_of

SHOP = [
    line("ann", "1", "2026-01-10", "40"),
    line("bob", "2", "2026-01-11", "30"),
    line("cy", "3", "2026-02-12", "20"),
]
AGREED, REFUSED = {"customer_id": "ann", "consent": True}, {"customer_id": "bob", "consent": False}
UNKNOWN = {"customer_id": "cy", "consent": None}
NOBODY: set[str] = set()


def table(folder: Path, contacts: list[dict] | None) -> CustomerTable:
    workspace = Workspace.open(folder / "w")
    return prepare(workspace, DuckEngine.open(workspace.root), store(workspace, SHOP, contacts))


def stated(basis: str | None) -> Statement | None:
    return None if basis is None else Statement(basis=basis, note="", by="", at="2026-11-01T10:00:00+00:00")


def who(customers: CustomerTable, basis: str | None) -> set[str]:
    return set(customers.ids.filter(reach(customers, stated(basis)).may).to_pylist())


@pytest.mark.parametrize("basis", [None, *BASES])
@pytest.mark.parametrize(
    ("contacts", "unstated", "on_basis", "rules"),
    [
        ([AGREED, REFUSED, UNKNOWN], {"ann"}, {"ann"}, ("consent_column", "consent_column")),
        ([AGREED], {"ann"}, {"ann"}, ("consent_column", "consent_column")),
        ([REFUSED, UNKNOWN], NOBODY, {"ann", "cy"}, ("refusals_only", "stated")),
        ([REFUSED], NOBODY, {"ann", "cy"}, ("refusals_only", "stated")),
        ([UNKNOWN], {"ann", "bob", "cy"}, {"ann", "bob", "cy"}, ("nothing_known", "stated")),
        (None, {"ann", "bob", "cy"}, {"ann", "bob", "cy"}, ("nothing_known", "stated")),
    ],
    ids=["all", "agreed", "refused and unknown", "refused", "unknown", "nothing"],
)
def test_every_combination_reaches_whom_it_may(
    tmp_path: Path, contacts, unstated: set[str], on_basis: set[str], rules: tuple[str, str], basis: str | None
) -> None:
    customers = table(tmp_path, contacts)
    found = reach(customers, stated(basis))
    assert who(customers, basis) == (unstated if basis is None else on_basis)
    assert found.ground.rule == rules[basis is not None]
    assert found.ground.is_missing == (found.ground.rule in {"refusals_only", "nothing_known"})
    if contacts and REFUSED in contacts:
        assert "bob" not in who(customers, basis)
        assert found.refused == 1


def test_a_consent_beside_somebody_who_bought_nothing_yet_is_a_column_of_consent(tmp_path: Path) -> None:
    customers = table(tmp_path, [{"customer_id": "zoe", "consent": True}])
    assert reach(customers, stated("existing_customers")).ground.rule == "consent_column"
    assert who(customers, "existing_customers") == NOBODY


def test_what_is_known_of_consent_is_counted_over_all_contacts(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    engine = DuckEngine.open(workspace.root)
    some = count_consent(engine, store(workspace, SHOP, [AGREED, REFUSED, UNKNOWN]))
    assert (some.agreed, some.refused, some.column) == (1, 1, True)
    none = count_consent(engine, store(workspace, SHOP, name="Other"))
    assert (none.agreed, none.refused, none.column) == (0, 0, False)


def test_the_sentence_names_the_basis_and_says_when_it_does_not_apply(tmp_path: Path) -> None:
    said = reach(table(tmp_path / "a", None), stated("existing_customers")).ground.sentence
    assert said.startswith("Basis: Existing customers")
    assert "Who refused is left out" in said
    beside = reach(table(tmp_path / "b", [AGREED]), stated("existing_customers")).ground.sentence
    assert "does not apply" in beside
    assert "unknown" in beside
    nothing = reach(table(tmp_path / "c", None), None).ground.sentence
    assert nothing.startswith("Nothing is known of consent")
    assert "State" in nothing


def test_a_kept_table_says_the_same_of_consent_as_a_fresh_one(tmp_path: Path) -> None:
    fresh, kept = (table(tmp_path, [REFUSED, UNKNOWN]) for _ in range(2))
    for basis in (None, "consent"):
        assert reach(fresh, stated(basis)).to_json() == reach(kept, stated(basis)).to_json()


def test_a_plan_counts_whom_the_basis_reaches_and_notes_it(tmp_path: Path) -> None:
    study = study_of(table(tmp_path, [REFUSED]), StudySettings(method="rfm"))
    no_history = Unknown("Too short.")
    before = plan_of(study, no_history, ShopAssumptions())
    after = plan_of(study, no_history, ShopAssumptions(), stated("legitimate_interest"))
    assert [sum(row.reachable for row in plan.rows) for plan in (before, after)] == [0, 2]
    assert any("Legitimate interest" in note for note in after.notes)
    assert not any("Legitimate interest" in note for note in before.notes)
