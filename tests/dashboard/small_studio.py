"""The studio without its map and most of its tables: everything that tunes, proves, edits, saves and compares."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from segmentation.analysis import Analysis, Study, StudySettings
from segmentation.customers import CustomerTable
from segmentation.proof import Proofs
from segmentation.segments.settings import Weights
from segmentation.workspace import SavedSegmentations, Workspace

SECONDS = 60
SCRIPT = """
import streamlit as st

from dashboard import state
from dashboard.screens.segments import comparison, controls, editing, proof_strip, saving
from dashboard.parts import segment_cards


def draw():
    state.adopt_link()
    state.share_link(drawn=True)
    controls.leave_out_missing(state.customers())
    method = controls.method_control()
    if method == "rfm":
        controls.preset_control()
    else:
        controls.number_control(state.advice(), method)
        why = st.container()
        controls.features_control(state.customers())
    smallest = controls.smallest_control(state.customers())
    study = state.study()
    state.shown(study.segmentation.settings.key)
    saving.bar(study)
    proofs = proof_strip.draw(study, smallest=controls.set_smallest())
    advice = None if method == "rfm" else proof_strip.advice_beside(study, proofs)
    if advice is not None:
        with why:
            controls.number_said(advice)
    segment_cards.cards(study, smallest=smallest, actions=editing.menu)
    editing.changes(study)
    editing.dialog(study)
    if {beside}:
        comparison.draw(study, proofs)


page = st.navigation([st.Page(draw, default=True), "screens/campaign/campaign.py"], position="hidden")
with state.guard():
    page.run()
"""
CARD = re.compile(r'^:color\[■\]\{foreground="[^"]+"\} \*\*(.+)\*\*$')
SIZE = re.compile(r"^([\d,]+) customers? \(")


def opened(*, beside: bool = False, **query: str | list[str]) -> AppTest:
    """These parts of the studio over the shop in the workspace, with these query parameters.

    The comparison, which draws a chart, is there only if asked for with `beside`.
    """
    folder = Path(os.environ["TESSERA_HOME"]).parent / "small-studio"
    (folder / "screens" / "campaign").mkdir(parents=True, exist_ok=True)
    (folder / "screens" / "campaign" / "campaign.py").touch()  # the strip links to it
    script = folder / "app.py"
    script.write_text(SCRIPT.format(beside=beside), encoding="utf-8")
    app = AppTest.from_file(script, default_timeout=SECONDS)
    app.query_params.update(query)
    return app.run()


def plainly(text: str) -> str:
    """Markdown as it is read: without the marks that keep a text letter by letter."""
    return text.replace("\\", "").replace("\u2060", "").replace("\u00a0", " ")


def names(app: AppTest) -> list[str]:
    """The names on the cards, in order."""
    return [plainly(found[1]) for one in app.markdown if (found := CARD.match(one.value))]


def sizes(app: AppTest) -> list[int]:
    """How many customers each card says, in order."""
    told = (SIZE.match(plainly(one.value)) for one in app.caption)
    return [int(found[1].replace(",", "")) for found in told if found]


def kept_home(folders: pytest.TempPathFactory) -> Path:
    """Where the shop is that tests share (see `parts.stand_in_kept_shop`)."""
    return folders.getbasetemp() / "kept-shop"


def empty_shelf(home: Path) -> SavedSegmentations:
    """The shelf of the only shop there, with nothing on it."""
    workspace = Workspace.open(home)
    (version,) = workspace.datasets()
    shelf = SavedSegmentations(workspace, version.dataset_id)
    for one in shelf.all():
        shelf.delete(one.identity)
    return shelf


def shop_in(home: Path) -> Analysis:
    """The newest version of the only shop there."""
    workspace = Workspace.open(home)
    (version,) = workspace.datasets()
    return Analysis.of(workspace, version)


def table_in(home: Path) -> CustomerTable:
    """The customers of that shop."""
    return shop_in(home).customers()


def know_number(home: Path, *features: str, weights: Weights = ()) -> None:
    """Let the recommended number of these features (default: the usual ones) be that of the usual segmentation.

    Working it out takes a second, and tests that only tune do not care which it is.
    """
    shop = shop_in(home)
    shop.number(StudySettings(features=features, weights=weights)).file.keep(shop.number().get())


def prove(home: Path, chosen: StudySettings) -> tuple[Study, Proofs]:
    """Work out the proofs of these segments, as a worker of the server would."""
    shop = shop_in(home)
    study = shop.study(chosen)
    assert study.settings.segments != shop.number().get().k, "the studio would take that for nobody's choice"
    return study, shop.proofs(study).get().proofs
