from __future__ import annotations

from datetime import date

import pytest

from segmentation.intake import import_file, inspect
from segmentation.meaning import Choices
from segmentation.workspace import Workspace
from tests.dashboard.test_import import do_import, patiently, upload

STATUSES = ("paid",) * 12 + ("zurückgestellt",) * 3 + ("failed", "cancelled", "refunded", "quux", "paid")
ORDERS = 240


def statuses(*, odd: str = "zurückgestellt") -> str:
    """Orders whose subtotal, shipping and tax add up to their total, with statuses of which one is a riddle."""
    rows = ["Order;Date;Customer;Status;Subtotal;Shipping;Tax;Total"]
    for i in range(ORDERS):
        status = STATUSES[i % len(STATUSES)].replace("zurückgestellt", odd) if i != 19 else "paid"
        goods, sent = 1000 + 37 * i % 900, (0, 490, 690)[i % 3]
        tax = goods // 5
        money = ";".join(f"{one / 100:.2f}" for one in (goods, sent, tax, goods + sent + tax))
        rows.append(f"A{i:04d};2025-{1 + i // 25:02d}-{1 + i % 25:02d};C{i * 7 % 60:03d};{status};{money}")
    return "\n".join(rows) + "\n"


def kept(workspace: Workspace, headers_of: str, tmp_path) -> Choices:
    """What was chosen for a file with this header."""
    file = tmp_path / "again.csv"
    file.write_text(headers_of, encoding="utf-8")
    return inspect(file, workspace, today=date(2026, 11, 22)).mapping.choices


def radio(app, part: str):
    return next(one for one in app.radio if part in one.label.replace("\u2060", ""))


def word(app, part: str):
    """The dropdown of a status."""
    return next(one for one in app.selectbox if one.label.replace("\u2060", "").startswith(part))


def shown(app) -> str:
    texts = [*app.markdown, *app.caption, *app.warning, *app.error]
    return "\n".join(text.value for text in texts).replace("\u2060", "").replace("\\", "")


def test_what_the_figures_prove_is_said_and_marked(screen):
    app = upload(screen, statuses())
    assert "Subtotal + Shipping + Tax = Total on 240 of 240 rows" in shown(app)
    assert app.selectbox(key="map_shipping").label.endswith(" (proven)")
    assert app.selectbox(key="map_customer").label.endswith(" (sure)")


def test_no_label_of_the_import_holds_the_signs_of_a_badge(screen):
    app = upload(screen, statuses())
    labels = [one.label for one in (*app.selectbox, *app.radio, *app.text_input, *app.toggle, *app.button)]
    assert len(labels) > 10
    assert [label for label in labels if "badge[" in label] == []


def test_nothing_is_imported_while_a_status_is_open_and_its_answer_counts(screen, workspace, tmp_path):
    app = do_import(upload(screen, statuses()))
    assert "zurückgestellt" in app.warning[0].value
    assert workspace.datasets() == ()
    radio(app, "zurückgestellt").set_value("zurückgestellt=unpaid").run()
    radio(app, "quux").set_value("quux=sale").run()
    do_import(app)
    ledger = workspace.latest("my orders").manifest.ledger
    assert ledger["rows"]["set_aside"]["unpaid"] == 12 + 36
    app.selectbox(key="outcome_open").set_value("unpaid").run()
    assert len(app.dataframe[1].value) == 48
    app.selectbox(key="outcome_open").set_value("refunded").run()
    assert set(app.dataframe[1].value["status"]) == {"refunded"}
    assert dict(kept(workspace, statuses(), tmp_path).statuses) == {"zurückgestellt": "unpaid", "quux": "sale"}


def test_a_remembered_answer_is_given_already(screen, workspace):
    text = statuses()
    app = upload(screen, text)
    radio(app, "zurückgestellt").set_value("zurückgestellt=cancelled").run()
    radio(app, "quux").set_value("quux=sale").run()
    do_import(app)
    again = upload(screen, text)
    assert radio(again, "zurückgestellt").value == "zurückgestellt=cancelled"
    assert "question to answer" not in shown(again)


def test_a_word_is_corrected_and_the_correction_is_imported(screen, workspace):
    app = upload(screen, statuses(odd="paid"))
    assert word(app, "failed").value == "unpaid"
    word(app, "failed").set_value("sale").run()
    radio(app, "quux").set_value("quux=sale").run()
    do_import(app)
    assert "unpaid" not in workspace.latest("my orders").manifest.ledger["rows"]["set_aside"]


