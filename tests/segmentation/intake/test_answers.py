"""Every kind of question: each answer leads on, by option and by mapping, and each to another result."""

from __future__ import annotations

import re
import shlex
from datetime import date, timedelta
from pathlib import Path

import pytest

import segmentation
from segmentation.intake import inspect
from segmentation.meaning.mapping import ANSWERS
from segmentation.meaning.questions import _FACTS
from segmentation.workspace import Workspace
from tests.segmentation.answers import Desk, Outcome
from tests.segmentation.intake_files import TODAY, csv

ROWS = range(24)
STRANGE = 'paid? 50% = half\'s "not"'
QUOTED = '"' + STRANGE.replace('"', '""') + '"'
SOURCES = [path.read_text(encoding="utf-8") for path in sorted(Path(segmentation.__file__).parent.rglob("*.py"))]


def day(nth: int) -> str:
    return (date(2026, 1, 13) + timedelta(days=11 * nth)).isoformat()


def table(header: str, row: str) -> str:
    """Twenty-four rows made from a pattern: {n} counts them, {c} are five customers, {day} are days."""
    return csv(*(row.format(n=n, c=f"c{n % 5}", day=day(n), odd=n % 2, three=1 + n % 3) for n in ROWS), header=header)


def priced(header: str, more: str) -> str:
    """Rows of one to three pieces at prices that tell nothing."""
    return csv(
        *(
            f"o{n},{day(n)},c{n % 5},{1 + n % 3},{10 + n}.00,"
            + more.format(n=n, off=5 * (n % 3), line=(1 + n % 3) * (10 + n))
            for n in ROWS
        ),
        header=f"Order,Date,Customer,Quantity,Unit price,{header}",
    )


def two_rows(*amounts: str) -> str:
    """Orders of two rows that bear the same amount."""
    return csv(
        *(f"o{n},{day(n)},c{n % 5},{product},{20 + n}.00" for n in ROWS for product in amounts),
        header="Order,Date,Customer,Product,Amount",
    )


FILES: dict[str, str] = {
    "date_order": csv(
        *(f"{hash_:x}k,{1 + n * 5 % 12:02d}/{1 + n * 7 % 12:02d}/2026,c{n % 5},20.00"
          for n, hash_ in ((n, n * 2654435761 % 2**32) for n in ROWS)),
        header="Order,Date,Customer,Amount",
    ),
    "decimal": table("Order,Date,Customer,Amount", "o{n},{day},{c},{three}.250"),
    "currency": csv(*(f"o{n},{day(n)},c{n % 5},20.00,{'EUR' if n % 3 else 'CHF'}" for n in ROWS),
                    header="Order,Date,Customer,Amount,Currency"),
    "zone": csv(*(f"o{n},{day(n)}T23:30:00{'+02:00' if n % 2 else '-05:00'},c{n % 5},20.00" for n in ROWS),
                header="Order,Date,Customer,Amount"),
    "discount": priced("Discount", "{off}"),
    "discount_taken": priced("Discount,Amount", "{off}.50,{line}.00"),
    "cost": csv(*(f"o{n},{day(n)},c{n % 5},{1 + n % 3},{90 + n}.00,{3 + n % 2}.00" for n in ROWS),
                header="Order,Date,Customer,Quantity,Amount,Cost"),
    "amount_holds": csv(*(f"o{n},{day(n)},c{n % 5},{40 + n}.00,4.90" for n in ROWS),
                        header="Order,Date,Customer,Total,Shipping"),
    "amounts_in": csv(*(f"o{n},{day(n)},c{n % 5},{40 + n}.5" for n in ROWS),
                      header="Order,Date,Customer,Amount in cents"),
    "amount_of": two_rows("Tea", "Pot"),
    "status": csv(*(f"o{n},{day(n)},c{n % 5},20.00,{'paid' if n % 3 else 'on the moon'}" for n in ROWS),
                  header="Order,Date,Customer,Amount,Status"),
    "guest": csv(*(f"C{n % 40},{n},{day(n % 20)},1.00" for n in range(80)),
                 *(f"ACME & Sons,{n},{day(n % 20)},1.00" for n in range(80, 120)), header="Customer,Order,Date,Amount"),
    "ids": csv(*(f"o{n},{day(n)},{('00' if n % 2 else '') + ('0' if n % 10 == 1 else '') + str(17 + n // 2 % 6)},20.00"
                 for n in ROWS), header="Order,Date,Customer,Amount"),
    "column": csv(*(f"o{n},{day(n)},c{n % 5},{20 + n}.40,{30 + 2 * n}.15" for n in ROWS),
                  header="Order,Date,Customer,One sum,Sum two"),
}  # fmt: skip
"""For each kind of question a file that raises it."""

