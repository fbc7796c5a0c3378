"""Downloads on their way out: the right bytes to the right browser, made when a click asks, and never in silence."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send
from streamlit.testing.v1 import AppTest

from dashboard.serving import visitors
from dashboard.serving.handing_out import HandsOut, as_attachment
from dashboard.serving.offers import MOST, OFFERS, Offer, Offers, receipt_for
from dashboard.serving.visitors import COOKIE
from segmentation.errors import NotLogged
from segmentation.workspace import Workspace
from segmentation.workspace.audit import LOG
from segmentation.workspace.audit_check import check
from tests.dashboard.shops import write_shop

TOKEN, OTHER = "a" * 64, "b" * 64
ADDRESS = "0f" * 16 + ".tessera"
CLICK, SCRIPT = {"sec-fetch-mode": "navigate"}, {"sec-fetch-mode": "cors", "accept": "*/*"}


async def streamlit_itself(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that says which path it was asked for."""
    await PlainTextResponse(f"streamlit: {scope['path']}")(scope, receive, send)


def ask(
    offers: Offers, address: str = ADDRESS, *, method: str = "GET", token: str | None = TOKEN, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of what a browser with this cookie is answered."""
    sent: list[Message] = []
    told = headers | ({} if token is None else {"cookie": f"{COOKIE}={token}"})
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in told.items()]
    scope = {"type": "http", "method": method, "path": f"/media/{address}", "headers": raw}

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(HandsOut(streamlit_itself, offers)(scope, receive, send))
    start, *rest = sent
    body = b"".join(one.get("body", b"") for one in rest)
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, body


def offering(make: Callable[[], bytes], *, visitor: str | None = visitors._told(TOKEN), name: str = "a.csv") -> Offers:
    offers = Offers()
    offers.put(ADDRESS, Offer(make, name, "text/csv", "s1", visitor))
    return offers


# The way out --------------------------------------------------------------------------------------------------------


def test_a_click_gets_the_file_with_headers_that_keep_it_a_file() -> None:
    status, headers, body = ask(offering(lambda: b"a,b\r\n"), **CLICK)
    assert (status, body) == (200, b"a,b\r\n")
    assert headers["content-disposition"] == 'attachment; filename="a.csv"'
    assert headers["content-length"] == "5"
    assert headers["content-type"] == "text/csv; charset=utf-8"
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


@pytest.mark.parametrize(
    ("headers", "made"),
    [
        (CLICK, True),
        ({"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}, True),
        ({}, True),
        (SCRIPT, False),
        ({"sec-fetch-mode": "same-origin", "accept": "text/html"}, False),
        ({"accept": "*/*"}, False),
    ],
)
def test_nothing_is_made_when_the_page_only_looks_whether_the_file_is_there(
    headers: dict[str, str], made: bool
) -> None:
    calls: list[int] = []

    def make() -> bytes:
        calls.append(1)
        return b"x"

    offers = offering(make)
    assert ask(offers, **headers)[0] == (200 if made else 204)
    assert ask(offers, method="HEAD", **headers)[0] == 204
    assert len(calls) == made


@pytest.mark.parametrize("token", [OTHER, None, "c" * 63])
def test_another_browser_gets_nothing(token: str | None) -> None:
    status, _, body = ask(offering(lambda: b"secret"), token=token, **CLICK)
    assert status == 404
    assert b"secret" not in body


def test_a_browser_without_cookies_has_the_address_only() -> None:
    assert ask(offering(lambda: b"x", visitor=None), token=None, **CLICK)[2] == b"x"
    assert ask(offering(lambda: b"x", visitor=None), "1f" * 16 + ".tessera", token=None, **CLICK)[0] == 404


def test_what_is_not_offered_never_reaches_streamlit_whose_receipt_it_would_be() -> None:
    assert ask(Offers(), **CLICK)[0] == 404
    assert ask(Offers(), "0f.css")[2] == b"streamlit: /media/0f.css"


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (NotLogged("export", "No space left on device"), "audit log could not be written"),
        (OSError(28, "No space left on device"), "a.csv could not be made. The system says: No space left on device."),
        (FileNotFoundError("gone\x1b[2J"), "gone\\u001b[2J"),
    ],
)
def test_a_file_that_cannot_be_made_is_a_file_that_says_why(problem: Exception, said: str) -> None:
    def fail() -> bytes:
        raise problem

    status, headers, body = ask(offering(fail), **CLICK)
    assert (status, headers["content-disposition"]) == (200, 'attachment; filename="not-downloaded.txt"')
    assert said in body.decode()


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a.csv", 'attachment; filename="a.csv"'),
        ("Käufer.csv", "attachment; filename=\"K-ufer.csv\"; filename*=UTF-8''K%C3%A4ufer.csv"),
        (
            'a";\r\nSet-Cookie: x=1.csv',
            "attachment; filename=\"a-Set-Cookie-x-1.csv\"; filename*=UTF-8''a%22%3B%0D%0ASet-Cookie%3A%20x%3D1.csv",
        ),
        ("../../etc/passwd", "attachment; filename=\"..-..-etc-passwd\"; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd"),
    ],
)
def test_no_name_leaves_its_header(name: str, header: str) -> None:
    assert as_attachment(name) == header


# What is offered ----------------------------------------------------------------------------------------------------


def test_what_a_page_offered_goes_two_minutes_after_it_was_closed() -> None:
    offers = offering(lambda: b"x")
    offers.sweep(now=0, active=lambda _session: True)
    offers.sweep(now=9000, active=lambda _session: False)
    offers.sweep(now=9060, active=lambda _session: True)  # it was only away
    offers.sweep(now=9100, active=lambda _session: False)
    offers.sweep(now=9220, active=lambda _session: False)
    assert ask(offers, **CLICK)[0] == 200
    offers.sweep(now=9221, active=lambda _session: False)
    assert ask(offers, **CLICK)[0] == 404


def test_a_page_cannot_offer_more_and_more() -> None:
    offers = offering(lambda: b"x")
    for number in range(MOST):
        offers.put(f"{number}.tessera", Offer(lambda: b"y", "a.csv", "text/csv", "s1", None))
    offers.put("other.tessera", Offer(lambda: b"z", "a.csv", "text/csv", "s2", None))
    assert offers.get(ADDRESS, visitors._told(TOKEN)) is None
    assert all(offers.get(f"{number}.tessera", None) for number in range(MOST))
    assert offers.get("other.tessera", None)


def test_receipts_differ_with_page_visitor_and_file_and_cannot_be_guessed() -> None:
    usual = ("s1", "ada", "a.csv", "1")
    others = [("s2", "ada", "a.csv", "1"), ("s1", None, "a.csv", "1"), ("s1", "ada", "b.csv", "1")]
    others += [("s1", "ada", "a.csv", "2"), ("s1", "bob", "a.csv", "1")]
    assert receipt_for(*usual) == receipt_for(*usual)
    assert len({receipt_for(*one) for one in (usual, *others)}) == 6
    asked = f"from dashboard.serving.offers import receipt_for; print(receipt_for(*{usual!r}).decode())"
    elsewhere = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True)
    assert elsewhere.stdout.strip() != receipt_for(*usual).decode()


# From the button ----------------------------------------------------------------------------------------------------


def offered() -> None:
    from functools import partial  # noqa: PLC0415 - the function is run as a script of its own

    import streamlit as st  # noqa: PLC0415

    from dashboard.parts import tables  # noqa: PLC0415
    from dashboard.parts.downloads import Download  # noqa: PLC0415
    from segmentation.workspace.audit import digest_of  # noqa: PLC0415

    for place, data in enumerate(st.session_state["audiences"]):
        made = partial(bytes, data)
        file = Download(make=made, file_name="audience.csv", mime="text/csv", identity=digest_of(data))
        tables.download_button(file, key=f"file_{place}")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("TESSERA_HOME", str(tmp_path))
    monkeypatch.setattr("dashboard.parts.downloads.visitor", lambda: visitors._told(TOKEN))
    return AppTest.from_function(offered)


def addresses(page: AppTest) -> list[str]:
    page.run(timeout=60)
    assert not page.exception
    return [button.proto.url.rpartition("/")[2] for button in page.get("download_button")]


def test_of_two_hundred_audiences_that_differ_in_one_row_each_arrives_as_it_is(page: AppTest) -> None:
    rows = [f"customer{number:07d},ada{number:07d}@shop.example,{number % 97}\r\n".encode() for number in range(60_000)]
    right = 0
    for pair in range(100):
        middle = 2 * pair + 7_919
        first = b"".join(rows)
        second = b"".join([*rows[:middle], rows[middle].replace(b"ada", b"eve"), *rows[middle + 1 :]])
        assert len(first) == len(second) > 2_500_000
        page.session_state["audiences"] = (first, second)
        found = addresses(page)
        right += [ask(OFFERS, address, **CLICK)[2] for address in found] == [first, second]
    assert right == 100


def test_a_page_that_is_drawn_again_offers_a_file_under_the_same_address(page: AppTest) -> None:
    page.session_state["audiences"] = (b"1", b"2")
    assert addresses(page) == addresses(page)


def test_a_download_of_a_shop_that_was_deleted_or_changed_since_says_so(tmp_path: Path, page: AppTest) -> None:
    workspace = Workspace.open(tmp_path)
    page.session_state["audiences"] = (b"1",)
    write_shop(workspace, customers=30)
    (address,) = addresses(page)
    assert ask(OFFERS, address, **CLICK)[2] == b"1"
    workspace.delete("Shop")
    assert "“Shop” was deleted since" in ask(OFFERS, address, **CLICK)[2].decode()
    write_shop(workspace, customers=40)
    assert "“Shop” was changed since" in ask(OFFERS, address, **CLICK)[2].decode()
    assert addresses(page) == [address]
    assert ask(OFFERS, address, **CLICK)[2] == b"1"


def test_what_cannot_be_entered_in_the_audit_log_is_not_handed_out(tmp_path: Path, page: AppTest) -> None:
    page.session_state["audiences"] = (b"secret",)
    (address,) = addresses(page)
    assert ask(OFFERS, address, **SCRIPT)[2] == b""
    assert check(Workspace.open(tmp_path)).entries == ()
    (tmp_path / LOG).mkdir()
    assert "audit log could not be written" in ask(OFFERS, address, **CLICK)[2].decode()
