"""Strangers' files become typed order lines: `inspect_all` shows what would happen, `import_files` does it."""

from segmentation.intake.accounts.ledger import EXCLUSIONS, REASONS, Ledger, Replaced
from segmentation.intake.import_job import ImportResult, TableResult
from segmentation.intake.load import import_file, import_files
from segmentation.intake.preview import Inspection, inspect, inspect_all, reconsider, require
from segmentation.intake.rejected import Rejected, rejected
from segmentation.intake.store import read_set_aside

__all__ = [
    "EXCLUSIONS",
    "REASONS",
    "ImportResult",
    "Inspection",
    "Ledger",
    "Rejected",
    "Replaced",
    "TableResult",
    "import_file",
    "import_files",
    "inspect",
    "inspect_all",
    "read_set_aside",
    "reconsider",
    "rejected",
    "require",
]
