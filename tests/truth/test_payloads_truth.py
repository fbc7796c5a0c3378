"""Five hundred attacks in every text of an export, and all that becomes of them: no SQL runs, no page takes them for
more than text, no formula is live, no terminal is steered.

`TESSERA_TRUTH=full` tries all; otherwise a tenth. What a real browser makes of them is in `tests/browser`.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections import Counter
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from segmentation.cli import main
from segmentation.customers.lookup import find
from segmentation.engine import DuckEngine
from segmentation.intake import ImportResult, import_file, read_set_aside
from segmentation.meaning import Mapping
from segmentation.workspace import SavedSegmentations, Workspace, audit
from segmentation.workspace.names import shop_name
from tests.bad_files import text as as_csv
from tests.browser.test_hostile_text import check_cells
from tests.payloads import PAYLOADS
from tests.segmentation.intake_files import TODAY, contacts, lines

pytestmark = pytest.mark.truth

FULL = os.environ.get("TESSERA_TRUTH") == "full"
TRIED = PAYLOADS if FULL else PAYLOADS[::10]
FIELDS = ("order", "customer", "email", "name", "phone", "product", "category", "channel")
"""Columns in which each payload stands once, beside others in the other columns."""
MAPPING = Mapping(**{field: field for field in FIELDS}, date="date", amount="amount")  # type: ignore[arg-type]
ORDERS = 6
CUSTOMERS = 500
_STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def said(at: int, field: str) -> str:
    """What stands in this field of the rows of this customer; a number behind it tells those apart who share one."""
    text, more = TRIED[(at + 7 * FIELDS.index(field)) % len(TRIED)], at // len(TRIED)
    return f"{text} {more}" if more and field in {"customer", "email", "name", "phone"} else text


def kept(text: str) -> str:
    """A text without what no import has to keep: blanks around it, which line end, and how a sign of Windows' letters
    was written."""
    text = "".join(bytes([ord(sign)]).decode("cp1252", "ignore") if "\x80" <= sign < "\xa0" else sign for sign in text)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip(" \t\r\n\u00a0\ufeff\u2028\u2029")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ImportResult]:
    """A shop in which every payload stands in every field, in rows that are loaded and in one that is set aside."""
    folder = tmp_path_factory.mktemp("payloads")
    rows = []
    chance = random.Random(5)
    for at in range(CUSTOMERS):
        for order in range(ORDERS):
            cells = [said(at, field) + (f" {at} {order}" if field == "order" else "") for field in FIELDS]
            day = date(2024, 1, 5) + timedelta(days=chance.randrange(1_000 if at % 3 else 500))
            rows.append((*cells, day.isoformat(), f"{10 + chance.randrange(90)}.50", "x"))
    rows += [
        (*(said(at, field) for field in FIELDS), "soon", said(at, "name"), said(at, "phone"))
        for at in range(len(TRIED))
    ]
    file = folder / "orders.csv"
    file.write_bytes(as_csv(rows, (*FIELDS, "date", "amount", TRIED[0])))
    workspace = Workspace.open(folder / "workspace")
    done = import_file(workspace, file, dataset="Shop", today=TODAY, mapping=MAPPING, name=f"{TRIED[1]}.csv")
    return folder, done


def test_every_text_is_kept_as_it_is_and_nothing_of_it_is_run(shop: tuple[Path, ImportResult]) -> None:
    folder, done = shop
    assert (done.ledger.loaded, done.ledger.read) == (ORDERS * CUSTOMERS, ORDERS * CUSTOMERS + len(TRIED))
    stored = lines(done.version)
    for field, column in (("customer", "customer_id"), ("product", "product"), ("category", "category")):
        there = Counter(kept(row[column] or "") for row in stored)
        texts = [kept(said(at, field)) for at in range(CUSTOMERS)]
        if field == "customer":
            texts = [kept(text.lstrip("'")) for text in texts]  # with it spreadsheets keep an id from being a number
        expected = Counter(text for text in texts for _ in range(ORDERS))
        assert (there - expected, expected - there) == (Counter(), Counter()), field
    assert len(contacts(done.version)) == CUSTOMERS
    aside = read_set_aside(done.version).column("row").to_pylist()
    assert sorted(kept(row[FIELDS.index("product")]) for row in aside) == sorted(kept(one) for one in TRIED)
    assert not list(folder.rglob("*pwn*"))
    assert not Path("pwn.csv").exists()


def test_every_customer_is_found_by_an_id_that_is_an_attack(shop: tuple[Path, ImportResult]) -> None:
    folder, done = shop
    engine = DuckEngine.open(folder / "workspace")
    ids = sorted({row["customer_id"] for row in lines(done.version)})[: len(TRIED)]
    missed = [one for one in ids if one not in {row.customer for row in find(engine, done.version, one)}]
    engine.close()
    assert missed == []


class Elements(HTMLParser):
    """What a page is made of: its elements' names, and what their attributes say."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: Counter[str] = Counter()
        self.attributes: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names[tag] += 1
        self.attributes += [(name, value or "") for name, value in attrs]


