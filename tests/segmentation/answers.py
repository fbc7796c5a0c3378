"""What `tessera import --json` prints, and a workspace for every call."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from segmentation.cli import main
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import lines


@dataclass(frozen=True)
class Outcome:
    """The exit code, the JSON, and what was stored: the figures and every line."""

    code: int
    body: dict[str, Any]
    stored: dict[str, Any] = field(default_factory=dict)

    @property
    def answers(self) -> tuple[str, ...]:
        return tuple(self.body.get("error", {}).get("answers", ()))


class Desk:
    """Imports one file by the real command line, each time into a workspace of its own."""

    def __init__(self, folder: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys, self.calls = folder, capsys, 0
        self.file = folder / "orders.csv"
        self.file.write_text(text, encoding="utf-8")

    def run(self, *options: str) -> Outcome:
        """The import with these options, each as it would be typed."""
        self.calls += 1
        home = self.folder / f"home {self.calls}"
        words = [word for option in options for word in shlex.split(option)]
        code = main(["import", str(self.file), "--dataset", "Shop", "--workspace", str(home), "--json", *words])
        body = json.loads(self.capsys.readouterr().out)
        if code:
            return Outcome(code, body)
        version = Workspace.open(home).latest("Shop")
        held = [{k: v for k, v in line.items() if k != "row_hash"} for line in lines(version)]
        figures = {name: body[name] for name in ("revenue", "customers", "guests", "orders", "period", "rows")}
        return Outcome(code, body, {**figures, "lines": sorted(map(repr, held))})

    def ends(self, *options: str, most: int = 3) -> list[Outcome]:
        """What becomes of the import where every further question is answered in each way there is."""
        found = self.run(*options)
        if found.code == 0 or not found.answers or not most:
            return [found]
        new = [one for one in found.answers if one not in options]
        return [end for answer in new for end in self.ends(*options, answer, most=most - 1)]
