"""Damage on the screens: it is named, it stays where it is, and there is a way out."""

from __future__ import annotations

import sqlite3

import pytest

from segmentation.workspace import Draft, Workspace
from segmentation.workspace.checked import forget_digests
from tests.dashboard.shops import write_shop


@pytest.fixture
def damaged(workspace, shop):
    """A shop beside `shop` whose manifest is damaged."""
    version = write_shop(workspace, "Broken shop", customers=20, seed=2)
    (version.folder / "manifest.json").write_text("{")
    return version


def second_version(workspace: Workspace, version) -> Draft:
    """The same shop once more, as its second version."""
    with workspace.draft(version.name) as draft:
        for part in ("lines", "contacts"):
            for file in version.files(part):
                (draft.folder / part / f"again-{file.name}").write_bytes(file.read_bytes())
        return draft.publish(version.manifest)


def test_a_damaged_shop_is_named_and_the_others_are_shown(screen, damaged):
    app = screen("overview")
    assert not app.exception
    assert app.sidebar.selectbox[0].options == ["Shop"]
    assert "Broken shop" in app.sidebar.warning[0].value


def test_a_damaged_shop_can_be_deleted(screen, workspace, damaged):
    app = screen("import_data")
    assert any("manifest.json" in problem.value.replace("\\", "") for problem in app.error)
    app.button(key=f"delete_{damaged.dataset_id}").click().run()
    assert not app.exception
    assert workspace.broken() == ()
    assert [one.name for one in workspace.datasets()] == ["Shop"]
    assert not app.sidebar.warning


def test_a_shop_that_lost_a_file_goes_back_to_its_earlier_version(screen, workspace, shop):
    second_version(workspace, shop).lines[0].unlink()
    app = screen("import_data")
    app.button(key=f"use_version_{shop.dataset_id}").click().run()
    assert not app.exception
    assert workspace.latest("Shop").number == 1
    assert not app.error


def test_a_damaged_earlier_version_is_left_out_of_those_to_choose(screen, workspace, shop):
    second_version(workspace, shop)
    (shop.folder / "manifest.json").unlink()
    app = screen("import_data")
    assert not app.exception
    assert any("version 1" in caption.value for caption in app.caption)
    assert workspace.latest("Shop").number == 2


def test_changed_content_is_a_sentence_on_the_screen_that_reads_it(screen, shop):
    file = shop.lines[0]
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    forget_digests()
    app = screen("overview")
    assert not app.exception
    assert any("Version 1 of “Shop” is damaged" in problem.value for problem in app.error)


@pytest.mark.parametrize("loss", ["gone", "emptied", "overwritten"])
def test_a_lost_list_of_shops_is_made_anew_by_a_button(screen, workspace, shop, loss):
    for file in workspace.root.glob("registry.sqlite*"):
        file.unlink()
    if loss != "gone":
        (workspace.root / "registry.sqlite").write_bytes(b"" if loss == "emptied" else b"no database" * 999)
    app = screen("overview")
    assert not app.exception
    assert any("1 shop" in text.value for text in app.markdown)
    app.button(key="rebuild").click().run()
    assert not app.exception
    assert "1 shop" in app.success[0].value
    assert [one.name for one in workspace.datasets()] == ["Shop"]


def test_a_list_that_was_never_there_asks_nothing(screen, workspace):
    with sqlite3.connect(workspace.root / "registry.sqlite") as registry:
        assert registry.execute("SELECT count(*) FROM datasets").fetchone() == (0,)
    app = screen("overview")
    assert not [button for button in app.button if button.key == "rebuild"]


def test_a_file_that_was_cut_while_the_server_runs_is_named_to_the_next_visitor(screen, workspace, shop):
    other = write_shop(workspace, "Other shop", customers=20, seed=2)
    app = screen("overview")
    assert not app.sidebar.warning
    other.lines[0].write_bytes(other.lines[0].read_bytes()[:-1])
    app = screen("overview")
    assert not app.exception
    assert "Other shop" in app.sidebar.warning[0].value


def test_a_version_whose_content_was_changed_is_refused_where_it_is_chosen(screen, workspace, shop):
    second_version(workspace, shop).lines[0].unlink()
    file = shop.lines[0]
    app = screen("import_data")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    app.button(key=f"use_version_{shop.dataset_id}").click().run()
    assert not app.exception
    assert workspace.current_number("Shop") == 2
    assert any("check sum" in problem.value for problem in app.error)
