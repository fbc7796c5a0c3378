"""What Streamlit works out anew for every message or run although it stays the same while the server runs is worked out
once."""

from __future__ import annotations

from functools import cache, lru_cache
from types import SimpleNamespace

from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session, forward_msg_cache

_theme_of = app_session._populate_theme_msg  # noqa: SLF001  (Streamlit offers no other place)


def remember_options() -> None:
    """Have the messages of this process do so: the smallest size that is cached, an option looked up for every message
    behind a lock that all scripts share; and the theme, which each run of a script reads from some hundred options."""
    forward_msg_cache.config = SimpleNamespace(get_option=lru_cache(maxsize=8)(config.get_option))  # type: ignore[assignment]
    _theme.cache_clear()
    app_session._populate_theme_msg = _add_theme  # noqa: SLF001


def _add_theme(msg: CustomThemeConfig, section: str = "theme") -> None:
    msg.MergeFrom(_theme(section))


@cache
def _theme(section: str) -> CustomThemeConfig:
    alone = CustomThemeConfig()
    _theme_of(alone, section)
    return alone
