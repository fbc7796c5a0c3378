"""A file on its way in: looked at, understood, and, where its bytes need it, rewritten as plain UTF-8 in `tmp/`."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from segmentation.engine.reading import TextSource
from segmentation.errors import WrongCall
from segmentation.files.dialect import SPACES, Layout, sniff
from segmentation.files.sample import Sample, take
from segmentation.files.survey import transcode

Stopped = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Opened:
    """A text file that can be read: `path` is UTF-8, the file itself or a rewritten copy of it."""

    original: Path
    name: str
    path: Path
    layout: Layout
    ascii_sample: bool

    @property
    def source(self) -> TextSource:
        """The file as a table of text."""
        dialect = self.layout.dialect
        return TextSource(
            path=self.path,
            width=len(self.layout.headers),
            separator="\t" if dialect.separator == SPACES else dialect.separator,
            quote=dialect.quote,
            header=dialect.header,
            skip=dialect.skip,
        )

    @property
    def first_line(self) -> int:
        """The physical line (from 1) where the rows may start."""
        return 1 + self.layout.dialect.skip + self.layout.dialect.header

    @property
    def rewritten(self) -> bool:
        return self.path != self.original


def look(path: Path, name: str | None = None) -> tuple[Sample, Layout]:
    """The sample of a file and its layout, without reading the whole of it."""
    if not path.is_file():
        raise WrongCall(f"There is no file {path}.")
    sample = take(path, name or path.name)
    return sample, sniff(sample)


def open_text(path: Path, name: str, folder: Path, stopped: Stopped) -> Opened:
    """Understand the file, rewriting it into `folder` where the engine could not read its bytes."""
    sample, layout = look(path, name)
    opened = Opened(path.resolve(), name, path.resolve(), layout, sample.head.isascii())
    return opened if layout.dialect.plain else rewritten(opened, layout.dialect.encoding, folder, stopped)


def rewritten(opened: Opened, encoding: str, folder: Path, stopped: Stopped) -> Opened:
    """The same file as UTF-8 without NULs, in `folder`."""
    target = folder / f"text-{uuid.uuid4().hex}"
    spaces = opened.layout.dialect.separator == SPACES
    transcode(opened.original, target, encoding, join_spaces=spaces, stopped=stopped)
    return replace(opened, path=target)
