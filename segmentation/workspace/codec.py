"""Frozen values as JSON and back, by their own type hints.

Dataclasses, tuples, mappings, dates, optional values, `X | Unknown` and arrays are understood. `Unknown` is written as
`{"unknown": reason}`. An array is written as `{"array": place}`: its place in the list that the caller gives, which
keeps the arrays themselves.

Why our own: msgspec refuses a union of two dataclasses, which every `X | Unknown` is; cattrs asks for a hook for each
union, date and array; pydantic reads all but arrays, and costs every command and worker its import (0.2 s). A JSON
Schema follows from the same hints once there is somebody to read it.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping, MutableSequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import numpy as np
import numpy.typing as npt

from segmentation.estimates import Unknown

Kept = TypeVar("Kept")
Array = npt.NDArray[np.generic]
_UNKNOWN, _ARRAY = "unknown", "array"
_SCALARS: dict[Any, tuple[type, ...]] = {str: (), bool: (), int: (), float: (int,)}
"""What stands for itself, and what may stand in its place."""


def to_json(value: object, arrays: MutableSequence[Array] | None = None) -> Any:  # noqa: ANN401 - JSON
    """A value as JSON can hold it; its arrays are added to `arrays`. Raises TypeError for an array without a list."""
    if isinstance(value, np.ndarray):
        if arrays is None:
            raise TypeError("An array has no place in JSON alone.")
        arrays.append(value)
        return {_ARRAY: len(arrays) - 1}
    if isinstance(value, Unknown):
        return {_UNKNOWN: value.reason}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name), arrays) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_json(one, arrays) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [to_json(one, arrays) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _no_array(place: int) -> Array:
    raise ValueError(f"array {place} is not at hand")


def from_json(kind: type[Kept], data: Any, array: Callable[[int], Array] = _no_array) -> Kept:  # noqa: ANN401 - JSON
    """The value of type `kind` that `to_json` wrote; `array` gives the array at a place of the list.

    Raises ValueError, KeyError or TypeError where it is none, and what the value raises at its birth.
    """
    return typing.cast("Kept", _read(kind, data, array))


def _read(kind: Any, data: Any, array: Callable[[int], Array]) -> Any:  # noqa: ANN401 - JSON
    if kind in _SCALARS:
        return _of(kind, data, *_SCALARS[kind])
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return _read_either(get_args(kind), data, array)
    if origin is np.ndarray or kind is np.ndarray:
        return array(_of(int, _of(dict, data)[_ARRAY]))
    if origin is tuple:
        return _read_tuple(get_args(kind), _of(list, data), array)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: _read(get_args(kind)[1], part, array) for key, part in _of(dict, data).items()}
    if origin is Literal:
        if data not in get_args(kind):
            raise ValueError(f"{data!r} is none of {get_args(kind)}")
        return data
    if kind is Unknown:
        return Unknown(_of(str, _of(dict, data)[_UNKNOWN]))
    if is_dataclass(kind):
        hints = _hints(typing.cast("type", kind))
        parts = {name: _read(hints[name], part, array) for name, part in _of(dict, data).items()}
        return typing.cast("Any", kind)(**parts)
    if kind is date:
        return date.fromisoformat(_of(str, data))
    raise TypeError(f"{kind} is not read from JSON")


def _of(kind: type, data: Any, *also: type) -> Any:  # noqa: ANN401 - JSON
    """The data, which is of this very type (a bool is no int) or one of the others."""
    if type(data) not in {kind, *also}:
        raise TypeError(f"{type(data).__name__} where {kind.__name__} stands")
    return data


def _read_tuple(inner: tuple[Any, ...], data: list[Any], array: Callable[[int], Array]) -> tuple[Any, ...]:
    if inner[-1] is not Ellipsis:
        return tuple(_read(one, part, array) for one, part in zip(inner, data, strict=True))
    if inner[0] in _SCALARS and set(map(type, data)) <= {inner[0], *_SCALARS[inner[0]]}:
        return tuple(data)  # long lists of figures
    return tuple(_read(inner[0], part, array) for part in data)


def _read_either(kinds: tuple[Any, ...], data: Any, array: Callable[[int], Array]) -> Any:  # noqa: ANN401 - JSON
    if data is None and type(None) in kinds:
        return None
    others = [kind for kind in kinds if kind not in {Unknown, type(None)}]
    if Unknown in kinds and (not others or (isinstance(data, dict) and set(data) == {_UNKNOWN})):
        return _read(Unknown, data, array)
    return _read(others[0], data, array)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
