from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from segmentation.errors import NotLogged
from segmentation.workspace import Workspace
from segmentation.workspace.audit import LOG, digest_of
from segmentation.workspace.audit_check import check


def offered() -> None:
    import streamlit as st  # noqa: PLC0415 - the function is run as a script of its own

    from dashboard.parts import downloads  # noqa: PLC0415

    made = downloads.csv("orders-ann@shop.example", ["Customer"], [("ann@shop.example",)], content="customers")
    st.session_state["hand_out"] = downloads.logged(made)
    st.session_state["data"] = made.make()


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TESSERA_HOME", str(tmp_path))
    app = AppTest.from_function(offered).run(timeout=60)
    assert not app.exception
    return app.session_state


def test_a_download_is_entered_when_it_is_taken_and_holds_no_name(state, tmp_path):
    workspace = Workspace.open(tmp_path)
    assert check(workspace).entries == ()
    assert state["hand_out"]() == state["data"]
    found = check(workspace)
    assert found.sound
    (entry,) = found.entries
    assert (entry["what"], entry["content"], entry["rows"]) == ("export", "customers", 1)
    assert entry["sha256"] == [digest_of(state["data"])]
    assert entry["by"].startswith("visitor:")
    assert "ann" not in (tmp_path / LOG).read_text()


def test_without_an_entry_there_is_no_download(state, tmp_path):
    (tmp_path / LOG).mkdir()
    with pytest.raises(NotLogged, match="audit log could not be written"):
        state["hand_out"]()
