"""The option that Streamlit looks up for every message is looked up once."""

from __future__ import annotations

import pytest
from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import forward_msg_cache

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


def _hashed(size: int) -> tuple[str, bool]:
    message = ForwardMsg()
    message.delta.new_element.markdown.body = "a" * size
    forward_msg_cache.populate_hash_if_needed(message)
    return message.hash, message.metadata.cacheable
