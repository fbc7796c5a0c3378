"""Lists over 1 MiB of shops that differ by one customer's id, asked for at the same time: who gets whose?"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

from tests.soak.fetching import Failed
from tests.soak.shops import Shop
from tests.soak.visitor import CUSTOMERS, Noted, Visitor

LARGE = 1024 * 1024
SEGMENTS = 2


async def ask_for_each(address: str, twins: Sequence[Shop], noted: Noted, times: int) -> list[str]:
    """Have one visitor of each shop download the list that holds its own customer, all at once, so many `times`.

    Returns what came of each download: "right", or what was wrong with it.
    """
    visitors = [Visitor(f"twin {shop.name}", address, [shop], noted, random.Random(0)) for shop in twins]
    found = []
    try:
        for visitor in visitors:
            await _open(visitor)
        for _ in range(times):
            found += await asyncio.gather(*(_download(visitor, twins) for visitor in visitors))
    except Failed as problem:
        visitors[0].fail(problem)
    for visitor in visitors:
        await visitor.leave()
    return found


async def _open(visitor: Visitor) -> None:
    """Go to the segment with the shop's own customer."""
    tab, mark = visitor.tab, visitor.shop.mark
    await tab.open("segments", shop=visitor.shop.name)
    await tab.change("number_of_segments", SEGMENTS)
    await tab.change("view", CUSTOMERS)
    for name in list(tab.widget("members_of").options):
        await tab.change("members_of", name)
        _, content = await tab.download("members_csv")
        if mark.encode() in content:
            if len(content) <= LARGE:
                raise Failed(f"The list of {name} is {len(content):,} bytes, too small for this test")
            return
    raise Failed(f"{mark} is in no list of {visitor.shop.name}")


async def _download(visitor: Visitor, twins: Sequence[Shop]) -> str:
    try:
        _, content = await visitor.tab.download("members_csv")
    except Failed as problem:
        visitor.fail(problem)
        return "none"
    own = content.count(visitor.shop.mark.encode())
    others = [shop.name for shop in twins if shop is not visitor.shop and shop.mark.encode() in content]
    if own == 1 and not others:
        return "right"
    return f"{visitor.shop.name} was sent the list of {', '.join(others) or 'nobody'}"
