"""One definition of each figure: in one sentence, and the same in the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentation import glossary
from segmentation.glossary import TERMS

DOCS = Path("docs/glossary.md")


@pytest.mark.parametrize("name", TERMS)
def test_a_definition_is_one_short_sentence(name: str) -> None:
    sentence = TERMS[name].sentence
    assert sentence.endswith(".")
    assert ". " not in sentence
    assert len(sentence) <= 130


def test_the_documentation_lists_every_definition_as_screens_say_it() -> None:
    """After a change: `python -c "from segmentation import glossary; print(glossary.table())"`."""
    assert glossary.table() in DOCS.read_text(encoding="utf-8")


def test_no_two_terms_are_defined_alike() -> None:
    assert len({term.sentence for term in TERMS.values()}) == len(TERMS)
    assert len(TERMS) == len({name.lower() for name in TERMS})


def test_what_is_said_of_a_figure_here_follows_its_definition() -> None:
    assert glossary.about("ROI", "", "Here of all.") == f"{TERMS['ROI'].sentence} Here of all."
