"""What each command of the CLI does: call the story, give back one object and its text.

run = command("clv")     # loads what that command needs, and nothing else: a command starts in half the time
run(options)
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from importlib import import_module

from segmentation.commands.result import SAMPLE_SHOP, Result

Command = Callable[[argparse.Namespace], Result]

MODULES: Mapping[str, str] = {
    "audit": "audit",
    "backup": "safety",
    "basis": "basis",
    "churn": "churn",
    "clv": "clv",
    "delete": "deleting",
    "demo": "studies",
    "erase": "deleting",
    "health": "checks",
    "import_files": "imports",
    "prove": "proofs",
    "read": "imports",
    "rejected": "rejected",
    "report": "studies",
    "repurchase": "repurchase",
    "restore": "safety",
    "study": "studies",
    "verify": "safety",
    "versions": "imports",
}
"""The module that each command is in."""


def command(name: str) -> Command:
    """The command of that name, whose module is loaded when it runs."""

    def run(options: argparse.Namespace) -> Result:
        found: Command = getattr(import_module(f"segmentation.commands.{MODULES[name]}"), name)
        return found(options)

    return run


__all__ = ["MODULES", "SAMPLE_SHOP", "Command", "Result", "command"]
