"""A shop that goes, or changes, while somebody looks at it: every screen says so, and shows no other in its place."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from dashboard.serving import visitors
from segmentation import erasure
from segmentation.analysis import Analysis
from segmentation.assumptions import USUAL
from segmentation.workspace import BasisLog, SavedSegmentations, StatedAssumptions, Workspace, audit, logged
from segmentation.workspace.audit import system_user
from tests.dashboard.shops import write_shop
from tests.dashboard.test_import import GOOD, patiently, upload

pytestmark = pytest.mark.usefixtures("known_results")

SCREENS = ("overview", "segments", "customer", "clv", "churn", "campaign", "briefing", "health")


def said(app) -> str:
    """What stands on the screen, letter by letter."""
    shown = [one.value for one in (*app.main.markdown, *app.main.error, *app.main.info)]
    return re.sub(r"[\\\u2060]", "", "\n".join(shown))


def titles(app) -> list[str]:
    return [one.value for one in app.title]


@pytest.fixture
def two(workspace: Workspace) -> Workspace:
    """A workspace with two shops."""
    write_shop(workspace, "Mine", customers=60)
    write_shop(workspace, "Other", customers=60, seed=2)
    return workspace


@pytest.mark.parametrize("name", SCREENS)
def test_a_shop_that_is_deleted_under_a_visitor_is_said_to_be_gone(screen, two, name):
    app = screen(name, shop="Mine")
    assert app.sidebar.selectbox[0].value == "Mine"
    erasure.delete(two, "Mine", by=system_user())
    app.run()
    assert not app.exception
    assert re.search(r"“Mine” was deleted at \d\d:\d\d UTC\.\*\* No other shop is shown in its place", said(app))
    assert app.sidebar.selectbox[0].value is None
    assert not titles(app)
    assert app.query_params["shop"] in ("Mine", ["Mine"])
    app.button(key="look_at_0").click().run()
    assert app.sidebar.selectbox[0].value == "Other"
    assert "was deleted" not in said(app)
    assert titles(app)


@pytest.mark.parametrize("name", SCREENS)
def test_a_link_to_a_shop_that_is_not_there_shows_no_other(screen, two, name):
    app = screen(name, shop="Gone")
    assert not app.exception
    assert "There is no shop “Gone” here" in said(app)
    assert app.sidebar.selectbox[0].value is None
    assert not titles(app)


def test_a_reload_knows_when_it_was_deleted(screen, two):
    screen("overview", shop="Mine")
    erasure.delete(two, "Mine", by=system_user())
    assert "“Mine” was deleted at" in said(screen("overview", shop="Mine"))


def test_the_last_shop_is_said_to_be_gone_too(screen, shop, workspace):
    app = screen("overview")
    erasure.delete(workspace, "Shop", by=system_user())
    app.run()
    assert "“Shop” was deleted at" in said(app)
    assert "Import an export" in [link.value for link in app.main.page_link]


def test_the_import_screen_says_it_and_goes_on(screen, two):
    app = screen("import_data", shop="Mine")
    erasure.delete(two, "Mine", by=system_user())
    app.run()
    assert "“Mine” was deleted at" in said(app)
    assert titles(app) == ["Import"]
    assert app.file_uploader


def test_who_deletes_a_shop_is_shown_the_others(screen, two):
    app = screen("import_data", shop="Mine")
    app.button(key=f"delete_{two.latest('Mine').dataset_id}").click().run()
    assert not app.exception
    assert "was deleted" not in said(app)
    assert app.sidebar.selectbox[0].value == "Other"


def test_a_shop_that_is_deleted_while_its_screen_is_drawn_is_no_failure(screen, two, monkeypatch):
    app = screen("overview", shop="Mine")
    usual = Analysis.customers

    def deleted_first(self: Analysis, scores=()):
        two.delete("Mine")
        return usual(self, scores)

    monkeypatch.setattr(Analysis, "customers", deleted_first)
    app.query_params["as_of"] = "2026-01-15"
    app.switch_page("screens/segments/segments.py").run()
    assert not app.exception
    assert "“Mine” was deleted" in said(app)
    assert "went wrong" not in said(app)


def test_a_shop_that_is_deleted_before_files_go_into_it_is_not_made_anew_unasked(screen, two):
    app = upload(screen, GOOD)
    app.selectbox(key="import_into").set_value("Mine").run()
    erasure.delete(two, "Mine", by=system_user())
    app.button(key="import_now").click().run()
    assert not app.exception
    assert "“Mine” is gone: it was deleted meanwhile. Nothing was imported." in app.warning[0].value
    assert [one.name for one in two.datasets()] == ["Other"]
    app.run()
    assert not app.warning
    app.button(key="import_now").click().run()
    patiently(app, lambda: any("**Importing" in text.value for text in app.markdown))
    assert [one.name for one in two.datasets()] == ["Other", "my orders"]


def test_the_outcome_of_an_import_goes_with_its_shop(screen, workspace):
    app = upload(screen, GOOD)
    app.button(key="import_now").click().run()
    patiently(app, lambda: any("**Importing" in text.value for text in app.markdown))
    assert app.button(key="another_file")
    workspace.delete("my orders")
    app.run()
    assert not app.exception
    assert app.file_uploader


# What others change ---------------------------------------------------------------------------------------------------


def test_a_version_that_somebody_else_chose_is_pointed_out_until_it_is_put_away(screen, two):
    write_shop(two, "Mine", customers=70)
    app = screen("overview", shop="Mine")
    logged.roll_back(two, "Mine", 1, by=system_user())
    app.run()
    assert re.search(
        r"Version 1 of “Mine” is shown now\*\*, not version 2: somebody chose it at \d\d:\d\d UTC\.", said(app)
    )
    app.run()
    assert "Version 1 of “Mine”" in said(app)
    app.button(key="close_news").click().run()
    assert "Version 1 of “Mine”" not in said(app)


def test_what_a_visitor_chose_is_no_news_to_them(screen, two, monkeypatch):
    monkeypatch.setattr("dashboard.state.whereabouts.visitor", lambda: visitors._told("a" * 64))
    write_shop(two, "Mine", customers=70)
    app = screen("overview", shop="Mine")
    logged.roll_back(two, "Mine", 1, by=audit.visitor(visitors._told("a" * 64)))
    app.run()
    assert "is shown now" not in said(app)


def test_a_shop_that_was_deleted_and_imported_anew_is_said_to_be_another(screen, two):
    app = screen("overview", shop="Mine")
    two.delete("Mine")
    write_shop(two, "Mine", customers=40)
    app.run()
    assert "“Mine” was deleted and imported anew" in said(app)
    assert titles(app) == ["Overview"]


def test_a_shop_from_which_somebody_was_erased_says_so(screen, two):
    app = screen("overview", shop="Mine")
    erasure.erase(two, "Mine", erasure.Asked(customer="C0001"), by=system_user())
    app.run()
    assert "A customer was erased from “Mine” at" in said(app)


def test_a_shop_of_another_name_is_followed(screen, two):
    app = screen("overview", shop="Mine")
    with two.registry() as registry:
        registry.execute("UPDATE datasets SET name = 'Ours' WHERE name = 'Mine'")
    app.run()
    assert app.sidebar.selectbox[0].value == "Ours"
    assert "“Mine” is called “Ours” now" in said(app)


def test_the_day_is_named_where_it_is_another(screen, two, monkeypatch):
    screen("overview", shop="Mine")
    at = datetime(2026, 1, 5, 10, 42, tzinfo=UTC)
    event = audit.Event(by=system_user(), what="delete", content="shop", dataset=two.id_of("Mine"), at=at)
    audit.record(two, event)
    two.delete("Mine")
    assert "was deleted on 5 Jan 2026 at 10:42 UTC" in said(screen("overview", shop="Mine"))


def state_a_margin(app):
    app.number_input(key="margin").set_value(45.0)


def state_a_basis(app):
    app.radio(key="basis").set_value("consent").run()
    return app.button(key="basis_state").click


def save_segments(app):
    app.text_input(key="save_name").set_value("Spring")
    return app.button(key="save").click


@pytest.mark.parametrize(
    ("name", "act"), [("clv", state_a_margin), ("health", state_a_basis), ("segments", save_segments)]
)
def test_what_is_stated_or_saved_of_a_shop_that_was_just_deleted_is_refused_in_a_sentence(screen, workspace, name, act):
    write_shop(workspace, "Mine", consent="nothing")
    write_shop(workspace, "Other", consent="nothing")
    app = screen(name, shop="Mine")
    click = act(app)
    workspace.delete("Mine")
    if click is not None:
        click()
    app.run()
    assert not app.exception
    assert any("Mine" in one.value for one in app.error)
    for one in workspace.datasets():
        assert StatedAssumptions(workspace, one.dataset_id).current() == USUAL
        assert BasisLog(workspace, one.dataset_id).all() == ()
        assert SavedSegmentations(workspace, one.dataset_id).all() == ()
