"""The sandbox as a whole: started, acted in, closed."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Self

from aiohttp import web

from bot.sandbox.clock import WallClock
from bot.sandbox.container import Container, build_container
from bot.sandbox.errors import PageError, SandboxError
from bot.sandbox.gateway.announcements import announce
from bot.sandbox.http.api import PREFIX, Api, guard
from bot.sandbox.interactions.actions import Actions
from bot.sandbox.interactions.actor_context import stand
from bot.sandbox.interactions.interactions import ANSWER_SECONDS
from bot.sandbox.page_server.api import PageApi
from bot.sandbox.page_server.feed import Notices, Welcome
from bot.sandbox.page_server.files import PageFiles
from bot.sandbox.page_server.workbench import WorkbenchApi, WorkbenchSlot
from bot.sandbox.testing import Person
from bot.sandbox.world.model import ChannelType
from bot.sandbox.world.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.clock import Clock
    from bot.sandbox.gateway.gateway import Gateway
    from bot.sandbox.http.faults import Faults
    from bot.sandbox.http.journal import Journal
    from bot.sandbox.world.model import Channel, Guild, User, World

HOST = "127.0.0.1"
MOST_BYTES = 30 * 1024 * 1024
_PAGE = "/page/{token}"


class Sandbox:
    """A stand-in for Discord on this machine.

    Args:
        world: Who and what there is.
        port: Where to listen on 127.0.0.1; 0 for any free port.
        clock: Time as the sandbox is told it.
        token: The bot token it accepts.
        move_clock: Moves the host program's clock (and this one) forward by so many seconds; the
            page can move the clock only if this is given.
        answer_seconds: How long a bot has for its answer; Discord gives three seconds, and tests on
            a busy machine may give more.
    """

    def __init__(  # noqa: PLR0913  # each is given by name, and most are for tests
        self,
        world: World,
        *,
        port: int = 0,
        clock: Clock | None = None,
        token: str | None = None,
        move_clock: Callable[[float], Awaitable[None]] | None = None,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self.world = world
        self.token = token or f"sandbox.{secrets.token_urlsafe(24)}"
        self.container: Container = build_container(
            world, clock or WallClock(), self.token, answer_seconds
        )
        self.notices = Notices(self.container.clock, self.container.feed)
        self.welcome = Welcome(self.container.feed)
        self.workbench = WorkbenchSlot(self.container.feed)
        self._port = port
        self._page_token = secrets.token_urlsafe(24)
        self._actions = Actions(self.container)
        self._move_clock = move_clock
        self._runner: web.AppRunner | None = None
        announce(self.container)
        self.container.faults.watchers.append(self._cut_gateway_when_out)

    @property
    def log(self) -> Journal:
        """Return the log of requests and gateway frames."""
        return self.container.journal

    @property
    def faults(self) -> Faults:
        """Return the scripted faults."""
        return self.container.faults

    @property
    def gateway(self) -> Gateway:
        """Return the gateway, to drop connections for instance."""
        return self.container.gateway

    @property
    def origin(self) -> str:
        """Return where the server listens, `http://127.0.0.1:PORT`."""
        return f"http://{HOST}:{self._port}"

    @property
    def api_url(self) -> str:
        """Return the HTTP API's address."""
        return f"{self.origin}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        """Return the gateway's address."""
        return f"ws://{HOST}:{self._port}/gateway"

    @property
    def page_url(self) -> str:
        """Return the page's address, with the token that opens it."""
        return f"{self.origin}{_PAGE.format(token=self._page_token)}/"

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        await self.close()

    async def start(self) -> None:
        """Listen, on 127.0.0.1 only.

        Raises:
            SandboxError: The port is taken.
        """
        self._runner = web.AppRunner(
            self._application(), access_log=None, shutdown_timeout=1.0, handle_signals=False
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        try:
            await site.start()
        except OSError as error:
            await self.close()
            raise SandboxError(
                f"{HOST}:{self._port} cannot be listened on ({error.strerror}). "
                "Give another port, or 0 for any free one."
            ) from error
        # Of port 0 only the listening socket knows what it became.
        self._port = int(self._runner.addresses[0][1])
        self.container.gateway.url = self.gateway_url
        self.container.payloads.origin = self.origin

    async def close(self) -> None:
        """Stop listening and end all connections."""
        self.container.feed.close()
        await self.container.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def user(
        self,
        who: str,
        *,
        guild: str | int | None = None,
        channel: str | int | None = None,
        dm_with: str | None = None,
    ) -> Person:
        """Return somebody to act as.

        Args:
            who: An actor's key or a user's name.
            guild: Name or id; their first one if not given.
            channel: Name or id; the first text channel they see if not given.
            dm_with: Act in the direct message with this user instead; `"bot"` for the bot.
        """
        user = self._find_user(who)
        if dm_with is not None:
            place = self._find_dm(user, dm_with)
        else:
            place = self._find_channel(self._find_guild(user, guild), user, channel)
        return Person(self.container, self._actions, user, place)

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[guard], client_max_size=MOST_BYTES)
        Api(self.container).add_to(application.router)
        application.router.add_route("GET", "/gateway", self.container.gateway.handle)
        application.router.add_route("GET", "/gateway/", self.container.gateway.handle)
        # Before the page's API, which answers all else with 404.
        WorkbenchApi(self.workbench).add_to(application.router, _PAGE, self._page_token)
        page_api = PageApi(
            self.container,
            self._actions,
            self.notices,
            self.welcome,
            self._move_clock,
            lambda: self.workbench.current is not None,
        )
        page_api.add_to(application.router, _PAGE, self._page_token)
        PageFiles(self.container).add_to(application.router, _PAGE, self._page_token)
        return application

    def _cut_gateway_when_out(self) -> None:
        if self.container.faults.is_out:
            self.container.gateway.drop("close")

    def _find_user(self, who: str) -> User:
        actors = {each.key: each.user_id for each in self.world.actors}
        if who in actors:
            return self.world.users[actors[who]]
        if who == "bot":
            return self.world.application.bot
        for user in self.world.users.values():
            if who in (user.name, str(user.id)):
                return user
        raise PageError(f"There is nobody called {who!r}.")

    def _find_guild(self, user: User, wanted: str | int | None) -> Guild:
        for guild_id in self.world.guild_ids():
            if isinstance(wanted, int) and guild_id != wanted:
                continue
            guild = self.world.guild(guild_id)
            if guild is None or user.id not in guild.members:
                continue
            if wanted in (None, guild.name, guild.id, str(guild.id)):
                return guild
        raise PageError(f"{user.name} is in no server {wanted!r}.")

    def _find_channel(self, guild: Guild, user: User, wanted: str | int | None) -> Channel:
        for channel in guild.channels.values():
            if wanted in (channel.name, channel.id, str(channel.id)):
                return channel
            actor_context = stand(self.world, user, channel, now=self.container.clock.time())
            is_open = bool(actor_context.granted & Permission.VIEW_CHANNEL)
            if wanted is None and channel.type is ChannelType.TEXT and is_open:
                return channel
        raise PageError(f"{guild.name} has no channel {wanted!r}.")

    def _find_dm(self, user: User, other: str) -> Channel:
        channel = self.world.dm_between(user.id, self._find_user(other).id)
        if channel is None:
            raise PageError(f"{user.name} and {other} have no direct messages.")
        return channel
