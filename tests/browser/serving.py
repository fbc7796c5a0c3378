"""Starting the real server and a real browser: for the browser tests, the screenshots and the benchmarks."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
STARTUP_SECONDS = 120
SETTLED_SECONDS = 180
"""A screen may wait for a worker that has other work first."""

# Names under which a system's Chromium or Chrome is found; TESSERA_CHROMIUM names another.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> Path | None:
    """The browser to drive, or None where this machine has none."""
    named = os.environ.get("TESSERA_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def tessera(*words: str, workspace: Path) -> subprocess.CompletedProcess[str]:
    """Run one command of the command line in this workspace; raises when it fails."""
    command = [sys.executable, "-m", "segmentation.cli", *words, "--workspace", str(workspace)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=300)


@contextmanager
def server(workspace: Path, *, workers: int = 1) -> Iterator[str]:
    """The dashboard over this workspace on a port of its own; yields its address and stops it afterwards.

    Without `workers` there are no better maps and no proofs, and the recommended number is worked out in between.
    """
    port = free_port()
    process = started(workspace, port, workers=workers)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)


def started(workspace: Path, port: int, *, workers: int) -> subprocess.Popen[bytes]:
    """The dashboard over this workspace on this port, once it answers."""
    workspace.mkdir(parents=True, exist_ok=True)
    log = workspace.parent / f"{workspace.name}-server.log"
    command = [sys.executable, "-m", "segmentation.cli", "app", "--port", str(port), "--no-browser"]
    with log.open("a") as output:
        process = subprocess.Popen(
            [*command, "--workspace", str(workspace)],
            cwd=ROOT,
            env={**os.environ, "TESSERA_WORKERS": str(workers)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that its workers can be stopped with it
        )
    try:
        _wait_until_healthy(process, port, log)
    except (RuntimeError, TimeoutError):
        stop(process)
        raise
    return process


def _wait_until_healthy(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"The server left with code {process.returncode}:\n{log.read_text()[-4000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    raise TimeoutError(f"The server was not healthy after {STARTUP_SECONDS} s:\n{log.read_text()[-4000:]}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server and its workers."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(timeout=10)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


@contextmanager
def browser(executable: Path) -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        try:
            yield running
        finally:
            running.close()


@contextmanager
def answered(page: Page, *, timeout: float = SETTLED_SECONDS) -> Iterator[None]:
    """Wait until what is done inside has been answered: its script run has begun and ended, `timeout` in seconds.

    A control may wait a moment before it tells the server, and until the server answers the screen looks settled. A
    short run may never be seen on the screen as running: a busy browser draws its beginning and its end at once.
    """
    settle(page, timeout=timeout)
    page.evaluate(_NOTE_A_RUN)
    yield
    page.wait_for_selector("body[data-answered]", state="attached", timeout=timeout * 1000)
    settle(page, timeout=timeout)


_NOTE_A_RUN = """() => {
    delete document.body.dataset.answered;
    const send = WebSocket.prototype.send;
    const heard = async (message) => {
        const bytes = new Uint8Array(await new Response(message.data).arrayBuffer());
        if (bytes.length > 64 || bytes.at(-2) !== 0x30 || bytes.at(-1) !== 0) return;  // a run of the script has ended
        message.target.removeEventListener("message", heard);
        requestAnimationFrame(() => requestAnimationFrame(() => { document.body.dataset.answered = "yes"; }));
    };
    WebSocket.prototype.send = function (told) {
        WebSocket.prototype.send = send;
        this.addEventListener("message", heard);
        send.call(this, told);
    };
}"""
"""Listens from the first message to the server on; what ends a run is field 6 of Streamlit's `ForwardMsg`, being 0."""


def settle(page: Page, *, timeout: float = SETTLED_SECONDS) -> None:
    """Wait until the screen's script has run to its end, `timeout` in seconds."""
    page.wait_for_selector(
        '[data-testid="stApp"][data-test-script-state="notRunning"]', state="attached", timeout=timeout * 1000
    )
