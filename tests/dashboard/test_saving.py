from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from segmentation.analysis import StudySettings
from segmentation.segments import freeze, thaw
from segmentation.workspace import SavedSegmentations
from tests.dashboard.parts import link, said, stand_in_kept_shop
from tests.dashboard.shops import write_shop
from tests.dashboard.small_studio import (
    empty_shelf,
    kept_home,
    know_number,
    names,
    opened,
    plainly,
    prove,
    sizes,
    table_in,
)
from tests.dashboard.test_editing import rename

HOSTILE = "<img src=x> [x](javascript:1) :red[y]"
SMALL = 60
"""Customers of a shop whose segments are found in no time."""


@pytest.fixture(autouse=True)
def shop(tmp_path_factory, monkeypatch):
    stand_in_kept_shop(tmp_path_factory, monkeypatch)


@pytest.fixture
def home(tmp_path_factory):
    return kept_home(tmp_path_factory)


@pytest.fixture
def shelf(shop, home):
    return empty_shelf(home)


def save(app, name, note=""):
    """Save what is shown."""
    app.text_input(key="save_name").set_value(name)
    app.text_area(key="save_note").set_value(note)
    return app.button(key="save").click().run()


def buttons(app, label):
    return [one for one in app.button if one.label == label]


def test_the_first_undo_after_saving_goes_back_to_what_was_shown_before(shelf):
    app = opened(segments="7")
    before = sizes(app)
    app.slider(key="number_of_segments").set_value(4).run()
    tuned = sizes(app)
    assert tuned != before
    app = save(app, "Autumn")
    assert sizes(app) == tuned
    app.button(key="undo").click().run()
    assert sizes(app) == before
    assert app.slider(key="number_of_segments").value == 7
    assert not app.exception


def test_what_is_saved_is_on_the_shelf_open_and_in_the_link(shelf):
    app = save(opened(segments="7"), "Autumn", "For the board.")
    assert not app.exception
    (kept,) = shelf.all()
    assert (kept.name, kept.number, kept.note) == ("Autumn", 1, "For the board.")
    assert ":material/bookmark: Autumn" in said(app).replace("**", "")
    assert link(app, "saved") == kept.identity
    assert "changed since" not in said(app)


def test_the_same_name_again_is_its_next_version_and_the_first_stays(shelf):
    app = save(opened(segments="7"), "Autumn", "first")
    app = save(app.slider(key="number_of_segments").set_value(4).run(), "Autumn", "second")
    assert [(one.title, one.note) for one in shelf.all()] == [("Autumn (version 2)", "second"), ("Autumn", "first")]
    assert link(app, "saved") == shelf.all()[0].identity
    assert ":material/bookmark: Autumn (version 2)" in said(app).replace("**", "")


def test_without_a_name_nothing_is_saved_and_the_reason_is_said(shelf):
    app = save(opened(segments="7"), "  \u200b ")
    assert not app.exception
    assert not shelf.all()
    assert "needs a name" in plainly(app.error[0].value)


def test_a_note_can_be_written_anew(shelf):
    app = save(opened(segments="7"), "Autumn")
    assert shelf.all()[0].note == ""
    app.text_area(key="opened_note").set_value("Until Christmas.")
    app.button(key="keep_note").click().run()
    assert shelf.all()[0].note == "Until Christmas."
    assert "Until Christmas." in said(app)


def test_a_link_that_only_says_which_was_saved_shows_the_same_segments(shelf, home):
    know_number(home, weights=(("orders", 2.0),))
    app = opened(segments="7", weights="orders:200")
    app = rename(app, 0, "Ours")
    app = save(app, "Autumn")
    again = opened(saved=link(app, "saved"))
    assert not again.exception
    assert again.slider(key="number_of_segments").value == 7
    assert "Ours" in names(again)
    assert (names(again), sizes(again)) == (names(app), sizes(app))
    assert link(again, "weights") == "orders:200"
    assert "nothing was fitted again" not in said(again)
    kept = thaw(shelf.get(link(app, "saved")).body).on(table_in(home))
    assert list(kept.sizes) == sizes(app)


