"""Requests that another site's page, or a foreign name, sends to the server."""

from __future__ import annotations

import asyncio

import pytest
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from dashboard.serving.gate import OwnPagesOnly, host_allowed, origin_allowed

OWN = ["localhost", "127.0.0.1", "[::1]"]


@pytest.mark.parametrize(
    ("host", "allowed", "right"),
    [
        ("localhost:8501", OWN, True),
        ("LOCALHOST.", OWN, True),
        ("127.0.0.1:8501", OWN, True),
        ("[::1]:8501", OWN, True),
        ("evil.example", OWN, False),
        ("localhost.evil.example", OWN, False),
        ("127.0.0.1.evil.example:8501", OWN, False),
        ("user@localhost", OWN, False),
        ("localhost:no", OWN, False),
        ("localhost/x", OWN, False),
        ("", OWN, False),
        (None, OWN, False),
        ("shop.example.com", ["*.example.com"], True),
        ("example.com", ["*.example.com"], False),
        ("evil-example.com", ["*.example.com"], False),
        ("anything", ["*"], True),
        ("anything", [], True),
    ],
)
def test_only_names_of_this_server_are_answered(host: str | None, allowed: list[str], right: bool) -> None:
    assert host_allowed(host, allowed) is right


@pytest.mark.parametrize(
    ("host", "origin", "right"),
    [
        ("localhost:8501", "http://localhost:8501", True),
        ("localhost:8501", None, True),
        ("segments.example.com", "https://segments.example.com", True),
        ("segments.example.com:443", "https://segments.example.com", True),
        ("segments.example.com", "https://segments.example.com:8443", False),
        ("localhost:8501", "http://localhost:3000", False),
        ("localhost:8501", "http://127.0.0.1:8501", False),
        ("localhost:8501", "http://localhost", False),
        ("localhost:8501", "https://evil.example", False),
        ("localhost:8501", "null", False),
        ("localhost:8501", "", False),
        ("localhost:8501", "file://", False),
        ("localhost:8501", "http://localhost:8501@evil.example", False),
        ("localhost:8501", "https://partner.example", True),
    ],
)
def test_only_pages_of_this_server_open_sessions(host: str, origin: str | None, right: bool) -> None:
    headers = {"host": host} | ({} if origin is None else {"origin": origin})
    assert origin_allowed(Headers(headers), ["https://partner.example"]) is right


async def answering(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that says hello, whatever it is asked."""
    if scope["type"] == "http":
        await PlainTextResponse("hello")(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.accept"})


def asked(kind: str, method: str = "GET", **headers: str) -> list[Message]:
    """What the server sends when it is asked."""
    sent: list[Message] = []
    told = [(name.encode(), value.encode()) for name, value in ({"host": "localhost:8501"} | headers).items()]
    scope = {"type": kind, "method": method, "path": "/", "headers": told, "query_string": b"", "scheme": "http"}

    async def receive() -> Message:
        return {"type": "websocket.connect" if kind == "websocket" else "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(OwnPagesOnly(answering)(scope, receive, send))
    return sent


def test_a_foreign_name_gets_nothing() -> None:
    assert asked("http")[1]["body"] == b"hello"
    start, body = asked("http", host="evil.example")
    assert start["status"] == 403
    assert b"hello" not in body["body"]
    assert asked("websocket", host="evil.example")[0]["type"] == "websocket.close"


@pytest.mark.parametrize("origin", ["http://localhost:3000", "https://evil.example", "null"])
def test_another_sites_page_can_neither_post_nor_open_a_session(origin: str) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert asked("http", method, origin=origin)[0]["status"] == 403
    assert asked("http", "GET", origin=origin)[0]["status"] == 200
    assert asked("websocket", origin=origin)[0]["type"] == "websocket.close"


def test_our_own_pages_do_both() -> None:
    own = "http://localhost:8501"
    assert asked("http", "PUT", origin=own)[0]["status"] == 200
    assert asked("websocket", origin=own) == [{"type": "websocket.accept"}]
    assert asked("websocket") == [{"type": "websocket.accept"}]
