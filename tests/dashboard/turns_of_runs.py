"""A session of a page with a fragment, whose server has no time for what a run said until the fragment asks again.

Prints as JSON which runs were told to their end, "script" or "fragment", and what the last run saw in its address.
`python -m tests.dashboard.turns_of_runs kept` keeps turns, without `kept` it is Streamlit alone; `after` asks for a run
of the whole page right after the fragment's, whose address is newer.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime, RuntimeConfig
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.runtime import SessionClient

from dashboard.serving.turns import keep_turns

PAGE = """
from pathlib import Path

import streamlit as st

@st.fragment(run_every=1000)
def part():
    Path(__file__).with_name("seen").write_text(st.query_params.get("at", ""))

part()
st.write("end")
"""
ENDS = {ForwardMsg.FINISHED_SUCCESSFULLY: "script", ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY: "fragment"}


class _Page(SessionClient):
    def __init__(self) -> None:
        self.fragment, self.ended = "", []

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        if msg.WhichOneof("type") == "auto_rerun":
            self.fragment = msg.auto_rerun.fragment_id
        if msg.WhichOneof("type") == "script_finished":
            self.ended.append(ENDS[msg.script_finished])

    @property
    def client_context(self) -> None:
        return None


def _asked(fragment: str = "", *, at: str = "0") -> BackMsg:
    message = BackMsg()
    message.rerun_script.fragment_id = fragment
    message.rerun_script.query_string = f"at={at}"
    return message


async def _ended(folder: Path, *, after: bool) -> list[str]:
    path = folder / "page.py"
    path.write_text(PAGE, encoding="utf-8")
    runtime = Runtime(
        RuntimeConfig(
            script_path=str(path),
            media_file_storage=MemoryMediaFileStorage("/media"),
            uploaded_file_manager=MemoryUploadedFileManager("/uploads"),
        )
    )
    await runtime.start()
    page = _Page()
    session = runtime.connect_session(page, user_info={})
    runtime.handle_backmsg(session, _asked())
    while not page.ended:
        await asyncio.sleep(0.01)
    page.ended.clear()
    await asyncio.sleep(0.2)
    runtime.handle_backmsg(session, _asked())
    runner = runtime._session_mgr.get_active_session_info(session).session._scriptrunner
    runner._script_thread.join()  # the loop stands still, as on a busy server
    runtime.handle_backmsg(session, _asked(page.fragment, at="1"))
    if after:
        runtime.handle_backmsg(session, _asked(at="2"))
    await asyncio.sleep(1)
    return [*page.ended, (folder / "seen").read_text(encoding="utf-8")]


if __name__ == "__main__":
    if "kept" in sys.argv:
        keep_turns()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(asyncio.run(_ended(Path(folder), after="after" in sys.argv))))
