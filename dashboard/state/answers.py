"""How a screen gets an answer of the analysis: what is known, what workers are asked for, what is worked out here.

state.analysis().clv()              the answer; nothing is begun
state.get(answer)                   the result now, with a word on what is being done meanwhile
state.workers_for(answer)           who can work it out; None where only this process can
state.ask(answer)                   the job that works it out, begun where it was not
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any, TypeVar

import streamlit as st

from dashboard.serving import workers
from dashboard.state import shop
from dashboard.state.one_run import once
from segmentation.analysis import Analysis, Answer
from segmentation.analysis.work import LOOK_AHEAD, REFRESH
from segmentation.errors import DiskFull
from segmentation.jobs import Job, Jobs

Result = TypeVar("Result")


def analysis() -> Analysis:
    """The shop that is looked at, on the day it is looked at."""
    return once("analysis", lambda: Analysis.of(shop.workspace(), shop.needed_version(), shop.as_of(), shop.engine()))


def get(answer: Answer[Any, Result]) -> Result:
    """The result, worked out here where it is not known."""
    result = answer.peek()
    if result is not None:
        return result
    with st.spinner(f"{answer.of.doing}…") if answer.of.doing else nullcontext():
        return answer.get()


def workers_for(answer: Answer[Any, Result]) -> Jobs | None:
    """The workers that can work it out; None where there are none, or the disk has no room for what they find."""
    jobs = workers.workers_of(str(shop.workspace().root), answer.of.lane or "models")
    job = None if jobs is None else answer.under_way(jobs)
    return None if job is not None and isinstance(job.error, DiskFull) else jobs


def ask(answer: Answer[Any, Result], *, again: bool = False) -> Job | None:
    """The work on it, begun where it was not; None where workers cannot do it."""
    jobs = workers.workers_of(str(shop.workspace().root), answer.of.lane or "models") if again else workers_for(answer)
    return None if jobs is None else answer.ask(jobs, again=again)


def obtained(answer: Answer[Any, Result]) -> Result | None:
    """The result where it is known, or only this process can work it out; None while workers are at it."""
    result = answer.peek()
    return get(answer) if result is None and workers_for(answer) is None else result


def wait(answer: Answer[Any, Result], seconds: float) -> Result | None:
    """The result, waited for so long where workers have to work it out."""
    result = obtained(answer)
    job = ask(answer) if result is None else None
    if job is not None:
        with st.spinner(f"{answer.of.doing}…"):
            job.wait(seconds)
        result = obtained(answer)
    return result


def look_ahead() -> None:
    """Have what proofs need worked out for a shop as soon as it is there, whichever screen is open; and, when nobody
    waits for anything, what is expected of its customers, if somebody wanted to know that of an older version."""
    version, root = shop.version(), str(shop.workspace().root)
    jobs = workers.workers_of(root, "models")
    if version is None or jobs is None:
        return
    place, asked = f"{version.dataset_id}/{version.number}", {"dataset": version.name, "number": version.number}
    if jobs.get(f"ahead/{place}") is None:
        jobs.submit(f"ahead/{place}", LOOK_AHEAD, root=root, **asked)
        jobs.submit(f"refresh/{place}", REFRESH, idly=True, root=root, **asked)
