"""`make sbom`: what Tessera is made of, from its lock, as CycloneDX 1.6 in sbom.json. Equal locks give equal files."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

from tests.supply.lock import LOCK, ROOT, Package, packages

RESULT = ROOT / "sbom.json"


def bill(lock: Path = LOCK) -> dict[str, object]:
    """The bill of materials: one component for each locked package, with the hashes of all its files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    own = {
        "type": "application",
        "bom-ref": project["name"],
        "name": project["name"],
        "version": project["version"],
        "licenses": [{"license": {"id": project["license"]}}],
    }
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": own},
        "components": [_component(package) for package in packages(lock)],
    }


def _component(package: Package) -> dict[str, object]:
    url = f"pkg:pypi/{package.name}@{package.version}"
    found: dict[str, object] = {
        "type": "library",
        "bom-ref": url,
        "name": package.name,
        "version": package.version,
        "purl": url,
        "hashes": [{"alg": "SHA-256", "content": one} for one in package.hashes],
    }
    if package.marker:
        found["properties"] = [{"name": "tessera:marker", "value": package.marker}]
    return found


def main() -> int:
    """Write sbom.json."""
    made = bill()
    RESULT.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(f"{RESULT.name}: {len(packages())} packages of {LOCK.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
