"""Every customer of a shop at one date: what the rest of the story works on.

The arrays are aligned and ordered by the MD5 of the customer id, so the first m rows are a random sample that does
not depend on the order of rows in any file.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from segmentation import disk
from segmentation.customers.catalogue import Feature, Unavailable, catalogue
from segmentation.customers.consent import Consent
from segmentation.customers.scaling import CLIP, CodeArray, Float32Array, FloatArray, Scaling, bin_values, fit_scaling
from segmentation.errors import FeatureUnavailable
from segmentation.workspace.checked import make_folder, read_sealed, sealed_array, write_sealed
from segmentation.workspace.codec import from_json, to_json
from segmentation.workspace.results import NO_VALUE

_SCORED = "+"
"""Stands between the fingerprint of a table and the names of the scores that were added to it."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class CustomerTable:
    """Features of customers in natural units, scaled, and binned. Undefined is NaN, scaled as its entry says.

    fingerprint, ids: what tells this table from any other, and its customers, shape (n,).
    as_of, currency: the day up to but not including which orders count, and the shop's currency.
    features, unavailable, scalings: what this dataset can give, in catalogue order; what it cannot; how each is scaled.
    categories, category_spend: categories, and each customer's spend in them in shop currency, shape (n, categories).
    consent: who agreed and who refused; None where the shop's files say nothing of anybody's.
    season: the two months of the year (1 to 12) that are the shop's peak season; None where there is none.
    """

    fingerprint: str
    as_of: date
    currency: str | None
    ids: pa.Array
    features: tuple[Feature, ...]
    unavailable: tuple[Unavailable, ...]
    categories: tuple[str, ...]
    category_spend: Float32Array | None
    consent: Consent | None
    scalings: Mapping[str, Scaling]
    season: tuple[int, int] | None
    _raw: FloatArray
    _scaled: Float32Array
    _codes: CodeArray
    _levels: tuple[FloatArray, ...]
    _row: Mapping[str, int] = field(repr=False)

    @property
    def n(self) -> int:
        return len(self.ids)

    @property
    def plain(self) -> str:
        """The fingerprint of the same table without scores."""
        return self.fingerprint.partition(_SCORED)[0]

    @property
    def identity(self) -> str:
        """Which customers these are, and on which day."""
        return f"{self.plain}@{self.as_of.isoformat()}#{self.n}"

    @property
    def scores(self) -> tuple[str, ...]:
        """The names of the features that are a model's answer."""
        return tuple(feature.name for feature in self.features if feature.grain == "score")

    @property
    def spend(self) -> FloatArray:
        """Revenue per customer, shape (n,), in shop currency; negative where refunds exceed purchases."""
        return self.raw("spend")

    def raw(self, name: str) -> FloatArray:
        """The feature in natural units, shape (n,), NaN where undefined.

        Raises FeatureUnavailable or FeatureNotFound.
        """
        return np.asarray(self._raw[self._index(name)])

    def scaled(self, names: Sequence[str]) -> Float32Array:
        """The features in standard deviations, shape (n, len(names)), C order, no NaN."""
        return np.ascontiguousarray(self._scaled[[self._index(name) for name in names]].T)

    def outliers(self, name: str) -> int:
        """Customers whose value lies so far out that scaling sets it in at CLIP standard deviations."""
        return int(np.count_nonzero(np.abs(self._scaled[self._index(name)]) >= CLIP))

    def codes(self, name: str) -> CodeArray:
        """Bin of each customer, shape (n,): 0..253, or 255 where undefined."""
        return np.asarray(self._codes[self._index(name)])

    def levels(self, name: str) -> FloatArray:
        """The natural-unit value each code stands for, ascending, at most 254."""
        return self._levels[self._index(name)]

    def feature(self, name: str) -> Feature:
        return self.features[self._index(name)]

    def default_features(self) -> tuple[str, ...]:
        """The names of the features the studio starts with."""
        return tuple(feature.name for feature in self.features if feature.default)

    def scaled_like(self, scalings: Mapping[str, Scaling]) -> CustomerTable:
        """The same customers scaled as in another table, so that its models apply; features it lacked keep theirs."""
        merged = {feature.name: scalings.get(feature.name, self.scalings[feature.name]) for feature in self.features}
        if merged == dict(self.scalings):
            return self
        scaled = np.stack([merged[f.name].apply(np.asarray(self.raw(f.name))) for f in self.features])
        return replace(self, scalings=merged, _scaled=scaled)

    def with_scores(
        self,
        scores: Mapping[str, FloatArray],
        unavailable: Sequence[Unavailable] = (),
        scalings: Mapping[str, Scaling] | None = None,
    ) -> CustomerTable:
        """The table with these scores as features too, each of shape (n,), NaN where undefined; and those it lacks.

        With `scalings` of another table they are scaled as there.
        """
        added = tuple(feature for feature in catalogue().scores if feature.name in scores)
        columns = [np.asarray(scores[feature.name], dtype=np.float64) for feature in added]
        fitted = {f.name: fit_scaling(f, column) for f, column in zip(added, columns, strict=True)}
        used = {name: (scalings or {}).get(name, own) for name, own in fitted.items()}
        binned = [bin_values(column) for column in columns]
        scaled = [used[f.name].apply(column) for f, column in zip(added, columns, strict=True)]
        names = [*self._row, *(feature.name for feature in added)]
        lacking = [one.feature.name for one in unavailable]
        return replace(
            self,
            fingerprint=_SCORED.join([self.plain, *(f.name for f in added), *lacking]),
            features=(*self.features, *added),
            unavailable=(*self.unavailable, *unavailable),
            scalings={**self.scalings, **used},
            _raw=np.concatenate([self._raw, np.reshape(columns, (-1, self.n))]),
            _scaled=np.concatenate([self._scaled, np.reshape(scaled, (-1, self.n)).astype(np.float32)]),
            _codes=np.concatenate([self._codes, np.reshape([codes for codes, _ in binned], (-1, self.n))]).astype(
                np.uint8
            ),
            _levels=(*self._levels, *(levels for _, levels in binned)),
            _row={name: i for i, name in enumerate(names)},
        )

    def with_only(self, scores: Collection[str]) -> CustomerTable:
        """The table with no other scores than these."""
        kept = {name: self.raw(name) for name in self.scores if name in scores}
        if len(kept) == len(self.scores):
            return self
        return self.without_scores().with_scores(kept, (), self.scalings)

    def without_scores(self) -> CustomerTable:
        """The table as it is without a model's answers."""
        kept = len(self.features) - len(self.scores)
        gone = set(self.scores)
        return (
            self
            if self.fingerprint == self.plain
            else replace(
                self,
                fingerprint=self.plain,
                features=self.features[:kept],
                unavailable=tuple(one for one in self.unavailable if one.feature.grain != "score"),
                scalings={name: scaling for name, scaling in self.scalings.items() if name not in gone},
                _raw=self._raw[:kept],
                _scaled=self._scaled[:kept],
                _codes=self._codes[:kept],
                _levels=self._levels[:kept],
                _row={name: i for name, i in self._row.items() if i < kept},
            )
        )

    def _index(self, name: str) -> int:
        if name not in self._row:
            for missing in self.unavailable:
                if missing.feature.name == name:
                    raise FeatureUnavailable(name, missing.reason)
            catalogue().get(name)
            raise FeatureUnavailable(name, "It was not computed for this table.")
        return self._row[name]

    @classmethod
    def from_arrays(
        cls,
        ids: Sequence[str] | pa.Array,
        raw: Mapping[str, npt.ArrayLike],
        *,
        as_of: date,
        currency: str | None = None,
        consent: Consent | None = None,
        categories: tuple[str, ...] = (),
        category_spend: npt.ArrayLike | None = None,
        fingerprint: str = "test",
        features: tuple[Feature, ...] | None = None,
        unavailable: tuple[Unavailable, ...] = (),
        scalings: Mapping[str, Scaling] | None = None,
        season: tuple[int, int] | None = None,
        ordered: bool = False,
    ) -> CustomerTable:
        """A table from columns in natural units; `ordered` promises the rows already follow the ids' MD5.

        With `scalings` of another table the values are scaled as there, so that its models apply here.
        """
        ids = ids if isinstance(ids, pa.Array) else pa.array(list(ids), pa.string())
        turn = slice(None) if ordered else _hash_order(ids)
        entries = features or tuple(catalogue().get(name) for name in raw)
        columns = [np.asarray(raw[feature.name], dtype=np.float64)[turn] for feature in entries]
        used = dict(scalings or {f.name: fit_scaling(f, c) for f, c in zip(entries, columns, strict=True)})
        binned = [bin_values(column) for column in columns]
        return cls(
            fingerprint=fingerprint,
            as_of=as_of,
            currency=currency,
            ids=ids if ordered else ids.take(pa.array(turn)),
            features=entries,
            unavailable=unavailable,
            categories=categories,
            category_spend=None if category_spend is None else np.asarray(category_spend, np.float32)[turn],
            consent=None if consent is None else consent.take(turn),
            scalings=used,
            season=season,
            _raw=np.stack(columns),
            _scaled=np.stack([used[f.name].apply(c) for f, c in zip(entries, columns, strict=True)]),
            _codes=np.stack([codes for codes, _ in binned]),
            _levels=tuple(levels for _, levels in binned),
            _row={feature.name: i for i, feature in enumerate(entries)},
        )

    # On disk -------------------------------------------------------------------------------------------------

    def save(self, folder: Path) -> None:
        """Write the table to `folder` as sealed .npy, Parquet and JSON; complete or not at all, as where the disk takes
        no more: it is worked out again then. Raises OSError for other troubles."""
        draft = folder.with_name(f"{folder.name}.{uuid.uuid4().hex}")
        try:
            make_folder(draft)
            self._write(draft)
            draft.rename(folder)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            if not folder.exists() and not disk.keeps_nothing(error):  # else someone finished first; theirs is the same
                raise

    def _write(self, draft: Path) -> None:
        arrays: dict[str, npt.NDArray[np.generic]] = {"raw": self._raw, "scaled": self._scaled, "codes": self._codes}
        if self.category_spend is not None:
            arrays["category_spend"] = self.category_spend
        if self.consent is not None:
            arrays["consent"] = np.stack([self.consent.agreed, self.consent.refused])
        for name, values in arrays.items():
            write_sealed(draft / f"{name}.npy", partial(np.save, arr=values, allow_pickle=False))
        write_sealed(draft / "ids.parquet", partial(pq.write_table, pa.table({"customer_id": self.ids})))
        meta = _Meta(
            fingerprint=self.fingerprint,
            as_of=self.as_of,
            currency=self.currency,
            features=tuple(feature.name for feature in self.features),
            unavailable=tuple((missing.feature.name, missing.reason) for missing in self.unavailable),
            categories=self.categories,
            season=self.season,
            consent_column=self.consent is not None and self.consent.column,
            scalings=self.scalings,
            levels=tuple(tuple(levels.tolist()) for levels in self._levels),
            arrays=tuple(arrays),
        )
        write_sealed(draft / "meta.json", json.dumps(to_json(meta)).encode())

    @classmethod
    def load(cls, folder: Path) -> CustomerTable | None:
        """The table saved in `folder`, memory-mapped; None where there is none, or it was damaged and is gone now."""
        if not folder.exists():
            return None
        try:
            return cls._read(folder)
        except NO_VALUE:  # a part is gone, or says something else than is read today
            shutil.rmtree(folder, ignore_errors=True)
            return None

    @classmethod
    def _read(cls, folder: Path) -> CustomerTable:
        text, listed = read_sealed(folder / "meta.json"), read_sealed(folder / "ids.parquet")
        if text is None or listed is None:
            raise KeyError(folder.name)
        entries, meta = catalogue(), from_json(_Meta, json.loads(text))
        arrays: dict[str, Any] = {name: sealed_array(folder / f"{name}.npy") for name in meta.arrays}
        if any(one is None for one in arrays.values()):
            raise KeyError(folder.name)
        ids = pq.read_table(io.BytesIO(listed))["customer_id"].combine_chunks()
        shape = (len(meta.features), len(ids))
        whole = len(meta.levels) == shape[0] and set(meta.features) <= set(meta.scalings)
        if not whole or any(arrays[name].shape != shape for name in ("raw", "scaled", "codes")):
            raise ValueError("Every feature has a value for every customer.")
        return cls(
            fingerprint=meta.fingerprint,
            as_of=meta.as_of,
            currency=meta.currency,
            ids=ids,
            features=tuple(entries.get(name) for name in meta.features),
            unavailable=tuple(Unavailable(entries.get(name), reason) for name, reason in meta.unavailable),
            categories=meta.categories,
            category_spend=arrays.get("category_spend"),
            consent=Consent.of(arrays["consent"], column=meta.consent_column) if "consent" in arrays else None,
            scalings=meta.scalings,
            season=meta.season,
            _raw=arrays["raw"],
            _scaled=arrays["scaled"],
            _codes=arrays["codes"],
            _levels=tuple(np.asarray(levels, dtype=np.float64) for levels in meta.levels),
            _row={name: i for i, name in enumerate(meta.features)},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meta:
    """What is kept of a table beside its arrays, which it names."""

    fingerprint: str
    as_of: date
    currency: str | None
    features: tuple[str, ...]
    unavailable: tuple[tuple[str, str], ...]
    categories: tuple[str, ...]
    season: tuple[int, int] | None
    consent_column: bool
    scalings: Mapping[str, Scaling]
    levels: tuple[tuple[float, ...], ...]
    arrays: tuple[str, ...]


def _hash_order(ids: pa.Array) -> npt.NDArray[np.intp]:
    digests = np.array([hashlib.md5(i.encode(), usedforsecurity=False).hexdigest() for i in ids.to_pylist()])
    return np.argsort(digests, kind="stable")
