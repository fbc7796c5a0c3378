from __future__ import annotations

import pytest

from tests.dashboard.parts import opened, said, stand_in_kept_shop
from tests.dashboard.shops import write_shop

HOSTILE = "<b>'; DROP TABLE x; --[x](y:1)"


@pytest.fixture(autouse=True)
def shop(tmp_path_factory, monkeypatch):
    stand_in_kept_shop(tmp_path_factory, monkeypatch)


def test_every_segment_has_a_rule_or_is_said_to_have_none():
    app = opened("rules_view")
    assert not app.exception
    assert "These rules match" in said(app)
    rules, driven = (table.value for table in app.table)
    assert len(rules) == len(driven) > 1
    assert (rules["Rule"].str.len() > 0).all()
    assert "%" in driven["What membership hangs on"].iloc[0]


def test_the_sql_names_only_columns_that_are_explained_beside_it():
    app = opened("rules_view")
    (sql,) = (one.value for one in app.code)
    words = set(sql.replace("(", " ").replace(")", " ").split())
    explained = {line.split("`")[1] for line in said(app).splitlines() if line.startswith("`")}
    assert sql.startswith("CASE")
    assert explained
    assert explained <= words


def test_the_name_somebody_gave_a_segment_is_shown_letter_by_letter_and_quoted_in_the_sql():
    app = opened("rules_view", edits=f"n0={HOSTILE.replace(' ', '%20').replace(';', '%3B')}")
    assert not app.exception
    shown = app.table[0].value["Segment"].iloc[0]
    assert "<b>" not in shown.replace("\\<", "")
    assert "](" not in shown.replace("\\](", "").replace("]\\(", "")
    assert "'<b>''; DROP TABLE x; --[x](y:1)'" in app.code[0].value


def test_customers_too_few_for_rules_get_a_sentence(workspace, monkeypatch):
    monkeypatch.setenv("TESSERA_HOME", str(workspace.root))
    write_shop(workspace, customers=25)
    app = opened("rules_view", method="rfm")
    assert not app.exception
    assert "too few to find rules for" in said(app)
    assert not app.code
