"""The report: one file that shows the right figures, runs nothing and fetches nothing."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from segmentation.assumptions import Assumptions
from segmentation.campaigns import MarginHistory, SegmentHistory, plan
from segmentation.errors import WorkspaceBroken
from segmentation.estimates import Estimate, Unknown
from segmentation.report import (
    Heat,
    Kpi,
    LedgerLine,
    Method,
    ReportContent,
    ReportSegment,
    render,
    write_report,
)
from segmentation.report.charts import Scale
from segmentation.report.figures import count, count_range, money, money_range, percent, percent_range

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "--></svg><script>alert(1)</script>",
    "$\\frac{1}{2}$ ]]> &amp;",
    "\x00\x08 control \ufffe",
)


def behaved(customers: int, rate: float, orders: float, value: float, margin: float = 0.42) -> SegmentHistory:
    """A segment's window in which buyers' orders and values vary by half their size."""
    buyers = int(customers * rate)
    wave = 1 + 0.5 * np.sin(np.arange(buyers) * 2.4)
    placed = np.maximum(orders * wave[::-1], 1.0)
    revenue = placed * value * wave
    earned = revenue * margin
    margins = MarginHistory(
        buyers=buyers, margin=earned.sum(), margin_squares=(earned**2).sum(), revenue=revenue.sum(),
        revenue_squares=(revenue**2).sum(), margin_revenue=(earned * revenue).sum(),
    )  # fmt: skip
    return SegmentHistory(
        customers=customers, buyers=buyers, orders=placed.sum(), orders_squares=(placed**2).sum(),
        revenue=revenue.sum(), revenue_squares=(revenue**2).sum(), orders_revenue=(placed * revenue).sum(),
        margins=margins,
    )  # fmt: skip


_SEGMENTS = (
    (
        "Champions on repeat",
        499,
        0.263,
        "24 orders of € 58, the last 9 days ago",
        ("order 3.1× as often", "buy from 5 categories", "ordered 9 days ago"),
        "Early access, no discount",
        (0.62, 1.9, 58.0),
    ),
    (
        "Discount regulars",
        904,
        0.351,
        "11 orders of € 41, the last 24 days ago",
        ("a discount on 71 % of orders", "order 1.3× as often", "ordered 24 days ago"),
        "Bundle at the next threshold",
        (0.37, 1.4, 41.0),
    ),
    (
        "Long gone",
        1290,
        0.147,
        "2 orders of € 44, the last 410 days ago",
        ("last ordered 410 days ago", "one category", "0.6× the orders"),
        "Leave in peace; one win-back a year",
        (0.012, 1.0, 40.0),
    ),
    (
        "Lapsing big-basket buyers",
        937,
        0.079,
        "3 orders of € 212, the last 160 days ago",
        ("€ 212 an order, 2.4× the average", "last ordered 160 days ago", "few categories"),
        "Call or personal offer within 30 days",
        (0.055, 1.0, 212.0),
    ),
    (
        "New, one small order",
        1672,
        0.108,
        "1 order of € 19, the last 12 days ago",
        ("one order only", "€ 19 an order", "ordered 12 days ago"),
        "Second-order nudge by day 21",
        (0.11, 1.1, 19.0),
    ),
    (
        "Drifting browsers",
        1198,
        0.052,
        "2 orders of € 35, the last 230 days ago",
        ("look at 4 categories", "a discount on half their orders", "last ordered 230 days ago"),
        "Show the new range",
        (0.035, 1.0, 35.0),
    ),
    ("Bulk orders", 7, 0.0, "", (), "", (0.3, 1.0, 400.0)),
)
_HEAT = (
    (-1.2, 2.4, 2.1, 0.3, 1.7, -0.6, 1.4),
    (-0.8, 0.9, 1.1, -0.2, 0.8, 1.9, 0.6),
    (1.9, -0.7, -0.6, 0.1, -0.9, 0.0, -0.8),
    (0.4, -0.4, 0.7, 2.3, -0.5, -0.3, -0.2),
    (-1.0, -0.9, -1.0, -0.7, -0.8, -0.1, None),
    (0.8, -0.3, -0.4, -0.3, 0.9, 0.7, -0.4),
    (0.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0),
)


def sample() -> ReportContent:
    """A report about an invented shop with seven segments, one of them too small to describe."""
    everyone = sum(row[1] for row in _SEGMENTS)
    planned = plan(
        [row[0] for row in _SEGMENTS],
        [row[1] for row in _SEGMENTS],
        [int(row[1] * 0.81) for row in _SEGMENTS],
        [behaved(max(row[1] - 60, 5), *row[6]) for row in _SEGMENTS],
        Assumptions(contact_cost=0.35, fixed_cost=40.0, offer_kind="percent", offer_value=0.01),
        budget=900.0,
        as_of=date(2026, 11, 1),
    )
    return ReportContent(
        shop="Kranich & Söhne",
        first=date(2023, 11, 1),
        last=date(2026, 10, 31),
        as_of=date(2026, 11, 1),
        customers=everyone,
        currency="EUR",
        summary="Two segments, 22 % of the customers, bring 61 % of the revenue. Lapsing big-basket buyers are the "
        "largest sum at risk: they spent € 212 an order and have been quiet for five months.",
        settings="Seven segments by k-means on recency, orders, spend, average order, breadth and discount share.",
        kpis=(
            Kpi("Revenue, last 12 months", "€ 1,284,310", "+6.2 % on the year before"),
            Kpi("Orders", "24,118", "+3.8 %"),
            Kpi("Customers who ordered", "4,902", "1,672 of them new"),
            Kpi("Average order", "€ 53.25", "+2.3 %"),
            Kpi("Repeat rate", "46 %", "of 4,902 customers"),
            Kpi("Refund rate", "4.1 %", "of revenue"),
            Kpi("Margin", "41 %", "from unit costs"),
        ),
        segments=tuple(
            ReportSegment(
                name=name, colour=i, customers=size, share_of_customers=size / everyone, share_of_revenue=revenue,
                typical=typical, differences=differences, play=play,
            )
            for i, (name, size, revenue, typical, differences, play, _) in enumerate(_SEGMENTS)
        ),
        heat=Heat(("Recency", "Orders", "Spend", "Average order", "Breadth", "Discount share", "Trend"), _HEAT),
        plan=planned,
        ledger=(
            LedgerLine(label="In the files", rows=61_204, amount=Decimal("3412880.17")),
            LedgerLine(label="Cancelled orders", rows=812, amount=Decimal("-48210.40"), level=1),
            LedgerLine(label="Set aside: no readable amount", rows=14, level=1),
            LedgerLine(label="Set aside: no readable date", rows=9, amount=Decimal("-402.10"), level=1),
            LedgerLine(label="Kept", rows=61_181, amount=Decimal("3364267.67")),
            LedgerLine(label="of which guests, outside the customers", rows=2_310, amount=Decimal("98114.02"), level=1),
        ),
        methods=(
            Method("Segments", "K-means on standardised features, fitted on up to 20,000 customers, then everyone is "
                   "placed with the nearest centre.", "Lloyd (1982), Least squares quantization in PCM."),
            Method("Differences", "Group mean less shop mean, in standard deviations of the shop's customers."),
            Method("Order rate", "Share of the segment's members of that time who ordered in the window after, with a "
                   "Jeffreys interval.", "Brown, Cai & DasGupta (2001), Interval estimation for a proportion."),
            Method("Profit and its interval", "2,000 draws of rate, orders per buyer, order value, margin and uplift.",
                   "Malcolm et al. (1959) for the PERT distribution of the uplift."),
        ),
        fingerprint="7c1f20ab · kmeans-7",
    )  # fmt: skip


@pytest.fixture(scope="module")
def page() -> str:
    return render(sample())


class _Seen(HTMLParser):
    """Tags, attributes and open elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def seen(html: str) -> _Seen:
    parser = _Seen()
    parser.feed(html)
    return parser


