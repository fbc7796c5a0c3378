"""The one room with `st.session_state`, the workspace and the engine. Screens ask here.

    state.workspace()    the folder of datasets
    state.engine()       the engine, shared by every visitor; a run opens its own cursor
    state.version()      the shop being looked at, or None
    state.customers()    its customer table (cached by content, not by visitor)
    state.settings()     the segmentation settings, from the URL
    state.study()        segments and profiles for those settings
    state.analysis()     the shop on that day: the door to every analysis
    state.get(answer)    an answer of it now, with a word on what is done meanwhile
    state.reached()      who of them may be written to, and on what basis
    state.assumptions()  what is assumed about the shop, for every screen alike
    state.undo()         back to what was shown before
    state.guard()        shows a sentence instead of a traceback

Results are held by what they were made from (workspace, fingerprint, settings), so two visitors share one only when it
is the same result. The URL carries what a link must carry: the shop and the segmentation settings.
"""

from dashboard.state.answers import analysis, ask, get, look_ahead, obtained, wait, workers_for
from dashboard.state.assumed import assume, assumptions
from dashboard.state.basis import basis_log, reached, state_basis, stated, withdraw_basis
from dashboard.state.choices import (
    asked,
    follow,
    follows,
    forget,
    guard,
    holds,
    in_url,
    keep,
    palette,
    put,
    recall,
    recall_all,
    recall_choices,
    recall_value,
    recall_widget,
    reset,
    write_url,
)
from dashboard.state.links import ANCHOR, CUTS, EDITS, FEATURES, METHOD, PRESET, SAVED, SEGMENTS, SMALLEST, WEIGHTS
from dashboard.state.one_run import one_run
from dashboard.state.people import choose_scores, chosen_scores, customers, held_scores, plain_customers
from dashboard.state.screens import address, asked_screen, choose_screen, go_to, spell_out_link
from dashboard.state.shop import (
    AS_OF,
    SHOP,
    as_of,
    broken,
    choose_shop,
    engine,
    engine_at,
    leave_shop,
    missing,
    needed_version,
    saved_segmentations,
    shop_picker,
    version,
    versions,
    versions_of,
    workspace,
)
from dashboard.state.studies import advice, advice_job, ask_again, be_patient, saved_study, standard, study
from dashboard.state.tuning import (
    HAND,
    SETTINGS,
    adopt_link,
    can_undo,
    choose_number,
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
    show_saved,
    shown,
    undo,
)
from dashboard.state.whereabouts import news, put_away

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
    "SMALLEST",
    "WEIGHTS",
    "address",
    "adopt_link",
    "advice",
    "advice_job",
    "analysis",
    "as_of",
    "ask",
    "ask_again",
    "asked",
    "asked_screen",
    "assume",
    "assumptions",
    "basis_log",
    "be_patient",
    "broken",
    "can_undo",
    "choose_number",
    "choose_scores",
    "choose_screen",
    "choose_shop",
    "chosen_scores",
    "close_saved",
    "customers",
    "edit",
    "engine",
    "engine_at",
    "follow",
    "follow_shop",
    "follows",
    "forget",
    "get",
    "go_to",
    "guard",
    "held_scores",
    "holds",
    "in_url",
    "keep",
    "leave_shop",
    "look_ahead",
    "missing",
    "moved",
    "needed_version",
    "news",
    "obtained",
    "one_run",
    "open_saved",
    "palette",
    "plain_customers",
    "put",
    "put_away",
    "reached",
    "recall",
    "recall_all",
    "recall_choices",
    "recall_value",
    "recall_widget",
    "reset",
    "restore",
    "retuned",
    "saved",
    "saved_segmentations",
    "saved_study",
    "settings",
    "share_link",
    "shop_picker",
    "show_saved",
    "shown",
    "spell_out_link",
    "standard",
    "state_basis",
    "stated",
    "study",
    "undo",
    "version",
    "versions",
    "versions_of",
    "wait",
    "withdraw_basis",
    "workers_for",
    "workspace",
    "write_url",
]
