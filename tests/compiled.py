"""What numba compiled for the server of one test, kept for that of the next: a server that draws maps compiles UMAP in
every new workspace, which takes three times the work of a start that finds it compiled."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4


@contextmanager
def kept_compiled(workspace: Path, folder: Path) -> Iterator[None]:
    """Start with the fullest of what is kept in `folder`, and keep there what comes to be more.

    Numba takes nothing that was compiled from other sources, by another version or for another processor. What is kept
    is never changed, so that processes can share it.
    """
    own = workspace / "cache" / "numba"
    found = sorted(folder.glob(f"{_sources()}-*[0-9]"))
    if found and not own.exists():
        shutil.copytree(found[-1], own)
    yield
    here = sum(path.is_file() for path in own.rglob("*"))
    kept = folder / f"{_sources()}-{here:05d}"
    if here and not kept.exists():
        written = folder / f"{uuid4().hex}.part"
        shutil.copytree(own, written)
        try:
            written.rename(kept)
        except OSError:  # another process came first
            shutil.rmtree(written)


def _sources() -> str:
    """A name for the installed UMAP: another one is compiled anew."""
    found = find_spec("umap")
    assert found is not None
    assert found.origin is not None
    return f"umap-{Path(found.origin).stat().st_mtime_ns}"
