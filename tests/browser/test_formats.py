"""Exports as shops' systems write them, dropped in the browser: the right cents, or one question."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page, expect

from segmentation.workspace import Workspace
from tests.browser import steps
from tests.browser.long import long
from tests.segmentation.platform_files import SQUARE_ITEMS, export, shopify, shopify_order, square_item

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def german() -> bytes:
    """Shopify's export as a German spreadsheet saves it: semicolons, Latin-1, decimal commas."""
    text = shopify(
        *(
            shopify_order(f"#10{at:02d}", ("1", "Grüner Tee", "1.234,50"), ("2", "Kännchen", "9,90"),
                          Email=f"k{at % 5}@laden.example", Shipping="0,00", Taxes="0,00", Discount_Amount="0,00",
                          Refunded_Amount="0,00", Subtotal="1.254,30", Total="1.254,30")
            for at in range(12)
        )
    )  # fmt: skip
    rows = list(csv.reader(io.StringIO(text)))
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(
        [cell.replace("0.00", "0,00") for cell in row] for row in rows
    )
    return out.getvalue().encode("latin-1")


def square() -> bytes:
    """Square's items with dollar signs, one paid back."""
    rows = [
        square_item("Latte", "$4.50", Transaction_ID=f"T{at}", Payment_ID=f"P{at}", Customer_ID=f"C{at % 4}")
        for at in range(10)
    ]
    back = square_item("Latte", "-$4.50", Transaction_ID="T90", Event_Type="Refund", Qty="-1", Customer_ID="C1")
    return export(SQUARE_ITEMS, *rows, back).encode()


def workbook() -> bytes:
    """A spreadsheet with a title above its table and a sheet of notes."""
    rows = [["Order", "Date", "Customer", "Product", "Total"]]
    rows += [[f"A{at}", f"2026-03-{at + 1:02d}", f"C{at % 4}", "Tea", f"{at}.25"] for at in range(10)]
    return _packed({"Orders": [["Export of my shop"], [], *rows], "Notes": [["Nothing here"]]})


def ambiguous() -> bytes:
    """No date of it says whether the day or the month comes first."""
    rows = [f"A{at},0{at % 8 + 1}/0{(at + 3) % 9 + 1}/2026,C{at % 4},Tea,{at}.25" for at in range(20)]
    return "\n".join(["Order,Date,Customer,Product,Total", *rows, ""]).encode()


def _packed(sheets: dict[str, list[list[str]]]) -> bytes:
    names = "".join(f'<sheet name="{name}" sheetId="{at}" r:id="r{at}"/>' for at, name in enumerate(sheets, 1))
    links = "".join(
        f'<Relationship Id="r{at}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" '
        f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/>{kinds}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{RELATIONS}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
    }
    for at, rows in enumerate(sheets.values(), 1):
        cells = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
        files[f"xl/worksheets/sheet{at}.xml"] = f'<worksheet xmlns="{SHEET}"><sheetData>{cells}</sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def imported(page: Page, name: str, content: bytes, rows: int) -> None:
    steps.drop(page, name, content)
    steps.start_import(page)
    expect(steps.messages(page).first).to_contain_text(f"{rows} rows imported")


@long
def test_known_exports_and_spreadsheets_need_no_click(page: Page, empty_app: str, app_workspace: Path) -> None:
    expected = {
        "laden.csv": (german(), 24, Decimal("15051.60")),
        "square.csv": (square(), 11, Decimal("40.50")),
        "shop.xlsx": (workbook(), 10, Decimal("47.50")),
    }
    for name, (content, rows, revenue) in expected.items():
        page.goto(f"{empty_app}/import")
        steps.ready(page, "Import")
        imported(page, name, content, rows)
        held = Workspace.open(app_workspace).latest(name.split(".")[0]).manifest
        assert (held.lines, held.revenue) == (rows, revenue), name


def test_dates_with_two_readings_are_asked_about_and_the_answer_counts(
    page: Page, empty_app: str, app_workspace: Path
) -> None:
    page.goto(f"{empty_app}/import")
    steps.ready(page, "Import")
    steps.drop(page, "doubtful.csv", ambiguous())
    expect(page.get_by_text(steps.like("allow two readings")).first).to_be_visible(timeout=steps.SLOW)
    steps.start_import(page)
    assert Workspace.open(app_workspace).datasets() == ()
    page.get_by_test_id("stRadio").first.locator("label").filter(has_text="April").first.click()
    steps.start_import(page)
    expect(steps.messages(page).first).to_contain_text("20 rows imported")
    held = Workspace.open(app_workspace).latest("doubtful").manifest
    assert held.revenue == Decimal("195.00")
