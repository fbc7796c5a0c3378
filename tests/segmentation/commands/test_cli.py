"""The command line: one JSON object, an honest exit code, and figures that agree with the file."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from segmentation import cli
from segmentation.analysis import METHODS
from segmentation.report.methods import CALLED
from segmentation.report.methods import METHODS as TOLD
from segmentation.workspace import Workspace
from segmentation.workspace.audit_check import check

ORDERS = """order_id,date,customer,amount
1,2026-01-05,ann,10.10
2,2026-01-06,bob,20.20
2,2026-01-06,bob,0.05
3,2026-01-19,ann,nonsense
4,someday,bob,5.00
5,2026-01-20,,7.00
6,2026-01-25,cy,9.99
"""


Call = Callable[..., tuple[int, str, str]]


def one_object(text: str) -> dict[str, Any]:
    """The text as exactly one JSON object."""
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def imported_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace into which the command has imported the sample shop, and where it has studied it."""
    home = tmp_path_factory.mktemp("sample") / "workspace"
    assert cli.main(["import", "sample_data/orders.csv", "--dataset", "Shop", "--workspace", str(home)]) == 0
    assert cli.main(["study", "Shop", "--workspace", str(home)]) == 0
    return home


@pytest.fixture
def sample_shop(imported_once: Path, own_workspace: Path) -> None:
    """The sample shop in this test's own workspace."""
    shutil.copytree(imported_once, own_workspace)


def test_import_accounts_for_every_row_and_cent(tessera: Call, orders: Path) -> None:
    code, out, _ = tessera("import", orders, "--dataset", "Shop", "--json")
    assert code == 0
    body = one_object(out)
    rows, revenue = body["rows"], body["revenue"]
    assert rows == {
        "read": 7,
        "loaded": 5,
        "already_present": 0,
        "kept_as_stored": 0,
        "dropped_repeats": 0,
        "set_aside": {"unreadable_amount": 1, "unreadable_date": 1},
    }
    assert revenue == {"file": 52.34, "kept": 47.34, "excluded": {"unreadable_date": 5.0}}
    assert (body["customers"], body["guests"], body["orders"]) == (3, 1, 4)
    assert body["period"] == ["2026-01-05", "2026-01-25"]


def test_importing_the_same_file_again_adds_nothing(tessera: Call, orders: Path) -> None:
    tessera("import", orders, "--dataset", "Shop")
    code, out, _ = tessera("import", orders, "--dataset", "Shop", "--json")
    body = one_object(out)
    assert code == 0
    assert body["version"] == 1
    assert body["rows"]["loaded"] == 0
    assert body["rows"]["already_present"] == 5
    assert body["orders"] == 4


