"""One thing has one figure: what screens, report and command line show is read from their text and compared."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from segmentation import cli
from segmentation.intake import import_file
from segmentation.workspace import Workspace
from tests.dashboard.conftest import APP, NAMED_OTHERWISE, SECONDS
from tests.dashboard.odd_shop import orders_file
from tests.dashboard.readings import Figures, first, metrics, page_text, plain, said, table

SAMPLE = Path("sample_data/orders.csv")
SHOPS = ("sample", "odd", "small")
Opened = Callable[..., AppTest]


@pytest.fixture(scope="module", params=SHOPS)
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one of the three shops, imported from a file."""
    folder = tmp_path_factory.mktemp(f"agree-{request.param}")
    file = SAMPLE
    if request.param != "sample":
        file = folder / "orders.csv"
        more = {"odd": {}, "small": {"customers": 66, "seed": 5}}[request.param]
        file.write_bytes(orders_file(**more))
    import_file(Workspace.open(folder / "workspace"), file, dataset="Shop", today=date(2026, 11, 22))
    return folder / "workspace"


@pytest.fixture(scope="module")
def figures(home: Path) -> Iterator[Figures]:
    """Every figure of the shop that stands in several places, from all of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TESSERA_HOME", str(home))
        patch.setenv("TESSERA_WORKERS", "0")
        yield _read(home)


def test_what_is_shown_in_several_places_is_the_same_everywhere(figures: Figures) -> None:
    assert figures.disagreements() == []


def test_every_figure_is_read_from_several_places(figures: Figures) -> None:
    """A label that is no longer found would otherwise pass unseen."""
    several = {what: len({one.where for one in shown}) for what, shown in figures.of.items()}
    assert {what for what, places in several.items() if places < 2} == set()
    assert several["customers"] >= 9
    assert len(several) > 30


def _read(home: Path) -> Figures:
    figures = Figures()
    _import(figures, _screen("import_data"))
    _health(figures, _screen("health"))
    _overview(figures)
    names = _briefing(figures, _screen("briefing", window="365 days"))
    _segments(figures, _screen("segments"), names)
    _campaign(figures, _screen("campaign"), names)
    _clv(figures, _screen("clv"))
    _churn(figures, _screen("churn"))
    _customers(figures)
    _report(figures, home, names)
    _commands(figures, home)
    return figures


def _screen(name: str, **query: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=4 * SECONDS)
    app.query_params.update(query)
    if name in NAMED_OTHERWISE:
        app.run()
    app = app.switch_page(f"screens/{name}/{name}.py").run()
    assert not app.exception
    return app


def _import(figures: Figures, app: AppTest) -> None:
    text = said(app)
    (beside,) = (line for line in map(plain, (one.value for one in app.sidebar.caption)) if " orders" in line)
    figures.add("customers", "sidebar", first(r"([\d,]+) customer", beside))
    figures.add("orders", "sidebar", first(r"([\d,]+) order", beside))
    held = first(r"^([\d,]+ customers? · [\d,]+ orders? \([^\n]*)$", text) or ""
    figures.add("customers", "import", first(r"([\d,]+) customer", held))
    figures.add("orders", "import", first(r"([\d,]+) order", held))
    figures.add("guest orders", "import", first(r"\(([\d,]+) guest order", held))
    figures.add("revenue", "import", first(r"· (-?€ [\d,.kM]+)", held))


def _health(figures: Figures, app: AppTest) -> None:
    shown, text = metrics(app), said(app)
    figures.add("customers", "health", shown["Customers"])
    figures.add("orders", "health", shown["Orders"])
    figures.add("repeat rate", "health", shown["Repeat rate"])
    figures.add("customers in 30 days", "health", first(r"([\d,]+) in the last 30 days", text))


def _overview(figures: Figures) -> None:
    app = _screen("overview", period="All")
    shown = metrics(app)
    for what, label in (("revenue", "Revenue"), ("orders", "Orders"), ("customers", "Customers"),
                        ("repeat rate", "Repeat rate")):  # fmt: skip
        figures.add(what, "overview, all", shown[label])
    course = table(app, "Revenue", "Orders")
    figures.add("revenue", "overview, all, table", float(course["Revenue"].sum()))
    figures.add("orders", "overview, all, table", int(course["Orders"].sum()))
    _bars(figures, app, "all-time share", "overview, all, chart")
    figures.add(
        "customers in 30 days", "overview, 30 days", metrics(_screen("overview", period="30 days"))["Customers"]
    )
    app = _screen("overview", period="365 days")
    shown = metrics(app)
    for label in ("Revenue", "Orders", "Customers", "Average order", "Repeat rate", "Refund rate", "Margin rate"):
        figures.add(f"{label}, 365 days", "overview, 365 days", shown[label])
    returning = int(shown["Returning customers"].replace(",", ""))
    figures.add("New customers, 365 days", "overview, 365 days", shown["New customers"])
    both = int(shown["New customers"].replace(",", "")) + returning
    figures.add("Customers, 365 days", "overview, 365 days, new and returning", both)
    _bars(figures, app, "share of 365 days", "overview, 365 days, chart")


def _bars(figures: Figures, app: AppTest, what: str, where: str) -> None:
    (chart,) = [
        one for one in app.get("plotly_chart") if one.proto.alt.startswith("Bar chart: revenue of each segment")
    ]
    drawn = json.loads(chart.proto.spec)["data"][0]
    for name, text in zip(drawn["y"], drawn["text"], strict=True):
        if "%" in text and "Guests" not in name:
            figures.add(f"{what} of {unescape(name).strip()}", where, text.partition("·")[2])


def _briefing(figures: Figures, app: AppTest) -> list[str]:
    text, shown = said(app), metrics(app)
    figures.add("customers", "briefing", first(r"· ([\d,]+) customers? in", text))
    for label in ("Revenue", "Orders", "Customers", "Average order", "Margin rate"):
        figures.add(f"{label}, 365 days", "briefing", shown[label])
    figures.add("Revenue, 365 days", "briefing, sentence", first(r"Revenue of the last 365 days: \*\*(.*?)\*\*", text))
    if new := first(r"([\d,]+) customers? ordered for the first time", text):
        figures.add("New customers, 365 days", "briefing", new)
    rows = table(app, "Segment", "Customers")
    figures.add("customers", "briefing, table", int(rows["Customers"].sum()))
    for row in rows.to_dict("records"):
        name = row["Segment"]
        figures.add(f"customers of {name}", "briefing, table", int(row["Customers"]))
        figures.add(f"all-time share of {name}", "briefing, table", f"{row['Share of all-time revenue']:.4f} %")
        figures.add(f"share of 365 days of {name}", "briefing, table", f"{row['Share, 365 days']:.4f} %")
    best = first(r"\*\*([^*\n]+)\*\* are [^\n]* of customers", text) or ""
    line = first(r"(\*\*[^*\n]+\*\* are [^\n]*)", text) or ""
    figures.add(f"share of 365 days of {best}", "briefing, sentence", first(r"brought ([^ ]+ %)", line))
    figures.add(f"all-time share of {best}", "briefing, sentence", first(r"\(([^ ]+ %) of all-time", line))
    return list(rows["Segment"])


TITLE = re.compile(r":color\[■\].*? \*\*(.+)\*\*")
SIZES = r"([\d,]+) customers? \(([^)]+)\) · (\S+ %) of all-time revenue(?:[^\n;]*; (\S+ %) of the last 365 days)?"


def _segments(figures: Figures, app: AppTest, names: list[str]) -> None:
    cards = [found for one in app.caption if (found := re.match(SIZES, plain(one.value)))]
    titles = [found[1] for one in app.markdown if (found := TITLE.fullmatch(plain(one.value)))]
    assert len(titles) == len(cards)
    assert set(titles) == set(names)
    for name, card in zip(titles, cards, strict=True):
        figures.add(f"customers of {name}", "card", card[1])
        figures.add(f"all-time share of {name}", "card", card[3])
        figures.add(f"share of 365 days of {name}", "card", card[4])
    text = said(app)
    for label, pattern in _TYPICAL.items():
        for found in re.finditer(pattern, text):
            figures.add(f"typical {label}", "card", found[1])


_TYPICAL = {
    "Spend": r"spent [^\n(]*\(typical ([\d,.]+)\)",
    "Orders": r"placed [^\n(]* orders?  ?\(typical ([\d,.]+)\)",
    "Average order": r"per order \(typical ([\d,.]+)\)",
    "Recency": r"last bought [^\n(]*\(typical ([\d,.]+)\)",
}


def _campaign(figures: Figures, app: AppTest, names: list[str]) -> None:
    if not any({"Segment", "Customers"} <= set(one.value.columns) for one in app.dataframe):
        return  # too short a history for any plan, as the screen says
    for row in table(app, "Segment", "Customers").to_dict("records"):
        assert row["Segment"] in names
        figures.add(f"customers of {row['Segment']}", "campaign", int(row["Customers"]))
        figures.add(f"profit of {row['Segment']}", "campaign", str(row["Profit"]))


def _clv(figures: Figures, app: AppTest) -> None:
    shown, text = metrics(app), said(app)
    if "Per customer" not in shown:
        return
    figures.add("customers", "clv", first(r"Average of ([\d,]+) customer", text))
    figures.add("value in 12 months", "clv", shown["Value in 12 months"])
    groups = table(app, "Group", "Value")
    figures.add("value in 12 months", "clv, table", float(groups["Value"].sum()))
    figures.add("customers", "clv, table", int(groups["Customers"].sum()))
    each = metrics(app)["Per customer"]
    figures.add("value per customer", "clv", each)
    figures.add("value per customer", "clv, table", float(groups["Value"].sum()) / int(groups["Customers"].sum()))


def _churn(figures: Figures, app: AppTest) -> None:
    shown, text = metrics(app), said(app)
    if "Contact" in shown:
        figures.add("offers that pay", "churn", shown["Contact"])
        if listed := first(r"Whom to contact: ([\d,]+) customer", text):
            figures.add("offers that pay", "churn, list", listed)


def _customers(figures: Figures) -> None:
    """The one who spent most, and one who has sent something back."""
    app = _screen("customer")
    best = table(app, "Customer", "Spend").to_dict("records")
    for row in (best[0], best[-1]):
        who = row["Customer"]
        figures.add(f"orders of {who}", "customer, examples", int(row["Orders"]))
        figures.add(f"spend of {who}", "customer, examples", f"€ {row['Spend']:.2f}")
        _one_customer(figures, who)


def _one_customer(figures: Figures, who: str) -> None:
    app = _screen("customer")
    app.text_input(key="customer_search").set_value(who).run()
    assert app.subheader[0].value.replace("\\", "") == who
    shown, text = metrics(app), said(app)
    features = {row["Feature"]: row for row in table(app, "Feature", "This customer").to_dict("records")}
    for what, label in (("orders", "Orders"), ("spend", "Spend"), ("average order", "Average order")):
        figures.add(f"{what} of {who}", "customer", shown[label])
        figures.add(f"{what} of {who}", "customer, features", features[label]["This customer"])
    figures.add(f"orders of {who}", "customer, heading", first(r"^\*\*([\d,]+) orders?\b[^\n]*\*\*$", text))
    listed = table(app, "What", "Value")
    placed = listed[listed["What"].isin(["order", "refunded", "partly refunded"])]
    figures.add(f"orders of {who}", "customer, list", len(placed))
    figures.add(f"spend of {who}", "customer, list", float(listed["Value"].sum() - listed["Refunded"].sum()))
    for label in _TYPICAL:
        if f"typical {label}" not in figures.of:  # no card says it
            continue
        figures.add(f"typical {label}", "customer", features[label]["Typical customer"])


def _report(figures: Figures, home: Path, names: list[str]) -> None:
    out = home.parent / "report.html"
    _command("report", "Shop", "--out", str(out), "--force", home=home)
    page = out.read_text(encoding="utf-8")
    text = page_text(page)
    figures.add("customers", "report", first(r"([\d,]+) customers · orders from", text))
    shown = {plain(unescape(label)): plain(unescape(value)) for label, value in _KPI.findall(page)}
    figures.add("Revenue, 365 days", "report", shown["Revenue"])
    figures.add("Orders, 365 days", "report", shown["Orders"])
    figures.add("Customers, 365 days", "report", shown["Customers who ordered"])
    for label in ("Average order", "Repeat rate", "Refund rate", "Margin rate"):
        if label in shown:
            figures.add(f"{label}, 365 days", "report", shown[label])
    if new := first(r"\| ([\d,]+) of them new", text):
        figures.add("New customers, 365 days", "report", new)
    rows = [tuple(plain(unescape(cell)) for cell in found) for found in _ROW.findall(page)]
    assert [name for name, *_ in rows] == names
    for name, size, _, recent, share in rows:
        figures.add(f"customers of {name}", "report", size)
        if share != "–":
            figures.add(f"share of 365 days of {name}", "report", recent)
            figures.add(f"all-time share of {name}", "report", share)
    for name, profit in _PROFIT.findall(page):
        figures.add(f"profit of {plain(unescape(name))}", "report", plain(unescape(profit)))


_KPI = re.compile(r'<dt>([^<]*)</dt><dd class="figure">([^<]*)</dd>')
_CELL = r'\s*<td class="n">([^<]*)</td>'
_ROW = re.compile(rf"<i [^>]*></i>([^<]*)</td>{_CELL}{_CELL}{_CELL}{_CELL}\s*<td(?! class=\"n\")")
_FIGURE = r'\s*<td class="n"[^>]*>(?:(?!</td>).)*</td>'
_FIFTH = r'\s*<td class="n"[^>]*><span[^>]*>([^<]*)</span>'
_PROFIT = re.compile(
    rf"<i [^>]*></i>([^<]*)</td>{_CELL.replace('(', '(?:')}{_FIGURE * 5}{_FIFTH}",
    re.DOTALL,
)


def _commands(figures: Figures, home: Path) -> None:
    health = _json("health", home)
    figures.add("customers", "tessera health", health["customers"])
    figures.add("orders", "tessera health", health["orders"])
    figures.add("guest orders", "tessera health", health["guest_orders"])
    figures.add("repeat rate", "tessera health", health["repeat_customers"] / health["customers"])
    versions = _json("versions", home)["versions"]
    figures.add("customers", "tessera versions", versions[-1]["customers"])
    figures.add("revenue", "tessera versions", versions[-1]["revenue"])
    study = _json("study", home)
    figures.add("customers", "tessera study", sum(one["customers"] for one in study["segments"]))
    for one in study["segments"]:
        figures.add(f"customers of {one['name']}", "tessera study", one["customers"])
        figures.add(f"all-time share of {one['name']}", "tessera study", one["share_of_revenue"])
    clv = _json("clv", home)
    if "unknown" not in clv["lifetime_value"] and clv["lifetime_value"]["months"] == 12:
        figures.add("value in 12 months", "tessera clv", clv["lifetime_value"]["total"]["value"])
    churn = _json("churn", home)
    if "contact" in churn["policy"]:
        figures.add("offers that pay", "tessera churn", churn["policy"]["contact"])


def _json(command: str, home: Path) -> dict[str, Any]:
    found = json.loads(_command(command, "Shop", "--json", home=home))
    assert isinstance(found, dict)
    return found


def _command(*words: str, home: Path) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert cli.main([*words, "--workspace", str(home)]) == 0
    return out.getvalue()
