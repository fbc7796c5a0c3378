"""Files damaged in every way that a disk, a copy or a person damages them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from numpy.random import Generator

from segmentation.analysis import MEMORY
from segmentation.workspace.checked import forget_digests

Kind = Literal["flip", "cut", "empty", "gone"]
KINDS: tuple[Kind, ...] = ("flip", "cut", "empty", "gone")


def harm(file: Path, kind: Kind, rng: Generator) -> bytes:
    """Damage a file as a new process would find it: one bit, its end, all of its content, or the file. Returns what it
    held."""
    held = file.read_bytes()
    if kind == "gone":
        file.unlink()
    elif kind == "flip":
        bit = int(rng.integers(len(held) * 8))
        changed = bytearray(held)
        changed[bit // 8] ^= 1 << (bit % 8)
        file.write_bytes(changed)
    else:
        file.write_bytes(b"" if kind == "empty" else held[: int(rng.integers(1, len(held)))])
    as_a_new_process()
    return held


def mend(file: Path, held: bytes) -> None:
    """Put back what a file held."""
    file.write_bytes(held)
    as_a_new_process()


def as_a_new_process() -> None:
    """Know nothing of any file, as a process that has just started."""
    forget_digests()
    MEMORY.forget()