MORE: dict[str, str] = {
    "one clock and none": csv(*(f"o{n},{day(n)}T23:30:00{'+02:00' if n % 2 else ''},c{n % 5},20.00" for n in ROWS),
                              header="Order,Date,Customer,Amount"),
    "line or piece": csv(*(f"o{n},{day(n)},c{n % 5},{['Tea', 'Pot'][n % 2]},{1 + n % 3},{20 + n}.40" for n in ROWS),
                         header="Order,Date,Customer,Product,Pieces,Worth it"),
    "two days": csv(*(f"o{n},{day(n)},{day(n + 1)},c{n % 5},20.00" for n in ROWS),
                    header="Order,First of them,Second one,Customer,Amount"),
    "off or not": priced("Off", "{off}%"),
    "paid back on a day": csv(*(f"o{n},{day(n)},c{n % 5},20.00,{'' if n % 5 else day(n)}" for n in ROWS),
                              header="Order,Date,Customer,Amount,Refunded on"),
    "odd words": csv(*(f"o{n},{day(n)},c{n % 5},20.00,{'paid' if n % 3 else QUOTED}" for n in ROWS),
                     header="Order,Date,Customer,Amount,Status"),
    "odd headers": csv(*(f"o{n},{day(n)},c{n % 5},{20 + n}.40,{30 + 2 * n}.15" for n in ROWS),
                       header="Order,Date,Customer,a=b's one,$(b) $x"),
    "a buyer called -x": csv(*(f"C{n % 40},{n},{day(n % 20)},1.00" for n in range(80)),
                             *(f"-x,{n},{day(n % 20)},1.00" for n in range(80, 120)),
                             header="Customer,Order,Date,Amount"),
    "a status of dashes": csv(*(f"o{n},{day(n)},c{n % 5},20.00,{'paid' if n % 3 else '-moon-'}" for n in ROWS),
                              header="Order,Date,Customer,Amount,Status"),
    "shipping on each row": csv(*(f"o{n},{day(n)},c{n % 5},{product},{40 + n + more}.00,{ship}" for n in ROWS
                                  for product, more, ship in (("Tea", 0, "4.90"), ("Pot", 20, "2.10"))),
                                header="Order,Date,Customer,Product,Total,Shipping"),
    "odd buyer": csv(*(f"o{n},{day(n)},w{n % 5},20.00" for n in ROWS), header="Order,Date,Who's it,Amount"),
    "two questions": csv(*(f"{n},{1 + n * 5 % 12:02d}/{1 + n * 7 % 12:02d}/2026,c{n % 5},{1 + n % 3}.250,"
                           f"{'paid' if n % 3 else 'on the moon'}" for n in ROWS),
                         header="Order,Date,Customer,Amount,Status"),
}  # fmt: skip
"""Other files that ask: odd words and headers, several questions, and other columns."""
EVERY = {**FILES, **MORE}


def test_there_is_a_file_for_every_kind_of_question() -> None:
    assert {*FILES, "joins"} == set(_FACTS)  # which keys join several files: see test_tables
    asked = {kind for source in SOURCES for kind in re.findall(r"""(?:Question|_ask)\(\s*"(\w+)\"""", source)}
    assert asked <= set(_FACTS)
    assert set(ANSWERS) - set(_FACTS) == {"shipping", "tax", "gift_cards", "test_orders", "customers"}  # never asked


def kind_of(option: str) -> str:
    """The setting that an option of the command line is of."""
    return re.split("[ =]", option)[0].removeprefix("--").removeprefix("not-").replace("-", "_")


@pytest.mark.parametrize("name", EVERY)
def test_every_answer_leads_on_and_each_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    desk = Desk(tmp_path, EVERY[name], capsys)
    asked = desk.run()
    assert asked.code == 1
    if name in FILES:
        assert asked.body["error"]["code"] == "ambiguous_reading"
        assert len(asked.answers) > 1
        assert {kind_of(option) for option in asked.answers} == {name}
    results = {answer: desk.ends(answer) for answer in asked.answers}
    assert [end.body for ends in results.values() for end in ends if end.code] == []
    stored = [[end.stored for end in ends] for ends in results.values()]
    assert all(one != other for nth, one in enumerate(stored) for other in stored[:nth])
    if name in FILES:
        check_mappings(desk, tmp_path, results)


def check_mappings(desk: Desk, folder: Path, results: dict[str, list[Outcome]]) -> None:
    """A mapping file that holds an answer does what its option does."""
    seen = inspect(desk.file, Workspace.open(folder / "look"), today=TODAY)
    question = seen.questions[0]
    assert question.options == tuple(results)
    for value, _ in question.choices:
        meaning, _, header = value.partition("=")
        columns = {meaning: header} if question.setting == "column" else {}
        mapping = seen.mapping.corrected(columns).answered(question.answer(value))
        path = folder / "mapping.toml"
        path.write_text(mapping.to_toml(), encoding="utf-8")
        by_mapping = desk.ends(f"--mapping {shlex.quote(str(path))}")
        assert [end.stored for end in by_mapping] == [end.stored for end in results[question.option(value)]]
