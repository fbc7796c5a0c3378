"""Platforms: an export is known by its headers, however they are written; a user's own descriptions count too."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from segmentation.errors import WrongCall
from segmentation.intake import Inspection, inspect
from segmentation.meaning import platforms, recognise
from segmentation.workspace import Workspace
from tests.segmentation import platform_files as pf
from tests.segmentation.intake_files import TODAY, contacts, csv, lines, load, money, write
from tests.segmentation.more_platform_files import MORE_HEADERS, MORE_ROWS

HEADERS = {**pf.HEADERS, **MORE_HEADERS}
KEYS = sorted(HEADERS)
NET = ("1", "Tea", "12.50")
ROWS: dict[str, list[pf.Cells]] = {
    "shopify-orders": [
        *pf.shopify_order("#1", NET, ("2", "Pot", "30.00"), Email="a@example.com", Total="72.50"),
        *pf.shopify_order("#2", NET, Email="b@example.com", Total="12.50"),
    ],
    "shopify-customers": [
        {"Customer ID": f"'123{n}", "First Name": "Ann", "Email": f"{n}@example.com", "Accepts Email Marketing": "yes"}
        for n in range(3)
    ],
    "woocommerce-analytics": [
        {"Date": f"2026-09-1{n} 10:02:11", "Order #": f"{n}", "Status": "completed", "Customer": f"Ann {n}",
         "Customer type": "new", "Product(s)": "1× Tea, 2× Pot", "Items sold": "3", "N. Revenue": "12.50"}
        for n in range(3)
    ],
    "woocommerce-webtoffee": [pf.webtoffee_order(f"100{n}", NET, billing_email=f"{n}@example.com") for n in range(3)],
    "square-items": [pf.square_item("Tea", "$12.50", Transaction_ID=f"T{n}") for n in range(3)],
    "square-transactions": [pf.square_payment("$12.50", Transaction_ID=f"T{n}") for n in range(3)],
    "stripe-balance": [
        {"id": f"txn_{n}", "Type": "charge", "Source": f"ch_{n}", "Amount": "12.50", "Fee": "0.30", "Net": "12.20",
         "Currency": "eur", "Created (UTC)": "2026-09-13 10:02", "Description": "Order 1"}
        for n in range(3)
    ],
    "paypal-activity": [
        {"Date": "09/03/2026", "Time": "10:02:11", "TimeZone": "PDT", "Name": f"Ann {n}", "Type": "Website Payment",
         "Status": "Completed", "Currency": "USD", "Gross": "12.50", "Fee": "0.00", "Net": "12.50"}
        for n in range(3)
    ],
    "magento-2-orders": [pf.magento_order(f"00000000{n}", "€12.50", "0.00") for n in range(3)],
    "klaviyo-profiles": [
        {"Email": f"{n}@example.com", "Klaviyo ID": f"0{n}", "Email Marketing Consent": "SUBSCRIBED"} for n in range(3)
    ],
    "klaviyo-campaigns": [
        {"Campaign Name": f"Autumn {n}", "Send Time": "2026-09-14 09:00:00", "Total Recipients": "1200",
         "Unique Placed Order": "24", "Revenue": "12.50", "Open Rate": "50%"}
        for n in range(3)
    ],
    "mailchimp-audience": [
        {"Email Address": f"{n}@example.com", "MEMBER_RATING": "2", "OPTIN_TIME": "2026-01-01 10:00:00", "LEID": f"{n}"}
        for n in range(3)
    ],
    **MORE_ROWS,
}  # fmt: skip


def seen(folder: Path, text: str | bytes) -> Inspection:
    """What an import makes of a file with this content."""
    return inspect(write(folder, text), Workspace.open(folder / "workspace"), today=TODAY)


def key_of(inspection: Inspection) -> str | None:
    """The platform's key."""
    return inspection.platform.key if inspection.platform else None


def test_there_is_an_example_of_every_platform() -> None:
    assert KEYS == sorted(platforms()) == sorted(ROWS)


@pytest.mark.parametrize("key", KEYS)
def test_an_export_is_known_by_its_header_row(tmp_path: Path, key: str) -> None:
    inspection = seen(tmp_path, pf.export(HEADERS[key], *ROWS[key]))
    assert key_of(inspection) == key
    assert inspection.questions == ()
    mapped = inspection.mapping.columns()
    assert set(mapped.values()) <= set(inspection.headers)
    assert set(inspection.guess.sure.values()) <= {1.0}
    if inspection.holds == "orders":
        assert inspection.platform is not None
        inspection.mapping.require(inspection.headers, without=inspection.platform.does_without)


@pytest.mark.parametrize("key", KEYS)
def test_the_order_of_its_columns_does_not_matter(tmp_path: Path, key: str) -> None:
    columns = len(HEADERS[key].split(","))
    turned = seen(tmp_path, pf.export(HEADERS[key], *ROWS[key], order=[*range(columns)][::-1]))
    assert key_of(turned) == key
    straight = seen(tmp_path, pf.export(HEADERS[key], *ROWS[key]))
    assert turned.mapping.columns().keys() == straight.mapping.columns().keys()
    if "" not in HEADERS[key].split(","):
        assert turned.mapping == straight.mapping


