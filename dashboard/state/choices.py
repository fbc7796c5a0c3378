"""What one visitor's session holds: the door to `st.session_state` and to the URL, and the colours of the theme."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import streamlit as st

from dashboard import problems
from dashboard.palette import Palette
from dashboard.palette import palette as theme_palette
from dashboard.state import links
from segmentation.errors import TesseraError

Kept = TypeVar("Kept")


def recall(key: str, default: Kept) -> Kept:
    """What this visitor's screen kept under `key`."""
    return st.session_state.get(f"kept_{key}", default)


def keep(key: str, value: object) -> None:
    """Keep a value for this visitor until the session ends."""
    st.session_state[f"kept_{key}"] = value


def forget(key: str) -> None:
    """Drop what was kept under `key`."""
    st.session_state.pop(f"kept_{key}", None)


def put(key: str, value: object) -> None:
    """Set the widget `key` to a value; call it before the widget is drawn, or as a callback."""
    st.session_state[key] = value


def take(key: str) -> object:
    """The value of `key`, which is gone afterwards; None where there is none."""
    return st.session_state.pop(key, None)


def reset(key: str) -> None:
    """Forget what `key` says, here and in the URL; for a widget `unmove` is meant."""
    st.session_state.pop(key, None)
    write_url(key, "")


def unmove(key: str) -> None:
    """Put the widget `key` where `follow` would: it counts as untouched, and takes itself out of the URL."""
    usual = recall(f"usual_{key}", None)
    if usual is None:
        st.session_state.pop(key, None)
    else:
        st.session_state[key] = usual


def write_url(key: str, value: str | list[str]) -> None:
    """Let the URL say this; an empty value is taken out."""
    if not value:
        st.query_params.pop(key, None)
    elif st.query_params.get_all(key) != (value if isinstance(value, list) else [value]):
        st.query_params[key] = value


def in_url(key: str) -> tuple[str, ...]:
    """What the URL says of `key`."""
    return tuple(st.query_params.get_all(key))


def holds(key: str) -> bool:
    """Whether this session has a value for `key`."""
    return key in st.session_state


def recall_choices(key: str) -> list[str]:
    """What the multiple choice `key` stands at, drawn or not."""
    return list(st.session_state.get(key) or [])


def recall_widget(key: str, allowed: Sequence[str]) -> str | None:
    """What the dropdown `key` stands at, if it is one of the allowed texts."""
    value = st.session_state.get(key)
    return value if value in allowed else None


def recall_value(key: str, default: Kept) -> Kept:
    """What the widget `key` stands at, also inside its own callback; `default` where it was never drawn."""
    return st.session_state.get(key, default)


def recall_all(starts: tuple[str, ...], names: tuple[str, ...]) -> dict[str, object]:
    """What the widgets of these names, and those whose keys start so, stand at."""
    keys = sorted(str(key) for key in st.session_state)
    return {key: st.session_state[key] for key in keys if key in names or key.startswith(starts)}


def follow(key: str, usual: object, *, low: int | None = None, high: int | None = None) -> None:
    """Give the widget `key` a usual value that may change: until the visitor moves it, the widget moves along.

    Give the widget the same value as its default: a link leaves the default out, and only that.
    A number beyond `low` or `high`, from a link or because the ends have moved, is brought back inside.
    """
    before = recall(f"usual_{key}", None)
    now = st.session_state.get(key) if key in links.KEYS else asked(key)  # a link's settings are adopted, if valid
    if now is None or (before is not None and st.session_state.get(key) == before != usual):
        st.session_state[key] = usual
    elif low is not None and high is not None and str(now).lstrip("-").isdigit():
        inside = min(max(int(now), low), high)
        if inside != int(now):
            st.session_state[key] = inside
    keep(f"usual_{key}", usual)


def follows(key: str) -> bool:
    """Whether the widget `key` still stands where `follow` put it."""
    usual = recall(f"usual_{key}", None)
    return usual is not None and st.session_state.get(key) == usual


def asked(key: str) -> str | int | float | None:
    """What a widget or the URL says, also on a screen that does not draw it; None where nobody said."""
    value = st.session_state.get(key)
    return st.query_params.get(key) if value is None else value


def asked_many(key: str) -> tuple[object, ...]:
    """The same for a key that may stand several times."""
    value = st.session_state.get(key)
    if value is None:
        return tuple(st.query_params.get_all(key))
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def palette() -> Palette:
    """The colours of the theme this visitor looks at."""
    return theme_palette(st.context.theme.type)


@contextmanager
def guard(*, stop: bool = True) -> Iterator[None]:
    """Inside this block an error of ours, or a full disk, becomes a sentence; the screen ends there unless `stop` is
    False."""
    try:
        yield
    except (TesseraError, OSError, sqlite3.Error) as error:
        problem = problems.ours(error)
        if problem is None:
            raise
        problems.show(problem)
        if stop:
            st.stop()
