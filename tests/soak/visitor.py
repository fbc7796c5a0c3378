"""What a visitor does: opens a shop, tunes, turns pages, looks customers up, takes lists along; and what is noted."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from dashboard import words
from tests.soak.fetching import Failed
from tests.soak.shops import MARKS, Shop, wrong_rows
from tests.soak.tab import Heard, Tab

SCREENS = ("overview", "data-health", "worth", "churn", "campaign", "briefing")
CUSTOMERS = "Customers"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: what was asked for, when (`time.perf_counter`), and seconds until it was there."""

    what: str
    at: float
    seconds: float


@dataclass
class Noted:
    """What all visitors met with."""

    answers: list[Answer] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    own: int = 0
    downloads: int = 0
    messages: int = 0
    runs: int = 0


class Visitor:
    """Somebody with a page open. `shops` are those they look at, one after the other."""

    def __init__(self, name: str, address: str, shops: Sequence[Shop], noted: Noted, chance: random.Random) -> None:
        self.name, self.address, self.noted, self.chance = name, address, noted, chance
        self.shops, self.shop, self.left = shops, shops[0], shops[0]
        self.late: set[str] = set()
        self.typed: list[bytes] = []
        self.heard = Heard(self._search)
        self.tab = Tab(address, self.heard)

    async def stay(self, until: float, think: tuple[float, float]) -> None:
        """Do one thing after another until then, with a pause of `think` seconds, at least and at most, before each."""
        try:
            await asyncio.sleep(self.chance.uniform(0, think[1]))
            await self._note("open", self.tab.open("segments", shop=self.shop.name))
            while time.perf_counter() < until:
                await asyncio.sleep(self.chance.uniform(*think))
                await self.act()
        except Failed as problem:
            self.fail(problem)
        finally:
            await self.leave()

    def fail(self, problem: Failed) -> None:
        """Note what went wrong, and say it at once."""
        self.noted.errors.append(f"{time.strftime('%H:%M:%S')} {self.name}: {problem}")
        print(self.noted.errors[-1], flush=True)

    async def leave(self) -> None:
        """Close the page and hand in what was heard."""
        self.noted.errors += [f"{self.name}: {one}" for one in self.heard.errors]
        self.noted.messages += self.heard.messages
        self.noted.runs += self.heard.runs
        self.heard.errors = []
        await self.tab.close()

    async def act(self) -> None:
        """One thing that people do."""
        does = self.chance.choices(
            (self.tune, self.page_through, self.take_along, self.look_up, self.turn, self.change_shop),
            weights=(35, 20, 10, 10, 20, 5),
        )[0]
        await does()

    async def tune(self) -> None:
        """Ask for another number of segments."""
        await self._go("segments")
        now = self.tab.widget("number_of_segments")
        usual = (now.value if now.set_value else now.default)[0]
        wanted = self.chance.choice([number for number in range(2, 13) if number != usual])
        await self._note("tune", self.tab.change("number_of_segments", wanted))

    async def page_through(self) -> None:
        """Look at the customers of another segment."""
        await self._go("segments")
        await self._open_customers()
        names = list(self.tab.widget("members_of").options)
        await self._note("customers", self.tab.change("members_of", self.chance.choice(names)))

    async def take_along(self) -> None:
        """Download the customers of a segment, and see that they are right."""
        await self._go("segments")
        await self._open_customers()
        button = self.tab.widget("members_csv")
        listed = int(re.sub(r"\D", "", button.label))
        if button.disabled:
            return
        seconds, content = await self.tab.download("members_csv")
        self.noted.answers.append(Answer("download", time.perf_counter(), seconds))
        self.noted.downloads += 1
        self.noted.wrong += [f"{self.name}, {self.shop.name}: {one}" for one in wrong_rows(self.shop, content, listed)]

    async def look_up(self) -> None:
        """Look up one customer of the shop."""
        await self._go("customer")
        who = self.chance.choice(list(self.shop.spent))
        self.typed = [who.encode(), words.plain(who).encode()]
        await self._note("look up", self.tab.change("customer_search", who))
        if not any(who in text for text in self.tab.texts()):
            self.noted.wrong.append(f"{self.name}: {who} is not on the screen")

    async def turn(self) -> None:
        """Open another screen."""
        await self._go(self.chance.choice(SCREENS))

    async def change_shop(self) -> None:
        """Look at another shop."""
        self.left, self.shop = self.shop, self.chance.choice(self.shops)
        await self._note("other shop", self.tab.change("shop", self.shop.name))
        if self.tab.run in self.late and self.left is not self.shop:
            self.noted.foreign.append(f"{self.name} chose {self.shop.name} and was shown {self.left.mark}")
        self.left, self.late = self.shop, set()

    async def _open_customers(self) -> None:
        if not self.tab.has("members_of"):
            await self._note("tab", self.tab.change("view", CUSTOMERS))

    async def _go(self, page: str) -> None:
        if self.tab.screen != page:
            await self._note("screen", self.tab.turn_to(page))
        if self._address() != self.shop.name:
            await self._note("address", self._until_the_address_follows())

    async def _until_the_address_follows(self) -> float:
        """A run that the server began by itself may have ended before the one that was asked for: seconds until the
        address names the shop."""
        start = time.perf_counter()
        try:
            await self.tab.until(lambda: self._address() == self.shop.name)
        except Failed as problem:
            said = self._address() or "no shop"
            raise Failed(f"The page shows {said} where {self.shop.name} was chosen. {problem}") from problem
        return time.perf_counter() - start

    def _address(self) -> str:
        return parse_qs(self.tab.query).get("shop", [""])[0]

    async def _note(self, what: str, asked: Awaitable[float]) -> None:
        seconds = await asked
        self.noted.answers.append(Answer(what, time.perf_counter(), seconds))

    def _search(self, content: bytes, run: str) -> None:
        """Look for what belongs to another shop than the one this visitor looks at. While they choose another one,
        what was on its way of the one before may still come, but not in the run that answers. What they typed
        themselves stays in the search field."""
        for typed in self.typed:
            content = content.replace(typed, b"")
        for mark in MARKS:
            if mark.encode() in content:
                if mark == self.shop.mark:
                    self.noted.own += 1
                elif mark == self.left.mark:
                    self.late.add(run)
                else:
                    at = content.index(mark.encode())
                    around = content[max(at - 40, 0) : at + 40].decode("utf-8", "replace")
                    self.noted.foreign.append(f"{self.name} looks at {self.shop.name} and was sent “{around}”")
