"""What a stranger's columns mean: recognised by platform, proven by arithmetic, proposed by names, or asked about."""

from segmentation.meaning.guessing import Guess, guess
from segmentation.meaning.interpret import Interpretation, interpret
from segmentation.meaning.mapping import MEANINGS, Choices, Mapping, header_key
from segmentation.meaning.platforms import Platform, platforms, recognise
from segmentation.meaning.questions import Question
from segmentation.meaning.settle import ValueReading, settle

__all__ = [
    "MEANINGS",
    "Choices",
    "Guess",
    "Interpretation",
    "Mapping",
    "Platform",
    "Question",
    "ValueReading",
    "guess",
    "header_key",
    "interpret",
    "platforms",
    "recognise",
    "settle",
]
