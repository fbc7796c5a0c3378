"""What can be learned from features: boosted trees, a plain logistic regression, and recency alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

import numpy as np
import numpy.typing as npt

from segmentation.churn.windows import matrix
from segmentation.customers import CustomerTable, FloatArray

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

Kind = Literal["trees", "logistic", "recency"]
KINDS: tuple[Kind, ...] = ("trees", "logistic", "recency")
SEED = 20_261_101


class Learner(Protocol):
    """A classifier with the methods of scikit-learn."""

    def fit(self, X: Any, y: Any) -> Self:  # noqa: ANN401, N803 - as scikit-learn
        """Learn from features, shape (rows, features), and who ordered, shape (rows,)."""
        ...

    def predict_proba(self, X: npt.ArrayLike) -> FloatArray:  # noqa: N803 - scikit-learn's name
        """Chances of each class, shape (rows, 2)."""
        ...


def boosting() -> HistGradientBoostingClassifier:
    """Small trees, slowly added, so that a few hundred customers are not learned by heart.

    Source: Friedman (2001), "Greedy function approximation: a gradient boosting machine".
    """
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - takes seconds, and few commands ask

    return HistGradientBoostingClassifier(
        learning_rate=0.06,
        max_iter=100,
        max_leaf_nodes=8,
        min_samples_leaf=60,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=SEED,
    )


def regression() -> Any:  # noqa: ANN401 - scikit-learn has no types
    """A plain logistic regression."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - as above

    return LogisticRegression(max_iter=500)


class Silence:
    """A falling curve of the first feature: the longer the silence, the smaller the chance."""

    def fit(self, X: FloatArray, y: FloatArray) -> Self:  # noqa: N803 - scikit-learn's name
        """Learn from days of silence and who ordered."""
        from sklearn.isotonic import IsotonicRegression  # noqa: PLC0415 - as above

        self._curve = IsotonicRegression(increasing=False, out_of_bounds="clip").fit(X[:, 0], y)
        return self

    def predict_proba(self, X: npt.ArrayLike) -> FloatArray:  # noqa: N803 - scikit-learn's name
        """Chances of each class, shape (rows, 2)."""
        chance = np.asarray(self._curve.predict(np.asarray(X)[:, 0]), dtype=np.float64)
        return np.stack([1 - chance, chance], axis=1)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a learner sees of a customer.

    features: the names of the columns, in order.
    scaled: in standard deviations without gaps, instead of natural units with NaN where undefined.
    """

    features: tuple[str, ...]
    scaled: bool = False

    def of(self, table: CustomerTable, rows: slice) -> FloatArray:
        """The features of these rows, shape (rows, features)."""
        if self.scaled:
            return table.scaled(self.features)[rows].astype(np.float64)
        return matrix(table, self.features, rows)


def inputs(kind: Kind, features: tuple[str, ...]) -> Inputs:
    """What a learner of this kind sees."""
    return Inputs(("recency_days",) if kind == "recency" else features, scaled=kind == "logistic")


LEARNERS: Mapping[Kind, Any] = {"trees": boosting, "logistic": regression, "recency": Silence}
