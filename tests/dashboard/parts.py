"""One part of the studio alone, over a small shop: quicker than a whole screen, and nothing else can break it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.serving.offers import OFFERS
from segmentation.analysis import Analysis
from segmentation.customers import CustomerTable
from segmentation.workspace import Workspace
from tests.dashboard.shops import write_shop

SECONDS = 60
SCRIPT = """
from dashboard import state
from dashboard.screens.{screen} import {part}

with state.guard():
    state.adopt_link()
    state.share_link(drawn=False)
    {part}.draw(state.study(){more})
"""


def stand_in_kept_shop(folders: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the one shop that these tests only look at the server's: what is worked out for it is worked out once."""
    home = folders.getbasetemp() / "kept-shop"
    if not home.exists():
        write_shop(Workspace.open(home))
    monkeypatch.setenv("TESSERA_HOME", str(home))


def kept_table(folders: pytest.TempPathFactory) -> CustomerTable:
    """The customers of that shop."""
    workspace = Workspace.open(folders.getbasetemp() / "kept-shop")
    (version,) = workspace.datasets()
    return Analysis.of(workspace, version).customers()


def opened(part: str, *, screen: str = "segments", more: str = "", **query: str | list[str]) -> AppTest:
    """The part of a `screen` drawn for the shop in the workspace, with these query parameters."""
    app = AppTest.from_string(SCRIPT.format(part=part, screen=screen, more=more), default_timeout=SECONDS)
    app.query_params.update(query)
    return app.run()


def said(app: AppTest) -> str:
    """Everything the part says in words, letter by letter."""
    text = "\n".join(one.value for one in [*app.markdown, *app.caption])
    return text.replace("\\", "").replace("\u2060", "").replace("\u00a0", " ")


def files(app: AppTest) -> dict[str, bytes]:
    """What each download button of a page hands out when it is clicked, by its key."""
    buttons = {one.proto.id.rpartition("-")[2]: one.proto.url.rpartition("/")[2] for one in app.get("download_button")}
    offers = {key: OFFERS.get(address, None) for key, address in buttons.items()}
    return {key: offer.make() for key, offer in offers.items() if offer is not None}


def charts(app: AppTest) -> list[dict[str, Any]]:
    """The figures of a page as they are drawn."""
    return [json.loads(one.proto.spec) for one in app.get("plotly_chart")]


def link(app: AppTest, key: str) -> str:
    """What the URL says of `key` now, "" where it says nothing."""
    told = app.query_params.get(key, "")
    return told if isinstance(told, str) else told[-1]


def leaves(app: AppTest, key: str) -> int:
    """Of how many customers a list is said to be, which holds as many of them as it says."""
    (leaving, asked), *more = [
        [int(one.replace(",", "")) for one in found] for found in re.findall(r"\*\*([\d,]+) of ([\d,]+): ", said(app))
    ]
    assert not more
    assert 0 < leaving <= asked
    assert len(files(app)[key].decode("utf-8-sig").splitlines()) == leaving + 1
    return asked
