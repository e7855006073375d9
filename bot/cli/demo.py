"""The commands `linernotes demo` and `facts workbench`: the whole bot in the browser."""

from __future__ import annotations

import gc
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.command import Command
from bot.cli.program import read_config
from bot.cli.progress import show_count

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.config import Config

_PATH = click.Path(path_type=Path, exists=True)
MAX_PORT = 65_535
STEPS = 3
"""The packs are read, the bot is loaded, and it has connected."""
WORKBENCH = "#panel=workbench"
"""Behind the page's address, it opens the author's panel."""
_QUIET = {"": "warning", "discord.gateway": "warning", "bot.answering.pack_reloader": "critical"}
"""The page tells of connections, and what is told of packs is told here in other words."""

_port = click.option(
    "--port",
    type=click.IntRange(0, MAX_PORT),
    default=0,
    help="The page's port on this machine, instead of any free one.",
)
_headless = click.option("--headless", is_flag=True, help="Only print the page's address.")


@click.command("demo", cls=Command)
@click.option(
    "--packs",
    "places",
    type=_PATH,
    multiple=True,
    help="A pack file or folder to answer from, instead of those in the settings.",
)
@_port
@_headless
def demo(places: tuple[Path, ...], port: int, *, headless: bool) -> None:
    """Try the bot in the browser: no account, no token, nothing leaves this machine.

    Packs that are edited meanwhile are read anew, and the page has a panel for their author. Ctrl-C
    ends it.
    """
    open_demo(places, port, is_headless=headless)


@click.command(cls=Command)
@click.argument("path", type=_PATH, metavar="PACK")
@click.option("--source", type=_PATH, help="The text that the pack was made from, to audit it.")
@_port
@_headless
def workbench(path: Path, source: Path | None, port: int, *, headless: bool) -> None:
    """Work on the pack in the file or folder PACK, in the browser.

    Opens the demo's page with the author's panel: the pack by subject, its faults and advice with
    their lines, and a box to try a question and see why a fact answers it or none does. A
    question can be written where it belongs. Edited files are read anew. Ctrl-C ends it.
    """
    if source and path.is_dir():
        raise click.UsageError("A source belongs to one pack: with --source, name the pack's file.")
    open_demo((path,), port, is_headless=headless, source=source, is_workbench=True)


def open_demo(
    places: tuple[Path, ...],
    port: int,
    *,
    is_headless: bool,
    source: Path | None = None,
    is_workbench: bool = False,
) -> None:
    """Serve the page until told to stop.

    Args:
        places: The packs to answer from, instead of those in the settings.
        port: Where on 127.0.0.1; 0 for any free port.
        is_headless: Whether the address is printed only.
        source: The text that the packs were made from, for the author's panel.
        is_workbench: Whether the author's panel is what the page is opened for.
    """
    # Said before anything large is imported, and not on standard output, where the address goes.
    click.echo("Reading the packs; the first time takes a few seconds …", err=True)
    import asyncio  # noqa: PLC0415

    from bot import logging  # noqa: PLC0415  # structlog takes a while to import

    config = read_config()
    logging.configure(_QUIET, style=config.log_format)
    show = click.echo if is_headless else _show
    with ExitStack() as stack:
        report, steps = stack.enter_context(show_count("Starting")), count(1)

        def note_step() -> None:
            report(next(steps), STEPS)

        def ready(address: str) -> None:
            note_step()
            stack.close()  # the bar is over
            show(f"{address}{WORKBENCH}" if is_workbench else address)

        asyncio.run(
            _demo(config, places, port, ready, note_step, source, is_workbench=is_workbench)
        )


async def _demo(  # noqa: PLR0913, PLR0917  # each is passed on
    config: Config,
    places: tuple[Path, ...],
    port: int,
    ready: Callable[[str], object],
    note_step: Callable[[], object],
    source: Path | None,
    *,
    is_workbench: bool,
) -> None:
    import asyncio  # noqa: PLC0415

    from bot.answering.pack_set import PackSet  # noqa: PLC0415
    from bot.client.signals import handle_signals  # noqa: PLC0415

    stop = asyncio.Event()
    with handle_signals(stop.set):
        pack_set = PackSet.choose(config.data_dir, config.packs, places, config.languages)
        # Whatever must be compiled is, in a process of its own, while discord.py is imported here.
        compiling = asyncio.get_running_loop().run_in_executor(None, pack_set.ensure_index)
        compiling.add_done_callback(lambda _: note_step())
        # All that is imported stays: looking through it for garbage takes a tenth of the time.
        gc.disable()
        from bot.cli.demo_server import demonstrate  # noqa: PLC0415

        gc.freeze()
        gc.enable()
        note_step()
        await demonstrate(
            pack_set,
            compiling,
            config=config,
            port=port,
            ready=ready,
            stop=stop,
            tell=_tell,
            source=source,
            is_workbench=is_workbench,
        )


def _tell(words: str) -> None:
    from datetime import datetime  # noqa: PLC0415

    click.echo(f"{datetime.now():%H:%M:%S} {words}", err=True)  # noqa: DTZ005  # the author's clock


def _show(address: str) -> None:
    import webbrowser  # noqa: PLC0415

    click.echo(f"Liner Notes is at {address}\nCtrl-C ends it.")
    webbrowser.open(address)
