"""What is on disk: immutable Parquet versions of each dataset, and a small SQLite registry.

    workspace/
      registry.sqlite                 datasets, versions, mappings, saved segmentations, what was stated (WAL)
      audit.log                       who did what with the data, chained by hashes
      datasets/<id>/lists/            customer lists somebody pinned (0600)
      datasets/<id>/<number>/         manifest.json (with the SHA-256 of every file), lines/, set_aside/, contacts/
      cache/<fingerprint>/            anything that can be computed again
      platforms/                      a user's own descriptions of exports (*.toml)
      inbox/ exports/ tmp/ keys/

Folders are 0700 and files 0600. A version is written in `tmp/`, synced, moved into place and registered in one SQLite
transaction: a kill at any moment leaves the dataset as it was, or complete; what it leaves behind is swept. Nothing
holds a file open for writing, so any process may read.
What is read is what was written: a version with a damaged file is refused, a damaged result is worked out again.
"""

from segmentation.leases import LONGEST, held, in_use
from segmentation.workspace.basis import BASES, Basis, BasisLog, Statement
from segmentation.workspace.checked import PRIVATE_FILE, PRIVATE_FOLDER
from segmentation.workspace.folder import Workspace
from segmentation.workspace.manifest import LAYOUT, PARTS, Manifest, StoredFile
from segmentation.workspace.names import LONGEST_SHOP_NAME, known_name, name_of_file, same_name, shop_name
from segmentation.workspace.place import is_there, refuse_missing, root_of
from segmentation.workspace.registry import change_texts, count_versions, mappings, unlist
from segmentation.workspace.saved_segmentations import Saved, SavedSegmentations, SegmentationNotFound
from segmentation.workspace.stated import StatedAssumptions
from segmentation.workspace.swapping import Swap, decide, finish, take_back
from segmentation.workspace.sweeping import ERASING, IMPORTED, LISTS, LOOK, READ, SPILL
from segmentation.workspace.versions import BrokenVersion, DatasetVersion, Draft, make_durable, write_manifest

__all__ = [
    "BASES",
    "ERASING",
    "IMPORTED",
    "LAYOUT",
    "LISTS",
    "LONGEST",
    "LONGEST_SHOP_NAME",
    "LOOK",
    "PARTS",
    "PRIVATE_FILE",
    "PRIVATE_FOLDER",
    "READ",
    "SPILL",
    "Basis",
    "BasisLog",
    "BrokenVersion",
    "DatasetVersion",
    "Draft",
    "Manifest",
    "Saved",
    "SavedSegmentations",
    "SegmentationNotFound",
    "StatedAssumptions",
    "Statement",
    "StoredFile",
    "Swap",
    "Workspace",
    "change_texts",
    "count_versions",
    "decide",
    "finish",
    "held",
    "in_use",
    "is_there",
    "known_name",
    "make_durable",
    "mappings",
    "name_of_file",
    "refuse_missing",
    "root_of",
    "same_name",
    "shop_name",
    "take_back",
    "unlist",
    "write_manifest",
]
