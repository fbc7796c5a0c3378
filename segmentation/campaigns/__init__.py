"""What a campaign to each segment is expected to cost and bring, and the lists of customers it goes to."""

from segmentation.campaigns.advice import advised, advised_in_season, hold_now
from segmentation.campaigns.audience import CHANNELS, Audience, Channel, audience, usual_channel
from segmentation.campaigns.audience_files import (
    MAIL_TOOLS,
    Column,
    Form,
    audience_file,
    chosen_columns,
    columns_of,
    write_audience,
)
from segmentation.campaigns.baseline import MarginHistory, SegmentHistory, WindowOutcomes, history
from segmentation.campaigns.contact_lists import (
    DUE,
    MAY,
    OFFERED,
    ContactList,
    Prospects,
    Windows,
    by_spend,
    due_list,
    offer_list,
    score_list,
    segment_list,
    worth_an_offer,
)
from segmentation.campaigns.past import PastCampaign, past_campaigns
from segmentation.campaigns.plan import plan
from segmentation.campaigns.results import Plan, PlanRow, PlanTotal
from segmentation.campaigns.table import plan_table
from segmentation.campaigns.windows import Between, foresee

__all__ = [
    "CHANNELS",
    "DUE",
    "MAIL_TOOLS",
    "MAY",
    "OFFERED",
    "Audience",
    "Between",
    "Channel",
    "Column",
    "ContactList",
    "Form",
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
    "audience",
    "audience_file",
    "by_spend",
    "chosen_columns",
    "columns_of",
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
    "usual_channel",
    "worth_an_offer",
    "write_audience",
]
