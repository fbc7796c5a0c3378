"""What was read of the registry, read again only after the registry changed: a screen asks for the same many times."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TypeVar, cast

from segmentation.workspace.folder import Workspace

MOST = 256
Read = TypeVar("Read")
_held: OrderedDict[tuple[str, ...], tuple[object, object]] = OrderedDict()
_lock = Lock()


def unless_changed(workspace: Workspace, what: tuple[str, ...], read: Callable[[], Read]) -> Read:
    """What `read` gave under the key `what` before, where no file of the registry was written since; else what it gives
    now. Somebody else's change counts at once, also one by another process."""
    key, stamp = (str(workspace.root), *what), workspace.stamp()
    with _lock:
        before = _held.get(key)
    if before is not None and before[0] == stamp:
        return cast("Read", before[1])
    value = read()
    with _lock:
        _held[key] = (stamp, value)  # a change while it was read has another stamp
        _held.move_to_end(key)
        while len(_held) > MOST:
            _held.popitem(last=False)
    return value
