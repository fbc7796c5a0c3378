"""The one room with `st.session_state`, the workspace and the engine. Screens ask here.

    session.workspace()    the folder of datasets
    session.engine()       the engine, shared by every visitor; a run opens its own cursor
    session.version()      the shop being looked at, or None
    session.customers()    its customer table (cached by content, not by visitor)
    session.settings()     the segmentation settings, from the URL
    session.study()        segments and profiles for those settings (cached)
    session.undo()         back to what was shown before
    session.guard()        shows a sentence instead of a traceback

Caches are keyed on content (workspace, fingerprint, settings), so two visitors share a result only when it is
the same result. The URL carries what a link must carry: the shop and the segmentation settings.
"""

from dashboard.links import ANCHOR, CUTS, EDITS, FEATURES, METHOD, PRESET, SAVED, SEGMENTS, WEIGHTS
from dashboard.session.results import (
    advice,
    advice_job,
    be_patient,
    look_ahead,
    outdated_save,
    saved_study,
    standard,
    study,
)
from dashboard.session.shop import (
    AS_OF,
    SHOP,
    as_of,
    choose_shop,
    customers,
    customers_at,
    engine,
    engine_at,
    go_to,
    needed_version,
    shelf,
    shop_picker,
    version,
    versions,
    workspace,
)
from dashboard.session.state import (
    asked,
    follow,
    follows,
    forget,
    guard,
    keep,
    palette,
    put,
    recall,
    recall_choices,
    recall_value,
    recall_widget,
    reset,
    write_url,
)
from dashboard.session.tuning import (
    HAND,
    SETTINGS,
    adopt_link,
    can_undo,
    close_saved,
    edit,
    open_saved,
    restore,
    retuned,
    saved,
    settings,
    share_link,
    shown,
    undo,
)

__all__ = [
    "ANCHOR",
    "AS_OF",
    "CUTS",
    "EDITS",
    "FEATURES",
    "HAND",
    "METHOD",
    "PRESET",
    "SAVED",
    "SEGMENTS",
    "SETTINGS",
    "SHOP",
    "WEIGHTS",
    "adopt_link",
    "advice",
    "advice_job",
    "as_of",
    "asked",
    "be_patient",
    "can_undo",
    "choose_shop",
    "close_saved",
    "customers",
    "customers_at",
    "edit",
    "engine",
    "engine_at",
    "follow",
    "follows",
    "forget",
    "go_to",
    "guard",
    "keep",
    "look_ahead",
    "needed_version",
    "open_saved",
    "outdated_save",
    "palette",
    "put",
    "recall",
    "recall_choices",
    "recall_value",
    "recall_widget",
    "reset",
    "restore",
    "retuned",
    "saved",
    "saved_study",
    "settings",
    "share_link",
    "shelf",
    "shop_picker",
    "shown",
    "standard",
    "study",
    "undo",
    "version",
    "versions",
    "workspace",
    "write_url",
]