@pytest.mark.parametrize("separator", [";", "\t", "|"], ids=["semicolons", "tabs", "bars"])
@pytest.mark.parametrize("key", KEYS)
def test_the_sign_between_its_fields_does_not_matter(tmp_path: Path, key: str, separator: str) -> None:
    inspection = seen(tmp_path, pf.export(HEADERS[key], *ROWS[key], separator=separator))
    assert (inspection.dialect.separator, key_of(inspection)) == (separator, key)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("key", KEYS)
def test_a_mark_of_the_encoding_does_not_hide_the_first_header(tmp_path: Path, key: str, encoding: str) -> None:
    inspection = seen(tmp_path, pf.export(HEADERS[key], *ROWS[key]).encode(encoding))
    assert (key_of(inspection), inspection.headers[0]) == (key, HEADERS[key].split(",")[0] or "column 1")


@pytest.mark.parametrize("place", [0, 3, -1])
@pytest.mark.parametrize("key", KEYS)
def test_a_column_that_nobody_knows_does_not_matter(tmp_path: Path, key: str, place: int) -> None:
    names = HEADERS[key].split(",")
    names.insert(place if place >= 0 else len(names), "Loyalty Tier")
    rows = [{**row, "Loyalty Tier": f"Gold {n}"} for n, row in enumerate(ROWS[key])]
    inspection = seen(tmp_path, pf.export(",".join(names), *rows))
    assert key_of(inspection) == key
    assert "Loyalty Tier" not in inspection.mapping.columns().values()


@pytest.mark.parametrize("key", KEYS)
def test_headers_are_compared_without_case_and_blanks(key: str) -> None:
    shouted = [f"  {name.upper().replace(' ', '  ')} " for name in HEADERS[key].split(",")]
    found = recognise(shouted)
    assert found is not None
    assert found.key == key
    assert set(found.mapping(shouted).columns().values()) <= set(shouted)


@pytest.mark.parametrize("key", KEYS)
def test_half_a_header_is_not_enough(key: str) -> None:
    names = HEADERS[key].split(",")
    assert recognise(names[::2]) is None
    assert recognise(names[1::2]) is None


@pytest.mark.parametrize("key", KEYS)
def test_every_header_that_is_asked_for_is_needed(key: str) -> None:
    for missing in platforms()[key].requires:
        found = recognise([name for name in HEADERS[key].split(",") if name != missing])
        assert found is None or found.key != key


@pytest.mark.parametrize(
    "header",
    [
        "Customer ID,Order ID,Date,Product,Amount",
        "Date,Time,Item,Qty,Net Sales",
        "Name,Email,Total,Created at",
        "id,Type,Amount,Currency",
    ],
)
def test_a_table_of_ones_own_is_no_platform(header: str) -> None:
    assert recognise(header.split(",")) is None


@pytest.mark.parametrize("key", KEYS)
def test_what_a_description_names_stands_in_the_export_as_it_is_written_today(key: str) -> None:
    names = set(HEADERS[key].split(","))
    platform = platforms()[key]
    rules = [rule.column for rule in (platform.sales, platform.gift_cards, platform.test_orders) if rule]
    filled = [platform.agreed_when_filled] if platform.agreed_when_filled else []
    assert {*platform.requires, *rules, *filled} <= names
    read = [name or f"column {at}" for at, name in enumerate(HEADERS[key].split(","), start=1)]
    missing = {meaning for meaning in platform.columns if platform.header(meaning, read) is None}
    assert missing <= {"phone", "channel", "time", "refunded"}  # only in some versions of the export


# A user's own -------------------------------------------------------------------------------------------------

TILL = """
name = "Our till"
holds = "orders"
requires = ["Bon", "Tag", "Brutto"]
date_order = "dmy"
decimal = "comma"
never_sold = ["geparkt"]
guests = ["LAUF"]

[columns]
order = "Bon"
date = "Tag"
amount = ["Netto", "Brutto"]
customer = "Karte"
status = "Stand"
product = "Ware"

[gift_cards]
column = "Ware"
contains = ["gutschein"]
"""
TILL_FILE = """Bon;Tag;Brutto;Karte;Stand;Ware
1;03.09.2026;1,200;K1;ok;Tee
2;04.09.2026;2,500;LAUF;ok;Tee
3;05.09.2026;4,000;K2;geparkt;Tee
4;06.09.2026;8,000;K2;ok;Gutschein 8
"""


def describe(folder: Path, text: str | bytes, name: str = "our-till.toml") -> None:
    """Put a description of an export into the workspace."""
    target = Workspace.open(folder / "workspace").platforms_folder
    target.mkdir(exist_ok=True)
    write(target, text, name)


