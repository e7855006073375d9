"""The client: no intents, no caches; started, kept answering, and closed cleanly."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import discord
import structlog
from discord import app_commands

from bot.client import errors, sync
from bot.client.adapters.requests import RequestTracer
from bot.client.endpoint import check_gateway_address, restricted_connector
from bot.client.features.about import about_command
from bot.client.features.ask import FactButton, ask_command
from bot.client.features.daily import daily_group
from bot.client.features.packs import packs_command
from bot.client.features.posted import PostedButton
from bot.client.features.privacy import EraseButton, privacy_group
from bot.client.features.quote import AnotherButton, quote_command
from bot.client.features.release import ReleaseMenu, release_command
from bot.client.features.topics import (
    QuestionMenu,
    TopicButton,
    TopicMenu,
    TopicsButton,
    topics_command,
)
from bot.client.responding import CLAIMED, InFlight
from bot.errors import DiscordError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.client.adapters.wiring import AdminServices
    from bot.client.forgetting import Forgetting
    from bot.client.identify_gate import IdentifyGate
    from bot.client.persistent import PersistentItem
    from bot.client.services import Services
    from bot.client.telemetry import Telemetry
    from bot.config import Endpoint
    from bot.settings import Shards

log = structlog.stdlib.get_logger("bot.client")

PERSISTENT_ITEMS: tuple[type[PersistentItem[Any]], ...] = (
    FactButton,
    AnotherButton,
    ReleaseMenu,
    TopicsButton,
    TopicMenu,
    TopicButton,
    QuestionMenu,
    PostedButton,
    EraseButton,
)
"""Everything with a custom id that the bot owns."""

INVITE = "https://discord.com/oauth2/authorize?client_id="
"""Where a server or a person adds the bot; Discord's page knows the kinds of install."""

GUARD = 2.3
"""Seconds after which an interaction that nobody is answering is answered all the same."""

GATEWAY_WAITS = (1.0, 2.0, 4.0)
"""Seconds before Discord is asked for its gateway once more."""

DRAIN = 5.0
"""Seconds that answers and posts under way are given at the end.

A post that is cut off is taken up by the next process, as after a crash."""


