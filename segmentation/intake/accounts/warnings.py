"""What is worth reading about an import that went well."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from segmentation.files.table import Layout
from segmentation.intake.accounts.account import Tally
from segmentation.intake.accounts.ledger import Ledger
from segmentation.intake.rows.staging import Staged
from segmentation.meaning.mapping import Mapping

_ABSURD_SHARE, _LARGE_SHARE = Decimal("0.5"), Decimal("0.2")
_AS_IT_SHOULD_BE = frozenset({"not_a_sale", "total_row", "repeated_header", "empty_row", "other_currency"})
_GIANT_SHARE, _OTHERS = 0.2, 20


def warnings_of(staged: Staged, counted: Tally, ledger: Ledger) -> list[str]:
    """Sentences about one table's import, most important first."""
    said: list[str] = []
    recipe = staged.recipe
    share = counted.largest / ledger.revenue_kept if ledger.revenue_kept > 0 else Decimal(0)
    if (share > _ABSURD_SHARE and ledger.loaded >= 5) or (share > _LARGE_SHARE and ledger.loaded >= 100):
        said.append(
            f"One line of {counted.largest:,.2f} makes {share:.0%} of the revenue: check whether it is real, "
            "because it decides every average."
        )
    giant = giant_customer(staged.opened.layout, recipe.mapping, recipe.guests)
    if giant is not None:
        said.append(
            f"One customer, “{giant[0]}”, has {giant[1]:.0%} of the rows. If it stands for guests, import the file "
            f"again with --guest {giant[0]}, or name it under “Guests” on the import screen."
        )
    if recipe.platform is not None and recipe.platform.nobody:
        said.append(f"{recipe.platform.name}: {recipe.platform.about}")
    elif recipe.known_by == "name":
        said.append("Customers are told apart by their names only: two people of one name count as one.")
    if not staged.opened.layout.dialect.header:
        columns = ", ".join(f"{meaning}: {header}" for meaning, header in recipe.mapping.columns().items())
        said.append(f"The file has no header, so its columns were told by their values ({columns}).")
    if ledger.set_aside.get("other_currency"):
        said.append(
            f"{ledger.set_aside['other_currency']:,} rows are in another currency than {recipe.reading.currency} and "
            "were set aside, as you chose."
        )
    aside = sum(count for reason, count in ledger.set_aside.items() if reason not in _AS_IT_SHOULD_BE)
    if aside > 0.05 * ledger.read:
        said.append(f"{aside / ledger.read:.0%} of the rows were set aside: look at the reasons before you rely on it.")
    if ledger.repeated_rows and not ledger.dropped_repeats:
        said.append(
            f"{ledger.repeated_rows:,} rows repeat an earlier row exactly. They were kept: two identical purchases "
            "look the same. If they are copies, import the file into a new dataset with its repeats dropped."
        )
    if ledger.replaced.rows:
        said.append(
            f"{ledger.replaced.orders:,} orders were there already in another state: the newest export counts, so "
            f"{ledger.replaced.rows:,} stored rows with a revenue of {ledger.replaced.revenue:,.2f} gave way to it."
        )
    return said


def giant_customer(layout: Layout, mapping: Mapping, guests: tuple[str, ...] = ()) -> tuple[str, float] | None:
    """A customer id with far more rows than any customer has, and its share: it may stand for guests."""
    if mapping.customer is None or mapping.customer not in layout.headers:
        return None
    ids = [cell.strip() for cell in layout.column(mapping.customer) if cell.strip()]
    counts = Counter(one for one in ids if one.lower() not in guests).most_common(2)
    if len(set(ids)) < _OTHERS or not counts:
        return None
    (first, most), second = counts[0], counts[1][1] if len(counts) > 1 else 0
    share = most / len(ids)
    return (first, share) if share > _GIANT_SHARE and most > 5 * second else None
