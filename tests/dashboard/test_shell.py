from __future__ import annotations

import asyncio
import logging

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import server
from segmentation.workspace import Workspace
from tests.dashboard.shops import write_shop

pytestmark = pytest.mark.usefixtures("known_results")


def test_the_bare_address_leads_to_the_import_while_there_is_no_shop(screen):
    assert screen("start").title[0].value == "Import"


def test_the_bare_address_leads_to_the_overview_when_there_is_a_shop(screen, shop):
    assert screen("start").title[0].value == "Overview"


@pytest.mark.parametrize("name", ["overview", "customer", "briefing"])
def test_a_screen_without_data_says_so_and_shows_the_way(screen, name):
    app = screen(name)
    assert not app.exception
    assert app.info[0].value == "There is no data yet."
    assert "Import an export" in [link.value for link in app.main.page_link]


def test_every_screen_is_one_click_away(screen):
    links = [link.value for link in screen("overview").sidebar.page_link]
    assert links == [
        "Import",
        "Data health",
        "Overview",
        "Segments",
        "Customer",
        "Lifetime value",
        "Churn",
        "Campaign",
        "Briefing",
    ]


def test_the_sidebar_says_which_shop_and_which_segmentation(screen, shop):
    app = screen("overview", method="rfm", preset="klaviyo")
    assert app.sidebar.selectbox[0].value == "Shop"
    assert app.sidebar.caption[-1].value == "Segments: RFM rules, Klaviyo"


def test_a_link_chooses_the_shop(screen, shop, workspace):
    write_shop(workspace, "Another shop", seed=2)
    assert screen("overview", shop="Another shop").sidebar.selectbox[0].value == "Another shop"


@pytest.mark.parametrize(
    "query",
    [
        {"method": "nonsense", "segments": "9999", "features": ["<script>", "x"], "preset": "?", "anchor": "junk"},
        {"segments": "-3", "as_of": "yesterday", "period": "2 days", "days": "x"},
        {"as_of": "1900-01-01", "window": "0"},
    ],
)
def test_a_hand_written_link_that_makes_no_sense_falls_back_to_the_usual(screen, shop, query):
    app = screen("overview", **query)
    assert not app.exception
    assert not app.error


def test_the_settings_of_a_link_stay_in_the_url_on_screens_without_their_controls(screen, shop):
    app = screen("briefing", method="rfm")
    assert app.query_params["method"] == "RFM rules"


def test_an_error_of_ours_becomes_a_sentence(screen, workspace):
    write_shop(workspace, customers=2)
    app = screen("briefing", segments="3")
    assert not app.exception
    assert app.error[0].value.startswith("**There are too few customers")


def test_two_workspaces_never_share_a_result(screen, shop, tmp_path, monkeypatch):
    before = screen("overview").metric[0].value
    other = Workspace.open(tmp_path / "other")
    write_shop(other, customers=60, seed=7)
    monkeypatch.setenv("TESSERA_HOME", str(other.root))
    assert screen("overview").metric[0].value != before


# The server ---------------------------------------------------------------------------------------------------


def test_every_answer_carries_the_security_headers():
    sent = []

    async def answer(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"ALLOW")]})

    async def keep(message):
        sent.append(dict(message["headers"]))

    headers = {"Content-Security-Policy": server.content_policy(), "X-Frame-Options": "DENY"}
    asyncio.run(server.SafeHeaders(answer, headers)({"type": "http"}, None, keep))
    assert sent[0][b"x-frame-options"] == b"DENY"
    assert b"frame-ancestors 'none'" in sent[0][b"content-security-policy"]


def test_websockets_pass_the_headers_by():
    seen = []

    async def inner(scope, receive, send):
        seen.append(send)

    send = object()
    asyncio.run(server.SafeHeaders(inner, {"A": "b"})({"type": "websocket"}, None, send))
    assert seen == [send]


def test_no_script_from_elsewhere_and_no_inline_script_but_streamlits_own_is_allowed():
    scripts = next(part for part in server.content_policy().split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in scripts
    assert "http" not in scripts
    assert "sha256-" in scripts


def test_a_mistake_of_the_program_is_logged_and_shown_without_its_text(caplog):
    with caplog.at_level(logging.ERROR, logger="tessera.dashboard"):
        assert server.say_what_happened(ValueError("secret@shop.example")) is True
    assert caplog.records[0].exc_info is not None


def test_a_click_is_not_lost_to_a_run_of_the_screen_that_is_left(screen, shop, monkeypatch):
    """Two runs of one visitor overlap: the older one notes its own screen after the newer one noted the one asked."""
    app = screen("churn")
    usual = st.navigation

    def when_the_older_run_has_noted_its_own(*given, **named):
        monkeypatch.setattr(st, "navigation", usual)
        usual(*given, **named)
        manager = get_script_run_ctx().pages_manager
        churn = next(one for one in manager.get_pages().values() if one["url_pathname"] == "churn")
        manager.set_script_intent(churn["page_script_hash"], "")
        return usual(*given, **named)

    monkeypatch.setattr(st, "navigation", when_the_older_run_has_noted_its_own)
    app.switch_page("screens/campaign/campaign.py").run()
    assert st.navigation is usual
    assert [title.value for title in app.title] == ["Campaign"]
