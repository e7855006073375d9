"""The command `linernotes sandbox`: the stand-in for Discord alone."""

from __future__ import annotations

import asyncio

import click

from bot.cli.command import Command
from bot.client.signals import handle_signals
from bot.errors import ConfigError

PORT, TOKEN = 8765, "sandbox"
"""The same each time, so that a bot finds its way back to a sandbox that was started anew."""
MAX_PORT = 65_535

READY = """\
A stand-in for Discord is at {page}
Ctrl-C ends it. To start a bot beside it, in another terminal:

export LINERNOTES_API={api} LINERNOTES_GATEWAY={gateway} LINERNOTES_TOKEN={token}
export LINERNOTES_DATA_DIR=sandbox-data    # its schedules are none of the real bot's
linernotes run"""


@click.command("sandbox", cls=Command)
@click.option(
    "--port",
    type=click.IntRange(0, MAX_PORT),
    default=PORT,
    show_default=True,
    help="Where to listen on this machine; 0 for any free port.",
)
def sandbox(port: int) -> None:
    """Stand in for Discord, with a page, and wait for a bot: try hosting without an account.

    It says which settings bring a bot here. Ctrl-C ends it.
    """
    asyncio.run(_sandbox(port))


async def _sandbox(port: int) -> None:
    from bot.sandbox.errors import SandboxError  # noqa: PLC0415  # the page's parts are many
    from bot.sandbox.server import Sandbox  # noqa: PLC0415
    from bot.sandbox.world.fixtures import small_world  # noqa: PLC0415

    stop = asyncio.Event()
    discord = Sandbox(small_world(), port=port, token=TOKEN)
    with handle_signals(stop.set):
        try:
            await discord.start()
        except SandboxError as error:
            raise ConfigError(str(error)) from error
        try:
            click.echo(
                READY.format(
                    page=discord.page_url,
                    api=discord.api_url,
                    gateway=discord.gateway_url,
                    token=TOKEN,
                )
            )
            await stop.wait()
        finally:
            await discord.close()
