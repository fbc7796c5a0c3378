"""Texts that a spreadsheet may run as a formula."""

FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "＠SUM(1)",
    " =1+1",
    "\u200b=1+1",
    "'=1+1",
    '"=1+1',
    "a;=1+1",
    "a\t=1+1",
    "a\n@SUM(1)",
    '=HYPERLINK("http://evil.example","x")',
)
