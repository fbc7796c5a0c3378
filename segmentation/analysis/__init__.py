"""The one door to every analysis: a shop at a date.

    shop = Analysis.open(workspace, "My shop")
    shop.study(StudySettings(segments=6))      # segments, names, profiles: follows a slider
    shop.clv().peek()                          # the kept result, or None
    shop.clv().ask(jobs)                       # a job, the same one for everybody who asks
    shop.clv().get()                           # now, here

Each analysis is declared once (`Declared`): a pure function, frozen settings, a layout number, what it costs. Its key,
its file, its task in a worker and its place in memory follow. To add one: a room with the statistics, a declaration,
and whatever shows it.

declared    how an analysis is declared, and its answer
dated       a shop at a date, and where its results are kept
scores      customers with what is expected of them
studies     segments, and how many of them
proofs      whether they hold
maps        the map of customers
explaining  what explains the segments
clv, churn  what is expected of customers
lists       what they say of customers in lists of them
audiences   who of a list may be written to, and the file of it
figures     the shop's figures and its measured margin, moves, the baseline of a campaign
gaps        stretches in which no orders are known
reconciled  lifetime value beside the plan of a campaign
plays       what to do with each segment, given the plan of a campaign
analysis    all of it, as methods of one class
work        the same, in a worker process
"""

from segmentation.analysis.analysis import Analysis
from segmentation.analysis.audiences import Source, due_columns, offer_columns, segment_source
from segmentation.analysis.churn import ChurnResult, ChurnSettings
from segmentation.analysis.clv import ClvResult, ClvSettings
from segmentation.analysis.dated import NOTHING, Dated, scores_among
from segmentation.analysis.declared import Answer, Declared, Lane, Nothing
from segmentation.analysis.explaining import Handmade
from segmentation.analysis.figures import MARGIN_DAYS, LookBack, PastWindow, plan_of, why_unknown_then
from segmentation.analysis.lists import due_windows, known_scores, members, prospects
from segmentation.analysis.memory import MEMORY
from segmentation.analysis.proofs import Proved
from segmentation.analysis.studies import PROVISIONAL, Study, StudySettings, features_for, resolve
from segmentation.choices import METHODS

__all__ = [
    "MARGIN_DAYS",
    "MEMORY",
    "METHODS",
    "NOTHING",
    "PROVISIONAL",
    "Analysis",
    "Answer",
    "ChurnResult",
    "ChurnSettings",
    "ClvResult",
    "ClvSettings",
    "Dated",
    "Declared",
    "Handmade",
    "Lane",
    "LookBack",
    "Nothing",
    "PastWindow",
    "Proved",
    "Source",
    "Study",
    "StudySettings",
    "due_columns",
    "due_windows",
    "features_for",
    "known_scores",
    "members",
    "offer_columns",
    "plan_of",
    "prospects",
    "resolve",
    "scores_among",
    "segment_source",
    "why_unknown_then",
]
