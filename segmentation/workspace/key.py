"""The workspace's key for pseudonyms, made at first use."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from segmentation.errors import WorkspaceBroken
from segmentation.workspace.checked import write

_BYTES = 32


def pseudonym_key(folder: Path) -> bytes:
    """The key in `folder` (32 bytes, file mode 0600). Raises WorkspaceBroken where the file is damaged: another key
    would make a new customer of everybody."""
    path = folder / "pseudonyms.key"
    if not path.exists():
        made, draft = secrets.token_bytes(_BYTES), folder / f".{secrets.token_hex(8)}"
        write(draft, made + hashlib.sha256(made).digest())
        with suppress(FileExistsError):  # another process was first, and its key is the one
            os.link(draft, path)
        draft.unlink()
    key, check = (kept := path.read_bytes())[:_BYTES], kept[_BYTES:]
    if len(key) != _BYTES or check not in {b"", hashlib.sha256(key).digest()}:  # older keys have no check sum
        raise WorkspaceBroken(
            "The key for pseudonyms is damaged.",
            evidence=f"{path} is not as it was written.",
            next_step="Restore a backup; without it the same customers would count as new ones.",
        )
    return key
