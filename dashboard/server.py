"""The server's entry: the dashboard with response headers and an error handler around it.

`streamlit run dashboard/server.py` finds `app`; `serve()` starts the same from Python, wherever it is called.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import re
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import problems, words
from dashboard.parts import shop_news
from dashboard.serving.gate import OwnPagesOnly
from dashboard.serving.handing_out import HandsOut
from dashboard.serving.messages import remember_options
from dashboard.serving.offers import OFFERS
from dashboard.serving.sweeper import sweeping
from dashboard.serving.turns import keep_turns
from dashboard.serving.uploads import StreamedUploads
from dashboard.serving.visitors import VisitorCookie
from segmentation.errors import DiskFull, RegistryLost
from segmentation.segments.threads import stay_on_one_thread
from segmentation.workspace import Workspace

HERE = Path(__file__).resolve().parent

LOG = logging.getLogger("tessera.dashboard")

TURN = 0.0005
"""Seconds a thread may keep the interpreter while others want it, a tenth of what is usual. Whatever a script draws is
sent at once, which gives the interpreter away, and each time its turn has to come again before it goes on."""

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def content_policy() -> str:
    """The Content-Security-Policy under which Streamlit's own pages work and nobody else's scripts do.

    The one inline script of Streamlit's page is allowed by its hash; styles are set inline by its components.
    """
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in _INLINE_SCRIPT.findall(page)]
    scripts = " ".join(["'self'", "'wasm-unsafe-eval'", *(f"'sha256-{one}'" for one in hashes)])
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' data: blob:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SafeHeaders:
    """Adds the security headers to every HTTP response; streams pass through untouched."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    sent[name] = value
            await send(message)

        await self.app(scope, receive, send_with_headers)


def say_what_happened(problem: Exception) -> bool:
    """Show a sentence in place of the traceback, which goes to the log only."""
    if shop_news.failed():
        return True
    error = problems.ours(problem)
    if error is not None:
        problems.show(error)
        return True
    at = datetime.now(tz=UTC)
    LOG.error("A screen failed at %s", at.isoformat(timespec="seconds"), exc_info=problem)
    st.error(f"{words.UNEXPECTED} ({at:%d %b %Y, %H:%M:%S} UTC)", icon=":material/error:")
    return True


keep_turns()
remember_options()
stay_on_one_thread()
app = st.App(
    HERE / "app.py",
    middleware=[
        Middleware(
            SafeHeaders,
            headers={
                "Content-Security-Policy": content_policy(),
                "X-Frame-Options": "DENY",
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "same-origin",
                "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
            },
        ),
        Middleware(OwnPagesOnly),
        Middleware(VisitorCookie),
        Middleware(HandsOut, offers=OFFERS),
        Middleware(StreamedUploads, folder=lambda: Workspace.open().tmp),
    ],
    on_script_error=say_what_happened,
    lifespan=sweeping,
)


def serve(*, host: str = "127.0.0.1", port: int = 8501, workspace: Path | None = None, browser: bool = False) -> None:
    """Serve the dashboard on `host:port` until interrupted.

    The server works from the project folder, where its theme and settings are; a relative workspace is
    resolved against the caller's folder first.
    """
    home = workspace or Path(os.environ.get("TESSERA_HOME") or "workspace")
    os.environ["TESSERA_HOME"] = str(home.expanduser().resolve())
    sys.setswitchinterval(TURN)
    os.umask(0o077)  # what this server and its workers write is nobody else's
    with suppress(RegistryLost, DiskFull):  # the screens say so, and what can be done
        Workspace.open(home).sweep(now=time.time())
    os.chdir(HERE.parent)
    sys.argv = [str(HERE / "server.py")]
    app.run(config={"server.address": host, "server.port": port, "server.headless": not browser})
