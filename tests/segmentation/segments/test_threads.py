"""A server fits on one native thread without its visitors waiting for each other."""

from __future__ import annotations

import subprocess
import sys

TWO_AT_ONCE = """
import threading
from threadpoolctl import threadpool_info
from segmentation.segments.threads import one_thread, stay_on_one_thread
if {stays}:
    stay_on_one_thread()
both = threading.Barrier(2)
met = []
def fit():
    with one_thread():
        assert {{one["num_threads"] for one in threadpool_info()}} == {{1}}
        try:
            both.wait(timeout=5)
        except threading.BrokenBarrierError:
            return
        assert {{one["num_threads"] for one in threadpool_info()}} == {{1}}
        met.append(True)
threads = [threading.Thread(target=fit) for _ in range(2)]
for one in threads: one.start()
for one in threads: one.join()
print(len(met))
"""


def test_two_fit_at_once_where_the_process_stays_on_one_thread() -> None:
    assert _said(stays=True) == "2"


def test_elsewhere_one_waits_for_the_other() -> None:
    """Without this the test above would show nothing."""
    assert _said(stays=False) == "0"


def _said(*, stays: bool) -> str:
    return subprocess.run(
        [sys.executable, "-c", TWO_AT_ONCE.format(stays=stays)],
        env={"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2", "PYTHONPATH": ".", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