def test_the_report_runs_no_script_and_fetches_nothing(page: str) -> None:
    found = seen(page)
    assert not {"script", "iframe", "object", "embed", "img", "base"} & set(found.tags)
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    assert not re.findall(r"(?:src|href)=[\"'](?!data:,)", page)
    assert "url(" not in page
    assert "@import" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "default-src 'none'" in page


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_text_from_the_data_never_becomes_markup(payload: str) -> None:
    content = sample()
    first = replace(content.segments[0], name=payload, typical=payload, differences=(payload,) * 3, play=payload)
    assert not isinstance(content.plan, Unknown)
    rows = (replace(content.plan.rows[0], name=payload), *content.plan.rows[1:])
    html = render(
        replace(
            content, shop=payload, summary=payload, settings=payload, kpis=(Kpi(payload, payload, payload),),
            segments=(first, *content.segments[1:]), heat=Heat((payload,) * 7, _HEAT), fingerprint=payload,
            plan=replace(content.plan, rows=rows, notes=(payload,), assumed=(payload,)),
            ledger=(LedgerLine(label=payload),), methods=(Method(payload, payload, payload),),
        )
    )  # fmt: skip
    found, clean = seen(html), seen(render(content))
    assert set(found.tags) == set(clean.tags)
    assert {name for name, _ in found.attributes} == {name for name, _ in clean.attributes}
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", html)[0]


