"""The Discord client: no intents, no caches, every interaction answered."""

from __future__ import annotations

import asyncio
import traceback
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
import structlog
from discord import app_commands, ui

from bot.client import errors
from bot.client.backoff import Backoff
from bot.client.command_mentions import CommandDirectory
from bot.client.command_translator import CommandTranslator
from bot.client.discord_internals import (
    Gateway,
    TolerantClient,
    TolerantTree,
    fetch_commands,
    fetch_gateway,
)
from bot.client.endpoint import check_gateway_address, restricted_connector
from bot.client.features.about import about_command
from bot.client.features.ask import FactButton, PublicFactButton, ask_command
from bot.client.features.daily import AgainButton, DailyGroup, PostButton, RemoveButton, UndoButton
from bot.client.features.gaps import (
    ClearButton,
    GapsButton,
    GapsGroup,
    NotRightButton,
    suggest_command,
)
from bot.client.features.help import INVITE, help_command
from bot.client.features.message_answer import message_answer_command
from bot.client.features.packs import packs_command
from bot.client.features.privacy import EraseButton, privacy_group
from bot.client.features.quote import AnotherButton, quote_command
from bot.client.features.release import PublicReleaseMenu, ReleaseMenu, release_command
from bot.client.features.topics import (
    QuestionMenu,
    TopicButton,
    TopicMenu,
    TopicsButton,
    topics_command,
)
from bot.client.responding import CLAIMED, UNREAD
from bot.client.services import phrases_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import aiohttp

    from bot.client.identify_gate import IdentifyGate
    from bot.client.memory_cleaner import MemoryCleaner
    from bot.client.persistent import PersistentItem
    from bot.client.services import Services
    from bot.client.telemetry import Telemetry
    from bot.config import Endpoint
    from bot.settings import Shards

log = structlog.stdlib.get_logger("bot.client")

PERSISTENT_ITEMS: tuple[type[PersistentItem[Any]], ...] = (
    FactButton,
    PublicFactButton,
    AnotherButton,
    ReleaseMenu,
    PublicReleaseMenu,
    TopicsButton,
    TopicMenu,
    TopicButton,
    QuestionMenu,
    PostButton,
    RemoveButton,
    UndoButton,
    AgainButton,
    EraseButton,
    NotRightButton,
    GapsButton,
    ClearButton,
)
"""Every button and menu with a custom id of the bot's own."""


Command = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu


def build_commands(services: Services, directory: CommandDirectory) -> tuple[Command, ...]:
    """Build every command, in the order in which they are published."""
    return (
        ask_command(services),
        quote_command(services),
        release_command(services),
        topics_command(),
        help_command(services, directory),
        about_command(services),
        suggest_command(services),
        DailyGroup(services),
        packs_command(services),
        GapsGroup(),
        privacy_group(services),
        message_answer_command(services),
    )


GUARD_SECONDS = 2.3
"""Seconds after which an interaction that nothing answers is answered all the same."""

GATEWAY_RETRIES = (1.0, 2.0, 4.0)
"""Seconds before Discord is asked for its gateway again."""


class BotCommandTree(TolerantTree["App"]):
    """The command tree; its errors end where all errors end."""

    async def on_error(
        self, interaction: discord.Interaction[App], error: app_commands.AppCommandError, /
    ) -> None:
        """Report a failed command."""
        await errors.report(interaction, error)

    async def on_failure(self, interaction: discord.Interaction[App], error: Exception) -> None:
        """Report what failed before a command began."""
        await errors.report(interaction, error)


