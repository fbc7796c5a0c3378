"""One customer goes from every version, list and result, stays away, and nobody else loses anything."""

from __future__ import annotations

import re
import shutil
import time
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentation.customers import prepare
from segmentation.customers.lookup import find
from segmentation.engine import DuckEngine
from segmentation.engine.reading import ImportConnection
from segmentation.erasure import Asked, CustomerNotFound, delete, erase, erasing, preview
from segmentation.errors import DatasetNotFound, WorkspaceBroken, WrongCall
from segmentation.intake import Ledger, read_set_aside, rejected
from segmentation.meaning import Choices, Mapping
from segmentation.workspace import DatasetVersion, SavedSegmentations, Swap, Workspace, erased_marks, write_manifest
from segmentation.workspace.rebuild import rebuild
from tests.segmentation.intake_files import contacts, csv, lines, load, money

HEADER = "Customer ID,Email,Name,Phone,Order ID,Date,Product,Amount"
TRACES = ("ada@example.com", "lovelace", "1234567")
OTHERS = [
    f"c{i},bob{i}@example.com,Bob B{i},0660 {i}000000,p{i}-{n},2025-0{n}-1{i},Tea,6.10"
    for i in range(2, 8)
    for n in (1, 2, 3)
]
ADA = "c1,Ada@example.com,Ada Lovelace,+43 660 1234567,o1,2025-01-02,Tea,5.25"
AGAIN = "c1,ada@example.com,Ada Lovelace,+43 660 1234567,o2,2025-02-02,Pot,7.50"
BAD = ["c1,,,,o3,soon,Tea,1.00", ",ada@example.com,,,o4,soon,Tea,1.00", ",,Ada Lovelace,,o5,soon,Tea,1.00",
       ",,,0660 1234567,o6,soon,Tea,1.00", ",,,,o1,soon,Tea,1.00", "c2,,,,o9,soon,Tea,9.00"]  # fmt: skip


def shop(folder: Path) -> Workspace:
    """Two versions of a shop: the first with an order of Ada's, the second with another and with rejected rows."""
    shutil.copytree(_imported().name, folder, dirs_exist_ok=True)
    return Workspace.open(folder / "workspace")


@cache
def _imported() -> TemporaryDirectory[str]:
    """A folder with the two files and a workspace into which they were imported; gone with this process."""
    home = TemporaryDirectory(prefix="tessera-shop-")
    imported(Path(home.name))
    return home


def imported(folder: Path) -> Workspace:
    """The same shop, imported into this folder now."""
    load(folder, csv(ADA, *OTHERS, header=HEADER), name="one.csv")
    load(folder, csv(AGAIN, *OTHERS[:3], *BAD, header=HEADER), name="two.csv")
    return Workspace.open(folder / "workspace")


def everything(version: DatasetVersion) -> str:
    files = sorted(version.folder.rglob("*.parquet"))
    return "".join(str(pq.ParquetFile(path).read().to_pylist()) for path in files).lower()


