"""What a browser asks by HTTP: pages, files and uploads, with the cookies of one visitor."""

from __future__ import annotations

import asyncio
import http.client
import uuid
from http.cookies import SimpleCookie
from pathlib import Path

PATIENCE = 120.0
"""Seconds after which an answer is not waited for any more."""
XSRF = "_streamlit_xsrf"
CLICK = {"Accept": "text/html,*/*;q=0.8", "Sec-Fetch-Mode": "navigate"}
"""What a browser sends when somebody clicks on a link, and a script does not."""
_PIECE = 1024 * 1024


class Failed(Exception):
    """The server gave an error, no answer, or another one than was asked for."""


class Browser:
    """The cookies of one visitor, and what is fetched with them from `host` (name and port)."""

    def __init__(self, host: str) -> None:
        self.host = host
        self._cookies: dict[str, str] = {}

    @property
    def cookie(self) -> str:
        """The Cookie header."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    @property
    def token(self) -> str:
        """What says that a request comes from the server's own page."""
        return self._cookies[XSRF]

    async def get(self, path: str, **headers: str) -> bytes:
        """What the server has at this address."""
        return await asyncio.to_thread(self._get, path, headers)

    async def put(self, url: str, path: Path, name: str) -> None:
        """Upload a file under this name."""
        await asyncio.to_thread(self._put, url, path, name)

    def _get(self, path: str, headers: dict[str, str]) -> bytes:
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers={"Cookie": self.cookie, **headers})
            answer = connection.getresponse()
            content = answer.read()
            for line in answer.headers.get_all("set-cookie", []):
                self._cookies |= {one: morsel.value for one, morsel in SimpleCookie(line).items()}
        except OSError as problem:
            raise Failed(f"No answer for {path}: {problem}") from problem
        finally:
            connection.close()
        if answer.status >= 400:
            raise Failed(f"HTTP {answer.status} for {path}")
        return content

    def _put(self, url: str, path: Path, name: str) -> None:
        mark = uuid.uuid4().hex
        part = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
        head, tail = f"--{mark}\r\n{part}".encode(), f"\r\n--{mark}--\r\n".encode()
        headers = {
            "Cookie": self.cookie,
            "Origin": f"http://{self.host}",
            "X-Xsrftoken": self.token,
            "Content-Type": f"multipart/form-data; boundary={mark}",
            "Content-Length": str(len(head) + path.stat().st_size + len(tail)),
        }
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        try:
            connection.putrequest("PUT", url)
            for header, value in headers.items():
                connection.putheader(header, value)
            connection.endheaders(head)
            with path.open("rb") as file:
                while piece := file.read(_PIECE):
                    connection.send(piece)
            connection.send(tail)
            answer = connection.getresponse()
            answer.read()
        except OSError as problem:
            raise Failed(f"The upload of {name} did not come to its end: {problem}") from problem
        finally:
            connection.close()
        if answer.status >= 400:
            raise Failed(f"HTTP {answer.status} for the upload of {name}")
