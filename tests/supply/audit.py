"""`make audit`: known vulnerabilities of what is locked, by pip-audit; 1 where there is one.

pip-audit says “No known vulnerabilities found” also where no package could be looked up, so what it looked up is
counted. Where it could not look up any, that is said and is no failure, unless `--required` is given.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from tests.supply.lock import LOCK, packages

SECONDS = 300


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found: packages that were looked up, those that were not, and one line for each vulnerability."""

    looked_up: tuple[str, ...]
    not_looked_up: tuple[str, ...]
    vulnerable: tuple[str, ...]


def read(text: str) -> Audit:
    """What pip-audit says in JSON."""
    listed = json.loads(text)["dependencies"]
    known = [one for one in listed if "skip_reason" not in one]
    return Audit(
        tuple(one["name"] for one in known),
        tuple(one["name"] for one in listed if "skip_reason" in one),
        tuple(f"{one['name']} {one['version']}: {_told(found)}" for one in known for found in one["vulns"]),
    )


def _told(found: dict[str, Any]) -> str:
    return f"{found['id']}, fixed in {', '.join(found['fix_versions']) or 'no version'}"


def run() -> Audit:
    """Ask pip-audit for the lock. Where it gives no answer, nothing was looked up."""
    words = ["-r", str(LOCK), "--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"]
    none = Audit((), tuple(one.name for one in packages()), ())
    command = [sys.executable, "-m", "pip_audit", *words]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        print(f"pip-audit gave no answer within {SECONDS} s.")
        return none
    try:
        return read(answer.stdout)
    except ValueError:
        print((answer.stderr.strip().splitlines() or ["pip-audit said nothing."])[-1])
        return none


def verdict(found: Audit, *, required: bool) -> tuple[int, list[str]]:
    """The exit code, and what is said."""
    there = len(found.looked_up) + len(found.not_looked_up)
    said = [f"{len(found.looked_up)} of {there} packages of {LOCK.name} were looked up for known vulnerabilities."]
    if found.vulnerable:
        return 1, [*said, *found.vulnerable]
    if not found.looked_up:
        said.append("NOT AUDITED: this machine does not reach the list of vulnerabilities. Run it where it does.")
    elif found.not_looked_up:
        said.append(f"Not looked up: {', '.join(found.not_looked_up)}.")
    else:
        said.append("None is known.")
    return int(required and bool(found.not_looked_up)), said


def main(arguments: list[str] | None = None) -> int:
    """Look up every locked package and say what was found."""
    parser = argparse.ArgumentParser(prog="make audit", description="Known vulnerabilities of what is locked.")
    parser.add_argument("--required", action="store_true", help="fail where a package could not be looked up")
    options = parser.parse_args(arguments)
    if find_spec("pip_audit") is None:
        print("pip-audit is not installed here. It is in requirements-dev.lock: run make audit.")
        return 2
    code, said = verdict(run(), required=options.required)
    print("\n".join(said))
    return code


if __name__ == "__main__":
    sys.exit(main())
