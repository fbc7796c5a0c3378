"""Inspections as JSON: a process with limits looks at a stranger's file, another shows what it saw."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from segmentation.files.table import Layout
from segmentation.intake.joins import Join
from segmentation.intake.joins.alone import CONTACT_LIST, contact_list
from segmentation.intake.preview import Inspection
from segmentation.meaning.guessing import Guess
from segmentation.meaning.mapping import Mapping
from segmentation.meaning.platforms import Platform, platforms
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.questions import Question
from segmentation.meaning.states import Said

ROWS_KEPT = 1_000
"""Sampled rows that go along: enough to see what the values are like."""


def to_json(inspections: list[Inspection]) -> str:
    """Every inspection as one JSON text."""
    return json.dumps([_plain(one) for one in inspections], ensure_ascii=False)


def from_json(text: str, platforms_folder: Path | None) -> list[Inspection]:
    """What `to_json` wrote."""
    by_name = platforms(platforms_folder)
    return [
        Inspection(
            files=tuple(raw["files"]),
            size=raw["size"],
            layout=layout,
            guess=Guess(mapping, raw["sure"], raw["why"], _platform(raw["platform"], by_name, mapping)),
            remembered=raw["remembered"],
            questions=_questions(raw["questions"]),
            table=TableProfile.from_plain(raw["table"], layout) if raw["table"] else None,
            proofs=tuple(raw["proofs"]),
            said=tuple(Said(**one) for one in raw["said"]),
            mended=raw["mended"],
            joins=tuple(map(Join.from_json, raw["joins"])),
            asked=_questions(raw["asked"]),
            needs=raw["needs"],
        )
        for raw in json.loads(text)
        for layout in [Layout.from_plain(raw["layout"])]
        for mapping in [Mapping.from_toml(raw["mapping"])]
    ]


def _platform(key: str | None, by_name: dict[str, Platform], mapping: Mapping) -> Platform | None:
    if key == CONTACT_LIST:
        return contact_list(mapping)
    return by_name.get(key) if key else None


def _questions(raw: list[dict[str, Any]]) -> tuple[Question, ...]:
    return tuple(
        Question(q["setting"], q["header"], q["example"], tuple((value, said) for value, said in q["choices"]))
        for q in raw
    )


def _plain(one: Inspection) -> dict[str, Any]:
    return {
        "files": one.files,
        "size": one.size,
        "layout": one.layout.plain(rows=ROWS_KEPT),
        "mapping": one.mapping.to_toml(),
        "sure": dict(one.guess.sure),
        "why": dict(one.guess.why),
        "platform": one.platform.key if one.platform else None,
        "remembered": one.remembered,
        "questions": [asdict(question) for question in one.questions],
        "table": one.table.plain() if one.table else None,
        "proofs": one.proofs,
        "said": [asdict(said) for said in one.said],
        "mended": one.mended,
        "joins": [join.to_json() for join in one.joins],
        "asked": [asdict(question) for question in one.asked],
        "needs": one.needs,
    }
