"""A few visitors for a few seconds: nobody is sent what is another shop's, nothing fails, lists are right. `make soak`
measures the rest; no figure here is a matter of time."""

from __future__ import annotations

import random
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.compiled import kept_compiled
from tests.soak import run
from tests.soak.run import Outcome, Size
from tests.soak.shops import MARKS, Shop, wrong_rows
from tests.soak.visitor import Noted, Visitor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what a server takes is read from /proc")

SHORT = Size(
    visitors=4,
    seconds=4,
    idle_seconds=0,
    think=(0.1, 0.4),
    shops=2,
    customers=300,
    import_lines=0,
    map_customers=0,
    twins=2,
    times=2,
)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory, compiled: Path) -> Outcome:
    folder = tmp_path_factory.mktemp("soak")
    with kept_compiled(folder / "workspace", compiled):
        return run.measure(SHORT, folder)


def test_nothing_fails_while_four_visitors_use_two_shops(outcome: Outcome) -> None:
    assert outcome.idle.errors + outcome.load.errors + outcome.near.errors == []
    assert "Traceback" not in outcome.log
    assert len(outcome.load.answers) >= 2 * SHORT.visitors


def test_no_visitor_is_sent_what_belongs_to_another_shop(outcome: Outcome) -> None:
    assert outcome.idle.foreign + outcome.load.foreign == []
    assert outcome.load.own > SHORT.visitors, "the search would have missed it"


def test_lists_and_look_ups_are_right(outcome: Outcome) -> None:
    assert outcome.load.wrong == []


def test_everybody_is_given_the_own_one_of_two_nearly_equal_lists(outcome: Outcome) -> None:
    assert outcome.downloads == ["right"] * (SHORT.twins * SHORT.times)


def test_a_word_of_another_shop_would_be_noted() -> None:
    noted = Noted()
    visitor = Visitor("one", "http://127.0.0.1:1", [Shop("Shop 1", MARKS[0], {})], noted, random.Random(0))
    visitor.heard.search(f"… {MARKS[0]}-000001 … {MARKS[1]}-000001 …".encode(), "a run")
    assert noted.own == 1
    (strayed,) = noted.foreign
    assert strayed.startswith("one looks at Shop 1 and was sent “")
    assert MARKS[1] in strayed


def test_what_a_visitor_typed_is_theirs_in_another_shop_too_and_nothing_else_is() -> None:
    noted = Noted()
    visitor = Visitor("one", "http://127.0.0.1:1", [Shop("Shop 1", MARKS[0], {})], noted, random.Random(0))
    visitor.typed = [f"{MARKS[1]}-000001".encode()]
    visitor.heard.search(f"… {MARKS[1]}-000001 …".encode(), "a run")
    assert noted.foreign == []
    visitor.heard.search(f"… {MARKS[1]}-000001 … {MARKS[1]}-000002 …".encode(), "a run")
    assert len(noted.foreign) == 1


def test_a_list_with_a_wrong_amount_a_stranger_or_a_row_too_few_would_be_noted() -> None:
    shop = Shop("Shop 1", MARKS[0], {"a": Decimal("5.25"), "b": Decimal(3)})
    header = "\ufeffCustomer,Spend (money)\r\n"
    assert wrong_rows(shop, f"{header}a,5.25\r\nb,3.0\r\n".encode(), 2) == []
    assert wrong_rows(shop, f"{header}a,5.26\r\nb,3.0\r\n".encode(), 2) == ["a spent 5.26"]
    assert wrong_rows(shop, f"{header}a,5.25\r\nc,3.0\r\n".encode(), 2) == ["c spent 3.0"]
    assert wrong_rows(shop, f"{header}a,5.25\r\na,5.25\r\n".encode(), 2) == ["somebody stands in it twice"]
    assert wrong_rows(shop, f"{header}a,5.25\r\n".encode(), 2) == ["1 rows where the button says 2"]
