"""The server killed at 28 moments of an upload, an import and a download: nothing is lost or half, and it serves again.

It is killed at moments spread over the seconds that the act takes, and started again at once. The seconds until it
answers and draws the shop are printed; the processor time it takes to answer is held to the figure, since other work of
the machine does not count in it. `TESSERA_TRUTH=full` only.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from segmentation import cli
from segmentation.workspace import Workspace
from segmentation.workspace.checked import forget_digests
from tests.browser import serving
from tests.dashboard.shops import write_shop
from tests.soak.fetching import Failed
from tests.soak.heavy import ANOTHER, IMPORT_NOW
from tests.soak.tab import Heard, Tab

FULL = os.environ.get("TESSERA_TRUTH") == "full"
pytestmark = [
    pytest.mark.truth,
    pytest.mark.skipif(not FULL, reason="one of the long ones: make truth"),
    pytest.mark.skipif(sys.platform != "linux", reason="processor time is read from /proc"),
]
KILLS = {"upload": 10, "import": 9, "download": 9}
WITHIN = 5.0
ROWS = 120_000
_TICKS = os.sysconf("SC_CLK_TCK")


def opened(address: str) -> Tab:
    return Tab(address, Heard(lambda _content, _run: None))


def spent(process: int) -> float:
    """Seconds of processor time that this process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@dataclass
class Server:
    """A server that is killed and started again at the same address."""

    root: Path
    port: int = field(default_factory=serving.free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> tuple[float, float]:
        """Seconds until it answers, and its processor time until then."""
        began = time.monotonic()
        self.process = serving.started(self.root, self.port, workers=0)
        return time.monotonic() - began, spent(self.process.pid)

    def kill(self) -> None:
        """End it as `kill -9` does, where it runs."""
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            self.process = None


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a shop of one version, and an export that takes seconds to import."""
    home = tmp_path_factory.mktemp("whole")
    write_shop(Workspace.open(home / "workspace"), "Shop", customers=2_000)
    with (home / "large.csv").open("w", encoding="utf-8") as file:
        file.write("order_id,customer_id,order_date,amount,product\n")
        for row in range(ROWS):
            day = f"2025-{1 + row % 12:02d}-{1 + row % 28:02d}"
            file.write(f"O{row},C{row % 9_000},{day},{1 + row % 90}.{row % 100:02d},Tea {row % 40}\n")
    return home


@pytest.fixture
def server(tmp_path: Path, whole: Path) -> Iterator[Server]:
    shutil.copytree(whole / "workspace", tmp_path / "workspace")
    found = Server(tmp_path / "workspace")
    found.start()
    yield found
    found.kill()


async def ready(address: str, act: str, export: Path) -> tuple[Tab, Callable[[], Awaitable[object]]]:
    """A visitor's page before the act, and the act."""
    tab = opened(address)
    if act == "download":
        await tab.open("segments", shop="Shop")
        await tab.change("view", "Customers")
        return tab, lambda: tab.download("members_csv")
    await tab.open("import")
    if act == "upload":
        return tab, lambda: tab.drop(export, "large.csv")
    await tab.drop(export, "large.csv")
    await tab.until(lambda: tab.has(IMPORT_NOW))

    async def bring_in() -> None:
        await tab.change(IMPORT_NOW, True)
        await tab.until(lambda: tab.has(ANOTHER))

    return tab, bring_in


async def killed(server: Server, act: str, export: Path, after: float | None) -> float:
    """Seconds that the act took where it was let to its end, else until the server was killed."""
    tab, carry_out = await ready(server.address, act, export)
    began = time.monotonic()
    task = asyncio.ensure_future(carry_out())
    if after is None:
        await task
    else:
        await asyncio.wait([task], timeout=after)
        server.kill()
        task.cancel()
        with suppress(Failed, asyncio.CancelledError, OSError):
            await task
    seconds = time.monotonic() - began
    await tab.close()
    return seconds


async def drawn(server: Server) -> float:
    """Seconds until a new visitor has the shop's first screen."""
    tab = opened(server.address)
    began = time.monotonic()
    await tab.open("overview", shop="Shop")
    await tab.close()
    assert tab.heard.errors == []
    return time.monotonic() - began


@pytest.mark.parametrize("act", KILLS)
def test_a_killed_server_loses_nothing_and_serves_again(
    act: str, tmp_path: Path, whole: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    takes = asyncio.run(killed(server, act, whole / "large.csv", None))
    ended: Counter[str] = Counter()
    answers, drew, processor = [], [], []
    for place in range(KILLS[act]):
        server.kill()
        shutil.rmtree(server.root)
        shutil.copytree(whole / "workspace", server.root)
        forget_digests()
        server.start()
        asyncio.run(killed(server, act, whole / "large.csv", takes * (place + 0.5) / KILLS[act]))
        seconds, taken = server.start()
        answers.append(seconds)
        processor.append(taken)
        drew.append(asyncio.run(drawn(server)))
        workspace = Workspace.open(server.root)
        names = sorted(one.name for one in workspace.datasets())
        assert names[-1:] == ["Shop"] or act == "import"
        new = [name for name in names if name != "Shop"]
        assert len(new) <= (act == "import"), names
        assert [workspace.latest(name).manifest.lines for name in new] == [ROWS] * len(new)
        ended["complete" if new else "as before"] += 1
        for words in (["verify"], ["audit", "verify"], ["health", "Shop"]):
            assert cli.main([*words, "--workspace", str(server.root)]) == 0, words
        capsys.readouterr()
        server.kill()  # else it keeps the upload for who may come back
        workspace.sweep(now=time.time() + 3_601)
        assert [one.name for one in workspace.tmp.iterdir() if not one.name.startswith("engine-")] == []
    with capsys.disabled():
        print(
            f"{act}: takes {takes:.2f} s, killed {KILLS[act]} times: {dict(ended)}; answers again within "
            f"{max(answers):.1f} s (half within {sorted(answers)[len(answers) // 2]:.1f}), the shop is drawn "
            f"{max(drew):.1f} s later at most; processor time until it answers {max(processor):.1f} s at most; load "
            f"average {os.getloadavg()[0]:.1f}"
        )
    assert max(processor) <= WITHIN