def test_a_users_own_description_is_used(tmp_path: Path) -> None:
    describe(tmp_path, TILL)
    result = load(tmp_path, TILL_FILE)
    assert result.tables[0].platform == "Our till"
    assert result.ledger.revenue_file == money("15.70")  # 1.20 + 2.50 + 4 + 8
    assert result.ledger.excluded == {"unpaid": money("4"), "gift_card": money("8")}
    assert [row["customer_id"] for row in lines(result.version)] == ["K1", None, "K2"]


def test_without_it_the_same_file_is_asked_about(tmp_path: Path) -> None:
    assert {question.setting for question in seen(tmp_path, TILL_FILE).questions} >= {"date_order"}


def test_a_users_own_description_wins_over_ours_of_the_same_name(tmp_path: Path) -> None:
    ours = (files("segmentation.meaning") / "platforms" / "stripe-balance.toml").read_text(encoding="utf-8")
    describe(tmp_path, ours.replace('amount = "Amount"', 'amount = "Net"'), "stripe-balance.toml")
    inspection = seen(tmp_path, pf.export(pf.STRIPE_BALANCE, *ROWS["stripe-balance"]))
    assert (key_of(inspection), inspection.mapping.amount) == ("stripe-balance", "Net")


def test_of_two_descriptions_that_fit_the_one_that_asks_for_more_is_used(tmp_path: Path) -> None:
    loose = TILL.replace("Our till", "Any till").replace(', "Brutto"]', "]")
    describe(tmp_path, loose, "any-till.toml")
    describe(tmp_path, TILL, "our-till.toml")
    assert key_of(seen(tmp_path, TILL_FILE)) == "our-till"


def test_a_users_own_list_of_contacts_is_read(tmp_path: Path) -> None:
    describe(
        tmp_path,
        'name = "Club"\nholds = "contacts"\nrequires = ["Member", "Newsletter"]\n'
        '[columns]\nemail = "Member"\nconsent = "Newsletter"\n',
        "club.toml",
    )
    load(tmp_path, csv("1,2026-09-13,ann@example.com,40.00", header="Order,Date,Email,Amount"))
    result = load(tmp_path, "Member,Newsletter\nANN@example.com,ja\nbo@example.com,nein\n", name="club.csv")
    assert {row["email"]: row["consent"] for row in contacts(result.version)} == {
        "ann@example.com": True, "bo@example.com": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("name = ", "name "), "not valid TOML"),
        (('holds = "orders"', 'holds = "lists"'), "“holds” must be one of orders, contacts, campaigns"),
        (('holds = "orders"\n', ""), "no entry “holds”"),
        (("never_sold", "never_solt"), "unknown entry “never_solt”"),
        (('requires = ["Bon", "Tag", "Brutto"]', 'requires = "Bon"'), "“requires” must be a list of texts"),
        (('requires = ["Bon", "Tag", "Brutto"]', "requires = []"), "“requires” must be a list of texts"),
        (('["geparkt"]', "[3]"), "“never_sold” must be a text"),
        (('date_order = "dmy"', 'date_order = "european"'), "“date_order” must be one of dmy, mdy, ymd"),
        (('decimal = "comma"', "decimal = true"), "“decimal” must be a text"),
        (('decimal = "comma"', 'nobody = "yes"'), "“nobody” must be true or false"),
        (('decimal = "comma"', 'per_row = ["postage"]'), "“per_row” must be one of refunded"),
        (('customer = "Karte"', 'buyer = "Karte"'), "“columns” has an unknown entry “buyer”"),
        (('customer = "Karte"', "customer = 3"), "“columns”, “customer” must be a list of texts"),
        (("[columns]", 'columns = "all"\n[packed]'), "“columns” must be a table"),
        (('contains = ["gutschein"]', ""), "“gift_cards” has no entry “contains”"),
        (("contains", "holding"), "“gift_cards” has an unknown entry “holding”"),
        (('contains = ["gutschein"]', "contains = [7]"), "“contains” must be a text"),
        (("[gift_cards]", "[packed]"), "“packed” has an unknown entry “column”"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_description_is_refused_with_its_name_and_what_is_wrong(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    assert change[0] in TILL
    describe(tmp_path, TILL.replace(*change))
    with pytest.raises(WrongCall) as caught:
        load(tmp_path, TILL_FILE)
    assert "platforms/our-till.toml" in str(caught.value)
    assert said in str(caught.value)


def test_a_description_that_is_no_text_is_refused_with_its_name(tmp_path: Path) -> None:
    describe(tmp_path, b'name = "K\xe4sse"')
    with pytest.raises(WrongCall, match=r"platforms/our-till\.toml cannot be read"):
        seen(tmp_path, TILL_FILE)


def test_a_single_word_of_a_rule_is_a_word_and_not_its_letters(tmp_path: Path) -> None:
    describe(tmp_path, TILL.replace('["gutschein"]', '"gutschein"'))
    assert load(tmp_path, TILL_FILE).ledger.excluded["gift_card"] == money("8")
