"""The one room with `st.session_state`, the workspace and the engine. Screens ask here.

    session.workspace()    the folder of datasets
    session.engine()       the engine, shared by every visitor; a run opens its own cursor
    session.version()      the shop being looked at, or None
    session.customers()    its customer table (cached by content, not by visitor)
    session.settings()     the segmentation settings, from the URL
    session.study()        segments and profiles for those settings (cached)
    session.worth()        what customers are worth, None while it is worked out
    session.undo()         back to what was shown before
    session.guard()        shows a sentence instead of a traceback

Caches are keyed on content (workspace, fingerprint, settings), so two visitors share a result only when it is
the same result. The URL carries what a link must carry: the shop and the segmentation settings.
"""

from dashboard.links import ANCHOR, CUTS, EDITS, FEATURES, METHOD, PRESET, SAVED, SEGMENTS, WEIGHTS
from dashboard.session.people import choose_scores, chosen_scores, customers, held_scores, plain_customers
from dashboard.session.predictions import facets, known_slipping, known_worth, slipping, slipping_job, worth, worth_job
from dashboard.session.results import (
    advice,
    advice_job,
    ask_again,
    be_patient,
    is_outdated,
    look_ahead,
    outdated_save,
    saved_study,
    standard,
    study,
)
from dashboard.session.screens import asked_screen, choose_screen, go_to
from dashboard.session.shop import (
    AS_OF,
    SHOP,
    as_of,
    choose_shop,
    engine,
    engine_at,
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
    follow_shop,
    moved,
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
    "ask_again",
    "asked",
    "asked_screen",
    "be_patient",
    "can_undo",
    "choose_scores",
    "choose_screen",
    "choose_shop",
    "chosen_scores",
    "close_saved",
    "customers",
    "edit",
    "engine",
    "engine_at",
    "facets",
    "follow",
    "follow_shop",
    "follows",
    "forget",
    "go_to",
    "guard",
    "held_scores",
    "is_outdated",
    "keep",
    "known_slipping",
    "known_worth",
    "look_ahead",
    "moved",
    "needed_version",
    "open_saved",
    "outdated_save",
    "palette",
    "plain_customers",
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
    "slipping",
    "slipping_job",
    "standard",
    "study",
    "undo",
    "version",
    "versions",
    "workspace",
    "worth",
    "worth_job",
    "write_url",
]
