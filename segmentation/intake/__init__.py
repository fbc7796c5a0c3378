"""Strangers' files become typed order lines: `inspect_all` shows what would happen, `import_files` does it."""

from segmentation.intake.job import ImportResult, TableResult
from segmentation.intake.ledger import EXCLUSIONS, REASONS, Ledger, Replaced
from segmentation.intake.load import import_file, import_files
from segmentation.intake.mapping import MEANINGS, Choices, Mapping, header_key
from segmentation.intake.preview import Inspection, inspect, inspect_all, reconsider
from segmentation.intake.store import read_set_aside

__all__ = [
    "EXCLUSIONS",
    "MEANINGS",
    "REASONS",
    "Choices",
    "ImportResult",
    "Inspection",
    "Ledger",
    "Mapping",
    "Replaced",
    "TableResult",
    "header_key",
    "import_file",
    "import_files",
    "inspect",
    "inspect_all",
    "read_set_aside",
    "reconsider",
]
