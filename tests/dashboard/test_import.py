from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard import words
from segmentation.meaning.platforms import platforms
from segmentation.workspace import Workspace

SECONDS = 60
GOOD = "Customer;Date;Total;Product\n" + "".join(
    f"K{i % 9};{1 + i % 28:02d}.{1 + i % 12:02d}.2025;{i + 1},50;Tea {i % 3}\n" for i in range(60)
)


def upload(screen, text: str | bytes, name: str = "my_orders.csv"):
    app = screen("import_data")
    app.file_uploader[0].upload(name, text if isinstance(text, bytes) else text.encode("utf-8"))
    app.run()
    return patiently(app, lambda: any(button.key == "stop_look" for button in app.button))


def do_import(app):
    app.button(key="import_now").click().run()
    return patiently(app, lambda: any("**Importing" in text.value for text in app.markdown))


def patiently(app, busy: Callable[[], bool]):
    """The screen after the work that it waits for."""
    end = time.monotonic() + SECONDS
    while busy():
        assert time.monotonic() < end
        time.sleep(0.1)
        app.run()
    assert not app.exception
    return app


def test_without_data_there_are_two_doors(screen):
    app = screen("import_data")
    headings = [text.value for text in app.markdown if text.value.startswith("### ")]
    assert ["Drop your export here" in headings[0], "Explore the sample shop" in headings[1]] == [True, True]


def test_the_known_exports_are_those_that_are_registered(screen, workspace):
    own = workspace.platforms_folder / "till.toml"
    own.parent.mkdir()
    own.write_text(
        'name = "Our [till]"\nholds = "orders"\nrequires = ["Receipt", "Sold at"]\n[columns]\ndate = "Sold at"\n',
        encoding="utf-8",
    )
    known = platforms(own.parent)
    (listed,) = screen("import_data").expander
    assert listed.label == f"{len(known)} kinds of exports are known by their headers"
    told = " ".join(text.value for text in listed.markdown)
    assert len(known) == len(platforms()) + 1
    assert all(words.plain(one.name) in told for one in known.values())
    own.write_text("name = ", encoding="utf-8")
    app = screen("import_data")
    assert app.expander[0].label == f"{len(platforms())} kinds of exports are known by their headers"
    assert any("is not valid TOML" in caption.value for caption in app.caption)


def test_the_guess_stands_in_the_dropdowns_and_above_the_first_rows(screen):
    app = upload(screen, GOOD)
    assert app.selectbox(key="map_customer").value == "Customer"
    assert app.selectbox(key="map_amount").value == "Total"
    assert app.selectbox(key="map_channel").value == ""
    assert len(app.dataframe[0].value) == 8
    assert any("decimal comma" in caption.value and "day first" in caption.value for caption in app.caption)


def test_a_file_becomes_a_shop_with_a_ledger(screen, workspace):
    app = do_import(upload(screen, GOOD))
    assert "60 rows imported" in app.success[0].value
    ledger = app.dataframe[0].value
    assert ledger["Rows"].tolist() == [60, 60]
    assert workspace.latest("my orders").manifest.customers == 9
    assert app.sidebar.selectbox[0].value == "my orders"


def test_a_corrected_mapping_is_used_and_remembered(screen, workspace):
    text = "who,when,a,b\n" + "".join(f"c{i % 5},2025-01-{1 + i % 28:02d},{i}.25,{i * 2}.75\n" for i in range(40))
    app = upload(screen, text)
    for meaning, header in {"customer": "who", "date": "when", "amount": "a"}.items():
        app.selectbox(key=f"map_{meaning}").set_value(header)
    do_import(app.run())
    assert workspace.latest("my orders").manifest.revenue == sum(i + 0.25 for i in range(40))
    again = upload(screen, text)
    assert again.selectbox(key="map_amount").value == "a"
    assert any("you used for a file with this header before" in caption.value for caption in again.caption)


def test_tables_of_one_shop_are_joined_shown_and_imported(screen, workspace):
    orders = "order_id,client_id,order_date\n" + "".join(f"A{i},K{i % 9},2025-01-{1 + i % 28:02d}\n" for i in range(40))
    items = "order_id,product,quantity,price\n" + "".join(f"A{i % 40},Tea {i % 3},2,{i}.50\n" for i in range(80))
    clients = "client_id,email\n" + "".join(f"K{i},k{i}@shop.example\n" for i in range(9))
    app = screen("import_data")
    for name, text in {"orders.csv": orders, "items.csv": items, "clients.csv": clients}.items():
        app.file_uploader[0].upload(name, text.encode())
    app = patiently(app.run(), lambda: any(button.key == "stop_look" for button in app.button))
    shown = next(text.value for text in app.markdown if "belong together" in text.value).replace("\\", "")
    assert "clients.csv: customers, joined by client_id, 9 of 9 keys found." in shown
    assert app.selectbox(key="map_date").value == "order_date"
    app = do_import(app)
    shown = next(text.value for text in app.markdown if "belong together" in text.value).replace("\\", "")
    assert "joined by order_id, 40 of 40 keys found" in shown
    held = workspace.latest(workspace.datasets()[0].name).manifest
    assert (held.orders, held.customers, held.revenue) == (40, 9, sum(2 * (i + 0.5) for i in range(80)))


