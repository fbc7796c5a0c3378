"""What a shop's data can and cannot answer: `measure` looks at it, `gates` judges each analysis of the app by it.

health = measure(engine, version)    # span, customers, gaps, columns, outliers: counted, not guessed
for gate in gates(health):           # enough, thin or not possible: threshold, evidence, what to upload next
    print(gate.name, gate.verdict, gate.evidence)
"""

from segmentation.health.answer import HEALTH, health_of
from segmentation.health.calendar import Month, months
from segmentation.health.findings import Finding, findings
from segmentation.health.gates import ENOUGH, NOT_POSSIBLE, THIN, VERDICTS, Gate, Verdict, gates
from segmentation.health.measure import CONTACT_COLUMNS, Coverage, Health, LargeOrder, Outliers, measure

__all__ = [
    "CONTACT_COLUMNS",
    "ENOUGH",
    "HEALTH",
    "NOT_POSSIBLE",
    "THIN",
    "VERDICTS",
    "Coverage",
    "Finding",
    "Gate",
    "Health",
    "LargeOrder",
    "Month",
    "Outliers",
    "Verdict",
    "findings",
    "gates",
    "health_of",
    "measure",
    "months",
]
