"""What a killed process left half written goes; what somebody writes, and what is not ours, stays."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from segmentation import drafts
from segmentation.exports import write_whole
from segmentation.leases import GRACE
from segmentation.workspace import Workspace
from segmentation.workspace.backup import backup
from segmentation.workspace.checked import write

NOW = 2_000_000_000.0
PLACES = (
    "tmp/look-1.json",
    "datasets/one/lists/a.json",
    "datasets/one/1/manifest.json",
    "cache/a/customers-b.c/raw.npy",
    "keys/erased.json",
    "registry.sqlite",
)
"""Files that are written by a draft, each in another folder."""


def half_written(path: Path, *, seconds_ago: float = GRACE + 1) -> Path:
    """A draft of this file as a kill leaves it."""
    draft = drafts.beside(path)
    draft.parent.mkdir(parents=True, exist_ok=True)
    draft.write_bytes(b"ada@example.com")
    os.utime(draft, (NOW - seconds_ago, NOW - seconds_ago))
    return draft


@pytest.mark.parametrize("place", PLACES)
def test_a_half_written_file_of_the_workspace_goes_with_the_next_sweep(tmp_path: Path, place: str) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    draft = half_written(workspace.root / place)
    workspace.sweep(now=NOW)
    assert not draft.exists()


@pytest.mark.parametrize("place", PLACES)
def test_what_somebody_writes_stays_however_long_it_takes(tmp_path: Path, place: str) -> None:
    draft = half_written(tmp_path / place, seconds_ago=10_000)
    with drafts.locked(draft):
        drafts.sweep(tmp_path, now=NOW, below=True)
        assert draft.exists()
    drafts.sweep(tmp_path, now=NOW, below=True)
    assert not draft.exists()


def test_a_draft_that_was_made_a_moment_ago_stays_until_it_can_be_locked(tmp_path: Path) -> None:
    draft = half_written(tmp_path / "a.csv", seconds_ago=GRACE - 1)
    drafts.sweep(tmp_path, now=NOW)
    assert draft.exists()


@pytest.mark.parametrize("name", ["scores.csv", "other.csv", "two\nlines.csv"])
def test_whoever_writes_a_file_removes_what_was_left_half_written_beside_it(tmp_path: Path, name: str) -> None:
    draft = half_written(tmp_path / name)
    os.utime(draft, (1_000_000_000, 1_000_000_000))
    write_whole(tmp_path / "scores.csv", b"one")
    assert [path.name for path in tmp_path.iterdir()] == ["scores.csv"]


@pytest.mark.parametrize("name", [".bashrc", ".mail.draft", ".a.0123456g.draft", "a.01234567.draft", ".0123abcd"])
def test_hidden_files_that_are_not_ours_stay(tmp_path: Path, name: str) -> None:
    other = tmp_path / name
    other.write_text("mine")
    os.utime(other, (0, 0))
    write_whole(tmp_path / "scores.csv", b"one")
    drafts.sweep(tmp_path, now=NOW, below=True)
    assert other.read_text() == "mine"


def test_a_backup_removes_what_an_earlier_one_left_half_written(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    draft = half_written(tmp_path / "shops.tar")
    os.utime(draft, (1_000_000_000, 1_000_000_000))
    backup(workspace, tmp_path / "other.tar", by="user:1", created="2026-11-27T10:00:00+00:00")
    assert not draft.exists()
    assert (tmp_path / "other.tar").exists()


def test_a_file_is_written_under_a_name_of_any_form(tmp_path: Path) -> None:
    for name in (".draft", "a" * 200, "ü.json"):
        write(tmp_path / name, b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted((".draft", "a" * 200, "ü.json"))