@pytest.mark.parametrize("method", ["kmeans", "rfm"])
def test_the_report_takes_every_text_for_a_text(shop: tuple[Path, ImportResult], tmp_path: Path, method: str) -> None:
    root, out = str(shop[0] / "workspace"), tmp_path / "report.html"
    assert main(["report", "Shop", "--method", method, "--out", str(out), "--workspace", root]) == 0
    found = Elements(out.read_text(encoding="utf-8"))
    assert not found.names.keys() & {"script", "iframe", "img", "object", "base", "form", "video", "audio"}
    alive = [(name, value) for name, value in found.attributes if name.startswith("on") or "evil.example" in value]
    assert alive == []
    assert not [value for name, value in found.attributes if name == "class" and value == "pwn"]
    assert not [value for _, value in found.attributes if value.strip().startswith(("javascript:", "data:text"))]


WRITES = {
    "rejected": ("rejected", "Shop"),
    "churn": ("churn", "Shop"),
    "worth": ("worth", "Shop"),
}


@pytest.mark.parametrize("what", WRITES)
def test_no_file_for_a_spreadsheet_holds_a_live_formula(
    shop: tuple[Path, ImportResult], tmp_path: Path, what: str
) -> None:
    out = tmp_path / "out.csv"
    root = str(shop[0] / "workspace")
    code = main([*WRITES[what], "--out", str(out), "--workspace", root])
    assert code == 0
    content = out.read_bytes()
    assert content.count(b"\n") >= len(TRIED)
    check_cells(content)


SAYS: dict[str, tuple[str, ...]] = {
    "health": ("health", "Shop"),
    "study": ("study", "Shop", "--method", "rfm"),
    "prove": ("prove", "Shop", "--segments", "3"),
    "worth": ("worth", "Shop"),
    "churn": ("churn", "Shop"),
    "versions": ("versions", "Shop"),
    "rejected": ("rejected", "Shop"),
    "basis": ("basis", "Shop"),
    "audit": ("audit",),
}


@pytest.mark.parametrize("command", SAYS)
def test_no_command_steers_the_terminal(
    command: str, shop: tuple[Path, ImportResult], capsys: pytest.CaptureFixture[str]
) -> None:
    root = str(shop[0] / "workspace")
    for more in ((), ("--json",)):
        main([*SAYS[command], *more, "--workspace", root])
        out, err = capsys.readouterr()
        assert out
        assert _STEERS.findall(out + err) == []
        assert not more or isinstance(json.loads(out), dict)


def test_names_of_shops_files_segments_and_notes_are_texts_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    file = tmp_path / "orders.csv"
    named: list[str] = []
    ended: Counter[str] = Counter()
    for at, one in enumerate(TRIED if FULL else TRIED[::5]):
        rows = [(f"o{n}", f"2026-01-1{n}", one, one, f"1{n}.50", one) for n in range(3)]
        file.write_bytes(as_csv(rows, ("order_id", "date", "customer", "product", "amount", one)))
        words = ["import", str(file), "--dataset", one, "--workspace", str(workspace.root)]
        code = main(words if at % 2 else [*words, "--json"])
        out, err = capsys.readouterr()
        assert _STEERS.findall(out + err) == [], one
        ended["imported" if code == 0 else "refused"] += 1
        assert code in {0, 1, 2}, one
        if code == 0:
            named.append(one)
            shelf = SavedSegmentations(workspace, workspace.id_of(shop_name(one)))
            saved = shelf.save(one[:60], key="k", body="{}", created="2026-11-22", note=one)
            assert shelf.get(saved.identity).note == one
    assert len(workspace.datasets()) == len(named) == ended["imported"]
    assert main(["audit", "verify", "--workspace", str(workspace.root)]) == 0
    log = (workspace.root / audit.LOG).read_text(encoding="utf-8")
    assert "pwn" not in log
    assert "evil.example" not in log
    print(f"names of shops: {dict(ended)}")
