"""Interactions, from a member's action to the bot's reply.

https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Literal

from bot.sandbox import errors
from bot.sandbox.watchers import Watchers
from bot.sandbox.world.payloads import channel_json, member_json, user_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.clock import Clock, Timer
    from bot.sandbox.gateway.gateway import Gateway
    from bot.sandbox.interactions.actor_context import ActorContext
    from bot.sandbox.wire import Json
    from bot.sandbox.world.model import World
    from bot.sandbox.world.snowflakes import Snowflakes

ANSWER_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0
MOST_REMEMBERED = 5_000
FILE_LIMIT = 10 * 1024 * 1024

State = Literal["sent", "thinking", "answered", "failed"]


class InteractionType(IntEnum):
    """Kinds of interaction, by Discord's numbers."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


KINDS = {
    InteractionType.COMMAND: "command",
    InteractionType.COMPONENT: "component",
    InteractionType.MODAL: "modal",
    InteractionType.AUTOCOMPLETE: "autocomplete",
}


@dataclass(frozen=True, slots=True)
class Action:
    """One action of a member.

    Attributes:
        data: The `data` of the interaction.
        name: The command's full name, or the custom id.
        message: The message acted on, as JSON; its id is in `message_id`.
        cause: What a message that answers this tells of it (`interaction_metadata`).
        nonce: What the page calls the action.
    """

    type: InteractionType
    actor_context: ActorContext
    data: Json
    name: str
    message: Json | None = None
    message_id: int | None = None
    cause: Json = field(default_factory=dict)
    nonce: str | None = None


@dataclass(slots=True, eq=False)
class Interaction:
    """One interaction: the action, and how far the bot's answer has come.

    Attributes:
        original_id: The message that `@original` means.
        modal: The form that answered it.
        choices: The choices that answered an autocomplete.
        followups: Ids of the messages that followed.
        steps: How often the bot did something about it: answered, edited, followed up.
    """

    id: int
    token: str
    action: Action
    created: float
    state: State = "sent"
    callback_type: int | None = None
    original_id: int | None = None
    modal: Json | None = None
    choices: list[Json] | None = None
    followups: list[int] = field(default_factory=list)
    steps: int = 0
    timer: Timer | None = None
    waiting: list[asyncio.Event] = field(default_factory=list)

    @property
    def user_id(self) -> int:
        """Return the acting member's id."""
        return self.action.actor_context.user.id

    @property
    def channel_id(self) -> int:
        """Return where."""
        return self.action.actor_context.channel.id

    def wake_waiters(self) -> None:
        """Wake everyone waiting for a change."""
        for event in self.waiting:
            event.set()

    async def until(self, reached: Callable[[], bool]) -> None:
        """Wait until a change makes this true."""
        event = asyncio.Event()
        self.waiting.append(event)
        try:
            while not reached():
                event.clear()
                await event.wait()
        finally:
            self.waiting.remove(event)


class Interactions:
    """All interactions of the last while, by id and by token."""

    def __init__(
        self,
        world: World,
        gateway: Gateway,
        clock: Clock,
        ids: Snowflakes,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._answer_seconds = answer_seconds
        self._world = world
        self._gateway = gateway
        self._clock = clock
        self._ids = ids
        self._known: dict[int, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}
        self.watchers = Watchers[[Interaction]]()

    def send(self, action: Action) -> Interaction:
        """Tell the bot of an action, and give it three seconds to answer."""
        interaction = Interaction(
            id=self._ids.make(),
            token=f"aW50ZXJhY3Rpb246{secrets.token_urlsafe(120)}",
            action=action,
            created=self._clock.monotonic(),
        )
        self._known[interaction.id] = interaction
        self._by_token[interaction.token] = interaction
        if len(self._known) > MOST_REMEMBERED:
            oldest = self._known.pop(next(iter(self._known)))
            del self._by_token[oldest.token]
        interaction.timer = self._clock.call_later(
            self._answer_seconds, lambda: self._time_out(interaction)
        )
        self.watchers.notify(interaction)
        # Without a guild of the bot's, as in a direct message, the first shard hears of it.
        guild = action.actor_context.guild
        home = guild.id if guild and self._world.bot_member(guild) else None
        self._gateway.dispatch("INTERACTION_CREATE", self.payload(interaction), guild_id=home)
        return interaction

    def get(self, interaction_id: int) -> Interaction | None:
        """Return that interaction, None when it is long gone."""
        return self._known.get(interaction_id)

    def open(self, interaction_id: int, token: str) -> Interaction:
        """Return an interaction that may still be answered.

        Raises:
            DiscordError: 10062, unknown or too late; 40060, answered already.
        """
        interaction = self._by_token.get(token)
        if interaction is None or interaction.id != interaction_id:
            raise errors.unknown_interaction()
        if interaction.callback_type is not None:
            raise errors.already_acknowledged()
        # Discord does not say "too late": after three seconds it knows the interaction no more.
        age = self._clock.monotonic() - interaction.created
        if interaction.state == "failed" or age > self._answer_seconds:
            raise errors.unknown_interaction()
        return interaction

    def answered(self, token: str) -> Interaction:
        """Return an interaction that was answered and whose token still counts.

        Raises:
            DiscordError: 10015, unknown or unanswered; 50027, its fifteen minutes are over.
        """
        interaction = self._by_token.get(token)
        if interaction is None or interaction.callback_type is None:
            raise errors.unknown_webhook()
        if self._clock.monotonic() - interaction.created > TOKEN_SECONDS:
            raise errors.invalid_webhook_token()
        return interaction

    def settle(self, interaction: Interaction, state: State) -> None:
        """Record an interaction's state and notify everyone waiting."""
        if interaction.timer is not None:
            interaction.timer.cancel()
            interaction.timer = None
        interaction.state = state
        interaction.steps += 1
        self.watchers.notify(interaction)
        interaction.wake_waiters()

    def payload(self, interaction: Interaction) -> Json:
        """Return the payload of INTERACTION_CREATE."""
        action = interaction.action
        actor_context = action.actor_context
        channel = channel_json(actor_context.channel, self._world)
        channel.pop("permission_overwrites", None)
        if actor_context.guild is not None:
            channel["permissions"] = str(actor_context.granted)
        payload: Json = {
            "version": 1,
            "type": int(action.type),
            "token": interaction.token,
            "id": str(interaction.id),
            "application_id": str(self._world.application.id),
            "channel_id": str(actor_context.channel.id),
            "channel": channel,
            "context": int(actor_context.context),
            "locale": actor_context.user.locale,
            "app_permissions": str(actor_context.bot_granted),
            "authorizing_integration_owners": actor_context.owners(),
            "attachment_size_limit": FILE_LIMIT,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "data": action.data,
        }
        if action.message is not None:
            payload["message"] = action.message
        guild, member = actor_context.guild, actor_context.member
        if guild is None or member is None:
            return payload | {"user": user_json(actor_context.user)}
        return payload | {
            "guild_id": str(guild.id),
            "guild_locale": guild.locale,
            "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
            "member": member_json(member) | {"permissions": str(actor_context.granted)},
        }

    def _time_out(self, interaction: Interaction) -> None:
        if interaction.callback_type is None:
            self.settle(interaction, "failed")
