"""One thing has one name: what people read says shop, whatever the code and its options call it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from segmentation.cli import main

_WORD = re.compile(r"\bdatasets?\b", re.IGNORECASE)
_NO_TEXT = re.compile(r"SELECT|UPDATE|DELETE|INSERT|CREATE|--dataset NAME|datasets/")
COMMANDS = (
    "app", "demo", "import", "read", "health", "study", "prove", "worth", "clv", "churn", "report", "versions",
    "rejected", "basis", "delete", "erase", "verify", "backup", "restore", "audit",
)  # fmt: skip


def texts(file: Path) -> Iterator[tuple[int, str]]:
    """The sentences of a module that are not written for those who read the code."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in told:
            continue
        if " " in node.value and not _NO_TEXT.search(node.value):
            yield node.lineno, node.value


@pytest.mark.parametrize("room", ["segmentation", "dashboard"])
def test_no_sentence_calls_a_shop_a_dataset(room: str) -> None:
    found = [
        f"{file}:{line}: {text}"
        for file in sorted(Path(room).rglob("*.py"))
        for line, text in texts(file)
        if _WORD.search(text)
    ]
    assert found == []


@pytest.mark.parametrize("command", COMMANDS)
def test_no_help_calls_a_shop_a_dataset(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    said = capsys.readouterr().out
    assert left.value.code == 0
    assert "usage: tessera" in said
    assert not _WORD.search(said.replace("--dataset", ""))


def test_a_shop_can_be_named_as_one_when_it_is_imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("order_id,date,customer,amount\n1,2026-01-05,ann,10.10\n", encoding="utf-8")
    assert main(["import", str(file), "--shop", "My shop"]) == 0
    assert main(["versions", "My shop"]) == 0
    assert main(["versions", "Your shop"]) == 2
    assert "There is no shop “Your shop”. Did you mean “My shop”?" in capsys.readouterr().err
