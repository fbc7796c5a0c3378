"""What a campaign to each segment is expected to cost and bring."""

from segmentation.campaigns.baseline import MarginHistory, SegmentHistory, WindowOutcomes, history
from segmentation.campaigns.past import PastCampaign, past_campaigns
from segmentation.campaigns.plan import plan
from segmentation.campaigns.results import Plan, PlanRow, PlanTotal
from segmentation.campaigns.table import plan_table

__all__ = [
    "MarginHistory",
    "PastCampaign",
    "Plan",
    "PlanRow",
    "PlanTotal",
    "SegmentHistory",
    "WindowOutcomes",
    "history",
    "past_campaigns",
    "plan",
    "plan_table",
]
