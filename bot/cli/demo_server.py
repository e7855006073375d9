"""The real bot and a stand-in for Discord in one process.

One process, because the page's clock is then the bot's too. Nothing else is shared but what a host
would tell a person: `Notices`.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.pack_reloader import PackReloader
from bot.answering.pack_set import LEFT_OUT, compile_packs
from bot.bootstrap import build_bot
from bot.cli.page_workbench import PageWorkbench
from bot.client.endpoint import use_endpoint
from bot.client.serve import serve
from bot.client.signals import handle_hangup, run_until
from bot.config import Endpoint, write_file_url
from bot.errors import ConfigError, LinerNotesError, PackError
from bot.evaluation.workbench import Workbench
from bot.index.cache import KEY_BYTES, KeyedHash
from bot.private_files import private_folder
from bot.sandbox.clock import WallClock
from bot.sandbox.errors import SandboxError
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import small_world
from bot.scheduling.fast_forward import FastForward
from bot.scheduling.storage.database import State

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.answering.pack_set import PackSet
    from bot.config import Config

MAX_QUESTIONS = 3
"""How many questions the page offers to press before anything was said."""
_NOTICE = "packs"
_LEFT_OUT = "translations"


class PackReport(Protocol):
    """Reports the state of the packs after a reload."""

    def __call__(self, error: LinerNotesError | None, *, is_answering: bool) -> None:
        """Report the faults of the packs, or None if there are none."""
        ...


class DemoClock(WallClock):
    """One clock for Discord and the bot, set forward for both."""

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return datetime.fromtimestamp(self.time(), UTC)

    def forward(self, by: timedelta) -> None:
        """Move both sides forward at once."""
        self.advance(by.total_seconds())


async def demonstrate(  # noqa: PLR0913  # each is given by name but the first two
    pack_set: PackSet,
    compiling: Awaitable[Path],
    *,
    config: Config,
    port: int,
    ready: Callable[[str], object],
    stop: asyncio.Event,
    tell: Callable[[str], object],
    source: Path | None = None,
    is_workbench: bool = False,
) -> None:
    """Serve the page and the bot until told to stop.

    Args:
        pack_set: The packs to answer from; edited meanwhile, they are read anew.
        compiling: The packs' index, once it is compiled.
        config: The settings; of them, those that members notice.
        port: Where on 127.0.0.1; 0 for any free port.
        ready: Called with the page's address once the bot answers there.
        stop: Set when it is to end.
        tell: Called with a line about each reload.
        source: The text that the packs were made from, to audit them against.
        is_workbench: Whether an author is at work, who mends packs that never were sound.

    Raises:
        ConfigError: The port is taken.
        PackError: The packs have faults, no notes are there to serve meanwhile, and no author is
            there to mend them.
    """
    clock, wake_event = DemoClock(), asyncio.Event()
    async with (
        _temporary_folder(pack_set.folder.parent) as folder,
        await State.open(write_file_url(folder / "state.sqlite3")) as state,
        _start_sandbox(state, clock, wake_event, port) as sandbox,
    ):
        report = _pack_reporter(sandbox, tell)
        empty = folder / "empty.sqlite" if is_workbench else None
        index = await run_until(stop, _sound_index(pack_set, compiling, report, empty))
        if index is None:
            return
        endpoint = Endpoint(sandbox.api_url, sandbox.gateway_url)
        hide = KeyedHash(secrets.token_bytes(KEY_BYTES))
        async with await KnowledgeBase.open(index, hide) as knowledge:
            with use_endpoint(endpoint):
                bot = build_bot(
                    knowledge,
                    SystemRandom(),
                    state=state,
                    clock=clock,
                    wake_event=wake_event,
                    endpoint=endpoint,
                    cooldown=config.cooldown,
                    help_page=config.help_page,
                )
                holder = bot.services.holder

                def report_left_out(knowledge: KnowledgeBase) -> None:
                    faults = knowledge.translation_faults(knowledge.packs)
                    if left_out := pack_set.describe_left_out(faults):
                        sandbox.notices.put(_LEFT_OUT, "warning", LEFT_OUT, left_out)
                        tell(f"{LEFT_OUT}\n{left_out}")
                    else:
                        sandbox.notices.clear(_LEFT_OUT)

                def report_reload(error: LinerNotesError | None) -> None:
                    report(error, is_answering=bool(holder.current.packs))
                    report_left_out(holder.current)
                    _introduce(sandbox, holder.current)
                    sandbox.workbench.tell()

                _introduce(sandbox, knowledge)
                report_left_out(knowledge)
                sandbox.gateway.watchers.append(_once_online(sandbox, ready))
                async with (
                    Workbench(
                        pack_set, lambda: holder.current, source, changed=sandbox.workbench.tell
                    ) as workbench,
                    PackReloader(pack_set, holder.replace, report_reload, hide=hide) as reloader,
                ):
                    sandbox.workbench.put(PageWorkbench(workbench))
                    with handle_hangup(reloader.request_reload):
                        await serve(bot, sandbox.token, stop)


@asynccontextmanager
async def _temporary_folder(data_dir: Path) -> AsyncIterator[Path]:
    """Make a folder that is deleted afterwards."""
    try:
        private_folder(data_dir)
        folder = TemporaryDirectory(prefix="demo-", dir=data_dir, ignore_cleanup_errors=True)
    except OSError as error:
        raise ConfigError(
            f"{data_dir} cannot be written ({error.strerror}); "
            "name another folder with LINERNOTES_DATA_DIR."
        ) from error
    with folder as name:
        yield Path(name)


@asynccontextmanager
async def _start_sandbox(
    state: State, clock: DemoClock, wake_event: asyncio.Event, port: int
) -> AsyncIterator[Sandbox]:
    """Start a stand-in for Discord, and close it at the end."""
    fast_forward = FastForward(state, clock, wake_event.set)

    async def move_clock(seconds: float) -> None:
        await fast_forward.run_until(clock.now() + timedelta(seconds=seconds))

    sandbox = Sandbox(small_world(), port=port, clock=clock, move_clock=move_clock)
    try:
        await sandbox.start()
    except SandboxError as error:
        raise ConfigError(str(error)) from error
    try:
        yield sandbox
    finally:
        await sandbox.close()


async def _sound_index(
    pack_set: PackSet,
    compiling: Awaitable[Path],
    report: PackReport,
    empty: Path | None,
) -> Path:
    """Return an index of the packs, the last good one, or `empty`."""
    try:
        return await compiling
    except PackError as error:
        good = pack_set.find_last_good()
        if good is None and empty is not None:
            await asyncio.to_thread(compile_packs, (), empty, key="")
            report(error, is_answering=False)
            return empty
        if good is None:
            raise
        report(error, is_answering=True)
        return good


def _introduce(sandbox: Sandbox, knowledge: KnowledgeBase) -> None:
    """Show the packs that answer, and the first questions of some subjects."""
    titles = [f"“{knowledge.pack_title(pack)}”" for pack in sorted(knowledge.packs)]
    if not titles:
        text = "The real bot runs behind it, and no pack is sound yet to answer from."
    elif len(titles) == 1:
        text = f"The real bot runs behind it and answers from one pack: {titles[0]}."
    else:
        text = f"The real bot runs behind it and answers from these packs: {', '.join(titles)}."
    topics = knowledge.list_topics(knowledge.packs)[:MAX_QUESTIONS]
    sandbox.welcome.put(text, [f"/ask {topic.questions[0].question}" for topic in topics])


def _pack_reporter(sandbox: Sandbox, tell: Callable[[str], object]) -> PackReport:
    """Build a callback that tells page and terminal of the packs."""

    def report(error: LinerNotesError | None, *, is_answering: bool) -> None:
        if error is None:
            sandbox.notices.put(_NOTICE, "info", "The packs were read anew", "They answer now.")
            tell("The packs were read anew. They answer now.")
        else:
            title = "The packs have faults; the last good ones still answer"
            if not is_answering:
                title = "The packs have faults, and none is there to answer until they are mended"
            sandbox.notices.put(_NOTICE, "error", title, str(error))
            tell(f"{title}:\n{error}")

    return report


def _once_online(sandbox: Sandbox, ready: Callable[[str], object]) -> Callable[[], None]:
    """Build a callback that calls `ready` once the bot has connected."""
    is_told = False

    def look() -> None:
        nonlocal is_told
        if sandbox.gateway.is_online and not is_told:
            is_told = True
            # A browser in the terminal would keep the page itself from being served.
            asyncio.get_running_loop().run_in_executor(None, ready, sandbox.page_url)

    return look
