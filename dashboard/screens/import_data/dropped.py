"""A dropped file on disk: under a name of its own in `tmp/`. What it was called is text and never a path."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from dashboard import state
from dashboard.screens.import_data.upload import Upload
from dashboard.serving import uploads, visitors
from dashboard.serving.presence import UPLOAD
from segmentation.workspace import IMPORTED, name_of_file


def keep(content: BinaryIO, name: str) -> Upload:
    """The file on disk: where its bytes went while they arrived, else written now."""
    folder = state.workspace().tmp
    data = content.read(uploads.LONGEST_RECEIPT)
    path = uploads.claimed(data, folder)
    if path is None:
        path = folder / f"{UPLOAD}{uuid.uuid4().hex}"
        visitors.owns([path.name])
        content.seek(0)
        try:
            with path.open("wb") as target:
                shutil.copyfileobj(content, target, 1024 * 1024)
        except OSError:
            path.unlink(missing_ok=True)  # half of a file is nobody's
            raise
        path.chmod(0o600)
    return Upload(path, shown(name), path.stat().st_size)


def shown(name: str) -> str:
    """A file's name without folders and line breaks, cut to a readable length."""
    return " ".join(name.replace("\\", "/").rsplit("/", 1)[-1].split())[:120] or "export"


def shop_name_for(file: str) -> str:
    """What a shop is called unless somebody says otherwise: its file's name."""
    stem = Path(file).stem.removesuffix(".csv")
    return name_of_file(stem.replace("_", " ").replace("-", " "))


def waiting_again(upload: Upload) -> Upload:
    """A file that was imported already is no longer its shop's, which may be replaced with it."""
    if not upload.path.name.startswith(IMPORTED):
        return upload
    return replace(upload, path=upload.path.rename(upload.path.with_name(f"{UPLOAD}{uuid.uuid4().hex}")))
