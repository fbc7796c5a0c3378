"""What a campaign to each segment is expected to cost and bring, and the lists of customers it goes to."""

from segmentation.campaigns.advice import advised, advised_in_season, hold_now
from segmentation.campaigns.baseline import MarginHistory, SegmentHistory, WindowOutcomes, history
from segmentation.campaigns.contact_lists import (
    DUE,
    MAY,
    OFFERED,
    ContactList,
    Prospects,
    Windows,
    due_list,
    offer_list,
    score_list,
    segment_list,
)
from segmentation.campaigns.past import PastCampaign, past_campaigns
from segmentation.campaigns.plan import plan
from segmentation.campaigns.results import Plan, PlanRow, PlanTotal
from segmentation.campaigns.table import plan_table
from segmentation.campaigns.windows import Between, foresee

__all__ = [
    "DUE",
    "MAY",
    "OFFERED",
    "Between",
    "ContactList",
    "MarginHistory",
    "PastCampaign",
    "Plan",
    "PlanRow",
    "PlanTotal",
    "Prospects",
    "SegmentHistory",
    "WindowOutcomes",
    "Windows",
    "advised",
    "advised_in_season",
    "due_list",
    "foresee",
    "history",
    "hold_now",
    "offer_list",
    "past_campaigns",
    "plan",
    "plan_table",
    "score_list",
    "segment_list",
]
