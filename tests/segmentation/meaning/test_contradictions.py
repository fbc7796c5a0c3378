"""A column whose values speak against its meaning is pointed out, and one whose values fit never is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from segmentation.meaning.contradictions import contradiction
from segmentation.meaning.profiles import ColumnProfile, Value

COUNTRIES = ["Germany", "Austria", "France", "Italy"]


def column(cells: Sequence[str], header: str = "Column") -> ColumnProfile:
    """The profile of a column with these cells, "" for empty ones."""
    filled = [cell for cell in cells if cell]
    values = tuple(Value(text, rows) for text, rows in Counter(filled).most_common())
    return ColumnProfile(header, len(cells), len(filled), len(values), True, values, {}, tuple(filled))


def over(values: Sequence[str], rows: int = 200) -> list[str]:
    return [values[i % len(values)] for i in range(rows)]


AGAINST = {
    "a country as quantity": ("quantity", over(COUNTRIES), "holds no numbers"),
    "money as quantity": ("quantity", over(["€ 4,50", "€ 3,20", "€ 9,10"]), "holds amounts of money"),
    "a country as amount": ("amount", over(COUNTRIES), "holds no numbers"),
    "words beside few amounts": ("amount", over(["free", "sold", "4.50"]), "holds numbers on only 33 % of its rows"),
    "dates as amount": ("amount", [f"202501{1 + i % 28:02d}" for i in range(200)], "holds dates"),
    "row numbers as amount": ("amount", [str(1000 + i) for i in range(200)], "counts up from row to row"),
    "barcodes as unit price": ("unit_price", over(["4006381333931", "4006381333948"]), "holds codes of many digits"),
    "a product as date": ("date", over(["Tea", "Mug"]), "holds no dates"),
    "half a date": ("date", over(["2025-01-02", "soon"]), "holds dates on only 50 % of its rows"),
    "a country as customer": ("customer", over(COUNTRIES), "holds only 4 different values on 200 rows"),
    "a quantity as customer": ("customer", over(["1", "2", "3"]), "holds only 3 different values on 200 rows"),
    "a date as customer": ("customer", over(["2025-01-02", "2025-01-03"]), "holds dates"),
    "yes and no as customer": ("customer", over(["yes", "no"]), "holds yes and no"),
    "amounts as customer": ("customer", [f"{i}.25" for i in range(200)], "holds amounts"),
    "names as e-mail": ("email", over(["Ann Lee", "Bob Ray"]), "holds no e-mail addresses"),
    "one order": ("order", ["1001"] * 200, "is the same on every row"),
    "a country as order": ("order", over(COUNTRIES), "holds only 4 different values on 200 rows"),
    "amounts as product": ("product", over(["4.50", "3.20"]), "holds amounts"),
    "quantities as product": ("product", over(["1", "2", "12"]), "holds only numbers"),
    "words as currency": ("currency", over(["Tea", "Mug"]), "holds no currencies"),
    "countries as currency": ("currency", over(["DE", "AT", "FR"]), "holds no currencies"),
    "products as consent": ("consent", over(["Tea", "Mug"]), "holds no yes or no"),
    "amounts as refusal": ("refusal", over(["4.50", "3.20"]), "holds no yes or no"),
    "words as time": ("time", over(["Tea", "Mug"]), "holds no clock times"),
    "words as phone": ("phone", over(["Tea", "Mug"]), "holds no phone numbers"),
    "addresses as name": ("name", over(["a@example.com", "b@example.com"]), "holds e-mail addresses"),
    "nothing": ("product", [""] * 200, "is empty"),
}


@pytest.mark.parametrize("case", AGAINST)
def test_values_that_speak_against_a_meaning_are_told(case: str) -> None:
    meaning, cells, fact = AGAINST[case]
    found = contradiction(meaning, column(cells))
    assert found is not None
    assert fact in found.fact


FITTING = {
    "few customers in a small file": ("customer", [f"c{i % 5}" for i in range(40)]),
    "customers by name": ("customer", [f"Ann Lee {chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(200)]),
    "numbered customers": ("customer", [str(1 + i % 40) for i in range(200)]),
    "orders of several lines": ("order", [str(1000 + i // 3) for i in range(200)]),
    "whole amounts": ("amount", [str(5 + (i * 37) % 90) for i in range(200)]),
    "prices in euros": ("unit_price", over(["4,50 €", "12,00 €"])),
    "weights as quantity": ("quantity", over(["0.5", "1.25", "2"])),
    "shares as discount": ("discount", over(["10%", "0%"])),
    "article numbers": ("product", over(["85123", "22423", "84077"])),
    "signs": ("currency", over(["€", "$"])),
    "a currency in words": ("currency", over(["Euro", "EUR"])),
    "days of consent": ("consent", over(["2025-01-02", "2025-03-04"])),
    "subscribed": ("consent", over(["subscribed", "unsubscribed", "pending"])),
    "letters": ("consent", over(["J", "N"])),
    "guests without an address": ("email", over(["a@example.com", "b@example.com", "guest"])),
    "days with their time": ("date", over(["2025-01-02 10:00", "2025-01-03 11:00"])),
    "a day of cancelling": ("cancelled", ["2025-01-02", *[""] * 199]),
}


@pytest.mark.parametrize("case", FITTING)
def test_values_that_fit_are_not_doubted(case: str) -> None:
    meaning, cells = FITTING[case]
    assert contradiction(meaning, column(cells)) is None


def test_the_sentence_shows_a_value_that_does_not_fit() -> None:
    found = contradiction("date", column(over(["2025-01-02", "2025-01-03", "soon"]), "When"))
    assert found is not None
    assert found.sentence == "“When” holds dates on only 67 % of its rows, for example “soon”."
