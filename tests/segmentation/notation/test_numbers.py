"""Amounts as people write them: what a column proves, what the engine reads, and what both refuse."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentation.engine.casts import currency, number, number_too_long
from segmentation.engine.casts import currency_beside as currency_beside_in_sql
from segmentation.errors import AmbiguousReading
from segmentation.meaning import Choices
from segmentation.notation import Mark, decimal_mark, looks_like_number
from segmentation.notation.currencies import ISO_CODES, SYMBOLS, currency_code, shared_signs
from segmentation.notation.numbers import currencies_beside, currency_beside, without_currency
from tests.segmentation.intake_files import lines, load, money

SPACES = {"blank": " ", "no-break": "\u00a0", "narrow": "\u202f", "thin": "\u2009"}

POINT = {
    "$45.00": "45", "-$3.00": "-3", "$-3.00": "-3", "(3.00)": "-3", "($3.00)": "-3", "$(3.00)": "-3", "$ (3.00)": "-3",
    "3.00-": "-3", "\u22123.00": "-3", "\u20133.00": "-3", "- 3.00": "-3", "-\u00a03.00": "-3", "+3.00": "3",
    "1,234.56": "1234.56", "1'234.56": "1234.56", "1’234.56": "1234.56", "1 234.56": "1234.56",
    "1,234,567.8": "1234567.8", "1,23,456.50": "123456.50", "₹ 12,34,567.00": "1234567", "Rs. 1,234.50": "1234.50",
    "EUR 5.00": "5", "5.00 EUR": "5", "5.00EUR": "5", "USD-5.25": "-5.25", "-5.25 USD": "-5.25", "US$ 5.25": "5.25",
    "CHF 1'234.50": "1234.50", "Fr. 5.50": "5.50", "Fr.-5.50": "-5.50", "SFr. 5.50": "5.50", "Fr. 5.-": "5",
    "5.–": "5", "-5.-": "-5", ".5": "0.5", "-.5": "-0.5", "5.": "5", "00012.50": "12.50", "0.00": "0", "-0.00": "0",
    "1.5e2": "150", "1.5E-1": "0.15", "\t5.25 ": "5.25", "1.23456": "1.2346",
    "99999999999999.9999": "99999999999999.9999",
}  # fmt: skip
"""Amounts that prove a decimal point, and what they are."""

COMMA = {
    "1.234,56 €": "1234.56", "€1.234,56": "1234.56", "1.234,56€": "1234.56", "1.234.567,8": "1234567.8",
    "R$ 1.234,56": "1234.56", "-3,10": "-3.10", "3,10-": "-3.10", "(3,10)": "-3.10", "(3,10 €)": "-3.10",
    "(3,10) €": "-3.10", "−3,10 €": "-3.10", "5,50 zł": "5.50", "1 234,56 Kč": "1234.56", "kr 5,50": "5.50",
    "5,5": "5.5", "1 234,5 kr": "1234.5", "5,-": "5", "5,– €": "5", "-5,-": "-5", "kr 5,-": "5", ",5": "0.5",
    "0,99 Ft": "0.99",
    "1'234,56": "1234.56", "12,5 lei": "12.5", "+12,5": "12.5", "0,000": "0",
    **{f"1{space}234,56": "1234.56" for space in SPACES.values()},
    **{f"1{space}234{space}567,8{space}€": "1234567.8" for space in SPACES.values()},
}  # fmt: skip
"""Amounts that prove a decimal comma."""

WHOLE = {"5": "5", "-5": "-5", "(5)": "-5", "5-": "-5", "€5": "5", "€-5": "-5", "5 €": "5", "USD5": "5", "5 kr": "5",
         "12 345": "12345", "1 000 000": "1000000", "1'000": "1000", "1e3": "1000", "007": "7"}  # fmt: skip
"""Whole numbers: the same with either mark."""

NO_NUMBERS = ("abc", "--3", "3--", "+-3", "-(3.00)", "(-3.00)", "(3.00", "3.00)", "()", "(", "-", "$", "€ ", "Fr.", ".",
              ",", "12%", "12.5 %", "1/2", "½", "0x10", "NaN", "inf", "-Infinity", "true", "null", "5 USD 3", "5 pcs",
              "3.00 CR", "3 x 5", "five", "１２.５０", "٣", "1e", "e5", "€€5", "5.00 EUR USD", "", " ")  # fmt: skip
"""What neither sight nor engine takes for a number, whatever the decimal mark."""

BROKEN_GROUPS = ("1,2,3", "1.2.3", "1 2", "1 23", "12,34.5", "1234,567.8", "1.234.56", "1,234.5.6", "1''234", "1,,234",
                 "1,2345.00", "1.23.456,00", "31.12.2026", "1 234 56")  # fmt: skip
"""Digits and marks that are no number, since their groups are not of three."""


@cache
def engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def sql(expression: str, values: Iterable[str]) -> list[Any]:
    """What the engine makes of these texts, which the expression calls c0."""
    asked = f"SELECT {expression} FROM (SELECT unnest($1) AS c0, unnest(range(len($1))) AS place) ORDER BY place"
    return [row[0] for row in engine().execute(asked, [list(values)]).fetchall()]


def read(values: tuple[str, ...] | dict[str, str], decimal: str) -> list[Decimal | None]:
    """What the engine's cast makes of these texts."""
    return sql(number("c0", decimal), values)