def test_a_change_is_told_apart_from_what_was_saved_and_can_be_taken_back(shelf):
    app = save(opened(segments="7"), "Autumn")
    before = names(app)
    app.slider(key="number_of_segments").set_value(4).run()
    assert "Based on Autumn, changed since and not saved" in said(app).replace("**", "")
    app.button(key="reopen").click().run()
    assert not app.exception
    assert names(app) == before
    assert "Based on" not in said(app)


def test_another_saved_one_is_opened_from_the_list(shelf):
    app = save(opened(segments="7"), "Seven")
    app = save(app.slider(key="number_of_segments").set_value(4).run(), "Four")
    four, seven = shelf.all()
    assert app.button(key=f"open_{four.identity}").disabled
    app.button(key=f"open_{seven.identity}").click().run()
    assert len(names(app)) == 7
    assert link(app, "saved") == seven.identity


def test_a_deleted_one_is_gone_and_its_settings_stay_on_the_screen(shelf):
    app = save(opened(segments="7"), "Autumn")
    app.button(key=f"delete_{shelf.all()[0].identity}").click().run()
    assert not app.exception
    assert not shelf.all()
    assert len(names(app)) == 7
    assert "saved" not in app.query_params
    assert "Autumn" not in said(app)


@pytest.mark.parametrize("identity", ["0123456789ab", "<b>x</b>"])
def test_a_link_to_one_that_is_gone_shows_the_usual_segments(shelf, identity):
    app = opened(saved=identity)
    assert not app.exception
    assert not app.error
    assert len(names(app)) == app.slider(key="number_of_segments").value


def test_a_hostile_name_and_note_stay_text(shelf):
    app = save(opened(segments="7"), HOSTILE, HOSTILE)
    assert HOSTILE in said(app)
    for one in [*app.markdown, *app.caption]:
        shown = one.value.replace("\\<", "").replace("\\[", "").replace("\\]", "")
        assert "<img" not in shown
        assert "](" not in shown
        assert ":red[" not in shown


def test_on_a_newer_version_of_the_shop_customers_are_assigned_and_nothing_is_fitted(workspace, monkeypatch):
    monkeypatch.setenv("TESSERA_HOME", str(workspace.root))
    first = write_shop(workspace, customers=SMALL)
    app = save(opened(segments="4"), "Autumn")
    saved, before = link(app, "saved"), names(app)
    write_shop(workspace, customers=SMALL + 40, seed=2)
    app = opened(saved=saved)
    assert not app.exception
    assert "today's customers are assigned to its segments, and nothing was fitted again" in said(app)
    assert names(app) == before
    kept = thaw(SavedSegmentations(workspace, first.dataset_id).get(saved).body)
    assigned = kept.on(table_in(workspace.root))
    assert sizes(app) == list(assigned.sizes)
    assert np.array_equal(assigned.model.centres, kept.model.centres)

    app.button(key="refit").click().run()
    assert not app.exception
    assert "nothing was fitted again" not in said(app)
    assert sum(sizes(app)) == sum(assigned.sizes)
    assert sizes(app) != list(assigned.sizes)


def test_a_saved_one_with_a_feature_that_todays_data_lacks_opens_without_it_and_says_so(workspace, monkeypatch):
    monkeypatch.setenv("TESSERA_HOME", str(workspace.root))
    version = write_shop(workspace, customers=SMALL)
    study, _ = prove(workspace.root, StudySettings(segments=4))
    body = freeze(study.customers, study.segmentation).replace("discount_share", "season_share")
    key = study.segmentation.settings.key.replace("discount_share", "season_share")
    now = datetime.now(UTC).isoformat()
    kept = SavedSegmentations(workspace, version.dataset_id).save("Autumn", key=key, body=body, created=now)
    app = opened(saved=kept.identity)
    assert not app.exception
    assert [plainly(one.value) for one in app.error] == []
    assert "Share of orders in peak season not in this data, so left out" in said(app)
    assert "Based on Autumn" in said(app).replace("**", "")
    assert len(names(app)) == 4