def test_several_files_are_one_account(tessera: Call, orders: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.csv"
    later.write_text("order_id,date,customer,amount\n7,2026-02-01,dee,100.00\n", encoding="utf-8")
    code, out, _ = tessera("import", orders, later, "--dataset", "Shop", "--json")
    body = one_object(out)
    assert code == 0
    assert (body["rows"]["read"], body["rows"]["loaded"]) == (8, 6)
    assert Decimal(str(body["revenue"]["kept"])) == Decimal("147.34")
    assert body["period"][1] == "2026-02-01"


def test_a_wrong_call_is_one_json_object_and_exit_code_two(tessera: Call) -> None:
    Workspace.open()
    for words in (
        ["stdy"],
        ["study"],
        ["study", "Nowhere"],
        ["study", "x", "--segments", "many"],
        ["study", "x", "--members", "Champions"],
        ["study", "x", "--out", "champions.csv"],
        ["import", "no.csv"],
    ):
        code, out, err = tessera(*words, "--json")
        assert code == 2, words
        assert set(one_object(out)) == {"error"}
        assert err.strip()
        assert "Traceback" not in err


def test_data_that_cannot_answer_is_exit_code_one(tessera: Call, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    code, out, err = tessera("import", empty, "--json")
    assert code == 1
    assert "empty" in one_object(out)["error"]["fact"]
    assert "Traceback" not in err


def test_demo_studies_the_sample_shop_and_says_how_to_open_the_app(tessera: Call, tmp_path: Path) -> None:
    code, out, _ = tessera("demo", "--workspace", tmp_path / "w")
    assert code == 0
    assert "tessera app" in out
    code, out, _ = tessera("demo", "--json", "--workspace", tmp_path / "w")
    body = one_object(out)
    assert set(body) == {"dataset", "method", "k", "segments", "seconds"}
    assert len(body["segments"]) == body["k"]
    assert sum(segment["customers"] for segment in body["segments"]) == 6000
    assert sum(segment["share_of_customers"] for segment in body["segments"]) == pytest.approx(1, abs=1e-12)
    assert sum(segment["share_of_revenue"] for segment in body["segments"]) == pytest.approx(1, abs=1e-12)
    assert len({segment["name"] for segment in body["segments"]}) == body["k"]


@pytest.mark.parametrize(
    ("words", "groups"),
    [
        (["--segments", "5"], 5),
        (["--method", "mixture", "--segments", "4"], 4),
        (["--method", "rfm", "--rfm-preset", "klaviyo"], 6),
        (["--features", "recency_days,orders", "--segments", "3", "--as-of", "2026-05-01"], 3),
    ],
)
def test_study_takes_methods_numbers_features_and_dates(
    tessera: Call, sample_shop: None, words: list[str], groups: int
) -> None:
    code, out, _ = tessera("study", "Shop", *words, "--json")
    assert code == 0
    assert one_object(out)["k"] == groups


def test_the_customers_of_a_segment_are_written_and_entered_in_the_log(
    tessera: Call, sample_shop: None, tmp_path: Path
) -> None:
    out = tmp_path / "members.csv"
    asked = ["study", "Shop", "--segments", "5", "--out", out, "--members"]
    code, told, _ = tessera(*asked, "Nobody", "--json")
    assert code == 2
    segments = one_object(tessera("study", "Shop", "--segments", "5", "--json")[1])["segments"]
    assert all(one["name"] in one_object(told)["error"]["next_step"] for one in segments)
    assert not out.exists()
    code, told, _ = tessera(*asked, segments[1]["name"], "--json")
    assert code == 0
    assert one_object(told)["file"] == str(out)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == segments[1]["customers"]
    entry = check(Workspace.open()).entries[-1]
    assert (entry["what"], entry["content"], entry["rows"]) == ("export", "customers", len(rows))
    code, _, told = tessera(*asked, segments[0]["name"])
    assert code == 2
    assert "--force" in told


def test_the_report_is_one_file_with_the_figures_of_the_study(tessera: Call, sample_shop: None, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    code, out, _ = tessera("report", "Shop", "--segments", "5", "--out", target, "--json")
    assert code == 0
    assert one_object(out)["bytes"] == target.stat().st_size
    html = target.read_text(encoding="utf-8")
    segments = one_object(tessera("study", "Shop", "--segments", "5", "--json")[1])["segments"]
    for segment in segments:
        assert segment["name"] in html
        assert f"{segment['customers']:,}" in html
    assert "<script" not in html


@pytest.mark.parametrize("method", METHODS)
def test_every_method_has_a_report(tessera: Call, sample_shop: None, tmp_path: Path, method: str) -> None:
    target = tmp_path / "report.html"
    assert tessera("report", "Shop", "--method", method, "--out", target)[0] == 0
    text = unescape(target.read_text(encoding="utf-8"))
    assert f"segments by {CALLED[method]} on " in text
    assert TOLD[method].source in text


def test_one_customer_is_told_to_bring_more(tessera: Call, tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("order_id,date,customer,amount\n1,2026-01-05,ann,10.10\n2,2026-01-09,ann,10.10\n", encoding="utf-8")
    assert tessera("import", file, "--dataset", "One")[0] == 0
    code, out, err = tessera("study", "One", "--json")
    assert code == 1
    assert one_object(out)["error"]["next_step"]
    assert "Traceback" not in err


def test_customers_who_are_all_alike_are_not_split(tessera: Call, tmp_path: Path) -> None:
    file = tmp_path / "alike.csv"
    with file.open("w", newline="") as target:
        csv.writer(target).writerows(
            [("order_id", "date", "customer", "amount"), *((i, "2026-01-05", f"c{i}", "10.00") for i in range(50))]
        )
    assert tessera("import", file, "--dataset", "Alike")[0] == 0
    code, out, _ = tessera("study", "Alike", "--json")
    assert code == 1
    assert one_object(out)["error"]["fact"]


def test_a_basis_is_stated_shown_and_withdrawn_and_nothing_is_lost(tessera: Call, orders: Path) -> None:
    tessera("import", orders, "--dataset", "Shop")
    body = one_object(tessera("basis", "Shop", "--json")[1])
    assert (body["rule"], body["basis"], body["log"]) == ("nothing_known", None, [])
    assert body["consent"] == {"column": False, "agreed": 0, "refused": 0}
    stating = ("--state", "existing_customers", "--note", "told at checkout", "--by", "Ann")
    code, out, err = tessera("basis", "Shop", *stating, "--json")
    body = one_object(out)
    assert (code, err) == (0, "")
    assert (body["rule"], body["basis"], body["note"]) == ("stated", "existing_customers", "told at checkout")
    assert body["stated_by"] == "Ann"
    text = tessera("basis", "Shop")[1]
    assert "Existing customers" in text
    assert "told at checkout" in text
    code, out, _ = tessera("basis", "Shop", "--withdraw", "--json")
    body = one_object(out)
    assert code == 0
    assert (body["rule"], body["basis"]) == ("nothing_known", None)
    assert [one["basis"] for one in body["log"]] == ["existing_customers", None]


def test_a_basis_beside_a_column_of_consent_is_kept_and_does_not_apply(tessera: Call, tmp_path: Path) -> None:
    file = tmp_path / "asked.csv"
    rows = ("1,2026-01-05,ann,10.10,yes", "2,2026-01-06,bob,5.00,no", "3,2026-01-07,cy,5.00,")
    file.write_text("\n".join(["order_id,date,customer,amount,Accepts marketing", *rows]), encoding="utf-8")
    tessera("import", file, "--dataset", "Shop")
    code, out, err = tessera("basis", "Shop", "--state", "consent", "--json")
    body = one_object(out)
    assert code == 0
    assert (body["rule"], body["basis"], body["stated"]["basis"]) == ("consent_column", None, "consent")
    assert body["consent"] == {"column": True, "agreed": 1, "refused": 1}
    assert "unknown stay out" in err


def test_a_file_of_refusals_holds_no_consent(tessera: Call, tmp_path: Path) -> None:
    file = tmp_path / "refused.csv"
    rows = ("1,2026-01-05,ann,10.10,yes", "2,2026-01-06,bob,5.00,no", "3,2026-01-07,cy,5.00,no")
    file.write_text("\n".join(["order_id,date,customer,amount,Unsubscribed", *rows]), encoding="utf-8")
    tessera("import", file, "--dataset", "Shop")
    body = one_object(tessera("basis", "Shop", "--json")[1])
    assert (body["rule"], body["consent"]) == ("refusals_only", {"column": False, "agreed": 0, "refused": 1})
    assert one_object(tessera("basis", "Shop", "--state", "consent", "--json")[1])["rule"] == "stated"


def test_a_basis_that_cannot_be_taken_is_a_wrong_call_and_changes_nothing(tessera: Call, orders: Path) -> None:
    tessera("import", orders, "--dataset", "Shop")
    for words in (
        ["--state", "because"],
        ["--withdraw"],
        ["--state", "consent", "--withdraw"],
        ["--note", "only a note"],
        ["--state", "consent", "--note", "x" * 201],
    ):
        code, out, err = tessera("basis", "Shop", *words, "--json")
        assert code == 2, words
        assert set(one_object(out)) == {"error"}
        assert err.strip()
    assert tessera("basis", "Nowhere", "--json")[0] == 2
    assert one_object(tessera("basis", "Shop", "--json")[1])["log"] == []


STEERING = ("\x1b[2J\x1b]0;owned\x07", "\x9b31m", "\u202egpj.exe", "\x08\x08\x08", "\r overwritten")


@pytest.mark.parametrize("steering", STEERING)
def test_names_from_files_never_steer_the_terminal(tessera: Call, tmp_path: Path, steering: str) -> None:
    name = f"Sho{steering}p"
    path = tmp_path / "orders.csv"
    header = f'order_id,date,customer,"am{steering}ount","prod{steering}uct"'
    rows = "".join(f'{i},2026-01-{1 + i % 28:02d},c{i % 9},{i}.50,"Sh{steering}irt"\n' for i in range(1, 60))
    path.write_text(f"{header}\n{rows}", encoding="utf-8", newline="")
    calls = (
        ("import", path, "--dataset", name),
        ("import", path, "--dataset", name, "--json"),
        ("import", path, "--dataset", name, "--map", f"amount=No{steering}where"),
        ("import", path, "--dataset", name, "--map", f"amount=No{steering}where", "--json"),
        ("health", name),
        ("study", f"No{steering}body", "--json"),
        (f"no{steering}thing",),
    )
    for words in calls:
        _, out, err = tessera(*words)
        assert not any(char in out + err for char in steering if not char.isprintable())
        if "--json" in words:
            json.loads(out)


def test_what_json_holds_is_what_stands_in_the_file(tessera: Call, orders: Path) -> None:
    named = orders.rename(orders.with_name("Sh\u202eop\x1b.csv"))
    _, out, _ = tessera("import", named, "--dataset", "Shop", "--json")
    assert json.loads(out)["files"][0]["name"] == named.name


def test_a_shop_has_no_name_that_steers_the_terminal(tessera: Call, orders: Path) -> None:
    code, out, err = tessera("import", orders, "--dataset", "Sh\u202eop\x1b", "--json")
    assert (code, one_object(out)["error"]["code"]) == (2, "wrong_call")
    assert "\x1b" not in out + err


def test_every_command_is_in_the_list_of_commands() -> None:
    (doors,) = [action.choices for action in cli._parser()._actions if isinstance(action.choices, dict)]
    listed = re.findall(r"[a-z]+", str(cli.__doc__).split("`tessera ", 1)[1].split("`", 1)[0])
    assert sorted(listed) == sorted(set(doors) - {"worth"})  # the name of clv in older scripts


@pytest.mark.parametrize("more", [[], ["--json"]])
@pytest.mark.parametrize("shop", ["Shop", "Nowhere"])
def test_who_stops_reading_gets_no_traceback(imported_once: Path, shop: str, more: list[str]) -> None:
    command = [sys.executable, "-m", "segmentation.cli", "versions", shop, "--workspace", str(imported_once), *more]
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nobody:
        done = subprocess.run(command, stdout=nobody, stderr=subprocess.PIPE, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
    assert done.returncode == (0 if shop == "Shop" else 2)