@pytest.mark.parametrize(
    ("written", "decimal"), [(POINT, "point"), (COMMA, "comma"), (WHOLE, "point"), (WHOLE, "comma")]
)
def test_the_engine_reads_what_people_write(written: dict[str, str], decimal: str) -> None:
    found = dict(zip(written, read(written, decimal), strict=True))
    assert found == {text: Decimal(value).quantize(Decimal("0.0001")) for text, value in written.items()}


@pytest.mark.parametrize(("written", "mark"), [(POINT, Mark.POINT), (COMMA, Mark.COMMA), (WHOLE, Mark.NONE)])
def test_every_amount_shows_its_decimal_mark(written: dict[str, str], mark: Mark) -> None:
    assert {text for text in written if not looks_like_number(text)} == set()
    assert {text: decimal_mark([text]) for text in written} == dict.fromkeys(written, mark)


@pytest.mark.parametrize("decimal", ["point", "comma"])
def test_what_is_no_number_is_read_by_nobody(decimal: str) -> None:
    assert {text for text in NO_NUMBERS if looks_like_number(text)} == set()
    texts = NO_NUMBERS + BROKEN_GROUPS
    assert dict(zip(texts, read(texts, decimal), strict=True)) == dict.fromkeys(texts)


@pytest.mark.parametrize("text", BROKEN_GROUPS)
def test_broken_groups_prove_no_mark(text: str) -> None:
    assert decimal_mark([text]) is Mark.NONE
    assert decimal_mark([text, "1.234", "5.678"]) is Mark.EITHER


@pytest.mark.parametrize(("decimal", "others"), [("point", COMMA), ("comma", POINT)])
def test_an_amount_with_the_other_mark_is_refused_or_unchanged_and_never_another_amount(
    decimal: str, others: dict[str, str]
) -> None:
    for text, found in zip(others, read(others, decimal), strict=True):
        assert found is None or found == Decimal(others[text]), text


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        (["1.234", "5.678"], Mark.EITHER),
        (["1,234", "500"], Mark.EITHER),
        (["1.234", "5.678", "0.123"], Mark.POINT),
        (["1.234", "5.678", "1234.567"], Mark.POINT),
        (["1.234", "1.5"], Mark.POINT),
        (["1.234", "1.234.567"], Mark.COMMA),
        (["1.234", "2,50"], Mark.COMMA),
        (["1,234", "1,234,567"], Mark.POINT),
        (["1,234", "12,34,567"], Mark.POINT),
        (["1.234", "1 234,567"], Mark.COMMA),
        (["1'234.567"], Mark.POINT),
        (["1.234 €", "12,50 €"], Mark.COMMA),
        (["$1,234", "$0.50"], Mark.POINT),
        (["12.50", "12,50"], Mark.EITHER),
        (["12.50"] * 5, Mark.POINT),
        (["7", "1 000", "abc", ""], Mark.NONE),
        ([], Mark.NONE),
    ],
)
def test_the_whole_column_decides(values: list[str], mark: Mark) -> None:
    assert decimal_mark(values) is mark
    assert decimal_mark(reversed(values)) is mark


def test_one_slip_among_many_different_amounts_is_no_contradiction() -> None:
    amounts = [f"{n},50" for n in range(10)]
    assert decimal_mark([*amounts, "7.50"]) is Mark.COMMA
    assert decimal_mark([*amounts[:9], "7.50"]) is Mark.EITHER
    assert decimal_mark([*amounts, "7.50", "8.50"]) is Mark.EITHER


