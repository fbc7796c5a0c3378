"""Who may ask: a browser that was sent to this server by its own name, from one of this server's own pages.

Another site's page, one on another port of this machine too, cannot open a session or post anything, and a foreign
name pointed at this machine gets nothing. Streamlit looks at sessions only, and asks an address outside for the
machine's own before it refuses; so a request is refused here first.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_POLICY_VIOLATION = 1008


class OwnPagesOnly:
    """Refuses requests for other hosts, and sessions and writing requests from other origins."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        reads = scope["type"] == "http" and scope["method"] in _READS
        why = ""
        if not host_allowed(headers.get("host"), st.get_option("server.allowedHosts")):
            why = "This server is not reached by that name. See server.allowedHosts in the documentation."
        elif not reads and not origin_allowed(headers, st.get_option("server.corsAllowedOrigins")):
            why = "This request comes from another site's page."
        if not why:
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(why, status_code=403)(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": why})


def host_allowed(host: str | None, allowed: Sequence[str]) -> bool:
    """Whether a Host header names this server: one of `allowed` (*.example.com: any below it); any where that is
    empty."""
    if not allowed:
        return True
    name = _host(f"//{host}" if host else "")[0]
    known = [one.strip().lower().rstrip(".").removeprefix("[").removesuffix("]") for one in allowed]
    return bool(name) and any(
        one == "*" or name == one or (one.startswith("*.") and name.endswith(one[1:])) for one in known
    )


def origin_allowed(headers: Headers, listed: Sequence[str]) -> bool:
    """Whether the page that asks is one of this server's: its origin is the host that is asked, or `listed`. Programs
    send no origin; browsers always do where it matters."""
    origin = headers.get("origin")
    if origin is None or origin in listed:
        return True
    scheme = urlsplit(origin).scheme if "://" in origin else ""
    asked, own = _host(origin, scheme), _host(f"//{headers.get('host', '')}", scheme)
    return bool(asked[0]) and asked == own


def _host(url: str, scheme: str = "") -> tuple[str, int | None]:
    """Name and port of an address; no name where it is none."""
    try:
        parts = urlsplit(url)
        name, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return "", None
    if parts.username is not None or parts.password is not None or parts.path.strip("/") or parts.query:
        return "", None
    return name, port or _PORTS.get(scheme)
