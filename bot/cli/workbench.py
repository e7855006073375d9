"""The command `linernotes facts workbench`, for authors of packs."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.command import Command

_PATH = click.Path(path_type=Path, exists=True)


@click.command(cls=Command)
@click.argument("path", type=_PATH, metavar="PACK")
@click.option("--source", type=_PATH, help="The text that the pack was made from, to audit it.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    help="The page's port on this machine, instead of any free one.",
)
@click.option("--headless", is_flag=True, help="Only print the page's address.")
def workbench(path: Path, source: Path | None, port: int, *, headless: bool) -> None:
    """Work on the pack in the file or folder PACK, in the browser.

    Opens the demo's page with the author's panel: the pack by subject, its faults and advice with
    their lines, and a box to try a question and see why a fact answers it or none does. A
    question can be written where it belongs. Edited files are read anew. Ctrl-C ends it.
    """
    if source and path.is_dir():
        raise click.UsageError("A source belongs to one pack: with --source, name the pack's file.")
    # Imported only now: the page brings in the bot and its stand-in for Discord.
    from bot.cli.demo import open_demo  # noqa: PLC0415

    open_demo((path,), port, is_headless=headless, source=source, is_workbench=True)
