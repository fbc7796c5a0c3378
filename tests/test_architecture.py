"""The rules of the house that a linter cannot say, each one checked against the source as it is."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("segmentation", "dashboard", "sample_data")
MOST_MODULE_LINES, MOST_FUNCTION_LINES = 350, 60

# Where a rule is lifted, and why.
ENGINE = "segmentation/engine/"
HOLDS_SQL = (
    ENGINE,
    "segmentation/workspace/",  # the registry is SQLite
)

# Where SQL still stands outside, and in how many places. The counts go down only: a new place belongs into the engine,
# and who moves one writes the lower count.
SQL_LEFT = {
    # Conditions for a team's own tools, which nothing here runs.
    "segmentation/explain/rules.py": 2,
    "segmentation/segments/conditions.py": 4,
    "dashboard/screens/segments/by_hand.py": 1,
}

Rule = Callable[[str, ast.Module, str], Iterator[str]]


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


@cache
def sources() -> tuple[tuple[str, ast.Module, str], ...]:
    """Every module: its name, its syntax and its text."""
    texts = {name_of(path): path.read_text(encoding="utf-8") for path in modules()}
    return tuple((name, ast.parse(text), text) for name, text in texts.items())


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of a module, walked through once for all rules."""
    return tuple(ast.walk(tree))


def imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


STATEMENT = re.compile(
    r"\b(SELECT|INSERT INTO|DELETE FROM|UPDATE \w+ SET|BEGIN IMMEDIATE|CREATE (OR REPLACE )?(TEMP )?(TABLE|VIEW|INDEX)"
    r"|FROM|JOIN|USING \(|WHERE|GROUP BY|ORDER BY|PARTITION BY|UNION|CASE WHEN|WHEN .+ THEN|EXCLUDE|DISTINCT|NULLS LAST"
    r"|IS (NOT )?NULL|NOT IN|IN \(|(TRY_)?CAST\(|COUNT\(|SUM\(|MIN\(|MAX\()(?![\w-])"
    r"|^\s*(AND|OR)\s*$|::[A-Z]|^\S+ AS [a-z_{}]+$"
)
FUNCTION = re.compile(
    r"(?<![\w.])(any_value|arg_max|arg_min|bool_and|bool_or|coalesce|concat|concat_ws|contains|count|date_diff|date_trunc"
    r"|greatest|hash|least|length|list_\w+|lower|ltrim|max|md5|min|nullif|read_\w+|regexp_\w+|replace|row_number|rtrim"
    r"|starts_with|strftime|string_agg|string_split|strptime|struct_pack|substr\w*|sum|translate|trim|try_\w+|unnest|upper)\("
)
RUNS_SQL = {"execute", "executemany", "executescript", "select"}