def test_unknown_words_that_matter_little_stand_first_and_are_marked(screen):
    text = (
        statuses(odd="paid")
        .replace(";quux;", ";paid;")
        .replace("A0000;2025-01-01;C000;paid", "A0000;2025-01-01;C000;quux")
    )
    app = upload(screen, text)
    assert not app.radio
    labels = [one.label for one in app.selectbox if " · " in one.label]
    assert "quux" in labels[0]
    assert "check this" in labels[0]
    assert not any("check this" in label for label in labels[1:])


def test_more_words_than_twenty_wait_behind_a_fold(screen):
    text = statuses(odd="paid").replace(";quux;", ";paid;").splitlines()
    for i in range(26):
        text[1 + 9 * i] = text[1 + 9 * i].replace(";paid;", f";word{i:02d};")
    app = upload(screen, "\n".join(text) + "\n")
    words = [one for one in app.selectbox if " · " in one.label]
    assert len(words) > 20
    assert any("more word" in fold.label for fold in app.expander)


def test_a_column_that_contradicts_its_meaning_is_pointed_out(screen):
    app = upload(screen, statuses(odd="paid"))
    app.selectbox(key="map_quantity").set_value("Status").run()
    assert "“Status” holds no numbers" in shown(app)
    app.selectbox(key="map_quantity").set_value(None).run()
    assert "holds no numbers" not in shown(app)


def test_a_file_that_names_no_buyers_can_be_imported_for_its_sales(screen, workspace):
    rows = "".join(f"{1000 + i},2025-03-{1 + i % 28:02d},{i}.25,Tea {i % 5}\n" for i in range(60))
    app = upload(screen, f"order,date,amount,product\n{rows}")
    assert "This file names no buyers" in shown(app)
    app.button(key="import_now").click().run()
    assert "--no-customers" not in app.error[0].value
    assert workspace.datasets() == ()
    next(one for one in app.toggle if "sales only" in one.label).set_value(True).run()
    do_import(app)
    held = workspace.latest("my orders").manifest
    assert (held.customers, held.orders) == (0, 60)
    assert not any(button.key == "to_segments" for button in app.button)


@pytest.mark.parametrize("name", ["overview", "segments", "customer", "campaign", "briefing", "health", "clv", "churn"])
def test_a_shop_of_sales_only_stops_no_screen(screen, workspace, tmp_path, name):
    file = tmp_path / "sales.csv"
    rows = "".join(f"{1000 + i},2025-{1 + i // 28:02d}-{1 + i % 28:02d},{i}.25\n" for i in range(120))
    file.write_text(f"order,date,amount\n{rows}", encoding="utf-8")
    import_file(workspace, file, dataset="Sales", today=date(2026, 11, 22), choices=Choices(customers="none"))
    app = screen(name)
    assert not app.exception


def test_a_customer_who_may_be_many_is_asked_about(screen, workspace):
    rows = [
        f"o{i};2025-{1 + i // 25:02d}-{1 + i % 25:02d};{'K77' if i % 3 else f'C{i % 60:02d}'};{i % 50 + 1}.50"
        for i in range(240)
    ]
    app = upload(screen, "order;date;customer;amount\n" + "\n".join(rows) + "\n")
    radio(app, "K77").set_value("guest").run()
    do_import(app)
    assert workspace.latest("my orders").manifest.guests == sum(1 for i in range(240) if i % 3)


def test_hostile_words_are_only_text(screen):
    odd = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) :red[hi]"
    app = upload(screen, statuses(odd=odd))
    assert not app.exception
    assert ":red[hi]" not in radio(app, "img").label.replace("\u2060", "")


@pytest.mark.parametrize("setting", ["amount", "unit_price"])
def test_a_question_about_a_column_moves_the_dropdowns(screen, setting):
    prices = {f"P{i}": 5 + i for i in range(6)}
    rows = [
        f"o{i};2025-{1 + i // 25:02d}-{1 + i % 25:02d};C{i % 20};P{i % 6};{1 + i % 4};{prices[f'P{i % 6}'] + i % 7}.50"
        for i in range(200)
    ]
    app = upload(screen, "order;date;customer;product;quantity;figures\n" + "\n".join(rows) + "\n")
    radio(app, "figures").set_value(f"{setting}=figures").run()
    other = {"amount": "unit_price", "unit_price": "amount"}[setting]
    assert app.selectbox(key=f"map_{setting}").value == "figures"
    assert app.selectbox(key=f"map_{other}").value == ""
    assert "question to answer" not in shown(app)


