"""What is worth reading about an import that went well."""

from __future__ import annotations

from decimal import Decimal

from segmentation.errors import alike_customers, counted
from segmentation.intake.accounts.account import Tally
from segmentation.intake.accounts.ledger import Ledger
from segmentation.intake.accounts.outcome import Overlap
from segmentation.intake.typed import Staged

_LISTED = 4
_ABSURD_SHARE, _LARGE_SHARE = Decimal("0.5"), Decimal("0.2")
_AS_IT_SHOULD_BE = frozenset(
    {"not_a_sale", "total_row", "repeated_header", "empty_row", "other_currency", "unpaid", "erased"}
)


def warnings_of(overlap: Overlap, tally: Tally, ledger: Ledger) -> list[str]:
    """Sentences about one table's import, most important first."""
    said = _cut_off(ledger) + _short(overlap)
    staged = overlap.staged
    interpretation, plan = staged.interpretation, staged.plan
    share = tally.largest / ledger.revenue_kept if ledger.revenue_kept > 0 else Decimal(0)
    if (share > _ABSURD_SHARE and ledger.loaded >= 5) or (share > _LARGE_SHARE and ledger.loaded >= 100):
        said.append(
            f"One line of {tally.largest:,.2f} makes {share:.0%} of the revenue: check whether it is real, "
            "because it decides every average."
        )
    said += _nobody(staged) + _nothing(staged)
    if interpretation.platform is not None and interpretation.platform.nobody:
        said.append(f"{interpretation.platform.name}: {interpretation.platform.about}")
    elif interpretation.known_by == "name":
        said.append("Customers are told apart by their names only: two people of one name count as one.")
    said += _in_part(staged)
    if interpretation.people.no_orders:
        said.append(
            "A spreadsheet has rounded the order numbers, so they tell no orders apart: an order is what a customer "
            "bought on one day. Export the file again without opening it in a spreadsheet to have them back."
        )
    if not staged.opened.layout.dialect.header:
        columns = ", ".join(f"{meaning}: {header}" for meaning, header in interpretation.mapping.columns().items())
        said.append(f"The file has no header, so its columns were told by their values ({columns}).")
    if ledger.set_aside.get("other_currency"):
        said.append(
            f"{ledger.set_aside['other_currency']:,} rows are in another currency than {plan.currency} and "
            "were rejected, as you chose."
        )
    aside = sum(count for reason, count in ledger.set_aside.items() if reason not in _AS_IT_SHOULD_BE)
    if aside > 0.05 * ledger.read:
        said.append(f"{aside / ledger.read:.0%} of the rows were rejected: look at the reasons before you rely on it.")
    if ledger.repeated_rows and not ledger.dropped_repeats:
        said.append(
            f"{ledger.repeated_rows:,} rows repeat an earlier row exactly. They were kept: two identical purchases "
            "look the same. If they are copies, import the file into a new shop with its repeats dropped."
        )
    if overlap.alike:
        said.append(
            f"{overlap.alike:,} rows look like rows of earlier files, on days of which these files have little else in "
            "common. They were kept as sales of their own."
        )
    said += _same_people(overlap)
    if staged.renumbered:
        beside = [staged.opened.layout.headers[plan.raw.columns.index(column)] for column in plan.register]
        said.append(
            f"{staged.renumbered:,} order numbers stand for several orders: they begin anew, and are told apart by "
            f"{', '.join([*beside, 'customer'])} and day."
        )
    return said + _states(overlap, ledger)


def _cut_off(ledger: Ledger) -> list[str]:
    """A file that may have had more rows."""
    if not ledger.set_aside.get("cut_off"):
        return []
    return ["The file ends in the middle of its last row: rows after it may be missing. Export it again."]


def _short(overlap: Overlap) -> list[str]:
    """Orders that came in without some of their rows."""
    short = overlap.short
    more = (
        f"{counted(short.beyond, 'order')} cost more by what the order says of its goods than by its rows: "
        f"{short.more:,.2f} that no row tells count. Where rows are missing, export the file again, whole."
    )
    beyond = [more] if short.beyond else []
    if not short.orders:
        return beyond
    which, has, its = f"{short.orders:,} orders, {short.example} among them,", "have", "their"
    if short.orders == 1:
        which, has, its = f"Order {short.example}", "has", "its"
    said = (
        f"{which} {has} fewer rows than {its} goods in all came to, where the sums of the others hold: "
        f"{short.lacking:,.2f} that no row tells do not count. Rows may be missing: export the file again, whole."
    )
    return [said, *beyond]


