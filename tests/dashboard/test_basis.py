"""On what basis a shop writes to its customers: stated on Data health, shown beside what leaves."""

from __future__ import annotations

import csv
import io
import re

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.serving.offers import OFFERS
from segmentation.analysis import Analysis
from segmentation.customers import prepare, reach
from segmentation.engine import DuckEngine
from segmentation.workspace import BasisLog, DatasetVersion, Workspace
from tests.dashboard.shops import write_shop

pytestmark = pytest.mark.usefixtures("known_results")

AT = "2026-11-01T10:00:00+00:00"
QUESTION = "On what basis do you write to your customers?"
PART = """
import numpy as np
from dashboard import state
from dashboard.screens.segments import segment_tables

with state.guard():
    study = state.study()
    segment_tables.members(study, np.arange(study.customers.n) < 90, how="Some", stem="some", key="some")
"""


def said(app: AppTest) -> str:
    """Everything in words, letter by letter."""
    text = "\n".join(one.value for one in [*app.markdown, *app.caption])
    return text.replace("\\", "").replace("\u2060", "").replace("\u00a0", " ")


def log_of(workspace: Workspace, version: DatasetVersion) -> BasisLog:
    return BasisLog(workspace, version.dataset_id)


def test_a_shop_with_a_column_of_consent_is_not_asked(screen, shop):
    app = screen("health")
    assert not app.exception
    assert QUESTION not in said(app)
    assert not app.radio


@pytest.mark.parametrize("known", ["refusals", "nothing"])
def test_a_basis_is_stated_shown_with_its_day_and_withdrawn(screen, workspace, known):
    version = write_shop(workspace, consent=known)
    app = screen("health")
    assert QUESTION in said(app)
    assert app.button(key="basis_state").disabled
    app.radio(key="basis").set_value("existing_customers").run()
    app.text_input(key="basis_note").set_value("told at [checkout](x)").run()
    app.text_input(key="basis_name").set_value("Ann").run()
    app.button(key="basis_state").click().run()
    assert not app.exception
    assert "about similar goods of our own, stated on" in said(app)
    assert "by Ann" in said(app)
    assert "told at [checkout](x)" in said(app)
    kept = log_of(workspace, version).current()
    assert (kept.basis, kept.by) == ("existing_customers", "Ann")
    app.button(key="basis_withdraw").click().run()
    assert not app.exception
    assert log_of(workspace, version).current() is None
    assert [one.basis for one in log_of(workspace, version).all()] == ["existing_customers", None]
    assert "Stated so far (2)" in [one.label for one in app.expander]


def test_the_gate_of_consent_follows_what_is_stated(screen, workspace):
    version = write_shop(workspace, consent="nothing")
    assert "Or state on what basis you write" in said(screen("health"))
    log_of(workspace, version).state("legitimate_interest", at=AT)
    assert "Basis: Legitimate interest, stated on 1 Nov 2026. Who refused is left out." in said(screen("health"))


@pytest.mark.parametrize(
    ("known", "basis", "expected"),
    [
        ("nothing", None, "Nothing is known of consent: every customer counts as reachable"),
        ("refusals", None, "nobody counts as reachable"),
        ("refusals", "consent", "Basis: Consent, recorded elsewhere, stated on 1 Nov 2026"),
        ("asked", None, "Basis: the consent in the data"),
        ("asked", "consent", "The stated basis does not apply"),
    ],
)
def test_the_campaign_says_on_what_basis_it_counts(screen, workspace, known, basis, expected):
    version = write_shop(workspace, consent=known)
    if basis:
        log_of(workspace, version).state(basis, at=AT)
    app = screen("campaign")
    assert not app.exception
    beside = [one.value.replace("\\", "").replace("\u2060", "").replace("\u00a0", " ") for one in app.caption]
    assert any(expected in line for line in beside)
    assert bool([one for one in app.get("page_link") if one.proto.label == "State the basis"]) == (
        basis is None and known != "asked"
    )


def test_a_stated_basis_lets_the_plan_count_everyone_who_did_not_refuse(screen, workspace):
    version = write_shop(workspace, consent="refusals")
    before = screen("campaign").dataframe
    log_of(workspace, version).state("existing_customers", at=AT)
    after = screen("campaign").dataframe[0].value["Reachable"].sum()
    table = prepare(workspace, DuckEngine.open(workspace.root), version)
    may = reach(table, log_of(workspace, version).current()).may
    assert after == may.sum() == table.n - table.consent.refused.sum()
    assert not before or before[0].value["Reachable"].sum() == 0


@pytest.mark.parametrize("known", ["asked", "refusals", "nothing"])
def test_the_file_of_a_segment_leaves_out_who_may_not_be_written_to_and_names_the_basis(workspace, known):
    version = write_shop(workspace, consent=known)
    stated = log_of(workspace, version).state("existing_customers", at=AT)
    table = prepare(workspace, DuckEngine.open(workspace.root), version)
    who = reach(table, stated)
    app = AppTest.from_string(PART, default_timeout=60).run()
    (button,) = app.get("download_button")
    content = OFFERS.get(button.proto.url.rpartition("/")[2], None).make()
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    refused = set(table.ids.filter(table.consent.refused).to_pylist()) if table.consent else set()
    assert bool(refused) == (known != "nothing")
    may = table.ids.slice(0, 90).filter(who.may[:90]).to_pylist()
    assert {row["Customer"] for row in rows} <= set(may)
    assert not refused & {row["Customer"] for row in rows}
    assert {row["Basis"] for row in rows} == {who.ground.short}


def test_the_list_of_a_segment_says_how_many_are_left_out_and_why(workspace):
    version = write_shop(workspace, consent="refusals")
    app = AppTest.from_string(PART, default_timeout=60).run()
    before = said(app)
    assert "nobody counts as reachable" in before
    assert "0 of 90:" in before
    assert "without a known basis" in before
    log_of(workspace, version).state("consent", at=AT)
    app = AppTest.from_string(PART, default_timeout=60).run()
    after = said(app)
    assert "0 of 90" not in after
    assert "without a known basis" not in after
    assert re.search(r"\d+ of 90: \d+ refused", after)
    assert not app.get("download_button")[0].proto.disabled


def test_an_offer_is_made_to_nobody_who_refused(screen, workspace):
    version = write_shop(workspace, customers=900, consent="refusals")
    Analysis.of(workspace, version).assume(offer_cost=1.0)
    app = screen("churn")
    assert not app.exception
    assert any(one.value == "**Whom to contact: nobody**" for one in app.markdown)
    assert "nobody counts as reachable" in said(app)
    log_of(workspace, version).state("existing_customers", at=AT)
    app = screen("churn")
    assert not app.exception
    listed = set(app.dataframe[0].value["Customer"])
    table = prepare(workspace, DuckEngine.open(workspace.root), version)
    refused = set(table.ids.filter(table.consent.refused).to_pylist())
    assert listed
    assert not listed & refused
    assert "Basis: Existing customers" in said(app)
