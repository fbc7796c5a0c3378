"""How an analysis is declared, and what follows from it: key, file, task, memory.

CHURN = Declared(name="churn", layout=4, settings=ChurnSettings, result=ChurnResult, work_out=..., lane="models")

answer = shop.answer(CHURN, ChurnSettings(horizon_days=90))
answer.peek()        # the result, or None where nobody has worked it out
answer.ask(jobs)     # the job that works it out: the same one for everybody who asks
answer.get()         # the result, worked out now and here if need be
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, cast

from segmentation.analysis.memory import MEMORY
from segmentation.jobs import Job, Jobs, Progress, silent
from segmentation.workspace.codec import to_json
from segmentation.workspace.results import ResultFile

if TYPE_CHECKING:
    from segmentation.analysis.dated import Dated

Settings = TypeVar("Settings", bound=Hashable)
Result = TypeVar("Result")
Lane = Literal["maps", "models"]
"""The kinds of worker processes: who waits for a map does not wait for a model."""

WORK_OUT = "segmentation.analysis.work.work_out"
"""The task of a worker that works any analysis out."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """The settings of an analysis that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared(Generic[Settings, Result]):
    """An analysis: a pure function of a shop at a date and frozen settings.

    `layout` is raised when it is worked out differently; `result` is what `work_out` gives, as a type. With a `lane` it
    takes seconds: it is kept on disk, and a worker of that lane works it out. `held` results stay in memory, one for
    every date where it is the same on all (not `dated`); `doing` is what a screen says meanwhile.
    """

    name: str
    layout: int
    settings: type[Settings]
    result: Any
    work_out: Callable[[Dated, Settings, Progress], Result]
    lane: Lane | None = None
    held: int = 8
    dated: bool = True
    doing: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Answer(Generic[Settings, Result]):
    """What an analysis says of a shop at a date under these settings."""

    shop: Dated
    of: Declared[Settings, Result]
    settings: Settings

    @property
    def file(self) -> ResultFile:
        """Where it is kept, if it is."""
        return self.shop.file(self.of.name, self.of.layout, self.settings)

    @property
    def job(self) -> str:
        """A name for the work on it: another shop's with the same data is other work, which ends with that shop."""
        return f"{self.of.name}/{self.shop.version.dataset_id}/{self.file.path.stem}"

    def peek(self) -> Result | None:
        """The result where it is known by now; nothing is begun."""
        held = self._peek()
        return None if held is None else held[0]

    def get(self, progress: Progress = silent) -> Result:
        """The result, worked out here and kept where it is not known. Raises what the analysis raises."""
        held = self._peek()
        if held is not None and (self.of.lane is None or self._stamp is not None):
            return held[0]
        with MEMORY.only_one(self.of.name, self._key):
            held = self._peek()
            is_kept = held is not None and self._stamp is not None
            result = self.of.work_out(self.shop, self.settings, progress) if held is None else held[0]
            try:
                if self.of.lane is not None and not is_kept:
                    self.file.keep(result)
            finally:
                self._hold(result)  # also where it could not be kept: it is not worked out twice
            return result

    def ask(self, jobs: Jobs, *, again: bool = False) -> Job:
        """The work on it, begun where it was not; anew with `again`, and where what it left is gone."""
        job = jobs.get(self.job)
        if job is not None and not again and (job.state != "done" or self.peek() is not None):
            return job
        return jobs.submit(
            self.job,
            WORK_OUT,
            again=True,
            root=str(self.shop.workspace.root),
            dataset=self.shop.version.name,
            number=self.shop.version.number,
            as_of=self.shop.as_of.isoformat(),
            name=self.of.name,
            settings=json.dumps(to_json(self.settings)),
        )

    def under_way(self, jobs: Jobs) -> Job | None:
        """The latest work on it, if there was any."""
        return jobs.get(self.job)

    @property
    def _key(self) -> Hashable:
        """With the shop, since its saved segmentations and lists are its own, whoever else holds the same data."""
        shop = self.shop
        place = shop.place if self.of.dated else (str(shop.workspace.root), shop.version.fingerprint)
        return place, shop.version.dataset_id, self.of.layout, self.settings

    @property
    def _stamp(self) -> int | None:
        return None if self.of.lane is None else self.file.written

    def _peek(self) -> tuple[Result] | None:
        stamp = self._stamp
        held = MEMORY.get(self.of.name, (self._key, stamp))
        if held is not None or stamp is None:
            return cast("tuple[Result] | None", held)
        found = self.file.load(self.of.result)
        if found is None:
            return None
        self._hold(found)
        return (found,)

    def _hold(self, result: Result) -> None:
        MEMORY.put(self.of.name, (self._key, self._stamp), result, most=self.of.held)
