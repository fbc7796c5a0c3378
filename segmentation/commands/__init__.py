"""What each command of the CLI does: call the story, give back one object and its text."""

from segmentation.commands.audit import audit
from segmentation.commands.basis import basis
from segmentation.commands.checks import health
from segmentation.commands.churn import churn
from segmentation.commands.clv import clv
from segmentation.commands.deleting import delete, erase
from segmentation.commands.imports import import_files, read, versions
from segmentation.commands.proofs import prove
from segmentation.commands.rejected import rejected
from segmentation.commands.repurchase import repurchase
from segmentation.commands.result import SAMPLE_SHOP, Result
from segmentation.commands.safety import backup, restore, verify
from segmentation.commands.studies import demo, report, study

__all__ = [
    "SAMPLE_SHOP",
    "Result",
    "audit",
    "backup",
    "basis",
    "churn",
    "clv",
    "delete",
    "demo",
    "erase",
    "health",
    "import_files",
    "prove",
    "read",
    "rejected",
    "report",
    "repurchase",
    "restore",
    "study",
    "verify",
    "versions",
]
