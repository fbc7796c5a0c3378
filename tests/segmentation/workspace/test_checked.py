"""Sealed files while others write, replace and remove them: read as they were written, or not there."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segmentation.workspace.checked import is_sound, keep_sealed, read_sealed, sealed_array, write_sealed


class Gone(type(Path())):  # type: ignore[misc]
    """A file that somebody removes just before its content is read."""

    def read_bytes(self) -> bytes:
        self.unlink()
        return bytes(super().read_bytes())


class Swapped(type(Path())):  # type: ignore[misc]
    """A file whose place another sound one takes after it was opened, once."""

    def open(self, *args: Any, **options: Any) -> Any:
        file = super().open(*args, **options)
        newer = Path(f"{self}.newer")
        if newer.exists():
            newer.replace(str(self))
        return file


def test_a_file_that_goes_between_two_looks_is_not_there(tmp_path: Path) -> None:
    write_sealed(tmp_path / "a.json", b"{}")
    assert read_sealed(tmp_path / "a.json") == b"{}"
    assert read_sealed(Gone(tmp_path / "a.json")) is None


def test_an_array_that_comes_and_goes_is_read_whole_or_is_not_there(tmp_path: Path) -> None:
    file, copy, over = tmp_path / "a.npy", tmp_path / "b.npy", threading.Event()
    write_sealed(file, lambda out: np.save(out, np.arange(3)))
    sealed = file.read_bytes()

    def come_and_go() -> None:
        while not over.wait(0.001):
            file.unlink(missing_ok=True)
            copy.write_bytes(sealed)
            copy.replace(file)

    found: list[npt.NDArray[np.generic] | None] = []
    other = threading.Thread(target=come_and_go)
    other.start()
    try:
        for _ in range(1_500):
            found.append(sealed_array(file))
            over.wait(0.0002)  # lets the other one go on
    finally:
        over.set()
        other.join()
    assert {None if one is None else tuple(one.tolist()) for one in found} <= {None, (0, 1, 2)}
    assert any(one is not None for one in found)


def test_a_file_that_is_replaced_while_it_is_looked_at_stays(tmp_path: Path) -> None:
    write_sealed(tmp_path / "a.json", b"older, and longer")
    write_sealed(tmp_path / "a.json.newer", b"newer")
    assert read_sealed(Swapped(tmp_path / "a.json")) == b"newer"
    assert (tmp_path / "a.json").exists()


def test_a_damaged_file_still_goes(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    write_sealed(file, b"content")
    file.write_bytes(file.read_bytes().replace(b"content", b"conTent"))
    assert not is_sound(file)
    assert not file.exists()
    file.write_bytes(b"short")
    assert read_sealed(file) is None
    assert not file.exists()


def sweep_once(folder: Path) -> Callable[[Any], object]:
    """Writes a content, and removes the folder it is written into the first time."""
    swept = []

    def fill(file: Any) -> object:
        if not swept:
            swept.append(folder)
            shutil.rmtree(folder)
        return file.write(b"content")

    return fill


def test_what_is_kept_is_kept_where_its_folder_is_swept_meanwhile(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    assert keep_sealed(folder / "a.json", sweep_once(folder), "It could not be kept.")
    assert read_sealed(folder / "a.json") == b"content"
    assert [file.name for file in folder.iterdir()] == ["a.json"]