def test_fees_have_a_step_of_their_own_that_can_be_opened(screen):
    rows = [
        f"o{i // 2};2025-03-{1 + i % 28 // 2 * 2:02d};C{i // 2 % 9};{'Tip' if i % 2 else 'Tea'};{i % 9 + 1}.50"
        for i in range(80)
    ]
    app = do_import(upload(screen, "order;date;customer;product;amount\n" + "\n".join(rows) + "\n"))
    steps = app.dataframe[0].value["Step"].tolist()
    assert "Fee" in steps
    app.selectbox(key="outcome_open").set_value("fee").run()
    assert set(app.dataframe[1].value["product"]) == {"Tip"}


def test_a_column_that_cannot_be_read_as_the_date_is_told_at_once_and_can_be_put_right(screen):
    rows = [f"o{i};2025-03-{1 + i % 28:02d};C{i % 20};{1 + i % 4};{i % 9 + 1}.50" for i in range(80)]
    app = upload(screen, "order;date;customer;quantity;amount\n" + "\n".join(rows) + "\n")
    app.selectbox(key="map_date").set_value("quantity").run()
    assert not app.exception
    assert "its days are numbers" in app.error[0].value
    app.selectbox(key="map_date").set_value("date").run()
    do_import(app)
    assert "80 rows imported" in app.success[0].value


def test_a_list_of_customers_is_refused_as_no_orders(screen, workspace):
    rows = [f"C{i};2025-03-{1 + i % 28:02d};{i % 7 + 1};{i % 90 + 10}.50" for i in range(80)]
    app = do_import(upload(screen, "Customer;Last order;Orders;Total spent\n" + "\n".join(rows) + "\n"))
    assert "a list of customers" in app.error[0].value
    assert workspace.datasets() == ()


@pytest.mark.parametrize(("answer", "revenue"), [("cancelled=Refunded on", 400), ("cancelled=", 480)])
def test_an_answer_that_a_column_means_nothing_is_an_answer(screen, workspace, answer, revenue):
    rows = [f"A{i};2025-01-{1 + i:02d};C{i % 5};20.00;{'' if i % 6 else f'2025-02-{1 + i:02d}'}" for i in range(24)]
    app = do_import(upload(screen, "\n".join(["Order;Date;Customer;Total;Refunded on", *rows]) + "\n"))
    assert workspace.datasets() == ()
    radio(app, "Refunded on").set_value(answer).run()
    do_import(app)
    (version,) = workspace.datasets()
    assert version.manifest.revenue == revenue


@pytest.mark.parametrize(("answer", "revenue"), [("orders_replace", 98), ("orders_keep", 28)])
def test_orders_that_changed_are_asked_about_before_anything_goes(screen, workspace, answer, revenue):
    header = "Order,Date,Customer,Product,Amount\n"
    do_import(upload(screen, header + "7,2026-01-15,Ann,Tea,10.00\n8,2026-01-16,Ben,Tea,12.00\n"))
    app = upload(screen, header + "7,2026-01-15,Ann,Tea,80.00\n9,2026-01-19,Dan,Tea,6.00\n")
    app.selectbox(key="import_into").set_value("my orders").run()
    app = do_import(app)
    assert "1 orders in another state" in shown(app)
    assert workspace.latest("my orders").manifest.revenue == 22
    app.button(key=answer).click().run()
    app = patiently(app, lambda: any("**Importing" in text.value for text in app.markdown))
    assert workspace.latest("my orders").manifest.revenue == revenue
    assert not [one for one in app.button if one.key == "orders_keep"]


@pytest.mark.parametrize(("answer", "revenue", "customers"), [("orders_same", 22, 2), ("orders_other", 44, 4)])
def test_orders_under_other_customers_are_asked_about(screen, workspace, answer, revenue, customers):
    header = "Order,Date,Customer,Product,Amount\n"
    do_import(upload(screen, header + "7,2026-01-15,Ann,Tea,10.00\n8,2026-01-16,Ben,Tea,12.00\n"))
    app = upload(screen, header + "7,2026-01-15,Cid,Tea,10.00\n8,2026-01-16,Dan,Tea,12.00\n")
    app.selectbox(key="import_into").set_value("my orders").run()
    app = do_import(app)
    assert "under other customers" in shown(app)
    app.button(key=answer).click().run()
    app = patiently(app, lambda: any("**Importing" in text.value for text in app.markdown))
    manifest = workspace.latest("my orders").manifest
    assert (manifest.revenue, manifest.customers) == (revenue, customers)
