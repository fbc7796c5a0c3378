"""Lists of customers that leave the house: whom each holds, in which order, and whom it leaves out."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from segmentation.campaigns import Prospects, Windows, due_list, offer_list, score_list, segment_list
from segmentation.campaigns.contact_lists import ContactList, whom_to_offer
from segmentation.customers import CustomerTable, Reach, prepare, reach
from segmentation.engine import DuckEngine
from segmentation.workspace import Workspace
from tests.segmentation.shops import line, store

SHOP = [
    line("ann", "1", "2026-01-10", "40"),
    line("bob", "2", "2026-01-11", "90"),
    line("cy", "3", "2026-02-12", "20"),
    line("=1+1", "4", "2026-02-13", "70"),
    line("dee", "5", "2026-02-14", "10"),
    line("dee", "6", "2026-02-15", "10"),
]
AGREED = ("ann", "=1+1", "dee")
CONTACTS = [{"customer_id": one, "consent": True} for one in AGREED] + [{"customer_id": "bob", "consent": False}]
"""Bob refused, and of cy nothing is known."""
PROFIT = {"ann": 1.0, "bob": 9.0, "cy": 8.0, "=1+1": 3.0, "dee": -2.0}
LOST = "=1+1"


@pytest.fixture
def customers(tmp_path: Path) -> CustomerTable:
    workspace = Workspace.open(tmp_path / "w")
    return prepare(workspace, DuckEngine.open(workspace.root), store(workspace, SHOP, CONTACTS))


@pytest.fixture
def who(customers: CustomerTable) -> Reach:
    return reach(customers, None)


@pytest.fixture
def prospects(customers: CustomerTable) -> Prospects:
    ids = customers.ids.to_pylist()
    chance = np.linspace(0.1, 0.9, customers.n)
    return Prospects(
        chance=chance,
        risk=1.0 - chance,
        value=np.full(customers.n, 12.345),
        profit=np.array([PROFIT[one] for one in ids]),
        silent=np.arange(customers.n, dtype=np.float64),
        here=np.array([one != LOST for one in ids]),
    )


@pytest.fixture
def windows(customers: CustomerTable) -> Windows:
    """Dee's order is late; of all others nothing is known."""
    is_dee = np.array([one == "dee" for one in customers.ids.to_pylist()])
    start = np.where(is_dee, np.datetime64("2026-02-20"), np.datetime64("NaT", "D"))
    return Windows(start, start + np.timedelta64(3, "D"), np.where(is_dee, 4, 0))


def read(listed: ContactList) -> list[dict[str, str]]:
    """The rows of its file as a spreadsheet has them."""
    return list(csv.DictReader(io.StringIO(listed.csv.decode("utf-8-sig"))))


def test_the_list_of_a_segment_leaves_nobody_out_and_marks_who_may_be_written_to(
    customers: CustomerTable, who: Reach
) -> None:
    rows = read(segment_list(customers, np.arange(customers.n), who))
    assert [row["Customer"].lstrip("'") for row in rows] == customers.ids.to_pylist()
    assert {row["Customer"].lstrip("'") for row in rows if row["May be written to"] == "yes"} == set(AGREED)
    assert {row["Basis"] for row in rows} == {"Consent in the data"}


def test_the_list_of_a_segment_has_each_feature_in_its_unit_and_the_scores_behind(
    customers: CustomerTable, who: Reach
) -> None:
    places = np.array([customers.ids.to_pylist().index(one) for one in ("dee", "ann")])
    scores = {"Risk": np.arange(customers.n, dtype=np.float64)}
    listed = segment_list(customers, places, who, scores)
    assert listed.headers[0] == "Customer"
    assert listed.headers[-3:] == ("Risk", "May be written to", "Basis")
    assert len(listed.headers) == len(customers.features) + 4
    dee, ann = read(listed)
    spend = customers.feature("spend")
    assert (dee["Customer"], dee[f"{spend.label} (EUR)"], dee["Risk"]) == ("dee", "20.0", str(float(places[0])))
    between = next(name for name in listed.headers if name.startswith(customers.feature("gap_days").label))
    assert (dee[between], ann[between]) == ("1.0", "")  # who ordered once has no days between orders


def test_an_id_that_begins_like_a_formula_is_text_in_the_file(customers: CustomerTable, who: Reach) -> None:
    place = customers.ids.to_pylist().index("=1+1")
    assert read(segment_list(customers, np.array([place]), who))[0]["Customer"] == "'=1+1"


@pytest.mark.parametrize(("lost_too", "expected"), [(False, ["ann"]), (True, ["=1+1", "ann"])])
def test_an_offer_goes_to_whom_it_pays_for_and_who_may_be_written_to_most_promising_first(
    customers: CustomerTable, prospects: Prospects, who: Reach, lost_too: bool, expected: list[str]
) -> None:
    listed = offer_list(customers, prospects, who, lost_too=lost_too, model="churn")
    assert [row[0] for row in listed.rows] == expected
    assert {row[-3:] for row in listed.rows} == {(customers.as_of.isoformat(), "churn", "Consent in the data")}
    assert listed.rows[-1][2] == pytest.approx(12.34, abs=0.011)


def test_an_offer_that_pays_for_nobody_is_a_list_without_rows(
    customers: CustomerTable, prospects: Prospects, who: Reach
) -> None:
    nothing = replace(prospects, profit=np.zeros(customers.n))
    listed = offer_list(customers, nothing, who, lost_too=True, model="churn")
    assert listed.rows == []
    assert listed.csv.decode("utf-8-sig").startswith("Customer,Chance to order,")


@pytest.mark.parametrize("lost_too", [False, True])
def test_the_list_of_scores_has_everybody_and_marks_whom_the_list_of_the_offer_holds(
    customers: CustomerTable, prospects: Prospects, windows: Windows, who: Reach, lost_too: bool
) -> None:
    rows = score_list(customers, prospects, windows, who, lost_too=lost_too).rows
    assert [row[0] for row in rows] == customers.ids.to_pylist()
    offered = offer_list(customers, prospects, who, lost_too=lost_too, model="churn").rows
    assert {row[0] for row in rows if row[5]} == {row[0] for row in offered}
    assert whom_to_offer(prospects, who, lost_too=lost_too).sum() == len(offered)
    due = {row[0]: row[6:8] for row in rows}
    assert due["dee"] == (date(2026, 2, 20), date(2026, 2, 23))
    assert due["ann"] == (None, None)


def test_without_windows_no_order_is_due(customers: CustomerTable, prospects: Prospects, who: Reach) -> None:
    rows = read(score_list(customers, prospects, None, who, lost_too=False))
    assert {(row["due_from"], row["due_to"]) for row in rows} == {("", "")}


def test_due_orders_come_by_spend_and_those_who_refused_are_marked(
    customers: CustomerTable, windows: Windows, who: Reach
) -> None:
    late = due_list(customers, windows, windows.late_days > 0, who)
    assert late.rows == [("dee", date(2026, 2, 20), date(2026, 2, 23), 4, 20.0, True, "Consent in the data")]
    everybody = due_list(customers, windows, np.ones(customers.n, np.bool_), who).rows
    assert [(row[0], row[4]) for row in everybody][:3] == [("bob", 90.0), ("=1+1", 70.0), ("ann", 40.0)]
    assert {row[0] for row in everybody if not row[5]} == {"bob", "cy"}
