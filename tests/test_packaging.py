"""The promises of the set-up: everything locked by hash, nothing fetched from elsewhere, a server that is not open."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")

PROTECTION = {
    "server.address": "127.0.0.1",
    "server.allowedHosts": ["localhost", "127.0.0.1", "[::1]"],
    "server.enableXsrfProtection": True,
    "server.xsrfCookieSameSite": "strict",
    "server.enableCORS": True,
    "server.disconnectedSessionTTL": 120,
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "client.disableDataExport": True,
    "runner.magicEnabled": False,
}


def pinned(lock: str) -> dict[str, str]:
    """Requirement line → the text up to the next requirement, hashes included."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return {line.split()[0]: line for line in text.splitlines() if line.strip() and not line.startswith("#")}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.findall(r"://|--(?:extra-)?index-url|--find-links|--trusted-host|\bfile:|@ ", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_requirement_is_pinned_with_hashes(lock: str) -> None:
    requirements = pinned(lock)
    assert len(requirements) > 30
    for requirement, line in requirements.items():
        assert re.fullmatch(r"[a-z0-9_.-]+==[\w.+!-]+", requirement), requirement
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", line), requirement


def test_the_developers_lock_repeats_the_users_lock() -> None:
    assert set(pinned("requirements.lock")) <= set(pinned("requirements-dev.lock"))


def test_everything_the_project_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = project["project"]["dependencies"] + project["build-system"]["requires"]
    locked = {requirement.split("==")[0] for requirement in pinned("requirements.lock")}
    assert {re.split(r"[>=<~! \[]", one)[0] for one in asked} <= locked


@pytest.mark.parametrize("package", ["segmentation", "dashboard", "sample_data"])
def test_every_library_that_is_imported_is_asked_for(package: str) -> None:
    called = {"PIL": "pillow", "sklearn": "scikit-learn", "umap": "umap-learn", "python_calamine": "python-calamine"}
    imported = set()
    for file in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            imported |= {name.split(".")[0] for name in names}
    others = imported - sys.stdlib_module_names - {"segmentation", "dashboard", "sample_data"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {re.split(r"[><=\[ ]", one)[0] for one in project["dependencies"]}
    assert {called.get(name, name) for name in others} <= asked


def test_the_served_configuration_is_protective() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    found = {key: config[key.split(".")[0]].get(key.split(".")[1]) for key in PROTECTION}
    assert found == PROTECTION


def test_streamlit_knows_every_setting() -> None:
    """A misspelt setting is only a warning in Streamlit's log: it would protect nothing."""
    from streamlit import config as known  # noqa: PLC0415 - reads the configuration at import

    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    options = known.get_config_options()
    assert sorted(key for key in flat(config) if key not in options) == []


def flat(table: dict[str, object], prefix: str = "") -> list[str]:
    keys = []
    for name, value in table.items():
        keys += flat(value, f"{prefix}{name}.") if isinstance(value, dict) else [prefix + name]
    return keys


def test_the_fonts_are_served_from_the_app_and_carry_their_licence() -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    static = ROOT / "dashboard" / "static"
    for face in theme["fontFaces"]:
        assert face["url"].startswith("app/static/")
        assert (static / face["url"].removeprefix("app/static/")).read_bytes()[:4] == b"wOF2"
    assert "SIL OPEN FONT LICENSE" in (static / "INTER-LICENSE.txt").read_text(encoding="utf-8")


def test_the_command_is_installed() -> None:
    (command,) = entry_points(group="console_scripts", name="tessera")
    assert callable(command.load())


def test_the_package_carries_its_data() -> None:
    package = files("segmentation")
    assert (package / "py.typed").is_file()
    for folder in ("queries", "importing"):
        assert any(one.name.endswith(".sql") for one in (package / "engine" / folder).iterdir()), folder


def test_every_file_that_the_code_reads_is_packed() -> None:
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    for package in ("segmentation", "dashboard"):
        listed = {path for pattern in packed[package] for path in (ROOT / package).glob(pattern)}
        there = {path for path in (ROOT / package).rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}}
        assert sorted(there - listed) == []


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make on this machine")
def test_make_help_lists_every_habit() -> None:
    text = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    listed = set(re.findall(r"make (\w+)", text))
    assert {
        "run",
        "test",
        "truth",
        "real",
        "lint",
        "bench",
        "soak",
        "sbom",
        "audit",
        "shots",
        "lock",
        "clean",
        "help",
    } <= listed
