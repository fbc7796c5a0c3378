"""What Streamlit looks up for every message and run is looked up once, and says the same."""

from __future__ import annotations

import pytest
from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.runtime import app_session, forward_msg_cache

from dashboard.serving import messages
from dashboard.serving.messages import remember_options


def test_messages_are_hashed_and_marked_as_before_without_the_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forward_msg_cache, "config", config)
    before = [_hashed(size) for size in (10, 100_000)]
    looked: list[str] = []
    option = config.get_option
    monkeypatch.setattr(config, "get_option", lambda key: (looked.append(key), option(key))[1])
    remember_options()
    assert [_hashed(size) for size in (10, 100_000, 100_000)] == [*before, before[-1]]
    assert looked == ["global.minCachedMessageSize"]


@pytest.mark.parametrize("section", ["theme", *(f"theme.{one.value}" for one in config.CustomThemeCategories)])
def test_the_theme_is_read_once_and_is_the_one_that_streamlit_reads(
    section: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forward_msg_cache, "config", config)
    monkeypatch.setattr(app_session, "_populate_theme_msg", messages._theme_of)
    options = {**config.get_options_for_section(section), "textColor": "#123456"}
    looked: list[str] = []
    monkeypatch.setattr(config, "get_options_for_section", lambda key: (looked.append(key), options)[1])
    expected = _themed(section)
    remember_options()
    assert [_themed(section), _themed(section)] == [expected, expected]
    assert expected.custom_theme.text_color == "#123456"
    assert looked == [section] * 2


def _themed(section: str) -> NewSession:
    message = NewSession()
    message.custom_theme.light.text_color = "#000001"
    app_session._populate_theme_msg(message.custom_theme, section)
    return message


def _hashed(size: int) -> tuple[str, bool]:
    message = ForwardMsg()
    message.delta.new_element.markdown.body = "a" * size
    forward_msg_cache.populate_hash_if_needed(message)
    return message.hash, message.metadata.cacheable