class App(TolerantClient):
    """The bot's client on Discord.

    It asks for no gateway intent: an interaction carries all that a command needs, and ten
    thousand servers then cost no memory.
    """

    def __init__(  # noqa: PLR0913  # each is given by name, and a client has this many edges
        self,
        services: Services,
        *,
        http_trace: aiohttp.TraceConfig,
        shards: Shards | None = None,
        endpoint: Endpoint | None = None,
        telemetry: Telemetry | None = None,
        identify_gate: IdentifyGate | None = None,
        memory_cleaner: MemoryCleaner | None = None,
    ) -> None:
        super().__init__(
            http_trace=http_trace,
            intents=discord.Intents.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.0,  # no intent, no servers to wait for: ready two seconds sooner
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            connector=restricted_connector(endpoint),
            shard_ids=shards.ids if shards else None,
            shard_count=shards.count if shards else None,
            new_backoff=partial(Backoff, services.chance.random),
        )
        self.services = services
        self._taking: asyncio.Task[None] | None = None
        self._unreadable: set[tuple[str, str, str]] = set()
        self._endpoint = endpoint
        self._telemetry = telemetry
        self._identify_gate = identify_gate
        self._memory_cleaner = memory_cleaner
        self.tree = BotCommandTree(
            self,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        directory = CommandDirectory(partial(fetch_commands, self, None))
        for command in build_commands(services, directory):
            self.tree.add_command(command)
        self.add_dynamic_items(*PERSISTENT_ITEMS)

    @property
    def served_shards(self) -> Sequence[int]:
        """The shards of this process, once it has logged in."""
        return self.shard_ids or range(self.shard_count or 1)

    async def setup_hook(self) -> None:
        """Log how to add the bot, and check its gateway before connecting."""
        await self.tree.set_translator(CommandTranslator())
        log.info("logged in", name=str(self.user), invite=f"{INVITE}{self.application_id}")
        if self._memory_cleaner:
            self._memory_cleaner.start()
        self._taking = self.loop.create_task(self.services.intake.run(), name="intake")
        # Discord's own address is known, and discord.py keeps to a single process's turns itself.
        if self._endpoint or self._identify_gate:
            gateway = await self._fetch_gateway()
            if self._endpoint:
                check_gateway_address(self._endpoint, gateway.address)
            if self._identify_gate:
                self._identify_gate.learn_limit(gateway.start_limit, self.served_shards)
        if self._telemetry:
            self._telemetry.expect_shards(self.served_shards)

    async def close(self) -> None:
        """Begin no more interactions, and close the connections."""
        if self._taking:
            self._taking.cancel()
        await super().close()

    async def _fetch_gateway(self) -> Gateway:
        """Fetch the gateway, again where Discord limits the bot's requests just now."""
        for delay in GATEWAY_RETRIES:
            try:
                return await fetch_gateway(self)
            except discord.GatewayNotFound as error:
                log.warning("gateway not told", reason=str(error.__cause__), again_in=delay)
                await asyncio.sleep(delay)
        return await fetch_gateway(self)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for this process's turn to identify, after discord.py's own wait."""
        await super().before_identify_hook(shard_id, initial=initial)
        if self._identify_gate:
            await self._identify_gate.wait(shard_id or 0)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Pass an event to telemetry, then to its listeners."""
        if self._telemetry:
            self._telemetry.on_event(event, args, waited=self.services.intake.current_wait)
        super().dispatch(event, *args, **kwargs)

    def on_unreadable_event(self, event: str, error: Exception) -> None:
        """Count an event that cannot be read, and log the first of its kind."""
        self.services.meter.count_unreadable_event(event)
        # Never the error's text or its traceback: both may repeat what somebody typed.
        last = traceback.extract_tb(error.__traceback__)[-1]
        kind = (event, type(error).__name__, f"{Path(last.filename).name}:{last.lineno}")
        if kind not in self._unreadable:
            self._unreadable.add(kind)
            log.error("event not readable", type=kind[0], error=kind[1], where=kind[2])

    def on_interaction_event(self, begin: Callable[[], None]) -> None:
        """Put an interaction in line."""
        self.services.intake.offer(begin)

    def on_shard_lost(self, shard_id: int, reason: str, again_in: float) -> None:
        """Log that a shard does not answer for a while."""
        log.warning("shard lost", shard=shard_id, reason=reason, again_in=round(again_in, 1))

    async def on_shard_ready(self, shard_id: int) -> None:
        """Log that a shard answers from now on."""
        log.info("shard ready", shard=shard_id, of=self.shard_count)

    async def on_interaction(self, interaction: discord.Interaction[App]) -> None:
        """Answer interactions of no item of ours, and guard all others."""
        if self._memory_cleaner:
            self._memory_cleaner.schedule(self.services.in_flight)
        if interaction.type is discord.InteractionType.autocomplete:
            return
        custom_id = errors.describe_trigger(interaction)
        if interaction.type is discord.InteractionType.component and not any(
            item.owns(custom_id) for item in PERSISTENT_ITEMS
        ):
            await errors.tell(interaction, phrases_of(interaction)(errors.UNOWNED))
            return
        # A command has begun to answer by now; a timer would keep typed text in memory.
        if _is_answered(interaction):
            return
        if interaction.type is discord.InteractionType.component and not _is_shown(interaction):
            # discord.py ignores such a press, without a word.
            await errors.tell(interaction, phrases_of(interaction)(errors.REPLACED))
            return
        self.loop.call_later(GUARD_SECONDS, self._answer_unanswered, interaction)

    def _answer_unanswered(self, interaction: discord.Interaction[App]) -> None:
        if _is_answered(interaction) or self.is_closed():
            return
        trigger = errors.describe_trigger(interaction)
        log.error("nobody answered", interaction=interaction.id, trigger=trigger)
        self._telling = self.loop.create_task(
            errors.tell(interaction, phrases_of(interaction)(errors.UNOWNED))
        )


def _is_shown(interaction: discord.Interaction[App]) -> bool:
    """Return whether the message still has the button or menu that was pressed."""
    if interaction.message is None:
        return False
    kind = ui.LayoutView if interaction.message.flags.components_v2 else ui.View
    try:
        view = kind.from_message(interaction.message, timeout=None)
    except UNREAD:
        return False
    custom_id = errors.describe_trigger(interaction)
    return any(getattr(item, "custom_id", None) == custom_id for item in view.walk_children())


def _is_answered(interaction: discord.Interaction[App]) -> bool:
    return interaction.response.is_done() or CLAIMED in interaction.extras
