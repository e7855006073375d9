"""The three that are measured, each a process of its own, started as a host would start it."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Self

    from tests.bench.floors.peer import Peer

ROOT = Path(__file__).resolve().parents[3]
QUIETLY = (sys.executable, "-W", "ignore", "-m")
LEFT_OUT = ("LINERNOTES_", "PYTHONDONTWRITEBYTECODE")
"""No host's settings; and modules are compiled once, as an installation compiles them."""
MODULES = {
    "ours": ("bot", "run"),
    "bare": ("tests.bench.floors.bare",),
    "naive": ("tests.bench.floors.naive",),
}


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of a bot and whatever it started."""

    resident: int
    own: int
    """What would be free again if it ended: without what it shares with others."""

    @classmethod
    def of(cls, pid: int) -> Self:
        """Measure a process and its children."""
        root = psutil.Process(pid)
        found = [each.memory_full_info() for each in (root, *root.children(recursive=True))]
        return cls(sum(each.rss for each in found), sum(each.uss for each in found))


@asynccontextmanager
async def running(name: str, token: str, peer: Peer, folder: Path) -> AsyncIterator[psutil.Process]:
    """Start a contender under a token that the peer knows; end it on the way out."""
    plain = {name: text for name, text in os.environ.items() if not name.startswith(LEFT_OUT)}
    process = await asyncio.create_subprocess_exec(
        *QUIETLY,
        *MODULES[name],
        cwd=ROOT,
        env=plain | _ours(token, peer, folder) | _theirs(token, peer, folder),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _ours(token: str, peer: Peer, folder: Path) -> dict[str, str]:
    return {
        "LINERNOTES_TOKEN": token,
        "LINERNOTES_API": peer.api,
        "LINERNOTES_GATEWAY": peer.gateway,
        "LINERNOTES_DATA_DIR": str(folder),
        "LINERNOTES_COOLDOWN": "off",  # one member asks it all
    }


def _theirs(token: str, peer: Peer, folder: Path) -> dict[str, str]:
    return {
        "PEER_TOKEN": token,
        "PEER_API": peer.api,
        "PEER_GATEWAY": peer.gateway,
        "PEER_DATA": str(folder),
    }
