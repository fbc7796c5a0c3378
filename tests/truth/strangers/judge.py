"""Imports one file through the public door and says how it went: right, asked, refused, or wrong without a word."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from segmentation.cli import main

from .build import Export
from .figures import Figures

RIGHT, ASKED, REFUSED, WRONG, CRASHED = "right", "asked", "refused", "WRONG", "CRASHED"
OPTION = re.compile(r"--[a-z-]+ [A-Za-z0-9=]+")
STORED = """
    select sum(amount)::double as revenue,
        count(distinct customer_id) filter (kind = 'sale') as customers,
        count(distinct order_id) filter (kind = 'sale') as orders,
        count(*) filter (kind = 'sale' and customer_id is null and part is null) as guest_lines,
        sum(cost) filter (kind = 'sale')::double as cost,
        sum(discount) filter (kind = 'sale')::double as discount,
        string_agg(distinct currency, ',') as currency,
        min(ordered_at)::date::varchar as first
    from read_parquet(?)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one import went. `off` names each figure that is not right."""

    kind: str
    off: tuple[str, ...] = ()
    said: str = ""
    answers: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Verdict:
    """The import without an answer, and after each answer that the question offered."""

    export: Export
    first: Outcome
    answered: dict[str, Outcome] = field(default_factory=dict)

    @property
    def silent_error(self) -> bool:
        """Whether figures were stored that are wrong, or that nobody but the shop could know."""
        return self.first.kind in (WRONG, CRASHED)

    @property
    def question_is_fair(self) -> bool:
        """Whether every answer leads on, and one of them to the right figures."""
        if self.first.kind != ASKED:
            return True
        kinds = [outcome.kind for outcome in self.answered.values()]
        return CRASHED not in kinds and RIGHT in kinds


def run(arguments: list[str]) -> tuple[int, str]:
    """The exit code of `tessera …` and what it printed."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        try:
            code = main(arguments)
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 2
    return int(code or 0), out.getvalue()


@contextmanager
def own_home() -> Iterator[Path]:
    """An empty workspace that nothing else sees."""
    before = os.environ.get("TESSERA_HOME")
    with tempfile.TemporaryDirectory(prefix="strangers") as folder:
        os.environ["TESSERA_HOME"] = f"{folder}/home"
        try:
            yield Path(folder)
        finally:
            if before is None:
                del os.environ["TESSERA_HOME"]
            else:
                os.environ["TESSERA_HOME"] = before


def _parts(home: Path, kind: str) -> list[str]:
    found = sorted(home.glob(f"datasets/*/*/{kind}/*.parquet"))
    newest = max((path.parent.parent for path in found), default=None, key=lambda path: int(path.name))
    return [str(path) for path in found if path.parent.parent == newest]


def stored(home: Path) -> tuple[dict[str, object], frozenset[str]]:
    """The figures in the newest version of the only dataset, and the addresses that agreed to marketing."""
    with duckdb.connect() as base:
        cursor = base.execute(STORED, [_parts(home, "lines")])
        names = [column[0] for column in cursor.description or ()]
        row = cursor.fetchone() or ()
        contacts = _parts(home, "contacts")
        question = "select lower(trim(email)) from read_parquet(?) where consent and email is not null"
        agreed = base.execute(question, [contacts]).fetchall() if contacts else []
    return dict(zip(names, row, strict=True)), frozenset(str(mail) for (mail,) in agreed)


def _same(got: object, right: object) -> bool:
    if isinstance(right, float) and isinstance(got, (int, float)):
        return abs(got - right) < 0.006
    return got == right


def differences(right: Figures, got: dict[str, object], agreed: frozenset[str]) -> tuple[str, ...]:
    """What is off, a sentence for each figure."""
    off = []
    for name in ("revenue", "customers", "orders", "guest_lines", "cost", "discount", "currency", "first"):
        accepted: tuple[object, ...] = getattr(right, name)
        if accepted and not any(_same(got[name], one) for one in accepted):
            off.append(f"{name} {got[name]} for {' or '.join(str(one) for one in accepted)}")
    refused = sorted(agreed - right.may_agree)
    if refused:
        off.append(f"consent: {len(refused)} never agreed, {refused[0]} for one")
    missed = sorted(right.must_agree - agreed)
    if missed:
        off.append(f"consent: {len(missed)} agreed and are missing, {missed[0]} for one")
    return tuple(off)


def attempt(export: Export, answer: str = "", *, answered: bool = False) -> Outcome:
    """One import in a workspace of its own, with the options of `answer`."""
    with own_home() as folder:
        path = folder / export.name
        path.write_bytes(export.data)
        home = folder / "home"
        words = ["import", str(path), "--workspace", str(home), "--json", *shlex.split(answer)]
        code, printed = run(words)
        if code == 0:
            got, agreed = stored(home)
            return _weigh(export, got, agreed, answered=answered)
    return _question(code, printed)


def _weigh(export: Export, got: dict[str, object], agreed: frozenset[str], *, answered: bool) -> Outcome:
    offs = [differences(one, got, agreed) for one in export.readings]
    if not export.settled and not answered:
        return Outcome(kind=WRONG, off=(f"did not ask: {export.plan.question}",))
    closest = min(offs, key=len)
    return Outcome(kind=WRONG if closest else RIGHT, off=closest)


def _question(code: int, printed: str) -> Outcome:
    try:
        error = json.loads(printed).get("error")
    except json.JSONDecodeError:
        error = None
    if code != 1 or not isinstance(error, dict):
        return Outcome(kind=CRASHED, off=(f"exit {code}, no error object",), said=printed[:200])
    said = f"{error.get('code')}: {error.get('fact')} {error.get('next_step')}"
    answers = tuple(str(one) for one in error.get("answers") or ())
    if not answers and error.get("code") == "ambiguous_reading":
        named = dict.fromkeys(OPTION.findall(str(error.get("next_step"))))
        answers = tuple(option for option in named if not option.startswith("--rate"))
    return Outcome(kind=ASKED if answers else REFUSED, said=said, answers=answers)


def judge(export: Export) -> Verdict:
    """The import without an answer; where it asks, also with each answer, and a second question's answers on top."""
    verdict = Verdict(export=export, first=attempt(export))
    waiting = list(verdict.first.answers)
    while waiting:
        answer = waiting.pop(0)
        outcome = attempt(export, answer, answered=True)
        verdict.answered[answer] = outcome
        if outcome.kind == ASKED and answer.count("--") < 3:
            waiting += [f"{answer} {more}" for more in outcome.answers if more not in answer]
    return verdict
