"""Saved segmentations and kept lists: every version stays until somebody deletes it."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from segmentation.errors import WrongCall
from segmentation.workspace import SavedSegmentations, SegmentationNotFound, Workspace
from tests.segmentation.shops import line, store

LINES = [line("ann", "1", "2026-01-01", "5"), line("bob", "2", "2026-01-02", "6")]


def listed(*saved):
    """Saved segmentations as a list shows them: without their bodies."""
    return tuple(replace(one, body="") for one in saved)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "shelf")


@pytest.fixture
def shelf(workspace: Workspace) -> SavedSegmentations:
    return SavedSegmentations(workspace, store(workspace, LINES).dataset_id)


def save(shelf: SavedSegmentations, name: str = "Spring", created: str = "2026-11-01T10:00:00", note: str = ""):
    return shelf.save(name, key="kmeans-5", body="{}", created=created, note=note)


def test_what_was_saved_is_found_again_by_its_id(shelf: SavedSegmentations) -> None:
    saved = save(shelf, note="for the spring mailing")
    assert shelf.get(saved.identity) == saved
    assert (saved.number, saved.title, saved.note) == (1, "Spring", "for the spring mailing")


def test_the_same_name_again_is_the_next_version_and_overwrites_nothing(shelf: SavedSegmentations) -> None:
    first, second = save(shelf), save(shelf, "  Spring ")
    assert (second.number, second.title) == (2, "Spring (version 2)")
    assert shelf.get(first.identity) == first
    assert save(shelf, "Autumn").number == 1


def test_a_deleted_version_does_not_change_the_numbers_of_the_others(shelf: SavedSegmentations) -> None:
    first, second = save(shelf), save(shelf)
    shelf.delete(first.identity)
    assert shelf.all() == listed(second)
    assert save(shelf).number == 3


def test_the_newest_comes_first_also_within_one_second(shelf: SavedSegmentations) -> None:
    old = save(shelf, "a", created="2026-11-01T10:00:00")
    twins = [save(shelf, name, created="2026-11-02T10:00:00") for name in ("b", "c")]
    assert shelf.all() == listed(twins[1], twins[0], old)


def test_a_note_can_be_rewritten_and_is_cut_where_it_is_endless(shelf: SavedSegmentations) -> None:
    saved = save(shelf, note="first")
    assert shelf.annotate(saved.identity, "second").note == "second"
    assert shelf.get(saved.identity).key == saved.key
    assert len(shelf.annotate(saved.identity, "x" * 9_999).note) == 2_000


@pytest.mark.parametrize("name", ["", "   ", "\n\t", "\u200b"])
def test_a_name_without_a_visible_character_is_refused(shelf: SavedSegmentations, name: str) -> None:
    with pytest.raises(WrongCall, match="needs a name"):
        save(shelf, name)


def test_a_name_of_hostile_text_is_kept_on_one_short_line(shelf: SavedSegmentations) -> None:
    name = "'; DROP TABLE segmentations; --\n<b>" + "x" * 200
    saved = save(shelf, name)
    assert saved.name.isprintable()
    assert len(saved.name) <= 60
    assert shelf.get(saved.identity).name == saved.name


def test_an_unknown_id_is_an_error_with_a_next_step(shelf: SavedSegmentations) -> None:
    for ask in (shelf.get, shelf.delete, lambda identity: shelf.annotate(identity, "x")):
        with pytest.raises(SegmentationNotFound, match="no saved segmentation") as problem:
            ask("nope")
        assert problem.value.next_step


def test_datasets_do_not_see_each_others_shelves(workspace: Workspace, shelf: SavedSegmentations) -> None:
    saved = save(shelf)
    other = SavedSegmentations(workspace, store(workspace, LINES, name="Other").dataset_id)
    assert other.all() == ()
    assert save(other).number == 1
    with pytest.raises(SegmentationNotFound):
        other.delete(saved.identity)


def test_another_version_of_the_dataset_keeps_the_shelf(workspace: Workspace, shelf: SavedSegmentations) -> None:
    saved, kept = save(shelf), shelf.keep_list(pa.array(["ann"]))
    again = SavedSegmentations(workspace, store(workspace, LINES).dataset_id)
    assert again.all() == listed(saved)
    assert again.list_of(kept).to_pylist() == ["ann"]


# Lists --------------------------------------------------------------------------------------------------------


def test_the_same_customers_in_any_order_are_the_same_list(shelf: SavedSegmentations) -> None:
    first = shelf.keep_list(pa.array(["bob", "ann", "cem"]))
    assert shelf.keep_list(pa.array(["cem", "bob", "ann", "ann"])) == first
    assert shelf.keep_list(pa.array(["ann", "bob"])) != first
    assert shelf.list_of(first).to_pylist() == ["ann", "bob", "cem"]


def test_ids_that_only_look_alike_when_strung_together_are_other_lists(shelf: SavedSegmentations) -> None:
    assert shelf.keep_list(pa.array(["a", "bc"])) != shelf.keep_list(pa.array(["ab", "c"]))


def test_a_list_is_private_to_the_user_of_the_server(workspace: Workspace, shelf: SavedSegmentations) -> None:
    shelf.keep_list(pa.array(["ann"]))
    (folder,) = workspace.datasets_folder.glob("*/lists")
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("identity", ["0123456789abcdef", "", "../../secret", "."])
def test_a_list_that_is_not_kept_is_refused(shelf: SavedSegmentations, identity: str) -> None:
    with pytest.raises(WrongCall, match="not kept here"):
        shelf.list_of(identity)


def test_everything_on_the_shelf_goes_with_its_dataset(workspace: Workspace, shelf: SavedSegmentations) -> None:
    saved, kept = save(shelf), shelf.keep_list(pa.array(["ann"]))
    workspace.delete("Shop")
    assert shelf.all() == ()
    with pytest.raises(SegmentationNotFound):
        shelf.get(saved.identity)
    with pytest.raises(WrongCall):
        shelf.list_of(kept)
    assert list(workspace.datasets_folder.rglob("*.parquet")) == []
