"""What a map is, and the checks every matrix passes before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segmentation.errors import WrongCall

Method = Literal["umap", "pca"]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """A place in the plane for every customer; near means alike, the axes themselves mean nothing.

    coordinates: finite, float32, shape (n_customers, 2), in the order of the matrix.
    method: how it was made.
    landmarks: customers laid out by UMAP itself; 0 for a PCA map.
    reason: why it is PCA where UMAP was asked for, in a sentence.
    """

    coordinates: Floats
    method: Method
    landmarks: int = 0
    reason: str = ""

    @property
    def customers(self) -> int:
        return int(self.coordinates.shape[0])


def checked(matrix: Floats) -> Floats:
    """The matrix as contiguous float32 of shape (n, f). Raises WrongCall where a map cannot be made of it."""
    if matrix.ndim != 2 or matrix.shape[1] < 1:
        raise WrongCall("A map needs a matrix of customers by features.", evidence=f"Its shape is {matrix.shape}.")
    matrix = np.ascontiguousarray(matrix, dtype=np.float32)
    if not np.isfinite(matrix).all():
        raise WrongCall("A map needs a number in every cell.", evidence="The matrix holds NaN or infinite values.")
    return matrix
