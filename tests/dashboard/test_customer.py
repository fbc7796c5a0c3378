from __future__ import annotations

import pytest

from segmentation.customers.lookup import find, masked_email, orders_of
from segmentation.engine import DuckEngine
from tests.dashboard.shops import HOSTILE
from tests.segmentation.shops import line, store

pytestmark = pytest.mark.usefixtures("known_results")


def search(screen, text):
    app = screen("customer")
    app.text_input(key="customer_search").set_value(text).run()
    assert not app.exception
    return app


def test_a_customer_is_found_by_the_whole_id_whatever_the_case(screen, shop):
    app = search(screen, "c0003")
    assert app.subheader[0].value == "C0003"
    assert [metric.label for metric in app.metric][:4] == ["Orders", "Spend", "Average order", "Last order"]
    assert app.metric[0].value == "12"


def test_what_to_expect_of_a_customer_carries_its_date_and_its_models(screen, shop):
    app = search(screen, "C0003")
    told = {metric.label: metric.value for metric in app.metric[4:]}
    assert set(told) >= {"Orders in 12 months", "Spend in 12 months", "Orders within 90 days"}
    assert told["Spend in 12 months"].startswith("€")
    assert any("BG/NBD" in caption.value and "As of" in caption.value for caption in app.caption)


def test_the_segment_and_the_reason_for_it_are_told(screen, shop):
    app = search(screen, "C0003")
    assert any(text.value.startswith("### ") for text in app.markdown)
    assert any("comes next" in text.value for text in app.markdown)
    assert any("typical here is" in text.value for text in app.markdown)


def test_under_rules_the_reason_is_the_rule(screen, shop):
    app = screen("customer", method="rfm")
    app.text_input(key="customer_search").set_value("C0003").run()
    assert any(text.value.startswith("Because of the rule") for text in app.markdown)


def test_an_email_finds_its_customer_and_is_shown_masked(screen, shop):
    app = search(screen, "c0003.person@")
    assert app.subheader[0].value == "C0003"
    said = " ".join(element.value for element in [*app.caption, *app.markdown, *app.subheader])
    assert "c0003.person@shop.example" not in said.replace("\\", "").replace("\u2060", "")


def test_several_matches_are_offered_to_choose_from(screen, shop):
    app = search(screen, "C000")
    assert app.selectbox(key="customer_match").label == "10 customers begin like this"


def test_of_several_nobody_is_opened_before_one_is_chosen(screen, shop):
    app = search(screen, "c")
    box = app.selectbox(key="customer_match")
    assert (len(box.options), box.value) == (20, None)
    assert not app.subheader


def test_a_whole_id_that_others_begin_with_is_opened(screen, workspace):
    store(workspace, [line(who, f"o{who}{n}", f"2026-0{n}-01", "10") for who in ("v", "v1", "v2") for n in (1, 2, 3)])
    app = search(screen, "V")
    assert app.selectbox(key="customer_match").value.customer == "v"
    assert app.subheader[0].value == "v"


def test_a_customer_is_found_and_shown_by_name(screen, workspace):
    rows = [line(who, f"o{who}{n}", f"2026-0{n}-01", "10") for who in ("v1", "v2") for n in (1, 2, 3)]
    store(workspace, rows, [{"customer_id": "v1", "name": "Ada [x](y) Lovelace", "consent": True}])
    for text in ("ada", "love", "v1"):
        app = search(screen, text)
        assert app.subheader[0].value.replace("\\", "") == "Ada [x](y) Lovelace"
        assert app.caption[0].value.startswith("v1") or any(one.value == "v1" for one in app.caption)


def test_in_a_shop_too_small_for_segments_a_customer_is_shown_without(screen, workspace):
    store(workspace, [line(who, f"o{who}", "2026-01-01", "10") for who in ("v1", "w1")])
    app = search(screen, "v1")
    assert app.subheader[0].value == "v1"
    assert app.metric[0].value == "1"
    assert "too few customers" in app.error[0].value


def test_nobody_found_is_a_sentence(screen, shop):
    app = search(screen, "nobody [x](y)")
    assert "No customer id, e-mail or name begins with" in app.info[0].value
    assert "[x](y)" not in app.info[0].value


def test_before_a_search_the_best_customers_are_offered(screen, shop):
    app = screen("customer")
    assert len(app.dataframe[0].value) == 10


def test_a_ticked_customer_is_shown(screen, shop):
    app = screen("customer")
    app.session_state["customer_examples"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    assert not app.exception
    assert app.metric[0].label == "Orders"


def test_product_names_from_the_file_are_shown_letter_by_letter(screen, shop):
    app = search(screen, "C0003")
    app.session_state["lines"] = True
    app.run()
    assert not app.exception
    shown = app.dataframe[-1].value["product"].tolist()
    assert set(shown) <= set(HOSTILE)


def test_a_refund_lowers_the_spend_but_not_the_number_of_orders(workspace, shop):
    engine = DuckEngine.open(workspace.root)
    (found,) = find(engine, shop, "C0030")
    orders = orders_of(engine, shop, "C0030")
    assert found.orders == len(orders) == 12
    assert sum(order.refunded for order in orders) > 0
    assert found.spend == sum(order.sold - order.refunded for order in orders)


def test_an_exact_match_comes_first(workspace, shop):
    engine = DuckEngine.open(workspace.root)
    assert find(engine, shop, "c0001")[0].customer == "C0001"
    assert find(engine, shop, "   ") == ()
    assert find(engine, shop, "%") == ()


@pytest.mark.parametrize(
    ("address", "masked"),
    [("ada@shop.example", "a•••a@shop.example"), ("ab@x.example", "a•••@x.example"), (None, ""), ("nonsense", "")],
)
def test_a_masked_address_cannot_be_written_to(address, masked):
    assert masked_email(address) == masked