def test_every_drawing_is_well_formed_and_described(page: str) -> None:
    drawings = re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)
    assert len(drawings) == 3
    for drawing in drawings:
        root = ET.fromstring(drawing)
        assert len(root.attrib["aria-label"]) > 20
        assert "#0a0" not in drawing
        assert " id=" not in drawing


def test_a_segment_below_ten_customers_shows_its_size_and_nothing_else(page: str) -> None:
    table = page[page.index("<h2>Who the customers are") : page.index("<h3>Share of customers")]
    row = table[table.index("Bulk orders") :]
    assert "Too few to describe." in row[: row.index("</tr>")]
    content = sample()
    telling = replace(
        content.segments[-1], typical="9 pallets", differences=("secret",), play="secret", share_of_revenue=0.123
    )
    html = render(replace(content, segments=(*content.segments[:-1], telling)))
    assert "9 pallets" not in html
    assert "secret" not in html
    assert "12 %" not in html[html.index("Bulk orders") : html.index("<h3>Share of customers")]


def test_the_figures_of_the_plan_are_those_of_the_table(page: str) -> None:
    content = sample()
    assert not isinstance(content.plan, Unknown)
    best = max((r for r in content.plan.rows if not isinstance(r.profit, Unknown)), key=lambda r: r.profit.value)
    assert money(best.profit.value, "EUR", cents=False) in page
    assert all(line.replace("'", "&#39;") in page for line in content.plan.assumed)


def test_a_heat_map_of_many_features_takes_the_whole_width(page: str) -> None:
    assert 'class="stack"' not in page
    many = Heat(tuple(f"feature {i}" for i in range(13)), tuple((0.5,) * 13 for _ in _HEAT))
    assert 'class="stack"' in render(replace(sample(), heat=many))


def test_a_certain_cost_is_shown_without_an_interval() -> None:
    content = sample()
    assert not isinstance(content.plan, Unknown)
    first, *rest = content.plan.rows
    certain = replace(content.plan, rows=(replace(first, cost=Estimate(55.0, 55.0, 55.0, 400)), *rest))
    assert "55–55" not in render(replace(content, plan=certain))


def test_without_a_plan_the_report_says_why() -> None:
    html = render(replace(sample(), plan=Unknown("The history is shorter than the window."), heat=None))
    assert "The history is shorter than the window." in html
    assert "Break-even" not in html


def test_a_report_with_nothing_optional_is_still_whole() -> None:
    bare = replace(
        sample(), kpis=(), ledger=(), methods=(), segments=(), heat=None, plan=Unknown("No segments."), currency=None
    )
    assert render(bare).count("</html>") == 1


def test_equal_content_gives_an_equal_file(page: str) -> None:
    assert render(sample()) == page


def test_the_file_is_written_whole_and_small(tmp_path: Path) -> None:
    file = write_report(tmp_path / "report.html", sample())
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert file.stat().st_size < 200_000
    with pytest.raises(WorkspaceBroken):
        write_report(tmp_path / "missing" / "report.html", sample())


@pytest.mark.parametrize(("low", "high"), [(-0.4, 2.3), (-473, 572), (0, 1e6), (-12_345, 0), (0, 0)])
def test_a_scale_has_a_few_round_ticks_and_zero_among_them(low: float, high: float) -> None:
    scale = Scale(low, high, 100, 500)
    ticks = scale.ticks()
    assert 0 in ticks
    assert len(ticks) <= 12
    assert all(100 <= scale(tick) <= 500 for tick in ticks)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (count(1234567), "1,234,567"),
        (count(-0.4), "0"),
        (count(-12), "−12"),
        (money(1234.5, "EUR"), "€\u00a01,234"),
        (money(-19.9, "USD"), "−$19.90"),
        (money(Decimal("12.5"), None), "12.50"),
        (money(7, "SEK"), "SEK\u00a07"),
        (money(-0.2, None, cents=False), "0"),
        (percent(0.034), "3.4\u00a0%"),
        (percent(0.12), "12\u00a0%"),
        (percent(0.0001), "<0.1\u00a0%"),
        (percent(0), "0\u00a0%"),
        (percent_range(0.12, 0.18), "12–18\u00a0%"),
        (percent_range(-0.5, 0.18), "−50\u00a0to\u00a018\u00a0%"),
        (money_range(-1200, 1800), "−1,200\u00a0to\u00a01,800"),
        (count_range(3.21, 7.9), "3.2–7.9"),
    ],
)
def test_numbers_are_printed_with_their_unit_and_no_false_precision(shown: str, expected: str) -> None:
    assert shown == expected
