"""Uploads go to disk while they arrive: a file of any size never stands in the server's memory.

Streamlit's own uploader reads a whole file into memory. This stands before its route: it makes the same checks (the
session is active, the XSRF token is right), writes the file's bytes into the workspace, and hands Streamlit a receipt
in their place. The uploader on the page stays Streamlit's own, with its progress and its keyboard.
"""

from __future__ import annotations

import re
import secrets
import shutil
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.runtime import Runtime
from streamlit.web.server.server_util import is_xsrf_enabled
from streamlit.web.server.starlette.starlette_app_utils import validate_xsrf_token
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

from dashboard.serving.presence import PRESENCE, UPLOAD
from dashboard.serving.visitors import visitor_of
from segmentation import disk

_PATH = re.compile(r".*/_stcore/upload_file/(?P<session>[^/]+)/(?P<file>[^/]+)")
_BOUNDARY = re.compile(r'multipart/form-data;.*boundary="?(?P<boundary>[^";]+)"?', re.IGNORECASE)
_SECRET = secrets.token_hex(16)
"""Makes a receipt ours: no file that somebody uploads can pretend to be one."""
LONGEST_RECEIPT = 128
"""Bytes; a receipt is shorter."""
_MOST_HEADERS = 64 * 1024
_WRITE_AT_ONCE = 1024 * 1024
_SPARE_DISK = 1_000_000_000  # bytes of the disk that uploads leave free
_PRIVATE = 0o600
_DISK_FULL = "The disk is full"


def receipt_for(path: Path) -> bytes:
    """What stands for a file on disk in Streamlit's memory."""
    return f"tessera-upload {_SECRET} {path.name}".encode()


def claimed(data: bytes, folder: Path) -> Path | None:
    """The file a receipt stands for, None where the data is no receipt of ours."""
    match = re.fullmatch(rb"tessera-upload ([0-9a-f]{32}) (upload-[0-9a-f]{32})", data)
    if match is None or not secrets.compare_digest(match[1].decode(), _SECRET):
        return None
    return folder / match[2].decode()


class Refused(Exception):
    """An upload that is turned away, with the HTTP status that says so."""

    def __init__(self, status: int, why: str) -> None:
        self.status = status
        super().__init__(why)


class Gone(Exception):
    """The browser went away in the middle of an upload."""


class StreamedUploads:
    """The middleware. `folder` says where files are kept; it is asked when the first upload comes."""

    def __init__(self, app: ASGIApp, folder: Callable[[], Path]) -> None:
        self.app = app
        self.folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match = _PATH.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if match is None or scope["method"] != "PUT":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        path = self.folder() / f"{UPLOAD}{uuid.uuid4().hex}"
        try:
            check(headers, match["session"], path.parent)
            PRESENCE.owns(match["session"], visitor_of(headers), [path.name])
            part = await _save(headers, receive, path)
        except Refused as problem:
            path.unlink(missing_ok=True)
            await PlainTextResponse(str(problem), problem.status)(scope, receive, send)
            return
        except Gone:
            path.unlink(missing_ok=True)
            return
        except OSError as error:
            path.unlink(missing_ok=True)
            if not disk.is_full(error):
                raise
            await PlainTextResponse(_DISK_FULL, 507)(scope, receive, send)
            return
        body = part.with_content(receipt_for(path))
        await self.app(_with_length(scope, len(body)), _once(body), send)


def check(headers: Headers, session: str, folder: Path) -> None:
    """Raise Refused unless a session of this server uploads, by its own page, what may be kept."""
    cookies = SimpleCookie(headers.get("cookie", ""))
    cookie = cookies.get(XSRF_COOKIE_NAME)
    if is_xsrf_enabled() and not validate_xsrf_token(headers.get("x-xsrftoken"), cookie.value if cookie else None):
        raise Refused(403, "XSRF token missing or invalid")
    if not Runtime.exists() or not Runtime.instance().is_active_session(session):
        raise Refused(400, "Invalid session")
    length = headers.get("content-length", "0")
    if not length.isdigit():
        raise Refused(400, "Invalid Content-Length header")
    if int(length) > _largest():
        raise Refused(413, "File too large")
    if shutil.disk_usage(folder).free - int(length) < _SPARE_DISK:
        raise Refused(507, _DISK_FULL)


def _largest() -> int:
    return int(config.get_option("server.maxUploadSize")) * 1024 * 1024 + _MOST_HEADERS


@dataclass
class _Part:
    """The one part of a multipart body: its headers and the boundary, as they came, and what has come of it."""

    boundary: bytes
    head: bytes = b""
    rest: bytearray = field(default_factory=bytearray)

    def with_content(self, content: bytes) -> bytes:
        """The same body around another content."""
        return self.head + content + b"\r\n--" + self.boundary + b"--\r\n"


async def _save(headers: Headers, receive: Receive, path: Path) -> _Part:
    """Write the content of the body's first part to `path`; what follows its end is left away."""
    match = _BOUNDARY.fullmatch(headers.get("content-type", ""))
    if match is None:
        raise Refused(400, "Expected one file")
    part = _Part(match["boundary"].encode("latin-1"))
    end = b"\r\n--" + part.boundary
    body = _body(receive)
    waiting = await _head(part, body)
    with path.open("wb") as file:
        path.chmod(_PRIVATE)
        async for chunk in body:
            waiting += chunk
            if end in waiting:
                break
            if len(waiting) > _WRITE_AT_ONCE:
                ready, waiting = waiting[: -len(end)], waiting[-len(end) :]
                await run_in_threadpool(file.write, ready)
        content, found, _ = waiting.partition(end)
        if not found:
            raise Refused(400, "The file did not arrive whole")
        await run_in_threadpool(file.write, content)
        async for _ in body:  # the closing line
            pass
    return part


async def _head(part: _Part, body: AsyncIterator[bytes]) -> bytes:
    """Read the part's headers; returns what came of its content with them."""
    seen = b""
    async for chunk in body:
        seen += chunk
        head, blank, content = seen.partition(b"\r\n\r\n")
        if blank:
            part.head = head + blank
            return content if content else b""
        if len(seen) > _MOST_HEADERS:
            break
    raise Refused(400, "Expected one file")


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    """The pieces of a request's body; raises Gone when the browser leaves, Refused when it sends more than it may."""
    left = _largest()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        chunk = message.get("body", b"")
        left -= len(chunk)
        if left < 0:
            raise Refused(413, "File too large")
        yield chunk
        if not message.get("more_body", False):
            return


def _with_length(scope: Scope, length: int) -> Scope:
    kept = [(name, value) for name, value in scope["headers"] if name.lower() != b"content-length"]
    return {**scope, "headers": [*kept, (b"content-length", str(length).encode())]}


def _once(body: bytes) -> Receive:
    """A request that has this body and nothing more."""
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