def sql_in(tree: ast.Module) -> Iterator[str]:
    """Where a module holds SQL or a part of one: in a text, an f-string, what joins texts, or a call that takes SQL."""
    said = {id(node.value) for node in nodes(tree) if isinstance(node, ast.Expr)}  # docstrings
    said |= {id(part) for node in nodes(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes(tree):
        if isinstance(node, ast.Call):
            named = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
            if named in RUNS_SQL:
                yield f"line {node.lineno} {named}(…)"
        elif id(node) not in said and (STATEMENT.search(words := text_of(node)) or FUNCTION.search(words)):
            yield f"line {node.lineno} “{words[:40]}”"


def text_of(node: ast.AST) -> str:
    """A text as it stands in the source, {} for each value of an f-string; nothing for anything else."""
    if isinstance(node, ast.JoinedStr):
        return "".join(map(text_of, node.values))
    if isinstance(node, ast.FormattedValue):
        return "{}"
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def a_module_does_one_thing(name: str, tree: ast.Module, text: str) -> Iterator[str]:
    lines = text.count("\n")
    if lines > MOST_MODULE_LINES:
        yield f"{name} has {lines} lines"
    for node in nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            if length > MOST_FUNCTION_LINES:
                yield f"{name}:{node.lineno} {node.name} has {length} lines"


def a_module_is_named_by_what_it_does(name: str, tree: ast.Module, text: str) -> Iterator[str]:
    if re.search(r"(^|/|_)(utils?|helpers?|common|misc|manager)(\.py|/)", name):
        yield f"{name} is named after nothing"


def errors_are_caught_by_name(name: str, tree: ast.Module, text: str) -> Iterator[str]:
    for node in nodes(tree):
        # Tidying up and raising again swallows nothing.
        if isinstance(node, ast.ExceptHandler) and ast.unparse(node.body[-1]) != "raise":
            caught = ast.unparse(node.type) if node.type else "everything"
            if re.search(r"\b(everything|Exception|BaseException)\b", caught):
                yield f"{name}:{node.lineno} catches {caught}"


def nothing_is_pickled(name: str, tree: ast.Module, text: str) -> Iterator[str]:
    for module, line in imported(tree):
        if module.split(".")[0] in {"pickle", "joblib", "dill", "cloudpickle", "shelve", "marshal"}:
            yield f"{name}:{line} imports {module}"
    if "allow_pickle=True" in text:
        yield f"{name} lets NumPy unpickle"


def file_text_never_becomes_html(name: str, tree: ast.Module, text: str) -> Iterator[str]:
    for node in nodes(tree):
        if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html":
            yield f"{name}:{node.value.lineno} allows raw HTML"


def sql_lives_in_the_engine(name: str, tree: ast.Module, text: str) -> Iterator[str]:
    found = [] if name.startswith(HOLDS_SQL) else list(sql_in(tree))
    if len(found) != SQL_LEFT.get(name, 0):
        yield f"{name} holds SQL in {len(found)} places, {SQL_LEFT.get(name, 0)} are known: {', '.join(found)}"


def sql_is_put_together_in_the_engine(name: str, tree: ast.Module, text: str) -> Iterator[str]:
    """What composes SQL is for the engine alone: others say what they want, and by which columns."""
    if name.startswith(ENGINE):
        return
    for module, line in imported(tree):
        if re.fullmatch(r"segmentation\.engine(\.\w+)*\.(casts(\.\w+)?|literal|select)", module):
            yield f"{name}:{line} imports {module}"


def only_the_engine_names_duckdb(name: str, tree: ast.Module, text: str) -> Iterator[str]:
    if not name.startswith("segmentation/") or name.startswith(ENGINE):
        return
    for module, line in imported(tree):
        if re.match(r"(duckdb|segmentation\.engine\.duckdb)\b", module) or module.endswith(".DuckEngine"):
            yield f"{name}:{line} imports {module}; `engine_of` and the `Engine` protocol do for any engine"


def segmentation_works_without_a_screen(name: str, tree: ast.Module, text: str) -> Iterator[str]:
    if not name.startswith("segmentation/"):
        return
    for module, line in imported(tree):
        if module.split(".")[0] in {"streamlit", "plotly", "dashboard"}:
            yield f"{name}:{line} imports {module}"


def session_state_has_one_door(name: str, tree: ast.Module, text: str) -> Iterator[str]:
    if name == "dashboard/state/choices.py":
        return
    for node in nodes(tree):
        if isinstance(node, ast.Attribute) and node.attr == "session_state":
            yield f"{name}:{node.lineno} reaches into session_state"


def downloads_have_one_door(name: str, tree: ast.Module, text: str) -> Iterator[str]:
    if name == "dashboard/parts/tables.py":
        return
    for node in nodes(tree):
        if isinstance(node, ast.Attribute) and node.attr == "download_button" and ast.unparse(node.value) != "tables":
            yield f"{name}:{node.lineno} has a download button of its own"


def charts_and_words_draw_nothing(name: str, tree: ast.Module, text: str) -> Iterator[str]:
    if not re.match(r"dashboard/(charts|formats|words|palette)\b", name):
        return
    for module, line in imported(tree):
        if module.split(".")[0] == "streamlit":
            yield f"{name}:{line} imports {module}"


def values_are_frozen(name: str, tree: ast.Module, text: str) -> Iterator[str]:
    if not name.startswith("segmentation/"):
        return
    for node in nodes(tree):
        if isinstance(node, ast.ClassDef):
            for mark in node.decorator_list:
                words = ast.unparse(mark)
                if re.match(r"(dataclasses\.)?dataclass\b", words) and "frozen=True" not in words:
                    yield f"{name}:{node.lineno} {node.name} can be changed after its birth"


# Every rule with a module that breaks it: a check that cannot fail is none.
RULES: tuple[tuple[Rule, str, str], ...] = (
    (a_module_does_one_thing, "segmentation/x.py", "x = 1\n" * 400),
    (a_module_does_one_thing, "segmentation/x.py", "def f():\n" + "    x = 1\n" * 70),
    (a_module_is_named_by_what_it_does, "segmentation/csv_utils.py", ""),
    (errors_are_caught_by_name, "segmentation/x.py", "try:\n    f()\nexcept (OSError, Exception):\n    pass\n"),
    (errors_are_caught_by_name, "segmentation/x.py", "try:\n    f()\nexcept:\n    pass\n"),
    (nothing_is_pickled, "segmentation/x.py", "from joblib import dump\n"),
    (file_text_never_becomes_html, "dashboard/x.py", "st.markdown(text, unsafe_allow_html=True)\n"),
    (sql_lives_in_the_engine, "segmentation/x.py", 'q = "SELECT x FROM lines"\n'),
    (sql_lives_in_the_engine, "segmentation/x.py", 'q = f"{a} FROM {b}"\n'),
    (sql_lives_in_the_engine, "segmentation/x.py", 'q = " AND ".join(parts)\n'),
    (sql_lives_in_the_engine, "segmentation/x.py", "q = f\"coalesce({a}, '')\"\n"),
    (sql_lives_in_the_engine, "segmentation/x.py", 'q = f"{a} AS day"\n'),
    (sql_lives_in_the_engine, "segmentation/x.py", "rows = select({}, table)\n"),
    (sql_lives_in_the_engine, "segmentation/x.py", "rows = registry.execute(q)\n"),
    (sql_lives_in_the_engine, "segmentation/explain/rules.py", ""),
    (sql_is_put_together_in_the_engine, "segmentation/x.py", "from segmentation.engine import casts\n"),
    (sql_is_put_together_in_the_engine, "segmentation/x.py", "from segmentation.engine.casts import text\n"),
    (sql_is_put_together_in_the_engine, "segmentation/x.py", "from segmentation.engine.duckdb import literal\n"),
    (sql_is_put_together_in_the_engine, "dashboard/x.py", "from segmentation.engine.reading import select\n"),
    (only_the_engine_names_duckdb, "segmentation/x.py", "from segmentation.engine import DuckEngine\n"),
    (only_the_engine_names_duckdb, "segmentation/x.py", "from segmentation.engine.duckdb import literal\n"),
    (segmentation_works_without_a_screen, "segmentation/x.py", "def f():\n    import plotly.io\n"),
    (session_state_has_one_door, "dashboard/screens/x/x.py", "st.session_state['a'] = 1\n"),
    (downloads_have_one_door, "dashboard/parts/x.py", "st.download_button('a', b'')\n"),
    (charts_and_words_draw_nothing, "dashboard/charts/x.py", "import streamlit as st\n"),
    (values_are_frozen, "segmentation/x.py", "@dataclass(slots=True)\nclass X:\n    a: int\n"),
)


@pytest.mark.parametrize("rule", dict.fromkeys(rule for rule, _, _ in RULES), ids=lambda rule: rule.__name__)
def test_the_source_keeps_the_rule(rule: Rule) -> None:
    assert [one for name, tree, text in sources() for one in rule(name, tree, text)] == []


def test_what_is_known_to_hold_sql_is_there() -> None:
    assert [name for name in SQL_LEFT if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize(("rule", "name", "text"), RULES, ids=lambda value: getattr(value, "__name__", ""))
def test_the_rule_sees_a_module_that_breaks_it(rule: Rule, name: str, text: str) -> None:
    assert list(rule(name, ast.parse(text), text))


def test_imports_go_strictly_down() -> None:
    # A process of its own: import-linter switches off every logger that there is.
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--config", ROOT / "pyproject.toml"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


PORTABLE = sorted((ROOT / ENGINE / "queries").glob("*.sql"))
DUCKDB_ONLY = sorted((ROOT / ENGINE / "importing").glob("*.sql"))


@pytest.mark.parametrize("query", [*PORTABLE, *DUCKDB_ONLY], ids=lambda path: path.stem)
def test_a_query_states_its_grain_and_units(query: Path) -> None:
    header = [line for line in query.read_text(encoding="utf-8").splitlines() if line.startswith("--")]
    assert any(line.startswith("-- grain:") for line in header)
    assert any(line.startswith("-- units:") for line in header)


UNPORTABLE = re.compile(r"\b(qualify|exclude|replace|median|quantile\w*|percentile\w*|regexp\w*)\b|::|//|\[", re.I)
"""What engines write or understand differently; `test_portable.py` runs each query on a second one."""


@pytest.mark.parametrize("query", PORTABLE, ids=lambda path: path.stem)
def test_a_query_stays_portable(query: Path) -> None:
    text = query.read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    assert UNPORTABLE.search(code) is None


def test_importing_alone_is_for_duckdb_only() -> None:
    assert PORTABLE
    assert DUCKDB_ONLY
    assert [query.name for query in PORTABLE if query.name.startswith("import_")] == []
    assert [query.name for query in DUCKDB_ONLY if not query.name.startswith("import_")] == []
