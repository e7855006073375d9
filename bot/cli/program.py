"""The edges of the command line: knowledge base, clock, settings."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from bot.errors import PackError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from contextlib import AbstractAsyncContextManager

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.config import Config
    from bot.errors import LinerNotesError
    from bot.scheduling.limits import Limits

SETTINGS_FILE = Path("linernotes.toml")
"""The settings file that is read where the bot is started, if it is there."""


class OpenKnowledge(Protocol):
    """Opens a knowledge base, compiled first where its packs have changed."""

    def __call__(
        self,
        config: Config,
        places: tuple[Path, ...] = (),
        *,
        told: Callable[[LinerNotesError], None] | None = None,
    ) -> AbstractAsyncContextManager[KnowledgeBase]:
        """Open the packs in `places`, or those that the settings name.

        `told` is called with faults that leave the last good index serving; without it, they are
        printed on standard error.
        """
        ...


@asynccontextmanager
async def open_knowledge(
    config: Config,
    places: tuple[Path, ...] = (),
    *,
    told: Callable[[LinerNotesError], None] | None = None,
) -> AsyncIterator[KnowledgeBase]:
    """Open a knowledge base, as `OpenKnowledge` describes."""
    # Imported here: `linernotes --help` need not wait for the index and the ranking.
    import asyncio  # noqa: PLC0415
    import secrets  # noqa: PLC0415

    from bot.answering.knowledge_base import KnowledgeBase  # noqa: PLC0415
    from bot.answering.pack_set import LEFT_OUT, PackSet  # noqa: PLC0415
    from bot.index.cache import KEY_BYTES, KeyedHash  # noqa: PLC0415

    pack_set = PackSet.choose(config.data_dir, config.packs, places, config.languages)
    try:
        # In a thread: a health check or a signal to stop need not wait for the compiler.
        store = await asyncio.to_thread(pack_set.ensure_index)
    except PackError as error:
        good = pack_set.find_last_good()
        if good is None:
            raise
        if told is None:
            remedy = "The last good notes go on serving until this is put right."
            click.echo(f"{error}\n{remedy}", err=True)
        else:
            told(error)
        store = good
    hide = KeyedHash(secrets.token_bytes(KEY_BYTES))
    async with await KnowledgeBase.open(store, hide) as knowledge:
        faults = knowledge.translation_faults(knowledge.packs)
        # With `told`, somebody else says so too, where it belongs.
        if told is None and (left_out := pack_set.describe_left_out(faults)):
            click.echo(f"{LEFT_OUT}\n{left_out}", err=True)
        yield knowledge


@dataclass(frozen=True, slots=True)
class Program:
    """The outside of the command line, which tests replace."""

    open_knowledge: OpenKnowledge = open_knowledge
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    limits: Limits | None = None
    """The limits of posting; None for the usual ones."""

    def open_here(self, places: tuple[Path, ...]) -> AbstractAsyncContextManager[KnowledgeBase]:
        """Open the packs in some places, or those that the settings name."""
        return self.open_knowledge(read_config(), places)


def read_config(
    path: Path | None = None, options: Mapping[str, str | None] | None = None
) -> Config:
    """Read the settings; options given on the command line win over everything.

    The settings file is `path`, else the one that LINERNOTES_CONFIG names, else `SETTINGS_FILE` if
    it is there.
    """
    # Imported here: not every command has settings.
    from bot.config import Config  # noqa: PLC0415

    given = {f"LINERNOTES_{name.upper()}": text for name, text in (options or {}).items() if text}
    named = os.environ.get("LINERNOTES_CONFIG", "").strip()
    beside = SETTINGS_FILE if SETTINGS_FILE.exists() else None
    file = path or (Path(named) if named else beside)
    return Config.from_env({**os.environ, **given}, file)
