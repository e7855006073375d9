"""Everything the bot uses of discord.py beyond its documented interface.

Checked against discord.py 2.7; `tests/e2e/test_discord_internals.py` fails for another version
until somebody has read each of these places again.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import discord
import yarl
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.state import AutoShardedConnectionState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

CHECKED_VERSION = (2, 7)

ClientT = TypeVar("ClientT", bound=discord.Client)


@dataclass(frozen=True, slots=True)
class Gateway:
    """Discord's answer to a request for the bot's gateway."""

    address: str
    shards: int
    """The number that Discord recommends."""
    start_limit: Mapping[str, Any]
    """Its `session_start_limit`."""


@contextmanager
def redirect_discord(api: str, gateway: str) -> Iterator[None]:
    """Send every client of this process to other addresses.

    discord.py has no option for either address: both are attributes of its classes.
    """
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = api, yarl.URL(gateway)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


def api_address() -> str:
    """Return the address of Discord's HTTP API, or of its stand-in."""
    return Route.BASE


async def fetch_gateway(client: discord.Client) -> Gateway:
    """Ask for the bot's gateway, with its address and shard count."""
    # The public calls return neither of the two.
    shards, address, limit = await client.http.get_bot_gateway()
    return Gateway(address, shards, dict(limit))


async def fetch_commands(client: discord.Client, guild_id: int | None) -> list[dict[str, Any]]:
    """Fetch the published commands in full.

    The models of `CommandTree.fetch_commands` leave out fields that a comparison needs.
    """
    application_id = client.application_id or 0
    if guild_id is None:
        return list(map(dict, await client.http.get_global_commands(application_id)))
    return list(map(dict, await client.http.get_guild_commands(application_id, guild_id)))


def release_requests(client: discord.Client) -> None:
    """Release the requests that a cancelled one holds back.

    discord.py holds every request back until the one that was told of the limit has slept;
    cancelled in that sleep, it would hold them back for ever.
    """
    client.http._global_over.set()  # noqa: SLF001  # there is no public way


class TolerantClient(discord.AutoShardedClient):
    """A client that outlives events which discord.py cannot read.

    discord.py ends the whole client on any exception of an event's parser, and has no hook there.
    """

    def on_unreadable_event(self, event: str, error: Exception) -> None:
        """Take note of an event that was left out."""
        raise NotImplementedError

    def _get_state(self, **options: Any) -> _TolerantState:
        return _TolerantState(
            self.on_unreadable_event,
            dispatch=self.dispatch,
            handlers=self._handlers,
            hooks=self._hooks,
            http=self.http,
            **options,
        )


class _TolerantState(AutoShardedConnectionState[Any]):
    """A connection's state whose parsers end no client."""

    def __init__(
        self, on_unreadable_event: Callable[[str, Exception], None], **options: Any
    ) -> None:
        super().__init__(**options)
        self._on_unreadable_event = on_unreadable_event
        self.parsers = {
            event: partial(self._parse, event, parser) for event, parser in self.parsers.items()
        }

    def _parse(self, event: str, parser: Callable[[Any], None], data: Any) -> None:
        try:
            if event == "INTERACTION_CREATE":
                _require_answerable(data)
            parser(data)
        except Exception as error:
            self._on_unreadable_event(event, error)
            if event == "READY":
                # Without it the shard would stay silent for ever; so it connects again, after
                # a wait, as after any lost connection.
                raise ConnectionError("Discord's READY could not be read.") from error


def _require_answerable(interaction: Mapping[str, Any]) -> None:
    """Raise unless an interaction has the fields that every answer to it is made of.

    discord.py takes them over unread, and fails later, where nobody can tell why.
    """
    for name, kind in (("id", str), ("application_id", str), ("token", str), ("data", dict)):
        if not isinstance(interaction[name], kind):
            raise TypeError(f"The interaction's {name} is no {kind.__name__}.")


class TolerantTree(app_commands.CommandTree[ClientT]):
    """A command tree that reports every error, also those from before a command begins.

    discord.py reports its own errors alone; any other ends a task that nobody awaits.
    """

    async def on_failure(self, interaction: discord.Interaction[ClientT], error: Exception) -> None:
        """Report an error that is not one of discord.py's."""
        raise NotImplementedError

    def _from_interaction(self, interaction: discord.Interaction[ClientT]) -> None:
        self.client.loop.create_task(self._call_and_report(interaction), name="command")

    async def _call_and_report(self, interaction: discord.Interaction[ClientT]) -> None:
        try:
            await self._call(interaction)
        except app_commands.AppCommandError as error:
            await self._dispatch_error(interaction, error)
        except Exception as error:  # noqa: BLE001  # reported, whatever it is
            await self.on_failure(interaction, error)


def components_of(view: ui.LayoutView) -> list[dict[str, Any]]:
    """Return a layout's components as JSON."""
    untyped: Any = view
    return list(untyped.to_components())


class StoredLayout(ui.LayoutView):
    """A layout that was rendered before, sent exactly as it was stored."""

    def __init__(self, components: Sequence[dict[str, Any]]) -> None:
        super().__init__(timeout=None)
        self._components = list(components)

    def to_components(self) -> list[dict[str, Any]]:
        """Return the stored components."""
        return self._components

    def has_components_v2(self) -> bool:
        """Return True: it is always a layout."""
        return True
