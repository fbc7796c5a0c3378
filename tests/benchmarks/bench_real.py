"""`tessera import` and `tessera study` on a year of a real grocer's, as a person runs them: two fresh processes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.rows import Row, at_most, timed
from tests.published import complete_journey

MOST_SECONDS = 20


def measure(quick: bool) -> list[Row]:
    """Seconds of both commands together, starting Python included; the file is small enough to be whole when quick."""
    del quick
    with tempfile.TemporaryDirectory(prefix="tessera-bench-") as folder:
        export = complete_journey(Path(folder) / "complete-journey.csv")
        workspace = Path(folder) / "workspace"
        imported, _ = timed(lambda: tessera("import", str(export), "--dataset", "Grocer", workspace=workspace))
        studied, _ = timed(lambda: tessera("study", "Grocer", workspace=workspace))
    return [at_most("Complete Journey: import and study of 1,469,307 lines, s", imported + studied, MOST_SECONDS)]


def tessera(*words: str, workspace: Path) -> None:
    """Run one command; raises when it fails."""
    command = [sys.executable, "-m", "segmentation.cli", *words, "--workspace", str(workspace)]
    subprocess.run(command, check=True, capture_output=True)
