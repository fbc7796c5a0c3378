"""What the words in a shop's export mean, in many languages: statuses, kinds, placeholders, consent, rows, headers."""

from segmentation.meaning.vocabulary.consent import Channel, Polarity, agreed, channel, consent_of, polarity
from segmentation.meaning.vocabulary.flags import flag_of
from segmentation.meaning.vocabulary.kinds import Kind, kind_of
from segmentation.meaning.vocabulary.placeholders import Strength, is_placeholder, placeholder
from segmentation.meaning.vocabulary.products import Row, row_of
from segmentation.meaning.vocabulary.statuses import Status, status_of

__all__ = [
    "Channel",
    "Kind",
    "Polarity",
    "Row",
    "Status",
    "Strength",
    "agreed",
    "channel",
    "consent_of",
    "flag_of",
    "is_placeholder",
    "kind_of",
    "placeholder",
    "polarity",
    "row_of",
    "status_of",
]
