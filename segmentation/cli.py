"""The headless door: `tessera app | demo | import | read | health | study | prove | clv
| repurchase | churn | report | versions | rejected | basis | delete | erase | verify | backup
| restore | audit`.

Messages go to stderr, results to stdout; with `--json` stdout holds exactly one JSON object, also on failure.
Exit code 0: done; 1: the data cannot answer; 2: a wrong call.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from segmentation import disk
from segmentation.choices import ANSWERS, DATE_ORDERS, DECIMALS, IN_OR_OUT, LIST_OPTIONS, METHODS, PRESETS
from segmentation.commands import Result, command
from segmentation.errors import SettingOutOfRange, TesseraError, WrongCall
from segmentation.formats import for_terminal
from segmentation.workspace import BASES

_DAY = "YYYY-MM-DD"
_FORCE = "replace what is there already"


class _Parser(argparse.ArgumentParser):
    """A parser that raises instead of leaving, so that a wrong call can be answered in JSON too."""

    def error(self, message: str) -> NoReturn:
        raise WrongCall(message[:1].upper() + message[1:] + ".", next_step=f"See {self.prog} --help.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in words
    try:
        options = _parser().parse_args(words)
        with disk.writing("Not all that this needs could be written.", _home(options)):
            result: Result | None = options.run(options)
    except TesseraError as error:
        return _failed(error, as_json)
    except KeyboardInterrupt:
        print("Stopped; nothing was changed.", file=sys.stderr)
        return 1
    if result is not None:
        for warning in result.warnings:
            print(for_terminal(warning), file=sys.stderr)
        _say(json.dumps(result.json, ensure_ascii=False) if as_json else result.text)
        return result.exit_code
    return 0


def _home(options: argparse.Namespace) -> Path:
    return Path(options.workspace or os.environ.get("TESSERA_HOME") or "workspace").expanduser().resolve()


def _say(text: str) -> None:
    """Print on stdout; who stopped reading it (`| head`) has seen what was wanted."""
    try:
        print(for_terminal(text), flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python writes what is left when it ends


def _failed(error: TesseraError, as_json: bool) -> int:
    if as_json:
        _say(json.dumps({"error": error.parts}, ensure_ascii=False))
    print(for_terminal(str(error)), file=sys.stderr)
    for one in error.candidates:
        print(for_terminal(f"  {one.option}: “{one.header}” holds {one.evidence}"), file=sys.stderr)
    return error.exit_code


def _app(options: argparse.Namespace) -> None:
    """Become the server; the dashboard stands beside this package, which therefore never imports it."""
    if options.workspace:
        os.environ["TESSERA_HOME"] = str(Path(options.workspace).resolve())
    words = ["--port", str(options.port)] + (["--no-browser"] if options.no_browser else [])
    os.execv(sys.executable, [sys.executable, "-m", "dashboard", *words])  # noqa: S606 - our own interpreter


def _parser() -> argparse.ArgumentParser:
    everywhere = _Parser(add_help=False)
    everywhere.add_argument("--workspace", metavar="DIR", help="default: $TESSERA_HOME or ./workspace")
    everywhere.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    parser = _Parser(prog="tessera", description="Customer segments that are proven.")
    doors = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", parser_class=_Parser)

    app = doors.add_parser("app", parents=[everywhere], help="open the dashboard")
    app.add_argument("--port", type=int, default=8501)
    app.add_argument("--no-browser", action="store_true", help="only print the address")
    app.set_defaults(run=_app)

    demo = doors.add_parser("demo", parents=[everywhere], help="load the sample shop and study it")
    demo.set_defaults(run=command("demo"))

    _add_data_doors(doors.add_parser, everywhere)

    health = doors.add_parser("health", parents=[everywhere], help="what a shop can and cannot answer")
    health.add_argument("dataset", metavar="NAME")
    health.set_defaults(run=command("health"))

    study = doors.add_parser("study", parents=[everywhere], help="find segments and print them")
    _add_study_options(study)
    study.add_argument("--members", metavar="SEGMENT", help="the segment whose customers are written to --out")
    _add_out(study, "FILE.csv", "write the customers of a segment")
    for option, choices, what in LIST_OPTIONS:
        study.add_argument(option, choices=choices, help=what)
    study.set_defaults(run=command("study"))

    prove = doors.add_parser("prove", parents=[everywhere], help="whether the segments hold: real, stable, predictive")
    _add_study_options(prove)
    prove.add_argument("--smallest", type=int, metavar="N", help="customers a segment needs at least")
    prove.set_defaults(run=command("prove"))

    clv = doors.add_parser("clv", parents=[everywhere], help="customer lifetime value: orders and spend to expect")
    older = doors.add_parser("worth", parents=[everywhere])  # what it was called before; not in the list
    for one in (clv, older):
        _add_clv_options(one)
        one.set_defaults(run=command("clv"))

    again = doors.add_parser("repurchase", parents=[everywhere], help="how soon customers order a second time")
    again.add_argument("dataset", metavar="NAME")
    again.add_argument("--as-of", type=_date("--as-of"), metavar=_DAY, help="look at the customers on this day")
    again.set_defaults(run=command("repurchase"))

    churn = doors.add_parser("churn", parents=[everywhere], help="who is slipping away, and whom it pays to write to")
    _add_churn_options(churn)
    churn.set_defaults(run=command("churn"))

    report = doors.add_parser("report", parents=[everywhere], help="write a self-contained HTML report")
    _add_study_options(report)
    report.add_argument(
        "--margin", type=float, metavar="X", help="what is left of revenue, 0 to 1 (default: the shop's)"
    )
    _add_out(report, "FILE.html", "where to write it", required=True)
    report.set_defaults(run=command("report"))
    return parser


def _add_data_doors(add: Callable[..., _Parser], everywhere: _Parser) -> None:
    """The commands around imports."""
    load = add("import", parents=[everywhere], help="import sales exports")
    _add_import_options(load)
    load.set_defaults(run=command("import_files"))

    read = add("read", parents=[everywhere], help="write files as they are understood, as plain CSV")
    read.add_argument("files", nargs="+", type=Path, metavar="FILE")
    read.add_argument("--out-dir", type=Path, required=True, metavar="DIR")
    read.add_argument("--force", action="store_true", help=_FORCE)
    read.set_defaults(run=command("read"))

    versions = add("versions", parents=[everywhere], help="the versions of a shop, and going back to one")
    versions.add_argument("dataset", metavar="NAME")
    change = versions.add_mutually_exclusive_group()
    change.add_argument("--use", type=int, metavar="N", help="make this version the current one")
    change.add_argument("--delete", type=int, metavar="N", help="delete this version; the others stay")
    versions.add_argument("--yes", action="store_true", help="do not ask before deleting")
    versions.set_defaults(run=command("versions"))

    rejected = add("rejected", parents=[everywhere], help="the rows that imports rejected, to fix and import again")
    rejected.add_argument("dataset", metavar="NAME")
    rejected.add_argument("--reason", metavar="CODE", help="only rows rejected for this reason")
    _add_out(rejected, "FILE.csv", "write the rows with their file, line and reason")
    rejected.set_defaults(run=command("rejected"))

    delete = add("delete", parents=[everywhere], help="delete a shop with everything computed from it")
    delete.add_argument("dataset", metavar="NAME")
    delete.add_argument("--yes", action="store_true", help="do not ask")
    delete.set_defaults(run=command("delete"))

    erase = add("erase", parents=[everywhere], help="erase one customer from every version of a shop")
    erase.add_argument("dataset", metavar="NAME")
    whom = erase.add_mutually_exclusive_group(required=True)
    whom.add_argument("--customer", metavar="ID", help="the customer's id, as the file has it")
    whom.add_argument("--email", metavar="ADDRESS", help="the customer's e-mail address")
    erase.add_argument("--yes", action="store_true", help="do not ask")
    erase.set_defaults(run=command("erase"))

    _add_safety_doors(add, everywhere)

    basis = add("basis", parents=[everywhere], help="on what basis a shop writes to its customers")
    _add_basis_options(basis)


def _add_safety_doors(add: Callable[..., _Parser], everywhere: _Parser) -> None:
    """The commands around damage and loss."""
    verify = add("verify", parents=[everywhere], help="whether everything kept is as it was written")
    verify.add_argument("dataset", nargs="?", metavar="NAME", help="one shop (default: all)")
    verify.add_argument("--rebuild", action="store_true", help="list the shops anew from what is stored with each")
    verify.set_defaults(run=command("verify"))

    backup = add("backup", parents=[everywhere], help="write the workspace to one file")
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.add_argument("--force", action="store_true", help=_FORCE)
    backup.set_defaults(run=command("backup"))

    restore = add("restore", parents=[everywhere], help="make the workspace what a backup holds")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--replace", action="store_true", help="also where the workspace holds something already")
    restore.set_defaults(run=command("restore"))

    audit = add("audit", parents=[everywhere], help="who did what with the shops' data, when, and with which file")
    audit.add_argument("verb", nargs="?", choices=("verify",), help="check that no entry was changed or removed")
    audit.set_defaults(run=command("audit"))


def _add_import_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="files, or folders of them")
    parser.add_argument(
        "--dataset", "--shop", metavar="NAME", help="the shop to make or add to (default: the file's name)"
    )
    parser.add_argument("--mapping", type=Path, metavar="FILE.toml", help="which column means what")
    parser.add_argument("--date-order", choices=DATE_ORDERS, help="answers an ambiguous date column")
    parser.add_argument("--decimal", choices=DECIMALS, help="answers an ambiguous amount column")
    parser.add_argument("--currency", metavar="CODE", help="the currency to keep, or to convert to")
    parser.add_argument(
        "--rate", action="append", default=[], metavar="CODE=N", help="what one unit of a currency is worth"
    )
    for option, what in (
        ("shipping", "shipping"),
        ("tax", "tax"),
        ("gift-cards", "gift cards"),
        ("test-orders", "tests"),
    ):
        parser.add_argument(f"--{option}", choices=IN_OR_OUT, help=f"whether {what} count as revenue (default: out)")
    parser.add_argument(
        "--guest", action="append", default=[], metavar="ID", help="a customer id that stands for guests"
    )
    parser.add_argument(
        "--not-guest", action="append", default=[], metavar="ID", help="a customer id that is one customer after all"
    )
    parser.add_argument("--no-customers", action="store_true", help="import a file that names no buyers, for its sales")
    parser.add_argument(
        "--column", action="append", default=[], metavar="MEANING=HEADER", help="which column a meaning has"
    )
    parser.add_argument(
        "--status", action="append", default=[], metavar="WORD=STATE", help="what a status stands for: sale, unpaid, …"
    )
    parser.add_argument(
        "--join", action="append", default=[], metavar="KEY", help="the key of two tables, where several fit"
    )
    parser.add_argument("--zone", metavar="AREA/CITY", help="the clock to tell dates by, where the file has several")
    for option, what in (
        ("discount", "how discounts are written"),
        ("discount-taken", "whether amounts are what is left after discounts"),
        ("cost", "whether a cost is that of a piece or of the line"),
        ("amount-of", "whether an amount is each line's or its order's"),
        ("amount-holds", "whether an amount holds only goods, or shipping and tax too"),
        ("amounts-in", "whether amounts are in units or in cents"),
        ("ids", "whether ids that a spreadsheet rewrote are joined"),
    ):
        parser.add_argument(f"--{option}", choices=ANSWERS[option.replace("-", "_")], help=what)
    parser.add_argument("--drop-repeats", action="store_true", help="drop exact repeats of earlier rows")
    parser.add_argument("--dry-run", action="store_true", help="say what would be imported, and store nothing")
    newer = parser.add_mutually_exclusive_group()
    newer.add_argument("--replace", action="store_true", help="orders that changed since: the file's state counts")
    newer.add_argument("--keep", action="store_true", help="orders that changed since: the shop's state stays")
    alike = parser.add_mutually_exclusive_group()
    alike.add_argument("--same-orders", action="store_true", help="orders under other customers are the shop's own")
    alike.add_argument("--other-orders", action="store_true", help="orders under other customers are others, added")


def _add_basis_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="NAME")
    change = parser.add_mutually_exclusive_group()
    change.add_argument("--state", choices=BASES, help="state this basis from now on; earlier statements are kept")
    change.add_argument("--withdraw", action="store_true", help="take back what is stated")
    parser.add_argument("--note", default="", metavar="TEXT", help="why, where the proof is: up to 200 characters")
    parser.add_argument("--by", default="", metavar="WHO", help="who says so; kept in the log only")
    parser.set_defaults(run=command("basis"))


def _add_study_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="NAME")
    parser.add_argument("--segments", type=_segments, default=None, metavar="N|auto", help="how many (default: auto)")
    parser.add_argument("--method", choices=METHODS, default="kmeans")
    parser.add_argument("--rfm-preset", choices=PRESETS, default="shopify")
    parser.add_argument("--features", type=_names, default=(), metavar="A,B,…", help="features to group on")
    parser.add_argument("--as-of", type=_date("--as-of"), metavar=_DAY, help="look at the customers on this day")


def _add_clv_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="NAME")
    parser.add_argument("--horizon", type=int, default=365, metavar="DAYS", help="how far ahead (default: 365)")
    kept = "fit up to this day, and hold out what came after"
    parser.add_argument("--calibration-end", type=_date("--calibration-end"), metavar=_DAY, help=kept)
    parser.add_argument("--unit", choices=("day", "week"), default="day", help="the unit of time of the parameters")
    for option, what in (("--margin", "what is left of revenue"), ("--discount", "what money loses in a year")):
        parser.add_argument(option, type=float, metavar="X", help=f"{what}, 0 to 1 (default: the shop's)")
    models, about = ("auto", "bg", "mbg"), "BG/NBD or MBG/NBD without trend and season (default: auto, what fits)"
    parser.add_argument("--model", choices=models, default="auto", help=about)
    parser.add_argument("--as-of", type=_date("--as-of"), metavar=_DAY, help="look at the customers on this day")
    _add_out(parser, "FILE.csv", "write every customer's scores")


def _add_churn_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="NAME")
    parser.add_argument("--horizon", type=int, metavar="DAYS", help="days without an order (default: the shop's own)")
    for option, what in (
        ("--offer-cost", "what an offer costs where it is taken, in shop currency"),
        ("--save-rate", "the share of lost customers an offer saves, 0 to 1"),
        ("--margin", "what is left of revenue, 0 to 1"),
    ):
        parser.add_argument(option, type=float, metavar="X", help=f"{what} (default: the shop's)")
    parser.add_argument("--as-of", type=_date("--as-of"), metavar=_DAY, help="look at the customers on this day")
    parser.add_argument("--lost-too", action="store_true", help="offer it also to those who have churned already")
    _add_out(parser, "FILE.csv", "write every customer's scores")


def _add_out(parser: argparse.ArgumentParser, form: str, what: str, *, required: bool = False) -> None:
    parser.add_argument("--out", type=Path, required=required, metavar=form, help=what)
    parser.add_argument("--force", action="store_true", help=_FORCE)


def _segments(text: str) -> int | None:
    if text == "auto":
        return None
    if not text.isdigit():
        raise SettingOutOfRange("--segments", text, allowed=("a whole number from 2 to 20", "auto"))
    return int(text)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _date(option: str) -> Callable[[str], date]:
    """How to read a date given as this option."""

    def read(text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise SettingOutOfRange(option, text, allowed=("a date like 2026-10-31",)) from error

    return read


if __name__ == "__main__":
    sys.exit(main())