def test_a_number_that_no_column_can_hold_is_told_from_a_text() -> None:
    texts = ("12345678901234567890", "999999999999999999.99", "abc", "", "1,2,3", "5.00")
    assert read(texts, "point") == [None, None, None, None, None, Decimal("5.0000")]
    asked = f"SELECT {number_too_long('c0', 'point')} FROM (SELECT unnest(?) AS c0)"
    found = [row[0] for row in engine().execute(asked, [list(texts[:5])]).fetchall()]
    assert found == [True, True, False, False, False]


@pytest.mark.parametrize("text", ["5{}x", "{}x", "$ {}5{}x", "({}5{}", "1{}1{}1{}x", "-{}${}5{}EUR{}x"])
def test_a_cell_full_of_blanks_is_looked_at_once(text: str) -> None:
    cell = text.replace("{}", " " * 3_000)
    assert not looks_like_number(cell)
    assert currency_beside(cell) is None
    assert decimal_mark([cell]) is Mark.NONE


@given(
    st.decimals(min_value=-9_999_999, max_value=9_999_999, places=2),
    st.sampled_from([(",", "."), ("'", "."), (" ", "."), ("", "."), (".", ","), ("\u202f", ","), ("", ",")]),
    st.sampled_from(["{}", "{} €", "€{}", "$ {}", "{} EUR", "CHF {}", "kr {}"]),
)  # fmt: skip
def test_an_amount_of_any_style_comes_back(value: Decimal, marks: tuple[str, str], style: str) -> None:
    group, mark = marks
    text = style.format(f"{value:,.2f}".replace(".", "!").replace(",", group).replace("!", mark))
    wanted = Mark.POINT if mark == "." else Mark.COMMA
    assert decimal_mark([text]) is wanted
    assert read((text,), wanted.value) == [value]


# Currencies -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("5,00 €", "EUR"), ("5,00€", "EUR"), ("€ 5.00", "EUR"), ("-€5", "EUR"), ("(5,00 €)", "EUR"),
        ("(5,00) €", "EUR"), ("£12.50", "GBP"), ("12.50 GBP", "GBP"), ("USD5", "USD"), ("US$ 5", "USD"), ("$5", "$"),
        ("R$ 5,00", "BRL"),
        ("5,00 zł", "PLN"), ("5,00\u00a0Kč", "CZK"), ("kr 5", "kr"), ("5 kr.", "kr"), ("Fr. 5.50", "CHF"),
        ("5.00", None), ("-5", None), ("", None), ("abc", None),
    ],
)  # fmt: skip
def test_a_currency_is_seen_on_either_side_of_an_amount(written: str, code: str | None) -> None:
    assert currency_beside(written) == code


def test_names_and_signs_of_currencies_are_codes() -> None:
    assert {currency_code(text) for text in ("€", "eur", "EUR", " Euro ", "euros")} == {"EUR"}
    assert currency_code("xyz") == "XYZ"


def test_a_sign_that_several_currencies_share_means_the_only_one_that_is_there() -> None:
    assert shared_signs(currencies_beside(["5 kr", "5 SEK", "7 €"])) == {"kr": "SEK"}
    assert shared_signs(["kr", "SEK", "NOK"]) == {}
    assert shared_signs(["$", "USD"]) == {"$": "USD"}
    assert shared_signs(["$", "CAD", "USD"]) == {}
    assert shared_signs(["Rs", "PKR"]) == {"Rs": "PKR"}


@pytest.mark.parametrize("other", ["C$5", "5 CAD", "CA$ 5", "A$5", "AUD 5"])
def test_a_dollar_beside_another_dollar_is_not_taken_for_it(other: str) -> None:
    found = currencies_beside(["$5", other, "$7"])
    assert shared_signs(found) == {}
    assert shared_signs(found, elsewhere=["CAD"]) == {"$": "CAD"}
    assert shared_signs(found, elsewhere=["EUR"]) == {}


