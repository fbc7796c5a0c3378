"""Waiting for a worker in the script run, with real worker processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from segmentation.jobs import Job
from segmentation.jobs import Jobs

TASK = "tests.dashboard.job_tasks.count_runs"
SCRIPT = """
import streamlit as st
from tests.dashboard.test_waiting import Sought
from dashboard.widgets import waiting

sought = Sought(st.session_state["pool"], st.session_state["path"])
st.text(waiting.until(sought.find, sought.work, doing="Counting", key="count"))
"""


class Sought:
    """A text that a worker's task leaves in a file."""

    def __init__(self, pool: Jobs, path: Path) -> None:
        self.pool, self.path = pool, path

    def find(self) -> str | None:
        return (self.path.read_text(encoding="utf-8").strip() or None) if self.path.exists() else None

    def work(self, *, again: bool = False) -> Job:
        return self.pool.submit(str(self.path), TASK, again=again, path=str(self.path), seconds=0)


@pytest.fixture(scope="module")
def pool() -> Iterator[Jobs]:
    found = Jobs(tasks=[TASK])
    yield found
    found.close()


def opened(pool: Jobs, path: Path) -> AppTest:
    app = AppTest.from_string(SCRIPT, default_timeout=30)
    app.session_state["pool"], app.session_state["path"] = pool, path
    return app.run()


def test_the_screen_goes_on_with_what_was_waited_for(pool: Jobs, tmp_path: Path) -> None:
    app = opened(pool, tmp_path / "out")
    assert not app.exception
    assert [text.value for text in app.text] == ["run"]
    assert not app.error


def test_work_that_failed_is_told_and_can_be_tried_again(pool: Jobs, tmp_path: Path) -> None:
    app = opened(pool, tmp_path / "not there yet" / "out")
    assert app.error
    assert not app.text
    (tmp_path / "not there yet").mkdir()
    app.run()
    assert app.error  # drawn again, it is not begun again
    app.button(key="count_again").click().run()
    assert not app.error
    assert [text.value for text in app.text] == ["run"]


FOLLOWED = """
import streamlit as st
from dashboard.widgets import outlook

path, pool = st.session_state["path"], st.session_state["pool"]
there = path.exists() and path.read_text(encoding="utf-8").strip()
st.text(f"found {there}" if there else "still worked out")
job = pool.submit(str(path), "tests.dashboard.job_tasks.count_runs", path=str(path), seconds=0.5)
outlook.follow(None if there else outlook.Waiting(st.empty(), (job,)))
"""


def test_figures_of_a_customer_that_were_worked_out_meanwhile_appear_by_themselves(pool: Jobs, tmp_path: Path) -> None:
    app = AppTest.from_string(FOLLOWED, default_timeout=30)
    app.session_state["pool"], app.session_state["path"] = pool, tmp_path / "out"
    app.run()
    assert not app.exception
    assert [text.value for text in app.text] == ["found run"]


def test_figures_of_a_customer_that_could_not_be_worked_out_say_why(pool: Jobs, tmp_path: Path) -> None:
    app = AppTest.from_string(FOLLOWED, default_timeout=30)
    app.session_state["pool"], app.session_state["path"] = pool, tmp_path / "not there" / "out"
    app.run()
    assert app.error
    assert app.button(key="try_outlook_again").label == "Try again"
