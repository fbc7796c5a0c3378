"""The list of parts is complete, and an audit that looked nothing up is not taken for a clean one."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import version

from tests.supply import audit, sbom
from tests.supply.audit import Audit
from tests.supply.lock import LOCK, ROOT, packages

SKIPPED = {"name": "anyio", "skip_reason": "Dependency not found on PyPI and could not be audited: anyio (4.16.0)"}
CLEAN = {"name": "duckdb", "version": "2.0.0", "vulns": []}
BAD = {"name": "h11", "version": "0.1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["0.2"], "aliases": []}]}


def said(*dependencies: dict[str, object]) -> Audit:
    return audit.read(json.dumps({"dependencies": dependencies, "fixes": []}))


def test_every_locked_package_is_in_the_list_of_parts_with_its_version_and_hashes() -> None:
    text = LOCK.read_text(encoding="utf-8")
    parts = sbom.bill()["components"]
    assert [f"{one['name']}=={one['version']}" for one in parts] == re.findall(
        r"^([^\s#][^\s;\\]*)", text, re.MULTILINE
    )
    hashes = [one["content"] for part in parts for one in part["hashes"]]
    assert hashes == re.findall(r"--hash=sha256:([0-9a-f]+)", text)
    assert all(part["hashes"] for part in parts)


def test_the_list_of_parts_says_of_which_version_it_is() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    own = sbom.bill()["metadata"]["component"]
    assert (own["name"], own["version"]) == (project["name"], project["version"])


def test_what_is_installed_is_what_the_list_says() -> None:
    listed = {one.name: one.version for one in packages()}
    for name in ("duckdb", "streamlit", "numpy", "pyarrow"):
        assert listed[name] == version(name)


def test_an_audit_that_looked_nothing_up_says_so_and_passes_unless_it_is_required() -> None:
    code, lines = audit.verdict(said(SKIPPED), required=False)
    assert code == 0
    assert any("NOT AUDITED" in line for line in lines)
    assert audit.verdict(said(SKIPPED), required=True)[0] == 1
    assert audit.verdict(said(SKIPPED, CLEAN), required=True)[0] == 1
    assert audit.verdict(said(CLEAN), required=True)[0] == 0


def test_a_known_vulnerability_fails_wherever_it_is_found() -> None:
    code, lines = audit.verdict(said(SKIPPED, BAD), required=False)
    assert code == 1
    assert "h11 0.1: PYSEC-1, fixed in 0.2" in lines