@pytest.mark.parametrize(
    ("written", "amount", "code"),
    [
        ("RM 121.50", "121.50", "MYR"), ("RM1,121.50", "1121.50", "MYR"), ("R121.50", "121.50", "ZAR"),
        ("R 1,121.50", "1121.50", "ZAR"), ("-R121.50", "-121.50", "ZAR"), ("(R121.50)", "-121.50", "ZAR"),
        ("R-121.50", "-121.50", "ZAR"), ("R121", "121", "ZAR"), ("12,150円", "12150", "JPY"),
        ("￥12,150", "12150", "JPY"),
        ("S/ 45.00", "45", "PEN"), ("S/.45.00", "45", "PEN"), ("B/. 45.00", "45", "PAB"),
        ("KSh1,200.00", "1200", "KES"), ("Dhs 45", "45", "AED"), ("AED 45.5", "45.5", "AED"),
        ("45.00 ر.س", "45", "SAR"), ("45.00 د.إ.\u200f", "45", "AED"), ("$5.00 CAD", "5", "CAD"),
        ("US $5.00", "5", "USD"), ("CAD$ 5.00", "5", "CAD"), ("USD $5.00", "5", "USD"), ("£E 5.00", "5", "EGP"),
        ("NT$1,200", "1200", "TWD"), ("A$45.00", "45", "AUD"), ("Mex$ 45.00", "45", "MXN"), ("฿45.00", "45", "THB"),
        ("5.00 euros", "5", "EUR"), ("5.00 eur", "5", "EUR"), ("12.50 Dollars", "12.50", "$"), ("€5 €", "5", "EUR"),
        ("5 pounds", "5", "GBP"), ("Q45.00", "45", "GTQ"), ("L 45.00", "45", "L"), ("K45.00", "45", "K"),
        ("Rs.1,234.50", "1234.50", "Rs"), ("₦45.00", "45", "NGN"), ("GH₵45.00", "45", "GHS"), ("Br 45.00", "45", "Br"),
        ("€5.00 USD", "5", "EUR/USD"), ("5.00", "5", None),
    ],
)  # fmt: skip
def test_a_currency_of_any_country_is_read_and_known(written: str, amount: str, code: str | None) -> None:
    assert looks_like_number(written)
    assert read((written,), "point") == [Decimal(amount)]
    assert currency_beside(written) == code
    assert sql(currency_beside_in_sql("c0"), [written]) == [code]


@pytest.mark.parametrize(
    ("written", "amount", "code"),
    [
        ("Rp 121.500", "121500", "IDR"), ("Rp121.500,00", "121500", "IDR"), ("1.234,50 TL", "1234.50", "TRY"),
        ("45,00 kr.", "45", "kr"), ("1 234,50 Kč", "1234.50", "CZK"), ("Gs. 121.500", "121500", "PYG"),
        ("Gs.121.500", "121500", "PYG"), ("121.500 ₫", "121500", "VND"), ("$U 450,50", "450.50", "UYU"),
        ("121,50 ден", "121.50", "MKD"), ("1 234,50 руб.", "1234.50", "RUB"), ("100,50 р.", "100.50", "RUB"),
        ("45,00 лв.", "45", "BGN"), ("45,00 грн", "45", "UAH"), ("Bs. 45,50", "45.50", "Bs"),
        ("12,50 ₼", "12.50", "AZN"),
        ("COL$ 121.500", "121500", "COP"), ("R 1 200,50", "1200.50", "ZAR"), ("5 000 F CFA", "5000", "CFA"),
        ("12.500 Ft", "12500", "HUF"),
    ],
)  # fmt: skip
def test_a_currency_beside_a_decimal_comma_is_read_and_known(written: str, amount: str, code: str) -> None:
    assert decimal_mark([written]) in {Mark.COMMA, Mark.NONE}
    assert read((written,), "comma") == [Decimal(amount)]
    assert currency_beside(written) == code
    assert sql(currency_beside_in_sql("c0"), [written]) == [code]


@pytest.mark.parametrize("code", sorted(ISO_CODES))
def test_every_code_of_iso_stands_beside_amounts_on_either_side(code: str) -> None:
    assert [currency_beside(text) for text in (f"{code} 5", f"{code}5", f"5{code}", f"5 {code}")] == [code] * 4
    assert read((f"{code} 5.50", f"5.50{code}"), "point") == [Decimal("5.5")] * 2


@pytest.mark.parametrize(
    "text",
    ["R2D2", "L12", "L-12", "Q3", "Q3 2026", "K9", "5K", "5 R", "12 L", "L 12", "5.00 XYZ", "ABC 5", "XXL 5", "5 PCS",
     "5 km", "12 kg", "all 5", "5 all", "5 top", "A 5.00", "F12.50", "$ $5", "5 EUR USD", "R 12"],
)  # fmt: skip
def test_a_word_that_is_no_currency_makes_no_amount(text: str) -> None:
    assert not looks_like_number(text)
    assert currency_beside(text) is None
    assert read((text,), "point") == read((text,), "comma") == [None]


