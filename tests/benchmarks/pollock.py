"""How well files are read, by the measure of HPI's Pollock benchmark: `python -m tests.benchmarks.pollock FOLDER`.

The folder holds `csv/` (the files as found) and `clean/` (what should be read of each). A file's score is the sum of:
read at all; precision, recall and F1 of its header cells, of its records and of its cells: 10 at best. Cells are
compared as text without the blanks around them, which is stricter than the benchmark's own comparison by type.
The benchmark's files are not ours to pass on, so nothing here runs by itself.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import fmean

from segmentation.errors import DataError
from segmentation.files.read import read_file

Rows = list[list[str]]
_LONGEST_CELL = 1 << 30


def score(folder: Path, out: Path) -> dict[str, float]:
    """The score of each file of the folder; what was read of them is left in `out`."""
    found = {}
    for file in sorted((folder / "csv").iterdir()):
        with tempfile.TemporaryDirectory() as temp:
            try:
                read_file(file, out, Path(temp), replace=True)
            except DataError:
                found[file.name] = 0.0
                continue
        found[file.name] = 1 + measures(_rows(folder / "clean" / file.name), _rows(out / file.name))
    return found


def measures(clean: Rows, loaded: Rows) -> float:
    """Precision, recall and F1 of header, records and cells, summed; 9 at best."""
    if not clean:
        return 9.0
    header = _agreement(clean[0], loaded[0] if loaded else [])
    records = _agreement(map("".join, clean[1:]), map("".join, loaded[1:]))
    cells = _agreement((cell for row in clean for cell in row), (cell for row in loaded for cell in row))
    return header + records + cells


def weighted(scores: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The mean score with each file weighing what the benchmark says it does; one without weight counts nothing."""
    total = sum(weights.get(name, 0) for name in scores)
    return sum(value * weights.get(name, 0) for name, value in scores.items()) / total


def _agreement(wanted: Iterable[str], found: Iterable[str]) -> float:
    one, other = Counter(wanted), Counter(found)
    if not one:
        return 3.0
    common = (one & other).total()
    if not common:
        return 0.0
    precision, recall = common / other.total(), common / one.total()
    return precision + recall + 2 * precision * recall / (precision + recall)


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [[cell.strip() for cell in row] for row in csv.reader(file)]


def main() -> None:
    """Print the mean score, and the files that lose most."""
    parser = argparse.ArgumentParser(prog="pollock")
    parser.add_argument("folder", type=Path, help="a folder with csv/ and clean/")
    parser.add_argument("--weights", type=Path, help="the benchmark's weights per file, as JSON")
    parser.add_argument("--worst", type=int, default=10, help="how many of the worst files to list")
    options = parser.parse_args()
    csv.field_size_limit(_LONGEST_CELL)
    with tempfile.TemporaryDirectory() as out:
        scores = score(options.folder, Path(out))
    if not scores:
        sys.exit(f"There are no files in {options.folder / 'csv'}.")
    print(f"{len(scores):,} files, simple score {fmean(scores.values()):.3f} of 10")
    if options.weights:
        print(f"weighted score {weighted(scores, json.loads(options.weights.read_text())):.3f} of 10")
    for name, value in sorted(scores.items(), key=lambda item: item[1])[: options.worst]:
        print(f"{value:7.3f}  {name}")


if __name__ == "__main__":
    main()
