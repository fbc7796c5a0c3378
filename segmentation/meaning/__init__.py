"""What a stranger's columns mean: recognised by platform, guessed from names and values, or asked about."""

from segmentation.meaning.guessing import Guess, guess
from segmentation.meaning.mapping import MEANINGS, Choices, Mapping, header_key
from segmentation.meaning.platforms import Platform, platforms, recognise
from segmentation.meaning.settle import Question, Reading, questions, settle

__all__ = [
    "MEANINGS",
    "Choices",
    "Guess",
    "Mapping",
    "Platform",
    "Question",
    "Reading",
    "guess",
    "header_key",
    "platforms",
    "questions",
    "recognise",
    "settle",
]
