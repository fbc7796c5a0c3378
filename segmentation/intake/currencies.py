"""One currency has one name in a dataset, and amounts of two are never added."""

from __future__ import annotations

from pathlib import Path

from segmentation.engine.reading import ImportConnection
from segmentation.errors import AmbiguousReading, DataError
from segmentation.intake.accounts.account import Tally
from segmentation.intake.import_job import ImportJob
from segmentation.intake.store import filled_columns, notes
from segmentation.intake.text import Text
from segmentation.intake.typed import Staged
from segmentation.meaning.interpret import Interpretation
from segmentation.meaning.row_currencies import PLAIN
from segmentation.meaning.settle import currencies, currency_question
from segmentation.notation.currencies import SHARED, shared_signs


def agree(job: ImportJob, connection: ImportConnection, text: Text, interpretation: Interpretation) -> None:
    """Let the sign that the dataset's amounts bear mean what the file says it means, in all its files of lines: kr is
    SEK once a file says SEK. Raises DataError where the file is to be kept in another currency than the dataset."""
    dataset, chosen = job.currency, interpretation.mapping.choices.currency
    if dataset is None:
        return
    written = set(currencies(text.table, interpretation.mapping)) - {PLAIN}
    meant = shared_signs({dataset, *written}, elsewhere=[chosen] if chosen else []).get(dataset)
    if meant is not None:
        for path in job.stored.paths:
            _recode(connection, path, dataset, meant)
        job.currency = meant
    elif chosen not in {None, dataset}:
        raise DataError(
            f"“{job.draft.name}” is in {dataset}, so {text.opened.name} cannot be kept in {chosen}.",
            evidence="Currencies are never added.",
            next_step=_instead(dataset, chosen or ""),
        )


def _recode(connection: ImportConnection, path: Path, sign: str, code: str) -> None:
    if "currency" not in filled_columns(path):
        return
    connection.show("stored_part", [path])
    target = path.with_name(f"recoded-{path.name}")
    connection.store_named("import_recoded", target, notes=notes(path), sign=sign, code=code)
    path.unlink()  # the version before has a link of its own
    target.rename(path)


def refuse_mixed(job: ImportJob, connection: ImportConnection, staged: Staged, counted: Tally) -> None:
    """Raise where rows are in another currency than most, and nobody said what is to become of them."""
    plan, mapping = staged.plan, staged.interpretation.mapping
    if "other_currency" not in counted.aside or (mapping.choices.currency and not mapping.choices.rates):
        return
    rows = connection.query("import_staged_currencies").to_pylist()
    found = {row["currency"]: row["rows_counted"] for row in rows}
    if mapping.choices.rates:
        missing = sorted(set(found) - set(plan.rates) - {plan.currency})
        raise DataError(
            f"There is no rate for {', '.join(missing)}.",
            evidence=f"{sum(found[code] for code in missing):,} rows are in it.",
            next_step=f"Give one, like --rate {missing[0]}=0.9, or leave the rates away to set those rows aside.",
        )
    dataset = job.currency
    others = {code: count for code, count in found.items() if code != dataset}
    if dataset is not None and not set(others) & set(SHARED.get(dataset, ())):
        raise _not_the_datasets(job, staged.opened.name, dataset, others, some=dataset in found)
    if dataset is not None:
        found = {dataset: found.get(dataset, 0)} | {code: found[code] for code in SHARED[dataset] if code in found}
    question = currency_question(found, mapping, mapping.currency or "amount")
    if question is not None:
        raise question.error


def _not_the_datasets(job: ImportJob, file: str, dataset: str, others: dict[str, int], *, some: bool) -> DataError:
    """Rows of a file are in currencies (`others`) that the dataset's cannot be, all of them or `some`."""
    rows, codes = sum(others.values()), ", ".join(others)
    fact = f"{rows:,} rows of {file} are in {codes}, and “{job.draft.name}” is in {dataset}."
    first = next(iter(others))
    if not some:
        return DataError(fact, evidence="Currencies are never added.", next_step=_instead(dataset, first))
    convert = f"amounts to convert (rate), with --currency {dataset} --rate {first}=RATE"
    return AmbiguousReading(
        fact,
        readings=(f"rows to leave out ({dataset})", convert),
        option=f"--currency {dataset}, which leaves them out",
        options=(f"--currency {dataset}",),
    )


def _instead(dataset: str, other: str) -> str:
    return (
        f"Convert with --currency {dataset} --rate {other}=RATE, leave rows in another currency out with --currency "
        f"{dataset}, or import the file into a shop of its own."
    )
