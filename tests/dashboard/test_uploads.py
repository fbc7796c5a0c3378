"""Uploads on their way to disk: whole or not at all, however their bytes come, and only from a page of ours."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from dashboard.serving.uploads import Gone, Refused, StreamedUploads, _save, claimed, receipt_for

BOUNDARY = "----tessera-boundary"
HEADERS = Headers({"content-type": f"multipart/form-data; boundary={BOUNDARY}"})
HEAD = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'.encode()
END = f"\r\n--{BOUNDARY}--\r\n".encode()
CONTENT = b"a,b\r\n1,2\r\n--" + BOUNDARY[:-1].encode() + b"\r\n\r\n--\r\n\x00\xff"
"""Holds what looks like the end and is not."""


def arriving(body: bytes, size: int, *, gone: bool = False) -> Receive:
    """The body in pieces of a size; `gone` says that the browser leaves before the last one."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)]

    async def receive() -> Message:
        if gone and len(pieces) == 1:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": pieces.pop(0), "more_body": len(pieces) > 0}

    return receive


@pytest.mark.parametrize("size", [*range(1, 40), 10_000])
def test_a_file_arrives_whole_however_its_bytes_are_cut(tmp_path: Path, size: int) -> None:
    part = asyncio.run(_save(HEADERS, arriving(HEAD + CONTENT + END, size), tmp_path / "file"))
    assert (tmp_path / "file").read_bytes() == CONTENT
    assert part.with_content(b"receipt") == HEAD + b"receipt" + END


def test_a_large_file_arrives_whole_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    content = bytes(range(256)) * 20_000 + CONTENT
    asyncio.run(_save(HEADERS, arriving(HEAD + content + END, 65_521), tmp_path / "file"))
    assert (tmp_path / "file").read_bytes() == content
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("body", [HEAD + CONTENT, HEAD, HEAD[:20], HEAD + CONTENT + END[:10]])
def test_a_body_that_ends_too_early_is_refused(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(Refused):
        asyncio.run(_save(HEADERS, arriving(body, 7), tmp_path / "file"))


def test_a_body_without_a_boundary_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        asyncio.run(_save(Headers({"content-type": "text/csv"}), arriving(CONTENT, 7), tmp_path / "file"))


def test_a_browser_that_leaves_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(Gone):
        asyncio.run(_save(HEADERS, arriving(HEAD + CONTENT + END, 16, gone=True), tmp_path / "file"))


def answer(folder: Path, scope: Scope) -> list[Message]:
    """What the server would send; the app behind the door must not be reached."""
    sent: list[Message] = []

    async def behind(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("an upload came through that should have been refused")

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(StreamedUploads(behind, lambda: folder)(scope, arriving(HEAD + CONTENT + END, 64), send))
    return sent


def test_an_upload_without_the_pages_token_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    scope = {
        "type": "http", "method": "PUT", "path": "/_stcore/upload_file/session/file",
        "headers": [(b"content-type", HEADERS["content-type"].encode()), (b"x-xsrftoken", b"2|aa|bb|1")],
    }  # fmt: skip
    assert answer(tmp_path, scope)[0]["status"] == 403
    assert list(tmp_path.iterdir()) == []


def test_a_receipt_stands_for_its_file_and_nobody_can_write_one(tmp_path: Path) -> None:
    file = tmp_path / f"upload-{'0' * 32}"
    receipt = receipt_for(file)
    assert claimed(receipt, tmp_path) == file
    forged = b"tessera-upload " + b"0" * 32 + b" upload-" + b"0" * 32
    for data in (forged, receipt + b"\n", b"a,b\n1,2\n", b"", receipt.replace(b"upload-", b"../load-")):
        assert claimed(data, tmp_path) is None
