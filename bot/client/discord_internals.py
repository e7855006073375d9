"""Everything the bot uses of discord.py beyond its documented interface.

Checked against discord.py 2.7; `tests/e2e/test_discord_internals.py` fails for another version
until somebody has read each of these places again.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import aiohttp
import discord
import yarl
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.http import Route
from discord.state import AutoShardedConnectionState
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.errors import LinerNotesError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

    from discord.http import MultipartParameters
    from discord.types.interactions import InteractionCallback

    from bot.client.backoff import Backoff

CHECKED_VERSION = (2, 7)

LOST = (OSError, discord.HTTPException, discord.ConnectionClosed, aiohttp.ClientError)
"""The errors of a connection that was lost, or could not be opened."""

CLOSED_WELL = 1000
"""The code of an orderly end; Discord sends it without a reason, too."""

CONNECT_SECONDS = 60.0
"""Seconds to open a connection, the wait for a turn to identify included."""

DISCARD_SECONDS = 5.0
"""Seconds to say goodbye on a connection that was lost."""

ARCHIVE_MINUTES: Literal[1440] = 1440
"""A day without a word until a thread is put away; Discord's own usual time."""

RESUMES = 3
"""How often in a row a session is gone on with; then a new one is begun, at the main gateway."""

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

    The models of `CommandTree.fetch_commands` leave out fields that a comparison needs, and
    discord.py's request for the global ones leaves out their translations.
    """
    server = "" if guild_id is None else "/guilds/{guild_id}"
    route = Route(
        *("GET", f"/applications/{{application_id}}{server}/commands"),
        application_id=client.application_id or 0,
        guild_id=guild_id or 0,
    )
    found = await client.http.request(route, params={"with_localizations": "true"})
    return list(map(dict, found))


async def open_thread(client: discord.Client, channel_id: int, message_id: int, name: str) -> None:
    """Open a thread below a message.

    The public call wants the server in a cache, and there is none.
    """
    await client.http.start_thread_with_message(
        channel_id, message_id, name=name, auto_archive_duration=ARCHIVE_MINUTES
    )


def release_requests(client: discord.Client) -> None:
    """Release the requests that a cancelled one holds back.

    discord.py holds every request back until the one that was told of the limit has slept;
    cancelled in that sleep, it would hold them back for ever. A route's next request waits for
    half a minute where one was cancelled just as it gave its place back; a caller who is less
    patient would never get through to that route again.
    """
    http: Any = client.http  # there is no public way
    http._global_over.set()  # noqa: SLF001
    for limit in http._buckets.values():  # noqa: SLF001
        is_taken = limit.outgoing or limit._sleeping.locked()  # noqa: SLF001
        if limit.remaining <= 0 and limit.expires is None and not is_taken:
            limit.reset()
            limit._wake(limit.remaining)  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class _Session:
    """A session of the gateway that a new connection may go on with."""

    gateway: yarl.URL
    id: str
    sequence: int | None


class TolerantClient(discord.Client):
    """A client that outlives unreadable events and long outages.

    discord.py ends the whole client on any exception of an event's parser, and has no hook there.
    Its own sharded client waits up to 1,024 seconds before it connects again, which no good
    connection sets back, and the wait of one shard holds up all others. Both are private to its
    shards. So this subclass of the plain client connects the shards itself, each on its own, and
    waits as its `Backoff` says.

    Args:
        shard_ids: The shards to connect; all if left out.
        new_backoff: Makes the waits of one shard.
        pause: Waits; `asyncio.sleep`, or what a test gives.
        options: As `discord.Client` takes them.
    """

    def __init__(
        self,
        *,
        shard_ids: Sequence[int] | None = None,
        new_backoff: Callable[[], Backoff],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.shard_ids = shard_ids
        self._new_backoff = new_backoff
        self._pause = pause
        self._identifying = asyncio.Lock()
        self._has_identified = False
        self._shard_tasks: list[asyncio.Task[None]] = []
        self._shard_sockets: dict[int, DiscordWebSocket] = {}

    def on_unreadable_event(self, event: str, error: Exception) -> None:
        """Take note of an event that was left out."""
        raise NotImplementedError

    def on_interaction_event(self, begin: Callable[[], None]) -> None:
        """Begin an interaction, now or in its turn."""
        begin()

    def on_shard_lost(self, shard_id: int, reason: str, again_in: float) -> None:
        """Take note of a lost connection, and of the wait before the next."""
        raise NotImplementedError

    async def login(self, token: str) -> None:
        """Log in; callbacks from here on ask for no message in return."""
        async_context.set(_BriefAdapter())  # type: ignore[no-untyped-call]  # it takes nothing
        await super().login(token)

    async def connect(self, *, reconnect: bool = True) -> None:  # noqa: ARG002  # its signature
        """Keep every shard connected until the client is closed.

        Raises:
            discord.GatewayNotFound: Discord does not tell its gateway.
            discord.ConnectionClosed: Discord ended a connection for good, as for a wrong token.
            DiscordError: The gateway's address is not one that the token may go to.
        """
        if self.shard_count is None:
            found = await fetch_gateway(self)
            self.shard_count, gateway = found.shards, yarl.URL(found.address)
        else:
            gateway = DiscordWebSocket.DEFAULT_GATEWAY
        shard_ids = self.shard_ids or range(self.shard_count)
        self._state.shard_count, self._state.shard_ids = self.shard_count, list(shard_ids)
        self._shard_tasks = [
            asyncio.create_task(self._keep_connected(shard, gateway), name=f"shard {shard}")
            for shard in shard_ids
        ]
        try:
            await asyncio.wait(self._shard_tasks, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            for task in self._shard_tasks:
                task.cancel()
            await asyncio.wait(self._shard_tasks)
        for task in self._shard_tasks:
            if not task.cancelled():
                task.result()

    async def close(self) -> None:
        """Close the shards' connections, then the client."""
        for task in self._shard_tasks:
            task.cancel()
        closing = [socket.close(code=1000) for socket in self._shard_sockets.values()]
        self._shard_sockets.clear()
        await asyncio.gather(*closing, return_exceptions=True)
        await super().close()

    async def _keep_connected(self, shard_id: int, gateway: yarl.URL) -> None:
        backoff = self._new_backoff()
        session: _Session | None = None
        while True:
            reason, may_resume = "", True
            try:
                socket = await self._open(shard_id, gateway, session)
                self._shard_sockets[shard_id] = socket
                backoff.on_connected()
                while True:
                    await socket.poll_event()
            except ReconnectWebSocket as request:
                reason, may_resume = "another connection is needed", request.resume
            except LOST as error:
                if isinstance(error, discord.ConnectionClosed) and error.code != CLOSED_WELL:
                    raise  # a wrong token, too few shards: it would be so again
                reason = str(error) or type(error).__name__
            except LinerNotesError:
                raise
            except Exception as error:  # noqa: BLE001  # counted and logged, whatever it is
                self.on_unreadable_event("gateway", error)
                reason, may_resume = "Discord sent something that cannot be read", False
            self.dispatch("disconnect")
            self.dispatch("shard_disconnect", shard_id)
            delay = backoff.next_delay()
            self.on_shard_lost(shard_id, reason, delay)
            session = await self._discard_socket(shard_id) or session
            if not may_resume or backoff.losses > RESUMES:
                session = None
            await self._pause(delay)

    async def _open(
        self, shard_id: int, gateway: yarl.URL, session: _Session | None
    ) -> DiscordWebSocket:
        """Open a connection, up to its IDENTIFY or RESUME."""
        if session is not None:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await DiscordWebSocket.from_client(
                    self,
                    shard_id=shard_id,
                    gateway=session.gateway,
                    session=session.id,
                    sequence=session.sequence,
                    resume=True,
                )
        async with self._identifying:  # in turn, as Discord wants it
            is_first, self._has_identified = not self._has_identified, True
            async with asyncio.timeout(CONNECT_SECONDS):
                return await DiscordWebSocket.from_client(
                    self, shard_id=shard_id, gateway=gateway, initial=is_first
                )

    async def _discard_socket(self, shard_id: int) -> _Session | None:
        """Close a lost connection, and return its session, if it had one."""
        socket = self._shard_sockets.pop(shard_id, None)
        if socket is None:
            return None
        with suppress(*LOST):
            async with asyncio.timeout(DISCARD_SECONDS):
                await socket.close()
        if socket.session_id is None:
            return None
        return _Session(socket.gateway, socket.session_id, socket.sequence)

    def _get_state(self, **options: Any) -> _TolerantState:
        self._state = _TolerantState(
            self.on_unreadable_event,
            self.on_interaction_event,
            dispatch=self.dispatch,
            handlers=self._handlers,
            hooks=self._hooks,
            http=self.http,
            **options,
        )
        return self._state


