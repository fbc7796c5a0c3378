"""A fragment that runs again waits until the run before it was told to the browser to its end.

Streamlit gives a fragment a runner of its own where the last one has ended, and from then on drops what the last one
said and the server had not passed on yet. On a busy server that is the end of a screen, and the word that the run is
over: the page then waits for nothing.
"""

# ruff: noqa: SLF001 - Streamlit says nowhere else whether a run is over

from __future__ import annotations

from functools import wraps

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

SOON = 0.02
"""Seconds until a fragment asks again."""


def keep_turns() -> None:
    """Have every session of this process do so; asked for again, it changes nothing."""
    request = AppSession.request_rerun
    if hasattr(request, "__wrapped__"):
        return

    @wraps(request)
    def request_in_turn(session: AppSession, client_state: ClientState | None) -> None:
        if client_state is not None and client_state.fragment_id and _is_ending(session):
            session._event_loop.call_later(SOON, session.request_rerun, client_state)
        else:
            request(session, client_state)

    AppSession.request_rerun = request_in_turn  # type: ignore[method-assign]


def _is_ending(session: AppSession) -> bool:
    """Whether the session's runner has ended, and the server has not passed on yet that it did."""
    runner = session._scriptrunner
    return runner is not None and runner._requests._state == ScriptRequestType.STOP
