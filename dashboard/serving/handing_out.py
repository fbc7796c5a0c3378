"""The way of a downloaded file: it is made when a click asks for it, and handed to the browser it was offered to.

Streamlit's page asks for a file's address once by itself, to see whether it is there: that makes nothing.
"""

from __future__ import annotations

import mimetypes
import re
import sqlite3
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.serving.offers import Offer, Offers
from dashboard.serving.visitors import visitor_of
from segmentation.errors import TesseraError
from segmentation.formats import for_terminal

RECEIPT = "application/x-tessera-receipt"
"""The media type of what Streamlit keeps in place of a file."""
_SUFFIX = ".tessera"
_PATH = re.compile(rf".*/media/([0-9a-f]+{re.escape(_SUFFIX)})")
_ASCII = re.compile(r"[^\w.-]+", re.ASCII)
NOT_MADE = "not-downloaded.txt"
"""What is handed out where a file cannot be made: it says why. A browser shows nothing of a download that fails."""
NOT_OFFERED = "This file is not offered here any more. Open the screen again and press its button once more."

mimetypes.add_type(RECEIPT, _SUFFIX)


class HandsOut:
    """The middleware that answers for what is offered, before Streamlit's own files are asked."""

    def __init__(self, app: ASGIApp, offers: Offers) -> None:
        self.app = app
        self.offers = offers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match = _PATH.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if match is None or scope["method"] not in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        offer = self.offers.get(match[1], visitor_of(headers))
        if offer is None:
            answer: Response = PlainTextResponse(NOT_OFFERED, 404)
        elif scope["method"] == "HEAD" or only_looks(headers):
            answer = Response(status_code=204)
        else:
            answer = await run_in_threadpool(_made, offer)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        await answer(scope, receive, send)


def only_looks(headers: Headers) -> bool:
    """Whether a script of the page asks, and not a click. Over plain HTTP a browser says less: then a script is who
    takes anything, in these very letters; a click asks for a page, or does not say."""
    mode = headers.get("sec-fetch-mode")
    return headers.get("accept") == "*/*" if mode is None else mode != "navigate"


def as_attachment(file_name: str) -> str:
    """The Content-Disposition for a file of this name; what is no plain letter is written out as RFC 5987 says."""
    plain = _ASCII.sub("-", file_name) or "download"
    told = f'attachment; filename="{plain}"'
    return told if plain == file_name else f"{told}; filename*=UTF-8''{quote(file_name, safe='')}"


def _made(offer: Offer) -> Response:
    """The file, or a file that says why there is none."""
    try:
        return Response(offer.make(), media_type=offer.mime, headers=_named(offer.file_name))
    except TesseraError as problem:
        why = str(problem)
    except (OSError, sqlite3.Error) as problem:
        said = getattr(problem, "strerror", None) or problem
        why = f"{offer.file_name} could not be made. The system says: {said}. Try again."
    return PlainTextResponse(for_terminal(why) + "\n", headers=_named(NOT_MADE))


def _named(file_name: str) -> dict[str, str]:
    return {"Content-Disposition": as_attachment(file_name)}