class _BriefAdapter(AsyncWebhookAdapter):
    """Sends callbacks without asking for the message that they made.

    discord.py asks for it each time, parses it and builds it anew, and has no option not to.
    Nothing here reads it. No callback of ours bears a file.
    """

    async def create_interaction_response(
        self, interaction_id: int, token: str, *, params: MultipartParameters, **connection: Any
    ) -> InteractionCallback:
        route = Route(
            *("POST", "/interactions/{webhook_id}/{webhook_token}/callback"),
            webhook_id=interaction_id,
            webhook_token=token,
        )
        await self.request(route, payload=params.payload, **connection)
        return {"interaction": {"id": interaction_id, "type": 2}}


class _TolerantState(AutoShardedConnectionState[Any]):
    """A connection's state whose parsers end no client."""

    def __init__(
        self,
        on_unreadable_event: Callable[[str, Exception], None],
        on_interaction_event: Callable[[Callable[[], None]], None],
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._on_interaction_event = on_interaction_event
        self._on_unreadable_event = on_unreadable_event
        self.parsers = {
            event: partial(self._parse, event, parser) for event, parser in self.parsers.items()
        }

    def _parse(self, event: str, parser: Callable[[Any], None], data: Any) -> None:
        if event == "INTERACTION_CREATE":
            self._on_interaction_event(partial(self._read, event, parser, data))
        else:
            self._read(event, parser, data)

    def _read(self, event: str, parser: Callable[[Any], None], data: Any) -> None:
        try:
            if event == "INTERACTION_CREATE":
                _require_answerable(data)
            parser(data)
        except Exception as error:
            self._on_unreadable_event(event, error)
            if event == "READY":
                # Without it the shard would stay silent for ever; so it begins a new session,
                # after a wait, as after any lost connection.
                raise ReconnectWebSocket(None, resume=False) from error


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
