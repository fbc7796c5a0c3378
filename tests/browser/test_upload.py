"""A newcomer's own file: the guess is put right, every cent arrives, and the segments follow."""

from __future__ import annotations

import random
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page, expect

from segmentation.intake import import_file
from segmentation.meaning import Mapping
from segmentation.workspace import Workspace
from tests.browser import steps

HEADER = "Beleg;Datum;Feld;Artikel;Zahl A;Zahl B"
"""A customer id that no name tells, and two columns of amounts whose names nobody can tell apart: the second is what
the goods cost the shop."""

CUSTOMERS, UNREADABLE = 60, 2


def export(seed: int) -> tuple[bytes, Decimal, int]:
    """A shop's export in German and Windows-1252; the amounts that can be read, added up, and the number of rows."""
    chance, rows, total = random.Random(seed), [], Decimal(0)
    for who in range(CUSTOMERS):
        for _ in range(1 + who % 7):
            cents = chance.randint(500, 250_000 if who % 9 == 0 else 9_000)
            total += Decimal(cents) / 100
            amount = f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02d}"
            day = f"{chance.randint(1, 28):02d}.{chance.randint(1, 12):02d}.2025"
            rows.append(f"B{seed}{len(rows):04d};{day};K{who:03d};Grüner Tee;{amount};{chance.randint(1, 9)},50")
    rows += [f"X{at};15.06.2025;K001;Grüner Tee;unbekannt;1,50" for at in range(UNREADABLE)]
    return "\r\n".join([HEADER, *rows, ""]).encode("cp1252"), total, len(rows)


def money(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def test_a_file_with_an_unhelpful_header_becomes_segments(page: Page, empty_app: str, app_workspace: Path) -> None:
    content, total, rows = export(1)
    page.goto(empty_app)
    steps.ready(page, "Import")
    expect(page.get_by_text("Drop your export here")).to_be_visible()
    expect(page.get_by_role("button", name="Load the sample shop")).to_be_visible()

    steps.drop(page, "laden_2025.csv", content)
    amount = page.get_by_role("combobox", name=re.compile("^Line total"))
    expect(page.get_by_role("combobox", name=re.compile("^Order date"))).to_have_value("Datum")
    expect(page.get_by_text("This file names no buyers.")).to_be_visible()
    expect(page.get_by_text("check this").first).to_be_visible()
    expect(amount).to_have_value("Zahl B")

    steps.choose(page, re.compile("^Customer id"), "Feld")
    expect(page.get_by_text("This file names no buyers.")).to_have_count(0)
    steps.choose(page, re.compile("^Order date"), "Artikel")
    expect(page.get_by_text(re.compile("holds no dates"))).to_be_visible()
    asked = page.locator(".st-key-import_now").get_by_role("button")
    asked.click()
    expect(steps.messages(page)).to_contain_text(steps.like("please answer above"), timeout=steps.SLOW)
    steps.choose(page, re.compile("^Line total"), "Zahl A")
    asked.click()
    expect(steps.messages(page)).to_contain_text(steps.like("No row can be loaded"), timeout=steps.SLOW)
    assert Workspace.open(app_workspace).datasets() == ()

    steps.choose(page, re.compile("^Order date"), "Datum")
    expect(page.get_by_role("textbox", name="Name of the shop")).to_have_value("laden 2025")
    steps.start_import(page)

    loaded = rows - UNREADABLE
    expect(steps.messages(page).first).to_contain_text(f"{loaded} rows imported")
    summed = steps.text(page.get_by_text("It adds up:"))
    gone = f"0 duplicates dropped + {UNREADABLE} rejected"
    assert f"{rows} rows read = {loaded} imported + 0 already there + {gone}" in summed
    assert [money(one) for one in re.findall(r"\d[\d,]*\.\d\d", summed)] == [total, total, Decimal("0.00")]
    _, ledger = steps.downloaded(page, page.locator(".st-key-outcome_table_csv").get_by_role("button"))
    lines = {row[0]: row for row in steps.table(ledger)[1:]}
    first, last = next(iter(lines.values())), list(lines.values())[-1]
    assert (int(first[1]), Decimal(first[2])) == (rows, total)
    assert (int(last[1]), Decimal(last[2])) == (loaded, total)
    stored = Workspace.open(app_workspace).latest("laden 2025").manifest
    assert (stored.revenue, stored.lines, stored.customers) == (total, loaded, CUSTOMERS)

    page.get_by_role("button", name="See the segments").click()
    steps.ready(page, "Segments")
    titles = page.get_by_text(re.compile(rf"^\d+ segments of {CUSTOMERS} customers$"))
    expect(titles).to_be_visible()
    kept = titles.inner_text()
    count = int(kept.split()[0])
    revenue_shares = page.get_by_text(re.compile(r"customers? \(.+\).+ of all-time revenue"))
    expect(revenue_shares).to_have_count(count)

    page.reload()
    steps.ready(page, "Segments")
    expect(page.get_by_text(kept)).to_be_visible()
    expect(revenue_shares).to_have_count(count)


def test_a_second_file_with_the_same_header_needs_no_correction(
    page: Page, empty_app: str, app_workspace: Path
) -> None:
    (first, total, rows), (second, more, added) = export(3), export(4)
    workspace = Workspace.open(app_workspace)
    corrected = Mapping(customer="Feld", order="Beleg", date="Datum", amount="Zahl A", product="Artikel")
    file = app_workspace.parent / "first.csv"
    file.write_bytes(first)
    import_file(workspace, file, dataset="Laden", mapping=corrected, today=date(2026, 11, 22))

    page.goto(f"{empty_app}/import")
    steps.ready(page, "Import")
    steps.drop(page, "laden_2026.csv", second)
    expect(page.get_by_text("The mapping is the one you used for a file with this header before.")).to_be_visible()
    expect(page.get_by_role("combobox", name=re.compile("^Customer id"))).to_have_value("Feld")
    steps.choose(page, "Import into", "Add to “Laden”")
    expect(page.get_by_role("textbox", name="Name of the shop")).to_have_count(0)
    steps.start_import(page)
    expect(steps.messages(page).first).to_contain_text(f"{added - UNREADABLE} rows imported")
    after = workspace.latest("Laden").manifest
    assert (after.revenue, after.lines) == (total + more, rows + added - 2 * UNREADABLE)
