"""As long as the server runs: what visitors and ended work left behind goes, and so does work nobody waits for."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.concurrency import run_in_threadpool
from streamlit.runtime import Runtime

from dashboard.serving.offers import OFFERS
from dashboard.serving.presence import PRESENCE
from segmentation.errors import TesseraError
from segmentation.workspace import Workspace

EVERY = 15.0
"""Seconds between two sweeps."""
LOOK = 1.0
"""Seconds between two looks at who is still there."""
LOG = logging.getLogger("tessera.dashboard")


@asynccontextmanager
async def sweeping(_app: object) -> AsyncIterator[None]:
    """Sweep as long as the server runs."""
    task = asyncio.create_task(_now_and_then())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _now_and_then() -> None:
    swept = time.monotonic() - EVERY
    while True:
        if time.monotonic() - swept >= EVERY:
            swept = time.monotonic()
            try:
                await run_in_threadpool(sweep)
            except (TesseraError, OSError, sqlite3.Error) as problem:
                LOG.error("The workspace could not be swept", exc_info=problem)
        PRESENCE.end_work(now=time.monotonic(), active=Runtime.instance().is_active_session)
        await asyncio.sleep(LOOK)


def sweep() -> None:
    """Remove the files of visitors who have gone, and what ended work left behind."""
    workspace, now = Workspace.open(), time.time()
    PRESENCE.sweep(workspace.tmp, now=now, active=Runtime.instance().is_active_session)
    OFFERS.sweep(now=now, active=Runtime.instance().is_active_session)
    workspace.sweep(now=now)
