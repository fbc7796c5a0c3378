"""Every browser gets a cookie of its own with its first page, which no script can read and nobody else is given."""

from __future__ import annotations

import asyncio
import re

from dashboard.serving.visitors import COOKIE, VisitorCookie

FORM = re.compile(rf"{COOKIE}=([0-9a-f]{{64}}); Path=/; HttpOnly; SameSite=Lax(; Secure)?")


def asked(path: str, *, cookie: str = "", scheme: str = "http", method: str = "GET") -> dict[str, str]:
    """The headers of the answer."""
    found: list[dict] = []

    async def app(scope, receive, send) -> None:
        kind = b"text/html; charset=utf-8" if scope["path"] == "/" else b"text/javascript"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": b""})

    async def send(message) -> None:
        found.append(message)

    headers = [(b"cookie", cookie.encode())] if cookie else []
    scope = {"type": "http", "method": method, "path": path, "scheme": scheme, "headers": headers}
    asyncio.run(VisitorCookie(app)(scope, None, send))
    return {name.decode(): value.decode() for name, value in found[0]["headers"]}


def test_a_page_brings_a_cookie_and_nothing_else_does() -> None:
    page = asked("/")
    assert FORM.fullmatch(page["set-cookie"])
    assert page["cache-control"] == "no-store"
    assert "set-cookie" not in asked("/x.js")
    assert "set-cookie" not in asked("/", method="POST")


def test_a_browser_keeps_its_cookie_and_another_gets_another() -> None:
    mine, other = (FORM.fullmatch(asked("/")["set-cookie"]) for _ in range(2))
    assert mine is not None
    assert other is not None
    assert mine[1] != other[1]
    assert "set-cookie" not in asked("/", cookie=f"a=b; {COOKIE}={mine[1]}")


def test_a_made_up_cookie_is_replaced() -> None:
    assert FORM.fullmatch(asked("/", cookie=f"{COOKIE}=me")["set-cookie"])


def test_behind_https_the_cookie_never_travels_in_the_open() -> None:
    assert asked("/", scheme="https")["set-cookie"].endswith("; Secure")
    assert not asked("/")["set-cookie"].endswith("; Secure")
