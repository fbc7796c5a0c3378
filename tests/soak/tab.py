"""A browser's tab without a browser: it opens a page of the dashboard and speaks Streamlit's messages over a websocket.

It does what Streamlit's own page does: takes the cookies, names its origin, sends a widget's new state, keeps what is
drawn, follows fragments that run by themselves, and fetches files by the addresses that the server gives.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import websockets
from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from tests.soak import states
from tests.soak.fetching import CLICK, PATIENCE, Browser, Failed


@dataclass
class Heard:
    """What was said to a tab: the bytes of every message and file, and the run they are of, go through `search`."""

    search: Callable[[bytes, str], None]
    errors: list[str] = field(default_factory=list)
    messages: int = 0
    runs: int = 0


class _Drawn(NamedTuple):
    """An element or a block, the run that drew it, and the script: the frame's, or a screen's."""

    run: int
    script: str
    message: Message


class Tab:
    """One page that is open in a browser of its own."""

    def __init__(self, address: str, heard: Heard) -> None:
        self.browser, self.heard = Browser(urlsplit(address).netloc), heard
        self._drawn: dict[tuple[int, ...], _Drawn] = {}
        self.session, self.query, self.page, self.run, self._frame = "", "", "", "", ""
        self._states: dict[str, WidgetState] = {}
        self._number = 0
        self._stored: dict[str, bytes] = {}
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._replies: dict[str, asyncio.Future[Message]] = {}
        self._ended: asyncio.Future[None] | None = None
        self._began = False
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None

    # What a person does -----------------------------------------------------------------------------------------

    async def open(self, page: str, **query: str) -> float:
        """Open the dashboard at this page; seconds until it is drawn."""
        for path in (f"/{page}?{urlencode(query)}", "/_stcore/health", "/_stcore/host-config"):
            await self.browser.get(path)
        host = self.browser.host
        self._socket = await connect(
            f"ws://{host}/_stcore/stream",
            origin=websockets.Origin(f"http://{host}"),
            additional_headers={"Cookie": self.browser.cookie},
            subprotocols=[websockets.Subprotocol("streamlit"), websockets.Subprotocol(self.browser.token)],
            max_size=None,
        )
        self._reader = asyncio.create_task(self._read())
        self.query = urlencode(query)
        return await self._run(page_name=page)

    async def turn_to(self, page: str) -> float:
        """Click on another screen in the menu; seconds until it is drawn."""
        link = next((one for one in self._elements("page_link") if _name(one) == page), None)
        if link is None:
            raise Failed(f"The menu has no {page}")
        self.query = ""
        self._stop(list(self._timers))
        frame = {widget.id for widget, script in self._widgets_of_scripts() if script == self._frame}
        self._states = {name: one for name, one in self._states.items() if name in frame}
        return await self._run(page_script_hash=link.page_script_hash)

    async def change(self, key: str, value: object) -> float:
        """Move the widget of this key, or press it where the value is True; seconds until the screen is drawn anew."""
        return await self._run(widgets=[states.wanted(self.widget(key), value)])

    async def download(self, key: str) -> tuple[float, bytes]:
        """Press the download button of this key; seconds until the file is here, and the file."""
        button = self.widget(key)
        start = time.perf_counter()
        address = button.url
        if button.HasField("deferred_file_id"):
            message = BackMsg()
            request = message.backend_operation_request
            request.request_id, request.session_id = uuid.uuid4().hex, self.session
            request.deferred_file.file_id = button.deferred_file_id
            reply = await self._ask(request.request_id, message)
            if reply.error_msg:
                raise Failed(f"No file: {reply.error_msg}")
            address = reply.deferred_file.url
        content = await self.browser.get(address, **CLICK)
        self.heard.search(content, self.run)
        return time.perf_counter() - start, content

    async def drop(self, path: Path, name: str) -> float:
        """Drop a file on the screen's uploader; seconds until it has arrived and the screen is drawn anew."""
        start = time.perf_counter()
        uploader = next(iter(self._elements("file_uploader")), None)
        if uploader is None:
            raise Failed("There is no uploader on the screen")
        message = BackMsg()
        request = message.file_urls_request
        request.request_id, request.session_id = uuid.uuid4().hex, self.session
        request.file_names.append(name)
        reply = await self._ask(request.request_id, message)
        (urls,) = reply.file_urls
        await self.browser.put(urls.upload_url, path, name)
        state = WidgetState(id=uploader.id)
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.name, info.size, info.file_id = name, path.stat().st_size, urls.file_id
        info.file_urls.CopyFrom(urls)
        await self._run(widgets=[state])
        return time.perf_counter() - start

    async def close(self) -> None:
        """Close the page."""
        for timer in self._timers.values():
            timer.cancel()
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader
        if self._socket is not None:
            await self._socket.close()

    # What is on the screen --------------------------------------------------------------------------------------

    @property
    def screen(self) -> str:
        """Which screen is open, as it stands in the address."""
        return next((_name(one) for one in self._elements("page_link") if one.page_script_hash == self.page), "")

    def widget(self, key: str) -> Message:
        """The widget of this key."""
        for drawn in self._widgets():
            if drawn.id.endswith(f"-{key}"):
                return drawn
        raise Failed(f"There is no widget {key} on the screen")

    def has(self, key: str) -> bool:
        """Whether a widget of this key is on the screen."""
        return any(drawn.id.endswith(f"-{key}") for drawn in self._widgets())

    async def until(self, shown: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until the screen shows this, as it changes by itself."""
        end = time.perf_counter() + seconds
        while not shown():
            if time.perf_counter() > end or self.heard.errors:
                raise Failed(f"The screen did not come to it within {seconds:.0f} s. {' '.join(self.heard.errors)}")
            await asyncio.sleep(0.1)

    def texts(self) -> list[str]:
        """What stands on the screen as text."""
        bodies = [one.body for kind in ("markdown", "heading", "alert") for one in self._elements(kind)]
        return [body.replace("\\", "").replace("\u2060", "") for body in bodies]

    def _widgets(self) -> Iterable[Message]:
        return (widget for widget, _ in self._widgets_of_scripts())

    def _widgets_of_scripts(self) -> Iterator[tuple[Message, str]]:
        for drawn in self._drawn.values():
            kind = drawn.message.WhichOneof("type")
            inside = getattr(drawn.message, kind) if kind else None
            if getattr(inside, "id", ""):
                yield inside, drawn.script

    def _elements(self, kind: str) -> Iterable[Message]:
        drawn = [one.message for one in self._drawn.values()]
        return (getattr(one, kind) for one in drawn if one.WhichOneof("type") == kind)

    # The websocket ----------------------------------------------------------------------------------------------

    async def _run(
        self,
        *,
        widgets: Iterable[WidgetState] = (),
        page_name: str = "",
        page_script_hash: str = "",
    ) -> float:
        """Ask for a run of the script; seconds from there until it has ended."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_name = self.query, page_name
        asked.page_script_hash = page_script_hash or ("" if page_name else self.page)
        asked.widget_states.widgets.extend(self._kept_states(widgets))
        self._ended, self._began = asyncio.get_running_loop().create_future(), False
        start = time.perf_counter()
        await self._send(message)
        try:
            await asyncio.wait_for(self._ended, PATIENCE)
        except TimeoutError:
            raise Failed(f"No answer within {PATIENCE:.0f} s") from None
        return time.perf_counter() - start

    def _kept_states(self, changed: Iterable[WidgetState]) -> list[WidgetState]:
        """What all widgets on the screen stand at, with these changed."""
        new = {one.id: one for one in changed}
        self._states |= {one.id: one for one in new.values() if one.WhichOneof("value") != "trigger_value"}
        here = {one.id for one in self._widgets()}
        self._states = {name: one for name, one in self._states.items() if name in here}
        return [*new.values(), *(one for name, one in self._states.items() if name not in new)]

    async def _send(self, message: BackMsg) -> None:
        if message.WhichOneof("type") == "rerun_script":
            asked = message.rerun_script
            asked.cached_message_hashes.extend(self._stored)
            asked.context_info.timezone, asked.context_info.locale = "Europe/Vienna", "en-US"
            asked.context_info.url = f"http://{self.browser.host}/"
            asked.context_info.color_scheme = "light"
        assert self._socket is not None
        try:
            await self._socket.send(message.SerializeToString())
        except websockets.ConnectionClosed as gone:
            raise Failed(f"The server has hung up: {gone}") from gone

    async def _ask(self, request: str, message: BackMsg) -> Message:
        reply = self._replies[request] = asyncio.get_running_loop().create_future()
        await self._send(message)
        try:
            return await asyncio.wait_for(reply, PATIENCE)
        except TimeoutError:
            raise Failed(f"No reply within {PATIENCE:.0f} s") from None
        finally:
            del self._replies[request]

    async def _read(self) -> None:
        assert self._socket is not None
        try:
            async for payload in self._socket:
                assert isinstance(payload, bytes)
                self.heard.messages += 1
                message = ForwardMsg.FromString(payload)
                self.heard.search(payload, message.metadata.run.script_run_id)
                if message.WhichOneof("type") == "ref_hash":
                    metadata, message = message.metadata, ForwardMsg.FromString(self._stored[message.ref_hash])
                    message.metadata.CopyFrom(metadata)
                elif message.metadata.cacheable:
                    self._stored[message.hash] = payload
                self._take(message)
        except websockets.ConnectionClosed:
            pass
        self.heard.errors.append("The server has hung up")
        self._over(Failed("The server has hung up"))

    def _take(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "new_session":
                self._begin(message)
            case "delta":
                self._draw(tuple(message.metadata.delta_path), message)
            case "navigation":
                self.page = message.navigation.page_script_hash
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "auto_rerun":
                asked = message.auto_rerun
                self._stop([asked.fragment_id])
                self._timers[asked.fragment_id] = asyncio.create_task(
                    self._again(asked.fragment_id, asked.interval),
                )
            case "stop_auto_rerun":
                self._stop(message.stop_auto_rerun.fragment_ids)
            case "file_urls_response":
                self._reply(message.file_urls_response.response_id, message.file_urls_response)
            case "backend_operation_response":
                self._reply(message.backend_operation_response.request_id, message.backend_operation_response)
            case "script_finished":
                self._finish(message)
            case _:
                pass

    def _begin(self, message: ForwardMsg) -> None:
        begun = message.new_session
        self.session = begun.initialize.session_id or self.session
        if not message.metadata.run.fragment_ids:
            self._number += 1
            self.run, self._frame = message.metadata.run.script_run_id, begun.main_script_hash
            self._began, self.page = True, begun.page_script_hash
            self._stop(list(self._timers))

    def _draw(self, path: tuple[int, ...], message: ForwardMsg) -> None:
        kind, script = message.delta.WhichOneof("type"), message.metadata.active_script_hash
        if kind == "add_block":
            self._drawn[path] = _Drawn(self._number, script, message.delta.add_block)
        elif kind == "new_element":
            element = message.delta.new_element
            self._drawn[path] = _Drawn(self._number, script, element)
            self._note(element)
            if element.WhichOneof("type") == "exception":
                self.heard.errors.append(f"An exception on the screen: {element.exception.type}")
            elif element.WhichOneof("type") == "alert" and element.alert.format == element.alert.ERROR:
                self.heard.errors.append(f"An error on the screen: {element.alert.body}")

    def _note(self, element: Message) -> None:
        """Keep what a widget stands at, where it is new or the server has moved it."""
        kind = element.WhichOneof("type")
        widget = getattr(element, kind) if kind else None
        name = getattr(widget, "id", "")
        if name and (name not in self._states or getattr(widget, "set_value", False)):
            state = states.drawn(kind or "", widget)
            if state is not None:
                self._states[name] = state

    def _finish(self, message: ForwardMsg) -> None:
        self.heard.runs += 1
        how = message.script_finished
        if how == ForwardMsg.FINISHED_SUCCESSFULLY:  # until then a page shows what was there before
            self._drawn = {path: one for path, one in self._drawn.items() if one.run == self._number}
        if how == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self._over(Failed("The script could not be compiled"))
        elif how == ForwardMsg.FINISHED_SUCCESSFULLY and self._began:
            self._over()

    def _over(self, problem: Failed | None = None) -> None:
        if self._ended is None or self._ended.done():
            return
        if problem is None:
            self._ended.set_result(None)
        else:
            self._ended.set_exception(problem)

    def _reply(self, request: str, message: Message) -> None:
        if request in self._replies:
            self._replies[request].set_result(message)

    async def _again(self, fragment: str, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            message = BackMsg()
            asked = message.rerun_script
            asked.query_string, asked.page_script_hash = self.query, self.page
            asked.fragment_id, asked.is_auto_rerun = fragment, True
            with suppress(Failed):  # the reader has noted it
                await self._send(message)

    def _stop(self, fragments: Iterable[str]) -> None:
        for fragment in fragments:
            timer = self._timers.pop(fragment, None)
            if timer is not None:
                timer.cancel()


def _name(link: Message) -> str:
    return link.page.rsplit("/", 1)[-1]
