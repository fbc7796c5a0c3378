"""One thing has one name: what people read says shop, whatever the code and its options call it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from segmentation.cli import main

_WORD = re.compile(r"\bdatasets?\b", re.IGNORECASE)
BANNED = {
    r"\bWorth\b(?! (?:a|the)\b)": "Lifetime value",
    r"\b[Aa]like in\b": "Group customers by",
    r"\bTenure\b": "Customer age",
    r"\bActive span\b": "First to last order",
    r"\bTypical gap\b": "Days between orders",
    r"\bSeason share\b": "Share of orders in peak season",
    r"\b[Bb]usy season\b": "peak season",
    r"\bCategory breadth\b": "Categories bought",
    r"\bMain channel share\b": "Share via main channel",
    r"\b[Rr]eal groups\b": "Distinct groups?",
    r"\bcrowds?\b|\bcontinuum\b|\b[Ss]lices of\b": "No natural groups, Clear groups",
    r"\bcom(?:es?|ing|e) out again\b": "found again when re-tested",
    r"\bHow sure\?": "Segment confidence",
    r"\bshows lifts\b": "smallest lift that would show",
    r"\b[Mm]end(?:ed)?\b": "fix",
    r"\b[Bb]y hand\b": "Segment builder",
    r"\bAs rules\b": "Segment definition",
    r"\bReturn of a campaign\b": "Campaign ROI",
    r"\bcounts? as lost\b": "Churned after",
    r"\bpauses propose\b": "Recommended",
    r"\b[Ss]aved by it\b|\bwould be lost\b": "Save rate",
    r"\bPaid back in\b": "Payback (months)",
    r"\bDiscount, % a year": "Discount rate, % a year",
    r"\bcareful\b": "check this",
    r"\bset aside\b": "rejected rows",
    r"\brepeated rows?\b": "duplicates",
    r"\bdata carries\b": "analyses available",
    r"\b[Ww]orth a look\b": "Data warnings",
    r"\bsame door\b": "imported exactly like your own file",
}
"""What the screens and the command line said before, each with what they say instead."""
LABELS = {"Clusters", "Mixture", "Density"}
"""Texts that may be part of one, and not stand alone."""

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


def labels_and_sentences(file: Path) -> Iterator[tuple[int, str]]:
    """What a module may show: its sentences, and its single words that begin with a capital letter."""
    if file.suffix == ".toml":
        lines = enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        yield from ((number, line.partition("=")[2]) for number, line in lines if not line.startswith("#"))
        return
    yield from texts(file)
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.istitle():
            yield node.lineno, node.value


@pytest.mark.parametrize("room", ["segmentation", "dashboard"])
def test_every_thing_is_called_what_it_is_called_everywhere(room: str) -> None:
    files = [one for end in ("py", "toml") for one in sorted(Path(room).rglob(f"*.{end}"))]
    found = [
        f"{file}:{line}: {text.strip()[:80]} (say {instead})"
        for file in files
        for line, text in labels_and_sentences(file)
        for banned, instead in [*BANNED.items(), *((f"^{label}$", "its name") for label in LABELS)]
        if re.search(banned, text)
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
