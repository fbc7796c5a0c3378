"""Names of shops: what is none is refused, two that look alike are told apart, and one is found in any Unicode form."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from segmentation.errors import WrongCall
from segmentation.workspace import LONGEST_SHOP_NAME, Workspace, name_of_file, same_name, shop_name

ORDERS = "order_id,date,customer,amount\n1,2026-01-05,ann,10.10\n2,2026-01-06,bob,20.20\n"
Call = Callable[..., tuple[int, str, str]]
REFUSED = ("", "   ", "\t\n", "...", "- -", "\u200b", "a\x00b", "a\x1b[2Jb", "a\u202eb", "a\ud800b", "x" * 61, "‽")


def orders(folder: Path, name: str = "a.csv", text: str = ORDERS) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", REFUSED, ids=ascii)
def test_what_is_no_name_is_refused_and_nothing_is_imported(tessera: Call, tmp_path: Path, name: str) -> None:
    code, _, err = tessera("import", orders(tmp_path), "--dataset", name)
    assert code == 2
    assert "Give it a" in err
    assert Workspace.open().names() == []


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "Ann & Söhne", "陳記", "42", "🛍️", "شركة نور", "a" * 60])
def test_any_other_name_is_kept_and_leads_nowhere_on_disk(
    tessera: Call, tmp_path: Path, own_workspace: Path, name: str
) -> None:
    before = set(tmp_path.iterdir())
    assert tessera("import", orders(tmp_path), "--dataset", name)[0] == 0
    assert Workspace.open().names() == [name]
    assert set(tmp_path.iterdir()) - before == {tmp_path / "a.csv", own_workspace}
    (home,) = (own_workspace / "datasets").iterdir()
    assert len(home.name) == 32
    assert tessera("versions", name)[0] == 0


@pytest.mark.parametrize("name", ["my shop", "MY SHOP", "Myshop", "Ｍy Shop"])
def test_a_name_that_only_looks_different_is_refused_with_the_one_that_is_there(
    tessera: Call, tmp_path: Path, name: str
) -> None:
    tessera("import", orders(tmp_path), "--dataset", "My Shop")
    code, _, err = tessera("import", orders(tmp_path), "--dataset", name)
    assert code == 2
    assert "“My Shop”" in err
    assert Workspace.open().names() == ["My Shop"]


@pytest.mark.parametrize("name", ["Cafe\u0301", "Caf\u00e9", "  Caf\u00e9 ", "Caf\u00e9\u200b"], ids=ascii)
def test_one_name_in_several_unicode_forms_is_one_shop(tessera: Call, tmp_path: Path, name: str) -> None:
    assert tessera("import", orders(tmp_path), "--dataset", name)[0] == 0
    more = orders(tmp_path, "b.csv", ORDERS + "3,2026-01-07,cy,5.00\n")
    assert tessera("import", more, "--dataset", "Caf\u00e9")[0] == 0
    assert Workspace.open().names() == ["Caf\u00e9"]
    for words in (["versions"], ["health"], ["rejected"], ["basis"]):
        code, out, _ = tessera(words[0], name, "--json")
        assert (code, json.loads(out)["dataset"]) == (0, "Caf\u00e9")
    assert tessera("erase", name, "--customer", "ann", "--yes")[0] == 0
    assert tessera("delete", name, "--yes")[0] == 0


def test_a_shop_kept_under_another_form_is_found_and_added_to(tessera: Call, tmp_path: Path) -> None:
    tessera("import", orders(tmp_path), "--dataset", "x")
    with Workspace.open().registry() as registry:
        registry.execute("UPDATE datasets SET name = ?", ("Cafe\u0301",))
    assert tessera("versions", "Caf\u00e9")[0] == 0
    assert same_name("Caf\u00e9", ["Cafe\u0301"]) == "Cafe\u0301"


def test_a_name_that_is_no_text_is_answered(tessera: Call, tmp_path: Path) -> None:
    tessera("import", orders(tmp_path), "--dataset", "x")
    for words in (["study", "a\udcffb"], ["delete", "a\udcffb", "--yes"]):
        code, _, err = tessera(*words)
        assert code == 2
        assert "There is no" in err


@pytest.mark.parametrize(
    ("file", "name"),
    [("orders", "orders"), ("...", "My shop"), ("", "My shop"), ("a\x00\u202eb", "ab"), ("y" * 99, "y" * 60),
     ("Cafe\u0301", "Caf\u00e9"), ("a\udcffb", "ab"), ("  a   b ", "a b")],
)  # fmt: skip
def test_a_file_gives_a_name_whatever_it_is_called(file: str, name: str) -> None:
    assert name_of_file(file) == name
    assert shop_name(name) == name


def test_a_name_is_as_long_as_it_is_shown() -> None:
    assert shop_name("e\u0301" * LONGEST_SHOP_NAME) == "\u00e9" * LONGEST_SHOP_NAME
    with pytest.raises(WrongCall, match="61 characters"):
        shop_name("x" * 61)