def test_a_table_that_needs_others_says_so(screen, workspace):
    items = "order_id,product,quantity,price\n" + "".join(f"A{i % 40},Tea {i % 3},2,{i}.50\n" for i in range(80))
    app = upload(screen, items, "items.csv")
    assert any("table of orders" in warning.value for warning in app.warning)
    app.button(key="import_now").click().run()
    assert not app.exception
    assert "these are order lines" in app.error[0].value
    assert workspace.datasets() == ()


def test_a_missing_column_is_named_before_anything_is_imported(screen, workspace):
    app = upload(screen, GOOD)
    app.selectbox(key="map_date").set_value(None)
    app.button(key="import_now").click().run()
    assert not app.exception
    assert "No column looks like the order date" in app.error[0].value
    assert workspace.datasets() == ()


def test_two_readings_are_asked_for_and_never_guessed(screen, workspace):
    text = "customer,date,amount\n" + "".join(f"c{i % 5},0{1 + i % 9}/0{1 + i % 7}/2025,{i}.25\n" for i in range(40))
    app = do_import(upload(screen, text))
    assert "allow two readings" in app.warning[0].value
    assert any("1 question to answer" in caption.value for caption in app.caption)
    assert workspace.datasets() == ()
    app.radio[0].set_value("mdy").run()
    do_import(app)
    assert workspace.latest("my orders").manifest.orders > 0


def test_rows_set_aside_can_be_opened_and_downloaded(screen):
    app = do_import(upload(screen, GOOD + "K1;soon;5,00;Tea\nK1;01.02.2025;free;Tea\n"))
    app.selectbox(key="outcome_open").set_value("unreadable_date").run()
    assert not app.exception
    opened = app.dataframe[1].value
    assert opened["Line"].tolist() == [62]
    assert opened[["c0", "c1", "c2", "c3"]].values.tolist() == [["K1", "soon", "5,00", "Tea"]]
    app.selectbox(key="outcome_open").set_value("rejected").run()
    assert app.dataframe[1].value["Reason"].tolist() == ["Unreadable date", "Unreadable amount"]


def test_the_same_file_again_adds_nothing(screen, workspace):
    do_import(upload(screen, GOOD))
    app = upload(screen, GOOD)
    app.selectbox(key="import_into").set_value("my orders").run()
    do_import(app)
    assert "was there already" in app.info[0].value
    assert workspace.latest("my orders").number == 1


def test_repeated_rows_are_kept_and_can_be_left_out(screen, workspace):
    app = do_import(upload(screen, GOOD + "K1;01.02.2025;5,00;Tea\n" * 3))
    assert workspace.latest("my orders").manifest.lines == 63
    app.button(key="drop_repeats_now").click().run()
    end = time.monotonic() + SECONDS
    while any("**Importing" in text.value for text in app.markdown) and time.monotonic() < end:
        time.sleep(0.1)
        app.run()
    assert workspace.latest("my orders").manifest.lines == 61


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"customer,date,amount\n", "header but no rows"),
        (bytes(range(256)) * 40, "does not look like a text file"),
        (b"PK\x03\x04" + b"x" * 100, "archive is damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(screen, content, said):
    app = upload(screen, content)
    assert said in app.error[0].value
    assert "Traceback" not in app.error[0].value


def test_a_hostile_file_name_is_text_and_never_a_path(screen, workspace: Workspace, tmp_path: Path):
    app = upload(screen, GOOD, "../../evil [x](javascript:alert(1)) .csv")
    assert not list(tmp_path.glob("**/*evil*"))
    assert "[x](" not in app.markdown[0].value
    do_import(app)
    assert [version.name for version in workspace.datasets()] == ["evil [x](javascript:alert(1))"]


def test_hostile_headers_are_only_text(screen):
    header = '"<img src=x onerror=alert(1)>";"x""; DROP TABLE t; --";:red[Total];$x$'
    rows = "".join(f"c{i % 5};2025-01-{1 + i % 28:02d};{i},25;{i}\n" for i in range(40))
    app = upload(screen, f"{header}\n{rows}")
    assert not app.exception
    assert "<img src=x onerror=alert(1)>" in app.selectbox(key="map_customer").options


def test_deleting_a_shop_needs_a_second_click_and_removes_it(screen, workspace, shop):
    app = screen("import_data")
    app.button(key=f"delete_{shop.dataset_id}").click().run()
    assert not app.exception
    assert workspace.datasets() == ()
    (gone,) = [one.value.replace("\\", "") for one in app.success]
    held = shop.manifest
    assert gone.startswith(f"Deleted “Shop”: {held.customers} customers, {held.orders:,} orders and 1 version,")
    app.run()
    assert not app.success


def test_a_waiting_file_survives_a_change_of_screen(screen, shop):
    app = upload(screen, GOOD)
    app.selectbox(key="map_amount").set_value("Product").run()
    app.switch_page("screens/overview/overview.py").run()
    app.switch_page("screens/import_data/import_data.py").run()
    assert app.selectbox(key="map_amount").value == "Product"


def test_choosing_another_file_forgets_the_first(screen, workspace):
    app = upload(screen, GOOD)
    app.button(key="discard_file").click().run()
    assert not app.exception
    assert not list(workspace.tmp.glob("upload-*"))
