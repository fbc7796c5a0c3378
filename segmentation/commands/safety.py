"""Whether what is kept is as it was written, and a workspace in one file and back, from the command line."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from segmentation import formats
from segmentation.commands.opening import opened
from segmentation.commands.result import Result
from segmentation.errors import WrongCall
from segmentation.exports import refuse_target
from segmentation.workspace import refuse_missing, root_of
from segmentation.workspace.audit import system_user
from segmentation.workspace.backup import backup as pack
from segmentation.workspace.rebuild import Rebuilt
from segmentation.workspace.rebuild import rebuild as rebuilt
from segmentation.workspace.restore import restore as unpack
from segmentation.workspace.verify import Verified, VerifiedVersion
from segmentation.workspace.verify import verify as compare

NO_SUMS = "written before check sums were kept, so nothing can be compared; the next import writes them"

WHAT_WAS_IN = {
    "segmentations": "saved segmentations",
    "bases": "stated bases",
    "assumptions": "stated assumptions",
    "mappings": "remembered mappings",
    "current": "which version was chosen",
    "audit": "where the audit log ends",
    "erased": "who was erased (erase them again before their files are imported again)",
    "swaps": "erasures that were under way",
}
"""What the tables hold that stand in the registry only."""


def verify(options: argparse.Namespace) -> Result:
    """Compare every file of one dataset or all with what was written; with `--rebuild` list the shops anew first."""
    said: list[str] = []
    body: dict[str, Any] = {}
    if options.rebuild:
        if options.dataset is not None:
            raise WrongCall("The list of shops is rebuilt as a whole.", next_step="Leave the name out.")
        refuse_missing(options.workspace)
        made = rebuilt(root_of(options.workspace))
        said, body["rebuilt"] = [*_rebuilt_text(made), ""], _rebuilt_json(made)
    verified = compare(opened(options), options.dataset)
    body |= _json(verified)
    text = "\n".join([*said, *_text(verified)])
    return Result(body, text, exit_code=0 if verified.sound else 1)


def backup(options: argparse.Namespace) -> Result:
    """Write the workspace to one file."""
    workspace = opened(options)
    refuse_target(options.file, replace=options.force, option="name")
    created = datetime.now(UTC).isoformat(timespec="seconds")
    done = pack(workspace, options.file, created=created, by=system_user(), replace=options.force)
    body = {"backup": str(options.file), "files": done.files, "bytes": done.bytes, **_json(done.verified)}
    text = (
        f"{formats.count(done.files, 'file')}, {_size(done.bytes)} → {options.file}, read back and compared.\n"
        "It holds customers' addresses and the key for pseudonyms: keep it where nobody else reads it."
    )
    return _with_damage(body, text, done.verified, "The backup holds it as it is.")


def restore(options: argparse.Namespace) -> Result:
    """Make the workspace what a backup holds."""
    root = root_of(options.workspace)
    done = unpack(root, options.file, by=system_user(), replace=options.replace)
    body = {"workspace": str(root), "files": done.files, "bytes": done.bytes, **_json(done.verified)}
    shops = len({one.name for one in done.verified.versions})
    text = (
        f"{formats.count(shops, 'shop')}, {formats.count(done.files, 'file')}, {_size(done.bytes)} → {root}, compared."
    )
    return _with_damage(body, text, done.verified, "It was when the backup was made.")


def _with_damage(body: dict[str, Any], text: str, verified: Verified, since: str) -> Result:
    if verified.sound:
        return Result(body, text)
    warnings = (*(line.strip() for line in _problems(verified)), since)
    return Result(body, text, warnings, exit_code=1)


def _json(verified: Verified) -> dict[str, Any]:
    return {
        "sound": verified.sound,
        "versions": [
            {
                "dataset": one.name,
                "version": one.number,
                "current": one.current,
                "files": one.files,
                "bytes": one.bytes,
                "check_sums": one.sums,
                "problems": [{"file": damage.file, "problem": damage.what} for damage in one.damages],
            }
            for one in verified.versions
        ],
        "problems": [{"file": damage.file, "problem": damage.what} for damage in verified.others],
        "unlisted": list(verified.unlisted),
    }


def _text(verified: Verified) -> list[str]:
    lines = []
    for name in dict.fromkeys(one.name for one in verified.versions):
        lines.append(name)
        lines += [f"  {_version(one)}" for one in verified.versions if one.name == name]
    if not verified.versions:
        lines.append("There are no shops.")
    problems = _problems(verified)
    return [
        *lines,
        "",
        *(problems or ["Everything is as it was written." if _all_sums(verified) else "Nothing is damaged."]),
    ]


def _version(one: VerifiedVersion) -> str:
    named = f"version {one.number}{' (current)' if one.current else ''}"
    if one.damages:
        return f"{named}: DAMAGED"
    return f"{named}: {formats.count(one.files, 'file')}, {_size(one.bytes)}" if one.sums else f"{named}: {NO_SUMS}"


def _all_sums(verified: Verified) -> bool:
    return all(one.sums for one in verified.versions)


def _problems(verified: Verified) -> list[str]:
    lines = [
        f"“{one.name}”, version {one.number}: {each.sentence}" for one in verified.versions for each in one.damages
    ]
    if lines:
        lines.append(
            "Go back to a version that is whole (tessera versions NAME --use N), or delete the shop and import its "
            "files again, or restore a backup."
        )
    lines += [damage.sentence for damage in verified.others]
    if any("registry" in damage.file for damage in verified.others):
        lines.append("List the shops anew: tessera verify --rebuild.")
    if verified.unlisted:
        lines += [f"datasets/{folder} is not in the list of shops." for folder in verified.unlisted]
        lines.append("It may be left of an import that was killed. To list it: tessera verify --rebuild.")
    return lines


def _rebuilt_json(made: Rebuilt) -> dict[str, Any]:
    return {
        "shops": list(made.shops),
        "versions": made.versions,
        "taken_over": made.taken_over,
        "lost": list(made.lost),
        "damaged_registry": None if made.aside is None else str(made.aside),
    }


def _rebuilt_text(made: Rebuilt) -> list[str]:
    lines = [f"Listed anew: {formats.count(len(made.shops), 'shop')}, {formats.count(made.versions, 'version')}."]
    lines += [f"  {name}" for name in made.shops]
    if made.aside is not None:
        rows = formats.count(sum(made.taken_over.values()), "entry", "entries")
        lines.append(f"From the damaged list {rows} were taken over; it is kept as {made.aside.name}.")
    if made.lost:
        lines.append(f"Not found again: {', '.join(WHAT_WAS_IN.get(table, table) for table in made.lost)}.")
    return lines


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size / 1e3:,.1f} kB"
