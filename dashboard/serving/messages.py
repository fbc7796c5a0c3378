"""An option that Streamlit looks up for every message, behind a lock that all scripts share, is looked up once."""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace

from streamlit import config
from streamlit.runtime import forward_msg_cache


def remember_options() -> None:
    """Have the messages of this process do so: the smallest size that is cached does not change while it runs."""
    forward_msg_cache.config = SimpleNamespace(get_option=lru_cache(maxsize=8)(config.get_option))  # type: ignore[assignment]
