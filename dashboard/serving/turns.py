"""A fragment that runs again waits until the run before it was told to the browser to its end.

Streamlit gives a fragment a runner of its own where the last one has ended, and from then on drops what the last one
said and the server had not passed on yet. On a busy server that is the end of a screen, and the word that the run is
over: the page then waits for nothing.

What is asked while one waits, waits behind it: a request carries the values of all controls, and an older one that came
later would undo a choice. A run of the whole screen draws every fragment anew, so those that nobody pressed give way.
"""

# ruff: noqa: SLF001 - Streamlit says nowhere else whether a run is over

from __future__ import annotations

from collections import deque
from functools import wraps
from weakref import WeakKeyDictionary

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

SOON = 0.02
"""Seconds until what waits is asked again."""

_waiting: WeakKeyDictionary[AppSession, deque[ClientState | None]] = WeakKeyDictionary()
"""What each session was asked and has not begun, in the order in which it was asked."""


def keep_turns() -> None:
    """Have every session of this process do so; asked for again, it changes nothing."""
    request = AppSession.request_rerun
    if hasattr(request, "__wrapped__"):
        return

    @wraps(request)
    def request_in_turn(session: AppSession, client_state: ClientState | None) -> None:
        waiting = _waiting.setdefault(session, deque())
        if not _is_fragment(client_state):
            pressed = [one for one in waiting if one is None or not one.is_auto_rerun]
            waiting.clear()
            waiting.extend(pressed)
        waiting.append(client_state)
        if len(waiting) == 1:
            next_of(session)

    def next_of(session: AppSession) -> None:
        waiting = _waiting[session]
        if waiting and _is_fragment(waiting[0]) and _is_ending(session):
            session._event_loop.call_later(SOON, next_of, session)
        elif waiting:
            asked = waiting.popleft()
            if waiting:  # planned before it is asked: whatever becomes of this one, the others have their turn
                session._event_loop.call_soon(next_of, session)
            request(session, asked)

    AppSession.request_rerun = request_in_turn  # type: ignore[method-assign]


def _is_fragment(asked: ClientState | None) -> bool:
    return asked is not None and bool(asked.fragment_id)


def _is_ending(session: AppSession) -> bool:
    """Whether the session's runner has ended, and the server has not passed on yet that it did."""
    runner = session._scriptrunner
    return runner is not None and runner._requests._state == ScriptRequestType.STOP
