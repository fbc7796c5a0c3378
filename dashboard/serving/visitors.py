"""Which browser a session belongs to: a cookie that only the server reads. It says nothing of who the person is.

What a visitor has dropped and not imported yet is given back to the same browser after a reload, and to no other.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Iterable
from http.cookies import SimpleCookie

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.serving.presence import PRESENCE, Work

COOKIE = "tessera_visitor"
_TOKEN = re.compile(r"[0-9a-f]{64}")


class VisitorCookie:
    """Gives every browser that opens a page a cookie of its own, which lasts until the browser is closed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or _has_one(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    secure = "; Secure" if scope["scheme"] == "https" else ""
                    token = secrets.token_hex(32)
                    headers.append("set-cookie", f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax{secure}")
                    headers["cache-control"] = "no-store"  # a stored page would bring its cookie to somebody else
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def _has_one(headers: Headers) -> bool:
    return visitor_of(headers) is not None


def visitor_of(headers: Headers) -> str | None:
    """What tells the browser of a request from every other, None without a cookie; it does not lead back to it."""
    cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    return _told(cookie.value) if cookie is not None else None


def visitor() -> str | None:
    """What tells this visitor's browser from every other, None without a cookie."""
    return _told(str(st.context.cookies.get(COOKIE, "")))


def is_here() -> None:
    """Take note that this visitor has a page open."""
    context = get_script_run_ctx()
    if context is not None:
        PRESENCE.here(context.session_id, visitor())


def open_pages() -> int:
    """How many pages of this server are open: one at least."""
    return max(1, PRESENCE.pages(Runtime.instance().is_active_session)) if Runtime.exists() else 1


def owns(names: Iterable[str], needed: Callable[[], bool] = lambda: False) -> None:
    """Files in `tmp/` are this visitor's: they go with the visitor, but not while work under way needs them."""
    context = get_script_run_ctx()
    if context is not None:
        PRESENCE.owns(context.session_id, visitor(), names, needed)


def works(work: Work) -> None:
    """This work is of use to this visitor only, and ends when they have gone."""
    context = get_script_run_ctx()
    if context is not None:
        PRESENCE.works(context.session_id, visitor(), work)


def _told(token: str) -> str | None:
    return hashlib.sha256(token.encode()).hexdigest() if _TOKEN.fullmatch(token) else None