def _states(overlap: Overlap, ledger: Ledger) -> list[str]:
    """Orders that were there in another state."""
    said = []
    if overlap.discounts:
        said.append(
            f"{counted(overlap.discounts, 'order')} had a discount that only one of this file and the shop tells: the "
            "rows with their products count, less that discount."
        )
    gone = ledger.replaced
    if gone.rows:
        state = " in another state" if gone.orders > overlap.unchanged else ", and come to the same"
        if 0 < overlap.unchanged < gone.orders:
            state += f", {overlap.unchanged:,} of them with the same sales"
        said.append(
            f"{gone.orders:,} orders were there already{state}: the newest export counts, so "
            f"{gone.rows:,} stored rows with a revenue of {gone.revenue:,.2f} gave way to it."
        )
    if overlap.added.orders:
        added = overlap.added
        older = (
            " Where this is the older export, and they were taken out since, go back with “tessera versions --use” and "
            "import it with “--keep”."
        )
        said.append(
            f"{counted(added.orders, 'order')} that were there already got {counted(added.rows, 'further row')} with a "
            f"revenue of {added.revenue:,.2f}.{'' if added.later else older}"
        )
    return said + left_as_they_are(overlap)


def left_as_they_are(overlap: Overlap) -> list[str]:
    """What the shop has otherwise than the file; told also where nothing else is new."""
    return stay_undone(overlap) + only_one_has(overlap)


def only_one_has(overlap: Overlap) -> list[str]:
    """Sales without order numbers that one side has on days that both cover."""
    one, said = overlap.differing, []
    if one.lacking:
        said.append(
            f"On days that this file covers, it lacks {counted(one.lacking, 'row')} of the shop with a revenue of "
            f"{one.lacking_revenue:,.2f}, which stay. Where they were cancelled since, import it with “--replace”."
        )
    if one.further:
        said.append(
            f"On days that earlier files cover, this one has {counted(one.further, 'row')} with a revenue of "
            f"{one.further_revenue:,.2f} that they lack; they were added. Where they were cancelled since, go back "
            "with “tessera versions --use” and import it with “--keep”."
        )
    return said


def stay_undone(overlap: Overlap) -> list[str]:
    """Orders that count in the file and not in the dataset; told also where nothing else is new."""
    what = [(overlap.undone, "orders"), (overlap.undone_lines, "lines of orders")]
    return [_stays_undone(number, which) for number, which in what if number]


def _stays_undone(number: int, what: str) -> str:
    return (
        f"{number:,} {what} were cancelled or paid back in the shop, and stay so: this file has them without "
        "that. Where they count again, take over an export that tells their states with “tessera import --replace”."
    )


def _same_people(overlap: Overlap) -> list[str]:
    """Customers that the dataset has under other ids, or may have."""
    people, strangers = overlap.aligned.people, overlap.aligned.strangers
    if overlap.in_vain:
        return ["The file has no orders of the shop under other customers, so that answer changed nothing."]
    with_both = "counts twice: export the orders with both columns to join them."
    if strangers is not None:
        said = (
            f"None of the file's {strangers.here:,} customers is among the shop's {strangers.there:,}: the one "
            f"gives customers by id and the other by e-mail, name or phone. Who ordered in both {with_both}"
        )
        return [said]
    if people is None:
        return []
    there = "is in the shop" if people.orders == 1 else "are in the shop"
    taken = "takes its id" if people.customers == 1 else "take their ids"
    same = (
        f"{counted(people.orders, 'order')} of the file {there} under other customers: "
        f"{alike_customers(people.customers, people.owners)}, and {taken}."
    )
    new = (
        f"{counted(people.unknown, 'customer')} of the file without an order that tells who they are: they count as "
        f"new. Who of them ordered before {with_both}"
    )
    return [same, new] if people.unknown else [same]


def _in_part(staged: Staged) -> list[str]:
    """Rows that were undone in part, where no column says how much of them."""
    if "refunded" in staged.plan.parts:
        return []
    words = [one for one in staged.interpretation.states.said if one.state == "part"]
    rows = sum(one.rows for one in words)
    listed = ", ".join(f"“{one.text[:40]}”" for one in words[:_LISTED])
    said = (
        f"{rows:,} rows were cancelled or paid back in part ({listed}), and no column says how much: they count whole."
    )
    return [said] if rows else []


def _nobody(staged: Staged) -> list[str]:
    """How many rows name nobody, by the words they do it with."""
    guests, counts = set(staged.interpretation.people.guests), dict[str, int]()
    for meaning in ("customer", "email", "name", "phone"):
        header = getattr(staged.interpretation.mapping, meaning)
        for value in staged.text.table[header].values if header else ():
            if value.text.lower() in guests:
                counts[value.text] = max(counts.get(value.text, 0), value.rows)
    if not counts:
        return []
    listed = ", ".join(f"“{text[:40]}” ({rows:,} rows)" for text, rows in sorted(counts.items())[:_LISTED])
    return [f"These stand for nobody, so their orders are guests': {listed}."]


def _nothing(staged: Staged) -> list[str]:
    """Words that stand for nothing in the columns that are used."""
    said = []
    for header in sorted(set(staged.interpretation.mapping.columns().values())):
        missing = staged.text.table[header].missing
        words = ", ".join(f"“{text[:40]}” ({rows:,} rows)" for text, rows in sorted(missing.items())[:_LISTED])
        if words:
            said.append(f"In “{header}” these stand for nothing: {words}.")
    return said