def test_a_customer_goes_from_every_version_and_versions_keep_their_numbers(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    before = workspace.history("Shop")
    done = erase(workspace, "Shop", Asked(customer="c1"))
    after = workspace.history("Shop")
    assert [one.number for one in after] == [one.number for one in before] == [1, 2]
    for old, new, revenue in zip(before, after, ("5.25", "12.75"), strict=True):
        assert new.manifest.revenue == old.manifest.revenue - money(revenue)
        assert new.manifest.customers == old.manifest.customers - 1 == 6
        assert new.fingerprint != old.fingerprint
        assert not any(trace in everything(new) for trace in TRACES)
        assert not any(row["customer_id"] == "c1" for row in lines(new))
    assert (done.customers, done.versions, done.lines, done.revenue) == (("c1",), 2, 2, Decimal("12.75"))
    assert (done.orders, done.contacts, done.rejected) == (2, 1, 5)


def test_nobody_else_loses_anything(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    kept = [row for row in lines(workspace.latest("Shop")) if row["customer_id"] != "c1"]
    people = [row for row in contacts(workspace.latest("Shop")) if row["customer_id"] != "c1"]
    erase(workspace, "Shop", Asked(email="ADA@example.com "))
    version = workspace.latest("Shop")
    assert lines(version) == kept
    assert contacts(version) == people
    assert [row[0] for row in read_set_aside(version).column("row").to_pylist()] == ["c2"]
    assert [one.reasons for one in rejected(version)] == [{"unreadable_date": 1}]
    assert rejected(version)[0].headers == tuple(HEADER.split(","))


def test_roll_back_survives_and_does_not_bring_the_customer_back(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    erase(workspace, "Shop", Asked(customer="c1"))
    first = workspace.use("Shop", 1)
    assert find(DuckEngine.open(workspace.root), first, "c1") == ()
    assert len(find(DuckEngine.open(workspace.root), first, "c2")) == 1


def test_the_same_files_again_bring_nobody_back_and_add_up(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    erase(workspace, "Shop", Asked(customer="c1"))
    for name, rows, left, revenue in (
        ("one.csv", [ADA, *OTHERS], 1, "5.25"),
        ("two.csv", [AGAIN, *OTHERS[:3], *BAD], 5, "11.50"),
    ):
        done = load(tmp_path, csv(*rows, header=HEADER), name=name)
        assert done.ledger.set_aside["erased"] == left
        assert done.ledger.excluded["erased"] == money(revenue)
    version = workspace.latest("Shop")
    assert version.manifest.customers == 6
    assert not any(trace in everything(version) for trace in TRACES)


def test_deleting_the_shop_and_importing_it_again_brings_nobody_back(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    erase(workspace, "Shop", Asked(customer="c1"))
    workspace.delete("Shop")
    assert load(tmp_path, csv(ADA, *OTHERS, header=HEADER)).ledger.set_aside == {"erased": 1}


def test_an_import_under_way_does_not_bring_the_customer_back(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    held = workspace.latest("Shop").manifest
    with workspace.draft("Shop") as draft:
        erase(workspace, "Shop", Asked(customer="c1"))
        with pytest.raises(WorkspaceBroken, match="A customer was erased from “Shop” during this import"):
            draft.check()
        with pytest.raises(WorkspaceBroken, match="A customer was erased"):
            draft.publish(held)
    assert [one.number for one in workspace.history("Shop")] == [1, 2]


def test_an_import_that_ends_meanwhile_is_erased_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = shop(tmp_path)
    written = erasing.Erasure.written
    late = csv("c1,ada@example.com,Ada Lovelace,1,o77,2025-03-03,Pot,3.00", header=HEADER)

    def slow(self: erasing.Erasure, connection: ImportConnection, folder: Path) -> Swap | None:
        found = written(self, connection, folder)
        if len(workspace.history("Shop")) == 2:
            load(tmp_path, late, name="late.csv")
        return found

    monkeypatch.setattr(erasing.Erasure, "written", slow)
    erase(workspace, "Shop", Asked(customer="c1"))
    assert [one.number for one in workspace.history("Shop")] == [1, 2, 3]
    assert not any(trace in everything(one) for one in workspace.history("Shop") for trace in TRACES)


def test_lists_and_caches_go_with_the_customer_and_saves_go_on(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    version = workspace.latest("Shop")
    shelf = SavedSegmentations(workspace, version.dataset_id)
    listed = shelf.keep_list(pa.array(["c1", "c2"]))
    saved = shelf.save("Mine", key="k", body="{}", created="2026-01-01", note="Ask Ada Lovelace (ada@example.com)")
    prepare(workspace, DuckEngine.open(workspace.root), version)
    assert any(workspace.cache_folder.iterdir())
    done = erase(workspace, "Shop", Asked(customer="c1"))
    assert done.lists == 1
    assert shelf.list_of(listed).to_pylist() == ["c2"]
    assert shelf.get(saved.identity).note == "Ask [erased] ([erased])"
    assert list(workspace.cache_folder.iterdir()) == []
    assert list(workspace.tmp.glob("erasing-*")) == []


def test_versions_share_files_as_before(tmp_path: Path) -> None:
    workspace = imported(tmp_path)
    load(tmp_path, csv("c9,z@example.com,Z Z,1,o99,2025-03-03,Pot,3.00", header=HEADER), name="three.csv")
    erase(workspace, "Shop", Asked(customer="c1"))
    first, second, third = workspace.history("Shop")
    assert first.lines[0].stat().st_ino == second.lines[0].stat().st_ino == third.lines[0].stat().st_ino
    assert contacts(third)[0]["customer_id"] == "c2"


def test_a_version_without_the_customer_is_left_as_it_is(tmp_path: Path) -> None:
    load(tmp_path, csv(*OTHERS, header=HEADER), name="one.csv")
    load(tmp_path, csv(ADA, header=HEADER), name="two.csv")
    workspace = Workspace.open(tmp_path / "workspace")
    before = workspace.history("Shop")
    assert erase(workspace, "Shop", Asked(customer="c1")).versions == 1
    after = workspace.history("Shop")
    assert after[0].lines[0].stat().st_ino == before[0].lines[0].stat().st_ino
    assert after[0].fingerprint == before[0].fingerprint == after[1].fingerprint


def test_who_is_known_by_the_address_is_found_by_the_address(tmp_path: Path) -> None:
    rows = ["ada@example.com,o1,2025-01-02,Tea,5.25", "bob@example.com,o2,2025-01-03,Tea,6.10"]
    load(tmp_path, csv(*rows, header="Email,Order ID,Date,Product,Amount"))
    workspace = Workspace.open(tmp_path / "workspace")
    done = erase(workspace, "Shop", Asked(email="ada@example.com"))
    assert (done.lines, done.contacts) == (1, 1)
    assert done.customers[0].startswith("p-")
    assert workspace.latest("Shop").manifest.revenue == money("6.10")


@pytest.mark.parametrize("column", ["Customer Name", "Phone"])
def test_who_is_known_by_name_or_phone_is_erased_by_the_pseudonym_and_stays_away(tmp_path: Path, column: str) -> None:
    people = ["Ada Lovelace", "Bob Bobson", "Eve Evans", "Max Muster", "Ida Iversen", "Tom Turner"]
    if column == "Phone":
        people = [f"+43 660 123456{n}" for n in range(6)]
    text = csv(*(f"{who},o{n}-{m},2025-0{m}-1{n},Tea,6.10" for n, who in enumerate(people) for m in (1, 2, 3)),
               header=f"{column},Order ID,Date,Product,Amount")  # fmt: skip
    first = load(tmp_path, text)
    workspace = Workspace.open(tmp_path / "workspace")
    customer = next(row["customer_id"] for row in lines(first.version) if row["order_id"] == "o0-1")
    assert customer.startswith("p-")
    done = erase(workspace, "Shop", Asked(customer=customer))
    assert (done.lines, done.orders) == (3, 3)
    assert people[0].lower() not in everything(workspace.latest("Shop"))
    again = load(tmp_path, text)
    assert again.ledger.set_aside == {"erased": 3}
    assert again.version.manifest.customers == 5


def test_remembered_mappings_forget_the_customer(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    said = Mapping(customer="Customer ID", date="Date", amount="Amount", choices=Choices(not_guests=("c1", "c2", "x9")))
    workspace.remember_mapping("key", said.to_toml())
    erase(workspace, "Shop", Asked(customer="c1"))
    assert Mapping.from_toml(workspace.recall_mapping("key") or "").choices.not_guests == ("c2", "x9")
    delete(workspace, "Shop")
    assert Mapping.from_toml(workspace.recall_mapping("key") or "").choices.not_guests == ("x9",)
    assert workspace.datasets() == ()


@pytest.mark.parametrize("asked", ["42", "0042"])
def test_an_id_is_found_whatever_zeros_stand_in_front_of_it(tmp_path: Path, asked: str) -> None:
    load(tmp_path, csv("0042,o1,2025-01-02,Tea,5.25", "0043,o2,2025-01-03,Tea,6.10"))
    workspace = Workspace.open(tmp_path / "workspace")
    assert erase(workspace, "Shop", Asked(customer=asked)).customers == ("0042",)


def test_ids_that_differ_only_by_zeros_stay_apart(tmp_path: Path) -> None:
    text = csv("7,o1,2025-01-02,Tea,5.25", "007,o2,2025-01-03,Tea,6.10", "a8,o3,2025-01-04,Tea,1.00")
    first = load(tmp_path, text)
    workspace = Workspace.open(tmp_path / "workspace")
    assert {row["customer_id"] for row in lines(first.version)} == {"7", "007", "a8"}
    erase(workspace, "Shop", Asked(customer="7"))
    again = load(tmp_path, text)
    assert again.ledger.set_aside == {"erased": 1}
    assert {row["customer_id"] for row in lines(again.version)} == {"007", "a8"}


def test_an_address_that_others_have_too_stays_with_them_and_they_are_named(tmp_path: Path) -> None:
    first = csv("c1,us@example.com,Ada L,1,o1,2025-01-02,Tea,5.25", *OTHERS, header=HEADER)
    load(tmp_path, first, name="one.csv")
    load(tmp_path, csv("c8,,Eve L,2,o8,2025-01-03,Tea,6.10", header=HEADER), name="two.csv")
    workspace = Workspace.open(tmp_path / "workspace")
    version = workspace.latest("Shop")
    path = version.contacts[0]
    table = pq.ParquetFile(path).read().to_pylist()
    schema = pq.read_schema(workspace.history("Shop")[0].contacts[0])
    path.unlink()
    for row in table:
        row["email"] = "us@example.com" if row["customer_id"] == "c8" else row["email"]
    pq.write_table(pa.Table.from_pylist(table, schema), path)
    write_manifest(version.folder, version.manifest)
    done = erase(workspace, "Shop", Asked(customer="c1"))
    assert done.others == ("c8",)
    assert [row["email"] for row in contacts(workspace.latest("Shop")) if row["customer_id"] == "c8"] == [
        "us@example.com"
    ]
    assert erase(workspace, "Shop", Asked(email="us@example.com")).customers == ("c8",)


def test_a_refund_that_names_only_the_order_goes_with_it(tmp_path: Path) -> None:
    load(tmp_path, csv("c1,o1,2025-01-02,Tea,5.25", ",o1,2025-01-05,Tea,-5.25", ",o2,2025-01-05,Tea,3.00",
                       "c2,o3,2025-01-05,Tea,3.00"))  # fmt: skip
    workspace = Workspace.open(tmp_path / "workspace")
    erase(workspace, "Shop", Asked(customer="c1"))
    assert {row["order_id"] for row in lines(workspace.latest("Shop"))} == {"o2", "o3"}


def test_another_shop_that_knows_the_address_is_named_and_left_alone(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    load(tmp_path, csv("x1,ada@example.com,Ada Lovelace,1,o1,2025-01-02,Tea,5.25", *OTHERS, header=HEADER), "Other")
    assert preview(workspace, "Shop", Asked(customer="c1")).elsewhere == ("Other",)
    erase(workspace, "Shop", Asked(customer="c1"))
    assert "ada@example.com" in everything(workspace.latest("Other"))


def test_a_look_changes_nothing(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    before = {path: path.read_bytes() for path in workspace.datasets_folder.rglob("*") if path.is_file()}
    found = preview(workspace, "Shop", Asked(customer="c1"))
    assert (found.lines, found.versions) == (2, 2)
    assert {path: path.read_bytes() for path in workspace.datasets_folder.rglob("*") if path.is_file()} == before
    assert workspace.erased("Shop") == frozenset()


def test_the_only_customer_can_be_erased(tmp_path: Path) -> None:
    load(tmp_path, csv("c1,o1,2025-01-02,Tea,5.25"))
    workspace = Workspace.open(tmp_path / "workspace")
    erase(workspace, "Shop", Asked(customer="c1"))
    held = workspace.latest("Shop").manifest
    assert (held.customers, held.orders, held.lines, held.revenue) == (0, 0, 0, 0)
    assert Ledger.from_json(held.ledger).customers == 0
    done = load(tmp_path, csv("c2,o2,2025-01-03,Tea,6.10"))
    assert (done.version.number, done.version.manifest.customers) == (2, 1)


def test_erasing_twice_says_so(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    erase(workspace, "Shop", Asked(customer="c1"))
    again = erase(workspace, "Shop", Asked(customer="c1"))
    assert (again.already, again.versions, again.lines) == (True, 0, 0)


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"customer": "nobody"}, CustomerNotFound),
        ({"email": "eve@example.org"}, CustomerNotFound),
        ({"email": "noemail@shop.com"}, WrongCall),
        ({"customer": "c1", "email": "ada@example.com"}, WrongCall),
        ({}, WrongCall),
        ({"customer": " "}, WrongCall),
    ],
)
def test_whoever_is_no_customer_is_refused_and_nothing_changes(tmp_path: Path, asked: dict, problem: type) -> None:
    workspace = shop(tmp_path)
    with pytest.raises(problem):
        erase(workspace, "Shop", Asked(**asked))
    assert workspace.latest("Shop").manifest.customers == 7
    assert workspace.erased("Shop") == frozenset()


def test_an_unknown_shop_is_named(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    with pytest.raises(DatasetNotFound):
        erase(workspace, "Shoppe", Asked(customer="c1"))


def test_what_was_to_take_the_place_of_versions_and_never_did_is_swept(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    left = workspace.latest("Shop").folder.parent / "swap-1"
    (left / "1").mkdir(parents=True)
    workspace.sweep(now=time.time())
    assert not left.exists()


def lose_list(workspace: Workspace) -> None:
    for file in workspace.root.glob("registry.sqlite*"):
        file.unlink()


def test_a_list_of_shops_made_anew_still_knows_who_was_erased(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    erase(workspace, "Shop", Asked(customer="c1"))
    known = workspace.erased("Shop")
    lose_list(workspace)
    made = rebuild(workspace.root)
    assert "erased" not in made.lost
    assert "bases" in made.lost
    assert Workspace.open(workspace.root).erased("Shop") == known != frozenset()
    load(tmp_path, csv(AGAIN, *OTHERS[:3], *BAD, header=HEADER), name="again.csv")
    assert not any(trace in everything(workspace.latest("Shop")) for trace in TRACES)


def test_who_was_erased_from_a_shop_that_was_deleted_stays_known_without_the_list(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    load(tmp_path, csv(*OTHERS, header=HEADER), name="other.csv", dataset="Other")
    erase(workspace, "Shop", Asked(customer="c1"))
    delete(workspace, "Shop")
    lose_list(workspace)
    rebuild(workspace.root)
    load(tmp_path, csv(ADA, *OTHERS, header=HEADER), name="again.csv")
    assert not any(trace in everything(workspace.latest("Shop")) for trace in TRACES)


def test_marks_of_before_they_had_a_file_get_one_and_an_older_list_forgets_none(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    erase(workspace, "Shop", Asked(customer="c1"))
    known, file = workspace.erased("Shop"), workspace.keys / erased_marks.MARKS
    file.unlink()
    Workspace.open(workspace.root)
    assert erased_marks.read(workspace.keys) == {"Shop": known}
    with workspace.registry() as registry:
        registry.execute("DELETE FROM erased")
    Workspace.open(workspace.root)
    assert workspace.erased("Shop") == known
    assert all(re.fullmatch("[0-9a-f]{64}", mark) for mark in known)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_damaged_file_of_marks_is_said_to_be_lost_with_the_list(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    erase(workspace, "Shop", Asked(customer="c1"))
    file = workspace.keys / erased_marks.MARKS
    file.write_bytes(file.read_bytes().replace(b"Shop", b"Shot"))
    lose_list(workspace)
    assert "erased" in rebuild(workspace.root).lost
