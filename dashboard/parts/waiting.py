"""Waiting for a worker in the script run itself, with the progress where the result will stand.

A fragment could ask every half second instead and draw the page anew at the end. But what it asks carries the screen
it was drawn on, and a visitor who leaves for another screen just then would be taken back: one click in sixteen, on a
busy machine. Where a screen has nothing else to show, its script waits; any click ends that run, and the wait with it.
"""

from __future__ import annotations

from functools import partial
from typing import Any, TypeVar

import streamlit as st

from dashboard import problems, state, words
from dashboard.serving import visitors
from segmentation.analysis import Answer
from segmentation.jobs import JobFailed

Result = TypeVar("Result")
LOOK_SECONDS = 0.3

OFTEN, SELDOM = 1.5, 9.0
ASKED_A_SECOND = 10
"""How often a page asks how far work is that it goes on beside: where many pages are open, they all ask no more often
than this together, since each time is a run of its own, and then one page at least every `SELDOM` seconds."""


def pause() -> float:
    """Seconds after which a page asks again how far work is."""
    return min(max(OFTEN, visitors.open_pages() / ASKED_A_SECOND), SELDOM)


def until(answer: Answer[Any, Result], *, key: str) -> Result:
    """The result, waited for if need be. Where the work failed, the screen ends with a way to try again.

    On a server without workers there is no job; there it is worked out here.
    """
    place = st.empty()
    while (result := state.obtained(answer)) is None:
        job = state.ask(answer)
        if job is None:  # the disk had no room a moment ago
            continue
        if job.state in {"failed", "cancelled"}:
            problems.show(job.error or JobFailed(job.text))
            st.button("Try again", key=f"{key}_again", on_click=partial(state.ask, answer, again=True))
            st.stop()
        place.progress(job.progress, text=f"{answer.of.doing}: {words.plain(job.text)}")
        job.wait(LOOK_SECONDS)
    place.empty()
    return result
