"""The two-dimensional map of customers, for looking only: nothing is ever clustered on it.

`pca_map` is there at once; `umap_map` takes seconds, runs in a worker (`compute_map`) and is kept on disk.
`density_image` draws everyone, `marks` says which rows are drawn one by one, `inside` evaluates a lasso over everyone.
"""

from segmentation.atlas.drawing import MARKS, Picture, density_image, marks
from segmentation.atlas.landmarks import umap_map
from segmentation.atlas.map import Map, Method, Progress
from segmentation.atlas.pca import pca_map
from segmentation.atlas.region import inside, inside_box
from segmentation.atlas.store import ATLAS_VERSION, StoredMap, compute_map, warm_up
from segmentation.atlas.trust import trustworthiness

__all__ = [
    "ATLAS_VERSION",
    "MARKS",
    "Map",
    "Method",
    "Picture",
    "Progress",
    "StoredMap",
    "compute_map",
    "density_image",
    "inside",
    "inside_box",
    "marks",
    "pca_map",
    "trustworthiness",
    "umap_map",
    "warm_up",
]
