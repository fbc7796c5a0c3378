"""What was dropped and chosen comes back to its own browser and to no other; rejected rows come back mended."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from dashboard.serving import visitors
from segmentation.intake import rejected
from segmentation.workspace.checked import read_sealed
from tests.damage import KINDS, Kind, harm
from tests.dashboard.test_import import GOOD, do_import, patiently, upload

ME, SOMEBODY = "a" * 64, "b" * 64
BAD = GOOD + "K1;soon;5,00;Tea\nK2;01.02.2025;free;Tea\n"


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch):
    """Whose browser the screens see."""

    def be(who: str | None) -> None:
        monkeypatch.setattr(visitors, "visitor", lambda: who)

    be(ME)
    return be


def reload(screen, app):
    """The same page in a new session, as after a reload of the browser."""
    found = at_address(screen, app.query_params["waiting"])
    return patiently(found, lambda: any(button.key == "stop_look" for button in found.button))


def at_address(screen, waiting: str):
    """The import screen, asked for what waits under this name."""
    app = screen("import_data")
    app.query_params["waiting"] = waiting
    return app.run()


def is_waiting(app) -> bool:
    return any(button.key == "import_now" for button in app.button)


def test_a_reload_gives_files_and_choices_back(screen, browser, workspace):
    app = upload(screen, GOOD)
    app.selectbox(key="map_category").set_value("Product")
    app.text_input(key="dataset_name").set_value("My tea shop")
    app.toggle(key="drop_repeats").set_value(True).run()
    again = reload(screen, app)
    assert not again.exception
    assert again.selectbox(key="map_category").value == "Product"
    assert again.selectbox(key="map_amount").value == "Total"
    assert again.text_input(key="dataset_name").value == "My tea shop"
    assert again.toggle(key="drop_repeats").value
    do_import(again)
    assert workspace.latest("My tea shop").manifest.lines == 60
    assert not list(workspace.tmp.glob("waiting-*"))


def test_an_answer_comes_back_too(screen, browser, workspace):
    text = "customer,date,amount\n" + "".join(f"c{i % 5},0{1 + i % 9}/0{1 + i % 7}/2025,{i}.25\n" for i in range(40))
    app = upload(screen, text)
    app.radio[0].set_value("mdy").run()
    again = reload(screen, app)
    assert again.radio[0].value == "mdy"
    do_import(again)
    assert workspace.latest("my orders").manifest.orders > 0


def test_a_link_to_somebodys_files_shows_nothing_to_anybody_else(screen, browser, workspace):
    app = upload(screen, GOOD)
    for stranger in (SOMEBODY, None):
        browser(stranger)
        other = at_address(screen, app.query_params["waiting"])
        assert not is_waiting(other)
        assert "waiting" not in other.query_params
        assert not any("my_orders" in text.value for text in (*other.markdown, *other.caption))
    browser(ME)
    assert is_waiting(reload(screen, app))


@pytest.mark.parametrize("name", ["../../etc", "x" * 32, "0" * 32, ""])
def test_an_address_that_names_nothing_is_a_page_like_any_other(screen, browser, name):
    app = at_address(screen, name)
    assert not app.exception
    assert not is_waiting(app)


def test_what_waits_is_private_on_disk_and_does_not_hold_the_cookie(screen, browser, workspace):
    upload(screen, GOOD)
    (folder,) = workspace.tmp.glob("waiting-*")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert {path.name for path in folder.iterdir()} == {"state.json", "seen.json"}
    assert json.loads(read_sealed(folder / "state.json") or b"{}")["visitor"] == ME


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["state.json", "seen.json"])
def test_what_was_kept_badly_is_asked_for_again(screen, browser, workspace, name: str, kind: Kind):
    app = upload(screen, GOOD)
    (folder,) = workspace.tmp.glob("waiting-*")
    harm(folder / name, kind, np.random.default_rng(7))
    again = reload(screen, app)
    assert not again.exception
    assert is_waiting(again) is (name == "seen.json")  # the file is looked at again, or has to be dropped again


def test_a_new_page_of_the_same_browser_offers_what_was_left(screen, browser, workspace):
    app = upload(screen, GOOD)
    app.selectbox(key="map_category").set_value("Product").run()
    fresh = screen("import_data")
    assert any("was dropped here and not imported yet" in text.value for text in fresh.markdown)
    fresh.button(key="take_up").click().run()
    assert fresh.selectbox(key="map_category").value == "Product"
    other = screen("import_data")
    other.button(key="remove_held").click().run()
    assert not other.exception
    assert not list(workspace.tmp.glob("waiting-*"))
    assert not list(workspace.tmp.glob("upload-*"))


def test_choosing_other_files_lets_go_of_what_waited(screen, browser, workspace):
    app = upload(screen, GOOD)
    app.button(key="discard_file").click().run()
    assert not list(workspace.tmp.glob("waiting-*"))
    assert "waiting" not in app.query_params


def test_a_browser_without_cookies_imports_as_ever(screen, browser, workspace):
    browser(None)
    do_import(upload(screen, GOOD))
    assert workspace.latest("my orders").manifest.lines == 60


def test_a_reload_in_the_middle_of_an_import_sees_its_end(screen, browser, workspace):
    app = upload(screen, GOOD)
    app.button(key="import_now").click().run()
    again = reload(screen, app)
    patiently(again, lambda: any("**Importing" in text.value for text in again.markdown))
    assert workspace.latest("my orders").manifest.lines == 60


# Rejected rows ------------------------------------------------------------------------------------------------


def test_mended_rows_go_into_the_shop_they_came_from(screen, browser, workspace):
    do_import(upload(screen, BAD))
    (one,) = rejected(workspace.latest("my orders"))
    rows = list(csv.reader(io.StringIO(one.csv().decode("utf-8-sig"))))
    out = io.StringIO()
    csv.writer(out).writerows([["03.02.2025" if cell == "soon" else cell for cell in row] for row in rows])
    app = upload(screen, out.getvalue(), "rejected.csv")
    assert any("Rejected rows of an earlier import" in text.value for text in app.info)
    assert app.selectbox(key="import_into").value == "my orders"
    assert app.selectbox(key="map_date").options == ["not in the file", "Customer", "Date", "Total", "Product"]
    do_import(app)
    assert "1 row imported" in app.success[0].value
    version = workspace.latest("my orders")
    assert (version.number, version.manifest.lines) == (2, 61)
    assert [one.reasons for one in rejected(version)] == [{"unreadable_amount": 1}]


# Columns that do not fit ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meaning", "header", "said"),
    [
        ("quantity", "Product", "holds no numbers"),
        ("customer", "Land", "holds only 2 different values on 60 rows"),
        ("email", "Customer", "“Customer” holds no e"),
        ("product", "Total", "holds amounts"),
        ("currency", "Product", "holds no currencies"),
        ("consent", "Product", "holds no yes or no"),
    ],
)
def test_a_column_whose_values_speak_against_it_is_pointed_out(screen, meaning, header, said):
    head, *rows = GOOD.splitlines()
    text = "\n".join([f"{head};Land", *(f"{row};{'Austria' if i % 3 else 'France'}" for i, row in enumerate(rows))])
    app = upload(screen, text + "\n")
    app.selectbox(key=f"map_{meaning}").set_value(header).run()
    assert any(said in text.value and "material/warning" in text.value for text in app.markdown)


def test_where_a_column_is_missing_the_ones_that_could_serve_are_named(screen):
    app = upload(screen, GOOD)
    app.selectbox(key="map_date").set_value(None)
    app.button(key="import_now").click().run()
    assert "**Date**: dates, for example" in app.error[0].value


def test_where_no_row_can_be_read_the_columns_that_could_serve_are_named(screen, tmp_path: Path):
    app = upload(screen, GOOD)
    app.selectbox(key="map_date").set_value("Product")
    do_import(app)
    assert "No row can be loaded" in app.error[0].value
    assert "**Date**: dates, for example" in app.error[0].value
