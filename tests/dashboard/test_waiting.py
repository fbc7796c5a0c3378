"""Waiting for a worker in the script run, with real worker processes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.parts import waiting
from dashboard.serving import visitors, workers
from segmentation.analysis import Analysis
from segmentation.jobs import Jobs
from segmentation.workspace import Workspace
from tests.dashboard.shops import write_shop

TASK = "tests.dashboard.job_tasks.count_runs"
SCRIPT = """
import streamlit as st
from dashboard import state
from dashboard.parts import waiting

answer = state.analysis().clv()
if st.session_state["waits"]:
    st.text(f"{len(waiting.until(answer, key='count').scores.orders)} customers")
"""
FIRST_DAY, SECOND_DAY = "2026-05-01", "2026-05-02"
"""Each asks for something that nobody has worked out yet."""


@pytest.fixture(scope="module")
def pool() -> Iterator[Jobs]:
    found = Jobs(tasks=[TASK])
    yield found
    found.close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Analysis]:
    """The one shop of a server with workers."""
    workspace = Workspace.open(tmp_path_factory.mktemp("waiting"))
    yield Analysis.of(workspace, write_shop(workspace))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TESSERA_WORKERS", "1")
        models = workers.workers_of(str(workspace.root), "models")
        assert models is not None
        models.close()


@pytest.fixture
def models(shop: Analysis, monkeypatch: pytest.MonkeyPatch) -> Jobs:
    """The workers of that server."""
    monkeypatch.setenv("TESSERA_HOME", str(shop.workspace.root))
    monkeypatch.setenv("TESSERA_WORKERS", "1")
    found = workers.workers_of(str(shop.workspace.root), "models")
    assert found is not None
    return found


def opened(day: str, *, waits: bool = True) -> AppTest:
    app = AppTest.from_string(SCRIPT, default_timeout=120)
    app.query_params["as_of"] = day
    app.session_state["waits"] = waits
    return app.run()


def texts(app: AppTest) -> list[str]:
    assert not app.exception
    return [text.value for text in app.text]


def test_the_screen_goes_on_with_what_was_waited_for(shop: Analysis, models: Jobs) -> None:
    app = opened(FIRST_DAY)
    answer = shop.at(date.fromisoformat(FIRST_DAY)).clv()
    found = answer.peek()
    assert found is not None
    assert found.scores is not None
    assert texts(app) == [f"{len(found.scores.orders)} customers"]
    assert not app.error
    job = answer.under_way(models)
    assert job is not None
    assert job.state == "done"


def test_work_that_failed_is_told_and_can_be_tried_again(shop: Analysis, models: Jobs, tmp_path: Path) -> None:
    answer = shop.at(date.fromisoformat(SECOND_DAY)).clv()
    app = opened(SECOND_DAY, waits=False)
    (lines,) = shop.version.lines
    kept = lines.rename(tmp_path / lines.name)  # the worker cannot read the shop
    app.session_state["waits"] = True
    app.run()
    job = answer.under_way(models)
    assert job is not None
    assert job.state == "failed"
    assert app.error
    assert not texts(app)
    kept.rename(lines)
    app.run()
    assert app.error  # drawn again, it is not begun again
    assert answer.under_way(models) is job
    app.button(key="count_again").click().run()
    assert not app.error
    assert texts(app)


LOOKS_AHEAD = """
from dashboard import state

state.look_ahead()
"""


def test_what_proofs_need_is_worked_out_before_anybody_asks(shop: Analysis, models: Jobs) -> None:
    app = AppTest.from_string(LOOKS_AHEAD, default_timeout=30).run()
    assert not app.exception
    for task in ("ahead", "refresh"):
        job = models.get(f"{task}/{shop.version.dataset_id}/{shop.version.number}")
        assert job is not None
        assert job.wait(120) == "done", job.text
    assert shop.number().peek() is not None


FOLLOWED = """
import streamlit as st
from dashboard.screens.customer import outlook

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


@pytest.mark.parametrize(("pages", "seconds"), [(1, 1.5), (15, 1.5), (50, 5.0), (500, 9.0)])
def test_many_pages_ask_more_seldom_how_far_work_is(
    pages: int, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "open_pages", lambda: pages)
    assert waiting.pause() == seconds
