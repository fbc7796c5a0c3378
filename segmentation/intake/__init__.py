"""A stranger's file becomes typed order lines: `inspect` shows what would happen, `import_file` does it."""

from segmentation.intake.ledger import EXCLUSIONS, REASONS, Ledger
from segmentation.intake.load import ImportResult, import_file
from segmentation.intake.mapping import MEANINGS, Answers, Mapping, header_key
from segmentation.intake.preview import Inspection, inspect
from segmentation.intake.store import read_set_aside

__all__ = [
    "EXCLUSIONS",
    "MEANINGS",
    "REASONS",
    "Answers",
    "ImportResult",
    "Inspection",
    "Ledger",
    "Mapping",
    "header_key",
    "import_file",
    "inspect",
    "read_set_aside",
]