class BotCommandTree(app_commands.CommandTree["App"]):
    """The command tree; its errors end where all errors end."""

    async def on_error(
        self, interaction: discord.Interaction[App], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell the person that it failed, and the log why."""
        await errors.report(interaction, error)


class App(discord.AutoShardedClient):
    """The bot on Discord.

    It asks for no gateway intent: an interaction carries all that a command needs, and ten
    thousand servers then cost no memory.
    """

    def __init__(  # noqa: PLR0913  # each is given by name, and a client has this many edges
        self,
        services: Services,
        *,
        shards: Shards | None = None,
        endpoint: Endpoint | None = None,
        is_publishing: bool = True,
        watch: Telemetry | None = None,
        identifying: IdentifyGate | None = None,
        forgetting: Forgetting | None = None,
    ) -> None:
        _expect_no_guilds_intent()
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we have no voice
        self._watch = watch
        self.wire = RequestTracer()
        trace = self.wire.trace()
        super().__init__(
            http_trace=watch.listen(trace) if watch else trace,
            intents=discord.Intents.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.0,  # no intent, no servers to wait for: ready two seconds sooner
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            connector=restricted_connector(endpoint),
            shard_ids=list(shards.ids) if shards else None,  # type: ignore[arg-type]  # its default
            shard_count=shards.count if shards else None,
        )
        self.services = services
        self.tree = BotCommandTree(
            self,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        for make in (ask_command, quote_command, release_command, topics_command, about_command):
            self.tree.add_command(make(services))
        for command in (daily_group(), packs_command(), privacy_group()):
            self.tree.add_command(command)
        self.add_dynamic_items(*PERSISTENT_ITEMS)
        self.in_flight = InFlight()
        self.office: AdminServices | None = None
        """What the commands of admins are given; `posting.equipment.equip` puts it here."""
        self._posting: asyncio.Task[None] | None = None
        self._endpoint = endpoint
        self._is_publishing = is_publishing
        self._identifying = identifying
        self._forgetting = forgetting

    async def setup_hook(self) -> None:
        """Say who we are, and publish the commands where they differ; refused, it answers on."""
        log.info("logged in", name=str(self.user), invite=f"{INVITE}{self.application_id}")
        shards = self.shard_ids or range(self.shard_count or 1)
        if self._forgetting:
            self._forgetting.begin()
        await self._ask_for_the_gateway(shards)
        if self._watch:
            self._watch.expect(shards)
        if self.office is not None:
            self._posting = asyncio.create_task(self.office.worker.run(), name="posting")
        if not self._is_publishing or 0 not in shards:  # of several processes, one publishes
            return
        try:
            await sync.sync_commands(self, self.tree)
        except DiscordError as error:
            log.error("commands not published", reason=str(error))  # noqa: TRY400  # said in full

    async def _ask_for_the_gateway(self, shards: Sequence[int]) -> None:
        """Ask what only some need to know: a stand-in's own address, and how many may identify."""
        if self._endpoint is None and self._identifying is None:
            return
        _, gateway, limit = await self._gateway()
        if self._endpoint:
            check_gateway_address(self._endpoint, gateway)
        if self._identifying:
            self._identifying.learn(dict(limit), shards)

    async def _gateway(self) -> tuple[int, str, Any]:
        """Ask for the gateway, again where Discord has no time: others may be posting just now."""
        for wait in GATEWAY_WAITS:
            try:
                return await self.http.get_bot_gateway()
            except discord.GatewayNotFound as refused:
                log.warning("no word of the gateway", reason=str(refused.__cause__), again_in=wait)
                await asyncio.sleep(wait)
        return await self.http.get_bot_gateway()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait as discord.py does within a process, then for this process's turn among all."""
        await super().before_identify_hook(shard_id, initial=initial)
        if self._identifying:
            await self._identifying.wait(shard_id or 0)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Tell the watch of an event the moment it comes, then whoever listens for it."""
        if self._watch:
            self._watch.saw(event, args)
        super().dispatch(event, *args, **kwargs)

    async def on_shard_ready(self, shard_id: int) -> None:
        """Say that a shard answers from now on."""
        log.info("shard ready", shard=shard_id, of=self.shard_count)

    async def on_interaction(self, interaction: discord.Interaction[App]) -> None:
        """Answer what nobody owns, and watch that the rest is answered."""
        if self._forgetting:
            self._forgetting.interaction_came(self.in_flight)
        if interaction.type is discord.InteractionType.autocomplete:
            return
        if interaction.type is discord.InteractionType.component and not _is_owned(interaction):
            await errors.tell(interaction, errors.UNOWNED)
            return
        # Whoever answers has begun to by now; a timer would keep what was typed in memory.
        if not _is_answered(interaction):
            self.loop.call_later(GUARD, self._guard, interaction)

    async def use(self, knowledge: KnowledgeBase) -> None:
        """Answer from these notes from now on; close the old ones once nobody reads them."""
        old, self.services.knowledge = self.services.knowledge, knowledge
        try:
            await self.in_flight.wait_for_current()
        finally:
            await old.close()

    async def drain(self) -> None:
        """Take no more posts, and let answers and posts finish, for at most `DRAIN` seconds."""
        if self.office is not None:
            self.office.worker.stop()
        try:
            async with asyncio.timeout(DRAIN):
                await self.in_flight.wait_until_idle()
                if self._posting is not None:
                    await asyncio.shield(self._posting)
        except TimeoutError:
            log.warning("gave up on answers and posts", answers=self.in_flight.count)

    async def close(self) -> None:
        """Stop posting, then close the connections: a post is never cut off by its own client."""
        if self._posting is not None:
            self._posting.cancel()
            await asyncio.wait({self._posting})
        await super().close()

    def _guard(self, interaction: discord.Interaction[App]) -> None:
        if _is_answered(interaction) or self.is_closed():
            return
        log.error(
            "nobody answered",
            interaction=interaction.id,
            trigger=errors.describe_trigger(interaction),
        )
        self._telling = self.loop.create_task(errors.tell(interaction, errors.UNOWNED))


def _is_answered(interaction: discord.Interaction[App]) -> bool:
    return interaction.response.is_done() or CLAIMED in interaction.extras


def _is_owned(interaction: discord.Interaction[App]) -> bool:
    custom_id = errors.describe_trigger(interaction)
    return any(item.owns(custom_id) for item in PERSISTENT_ITEMS)


def _expect_no_guilds_intent() -> None:
    """Drop discord.py's one warning that no guilds intent is asked for: it is what we want."""
    logging.getLogger("discord.state").addFilter(_is_no_surprise)


def _is_no_surprise(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith("Guilds intent seems to be disabled")
