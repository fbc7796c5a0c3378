"""Waiting for a worker in the script run itself, with the progress where the result will stand.

A fragment could ask every half second instead and draw the page anew at the end. But what it asks carries the screen
it was drawn on, and a visitor who leaves for another screen just then would be taken back: one click in sixteen, on a
busy machine. Where a screen has nothing else to show, its script waits; any click ends that run, and the wait with it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol, TypeVar

import streamlit as st

from dashboard import problems, words
from dashboard.job import Job, JobFailed

Found = TypeVar("Found")
LOOK_SECONDS = 0.3


class Work(Protocol):
    """The job that works it out, begun where it was not; `again` after a failure."""

    def __call__(self, *, again: bool = False) -> Job | None: ...


def until(find: Callable[[], Found | None], work: Work, *, doing: str, key: str) -> Found:
    """What `find` finds, waited for if need be. Where the work failed, the screen ends with a way to try again.

    On a server without workers there is no job; there `find` works it out itself.
    """
    place = st.empty()
    while (found := find()) is None:
        job = work()
        assert job is not None
        if job.state in {"failed", "cancelled"}:
            problems.show(job.error or JobFailed(job.text))
            st.button("Try again", key=f"{key}_again", on_click=partial(work, again=True))
            st.stop()
        place.progress(job.progress, text=f"{doing}: {words.plain(job.text)}")
        job.wait(LOOK_SECONDS)
    place.empty()
    return found
