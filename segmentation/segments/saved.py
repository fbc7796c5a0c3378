"""A segmentation as text, and back: customers who came later are assigned with it, and nothing is fitted again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from segmentation.customers import CustomerTable, Scaling
from segmentation.errors import TesseraError, WorkspaceBroken
from segmentation.segments.edits import Lists, no_lists
from segmentation.segments.labelled import Model, Segment, Segmentation
from segmentation.segments.models import Centroids, Mixture, Neighbours, Space
from segmentation.segments.presets import PRESETS
from segmentation.segments.renaming import named_again
from segmentation.segments.rfm import RfmModel
from segmentation.segments.settings import SegmentSettings

LAYOUT = 1
"""Raise when what is written changes, so that older texts are told apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Frozen:
    """A saved segmentation as it was.

    settings: how it was made.
    model: what puts a customer into a group.
    segments: what each is called, in order of place.
    shown_at: the place of each of the model's groups.
    scalings: the scales it was made in, by feature.
    table: the customer table it was made of.
    """

    settings: SegmentSettings
    model: Model
    segments: tuple[Segment, ...]
    shown_at: tuple[int, ...]
    scalings: dict[str, Scaling]
    table: str

    def on(self, customers: CustomerTable, lists: Lists = no_lists) -> Segmentation:
        """These segments over a customer table of any date, without fitting; colours and places stay, and so do names
        that were given by hand or are still true.

        Raises FeatureUnavailable where the table lacks a feature of the model.
        """
        plain = Segmentation(
            settings=self.settings,
            labels=np.zeros(0, dtype=np.uint8),
            segments=self.segments,
            model=self.model,
            profiles=(),
            shown_at=np.asarray(self.shown_at, dtype=np.uint8),
            table=customers.identity,
            lists=lists,
            scalings=self.scalings,
        )
        labels = plain.assign(customers)
        return named_again(customers, replace(plain, labels=labels))


def freeze(customers: CustomerTable, segmentation: Segmentation) -> str:
    """The segmentation of these customers as JSON, without anything about a single customer."""
    return json.dumps(
        {
            "layout": LAYOUT,
            "key": segmentation.settings.key,
            "table": segmentation.table,
            "segments": [asdict(segment) for segment in segmentation.segments],
            "shown_at": segmentation.shown_at.tolist(),
            "model": _model_to_json(segmentation.model),
            "scalings": {name: asdict(scaling) for name, scaling in customers.scalings.items()},
        },
        ensure_ascii=False,
    )


def thaw(text: str) -> Frozen:
    """A segmentation from `freeze`. Raises WorkspaceBroken for a text that is none."""
    try:
        body = json.loads(text)
        if body["layout"] != LAYOUT:
            raise KeyError(f"layout {body['layout']}")
        return Frozen(
            settings=SegmentSettings.from_key(body["key"]),
            model=_model_from_json(body["model"]),
            segments=_segments(body["segments"], SegmentSettings.from_key(body["key"])),
            shown_at=tuple(body["shown_at"]),
            scalings={name: Scaling(**scaling) for name, scaling in body["scalings"].items()},
            table=body["table"],
        )
    except (ValueError, KeyError, TypeError, AttributeError, TesseraError) as error:
        raise WorkspaceBroken(
            "The saved segmentation cannot be read.",
            evidence=f"{type(error).__name__}: {error}.",
            next_step="Save it again from its settings.",
        ) from error


def _segments(listed: list[dict[str, Any]], settings: SegmentSettings) -> tuple[Segment, ...]:
    """The segments as they were written; older texts say neither what is in a name nor who gave it."""
    given = _typed_names(settings)
    rules = {group.name: group.words for group in PRESETS[settings.rfm_preset].groups}
    words = rules if settings.method == "rfm" else {}
    older = [{"words": words.get(one["name"], ()), "typed": one["name"] in given, **one} for one in listed]
    return tuple(
        Segment(**{**one, **{name: tuple(one.get(name, ())) for name in ("parts", "words", "evidence")}})
        for one in older
    )


def _typed_names(settings: SegmentSettings) -> set[str]:
    """Names that somebody gave here or in what this is anchored to."""
    own = {name for _, name in settings.edits.names}
    return own if settings.anchor is None else own | _typed_names(SegmentSettings.from_key(settings.anchor))


def _model_to_json(model: Model) -> dict[str, Any]:
    match model:
        case RfmModel():
            rules: dict[str, Any] = {"preset": model.preset.name, "present": model.present.tolist()}
            return {"kind": "rfm", **rules, "boundaries": [cuts.tolist() for cuts in model.boundaries]}
        case Centroids():
            return {"kind": "centroids", **_space(model.space), "centres": model.centres.tolist()}
        case Mixture():
            arrays = {name: getattr(model, name).tolist() for name in ("whitening", "centres")}
            offset = {"handicap": model.log_prior_offset.tolist()}  # the key by which files on disk know it
            return {"kind": "mixture", **_space(model.space), **arrays, **offset}
        case Neighbours():
            arrays = {name: getattr(model, name).tolist() for name in ("landmarks", "group", "reach")}
            return {"kind": "neighbours", **_space(model.space), **arrays}
        case _:
            raise TypeError(f"{type(model).__name__} cannot be saved")


def _space(space: Space) -> dict[str, list[str] | list[float]]:
    return {"features": list(space.features), "weights": list(space.weights)}


def _model_from_json(body: dict[str, Any]) -> Model:
    if body["kind"] == "rfm":
        r, f, m = (np.asarray(cuts, dtype=np.float64) for cuts in body["boundaries"])
        return RfmModel(PRESETS[body["preset"]], (r, f, m), np.asarray(body["present"], dtype=np.uint8))
    space = Space(tuple(body["features"]), tuple(body["weights"]))

    def floats(name: str) -> np.ndarray[Any, np.dtype[np.float32]]:
        return np.asarray(body[name], dtype=np.float32)

    match body["kind"]:
        case "centroids":
            return Centroids(space, floats("centres"))
        case "mixture":
            return Mixture(space, floats("whitening"), floats("centres"), floats("handicap"))
        case "neighbours":
            return Neighbours(space, floats("landmarks"), np.asarray(body["group"], dtype=np.uint8), floats("reach"))
        case other:
            raise KeyError(f"a model of the kind {other}")
