"""The two-dimensional map of customers, for looking only: nothing is ever clustered on it.

`pca_map` is there at once; `umap_map` takes seconds, and runs in a worker.
`density_image` draws everyone, `marks` says which rows are drawn one by one, `inside` evaluates a lasso over everyone.
"""

from segmentation.atlas.drawing import MARKS, Picture, density_image, marks
from segmentation.atlas.landmarks import umap_map
from segmentation.atlas.map import Map, Method
from segmentation.atlas.pca import pca_map
from segmentation.atlas.region import inside, inside_box
from segmentation.atlas.trust import trustworthiness

__all__ = [
    "MARKS",
    "Map",
    "Method",
    "Picture",
    "density_image",
    "inside",
    "inside_box",
    "marks",
    "pca_map",
    "trustworthiness",
    "umap_map",
]
