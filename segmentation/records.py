"""Frozen values as JSON and back, by their own type hints: how results are kept on disk between runs.

Dataclasses, tuples, mappings, dates, optional values and `X | Unknown` are understood; `Unknown` is written as
`{"unknown": reason}`. Arrays are not: they have files of their own.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin

from segmentation.estimates import Unknown

Kept = TypeVar("Kept")
_UNKNOWN = "unknown"


def told(value: object) -> Any:  # noqa: ANN401 - JSON
    """A value as JSON can hold it."""
    if isinstance(value, Unknown):
        return {_UNKNOWN: value.reason}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: told(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): told(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [told(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def read(kind: type[Kept], data: Any) -> Kept:  # noqa: ANN401 - JSON
    """The value of type `kind` that `told` wrote. Raises ValueError, KeyError or TypeError where it is none."""
    return typing.cast("Kept", _read(kind, data))


def _read(kind: Any, data: Any) -> Any:  # noqa: ANN401 - JSON
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return _read_either(get_args(kind), data)
    if origin is tuple:
        inner = get_args(kind)
        kinds = [inner[0]] * len(data) if inner[-1] is Ellipsis else inner
        return tuple(_read(one, part) for one, part in zip(kinds, data, strict=True))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: _read(get_args(kind)[1], part) for key, part in data.items()}
    if kind is Unknown:
        return Unknown(data[_UNKNOWN])
    if is_dataclass(kind):
        hints = _hints(typing.cast("type", kind))
        return typing.cast("Any", kind)(**{name: _read(hints[name], part) for name, part in data.items()})
    return date.fromisoformat(data) if kind is date else data


def _read_either(kinds: tuple[Any, ...], data: Any) -> Any:  # noqa: ANN401 - JSON
    if data is None and type(None) in kinds:
        return None
    others = [kind for kind in kinds if kind not in {Unknown, type(None)}]
    if Unknown in kinds and isinstance(data, dict) and set(data) == {_UNKNOWN}:
        return Unknown(data[_UNKNOWN])
    return _read(others[0], data) if others else data


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