@pytest.mark.parametrize(
    ("values", "currency", "mark"),
    [
        (["Rp 121.500"], None, Mark.COMMA),
        (["$ 12.500", "$ 9.900"], "CLP", Mark.COMMA),
        (["$ 12.500"], "USD", Mark.EITHER),
        (["$ 12.500"], None, Mark.EITHER),
        (["12.500"], "CLP", Mark.COMMA),
        (["12,500"], "JPY", Mark.POINT),
        (["12.500"], "EUR", Mark.EITHER),
        (["12.500"], "KWD", Mark.EITHER),
        (["€ 12.500"], "CLP", Mark.EITHER),
        (["12.50"], "JPY", Mark.POINT),
        (["12,150円", "¥1,000"], None, Mark.POINT),
    ],
)
def test_three_digits_of_a_currency_without_cents_are_thousands(
    values: list[str], currency: str | None, mark: Mark
) -> None:
    assert decimal_mark(values, currency) is mark


def test_amounts_without_a_currency_are_counted_beside_those_with_one() -> None:
    values = ["5.00", "$5", "7", "abc", "", "5 XYZ"]
    assert currencies_beside(values) == {"$": 1}
    assert without_currency(values) == 2


def test_the_engine_knows_currencies_by_all_their_names() -> None:
    texts = ["eur", " Euro ", "€", "usd", "kr.", "R$", "CAD$", "$", "RMB", "CFA", "xyz", "Rs.", "ر.س.", "YEN", *SYMBOLS]
    assert sql(currency("c0"), texts) == [currency_code(text) for text in texts]
    assert sql(currency("c0", {"$": "CAD"}), ["$", "US$", " "]) == ["CAD", "USD", None]


# Through an import ------------------------------------------------------------------------------------------


def amounts(folder: Path, written: list[str], **more: object) -> tuple[list[Decimal], dict[str, int]]:
    """The amounts stored for rows with these, in their order, and what was set aside."""
    rows = [f"C{place}\t{place:03}\t2026-01-05\tTea\t{text}" for place, text in enumerate(written)]
    text = "\n".join(["Customer ID\tOrder ID\tDate\tProduct\tAmount", *rows]) + "\n"
    result = load(folder, text, name="orders.tsv", **more)
    return [row["amount"] for row in lines(result.version)], result.ledger.set_aside


def test_a_german_column_is_imported_to_the_cent_and_its_odd_cells_are_set_aside(tmp_path: Path) -> None:
    written = ["1.234,56 €", "2,50 €", "5,- €", "-3,10 €", "1.000 €", "1,2,3", "abc", "7 €"]
    found, aside = amounts(tmp_path, written)
    assert found == [money(text) for text in ("1234.56", "2.50", "5", "-3.10", "1000", "7")]
    assert aside == {"unreadable_amount": 2}


def test_an_english_column_is_imported_to_the_cent(tmp_path: Path) -> None:
    found, aside = amounts(tmp_path, ["$45.00", "-$3.00", "($2.00)", "$(1.00)", "$1,234.56", "$7", "--3"])
    assert found == [money(text) for text in ("45", "-3", "-2", "-1", "1234.56", "7")]
    assert aside == {"unreadable_amount": 1}


def test_amounts_in_two_currencies_behind_a_blank_are_never_added_up_unasked(tmp_path: Path) -> None:
    written = ["12,50 €", "12,50 £", "3,00 €"]
    with pytest.raises(AmbiguousReading) as caught:
        amounts(tmp_path, written)
    assert set(caught.value.readings) == {"EUR", "GBP"}
    found, aside = amounts(tmp_path, written, choices=Choices(currency="EUR"))
    assert found == [money("12.50"), money("3")]
    assert sum(aside.values()) == 1


@pytest.mark.parametrize(("decimal", "total"), [("comma", "6912"), ("point", "6.912")])
def test_an_answer_settles_amounts_with_two_readings(tmp_path: Path, decimal: str, total: str) -> None:
    with pytest.raises(AmbiguousReading, match="two readings"):
        amounts(tmp_path, ["1.234", "5.678"])
    assert sum(amounts(tmp_path, ["1.234", "5.678"], choices=Choices(decimal=decimal))[0]) == money(total)
