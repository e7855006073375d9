"""Members for tests: they use commands, press buttons and read replies.

fan = sandbox.user("fan", guild="Night Owls", channel="general")
reply = await fan.command("ask", question="Where was it recorded?")
other = await reply.press("Another")
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bot.sandbox.components.controls import LINK_STYLE, SELECTS, ComponentType
from bot.sandbox.components.layouts import walk
from bot.sandbox.components.transcript import text_of
from bot.sandbox.errors import InteractionFailed, PageError
from bot.sandbox.gateway.announcements import reason_of
from bot.sandbox.interactions.command_definitions import BRANCHES, OptionType
from bot.sandbox.world.message_input import MessageFlag

if TYPE_CHECKING:
    from bot.sandbox.container import Container
    from bot.sandbox.interactions.actions import Actions
    from bot.sandbox.interactions.actor_context import ActorContext
    from bot.sandbox.interactions.interactions import Interaction
    from bot.sandbox.wire import Json
    from bot.sandbox.world.messages import Message
    from bot.sandbox.world.model import Channel, User

PATIENCE_SECONDS = 60.0
"""How long (in real time) a test waits for a bot that said it is thinking."""


class Person:
    """Somebody in a channel."""

    def __init__(
        self, container: Container, actions: Actions, user: User, channel: Channel
    ) -> None:
        self._container = container
        self._actions = actions
        self.user = user
        self.channel = channel

    @property
    def actor_context(self) -> ActorContext:
        """Return where they stand now."""
        channel = self._container.world.channel(self.channel.id)
        return self._actions.stand(self.user, channel or self.channel)

    def speak(self, locale: str) -> None:
        """Set the language of their Discord."""
        self.user = self._container.world.change_locale(self.user.id, locale)

    @property
    def offered(self) -> list[str]:
        """Return the names of the commands that the picker offers them."""
        return [each["name"] for each in self._container.commands.offered(self.actor_context)]

    async def command(self, name: str, /, **options: Any) -> Reply:
        """Use a command and wait for the answer.

        Args:
            name: The full name, `"daily set"`.
            options: Values; channels, roles and users by name or id.

        Raises:
            PageError: It is not offered, or an option is at fault.
            InteractionFailed: The bot did not answer.
        """
        interaction = self.begin(name, **options)
        await self._settled(interaction)
        return Reply(self, interaction, interaction.original_id)

    def begin(self, name: str, /, *, target: int | None = None, **options: Any) -> Interaction:
        """Use a command without waiting."""
        command, path = self._find(name)
        given = self._nested(command, path, options)
        return self._actions.use(self.actor_context, int(command["id"]), given, target=target)

    async def menu(self, name: str, /, target: int) -> Reply:
        """Use a command of a user's or a message's menu."""
        interaction = self.begin(name, target=target)
        await self._settled(interaction)
        return Reply(self, interaction, interaction.original_id)

    async def autocomplete(
        self, name: str, /, option: str, typed: str = "", **others: Any
    ) -> list[Json]:
        """Type into an option and return the choices offered.

        Raises:
            InteractionFailed: The bot did not answer.
        """
        command, path = self._find(name)
        given = self._nested(command, path, others | {option: typed})
        interaction = self._actions.complete(self.actor_context, int(command["id"]), given, option)
        await self._settled(interaction)
        return interaction.choices or []

    async def submit(self, form: Form, values: Json) -> Reply:
        """Send a form and wait for the answer."""
        interaction = self._actions.submit(self.user, form.opened_by, values)
        await self._settled(interaction)
        return Reply(self, interaction, interaction.original_id)

    def say(self, content: str) -> Message:
        """Write a plain message."""
        return self._actions.write(self.actor_context, content)

    def read(self, limit: int = 50) -> list[Reply]:
        """Return the messages of the channel that they see, oldest first."""
        if not self.actor_context.can_view:
            return []
        seen = self._container.messages.newest(
            self.channel.id, limit, lambda each: each.visible_to in (None, self.user.id)
        )
        return [Reply(self, None, each.id) for each in reversed(seen)]

    async def press(self, message_id: int, custom_id: str, values: list[str] | None) -> Reply:
        """Press or choose on a message, and wait for the reply."""
        actor_context = self.actor_context
        message = self._actions.message(actor_context, message_id)
        interaction = self._actions.press(actor_context, message, custom_id, values=values)
        await self._settled(interaction)
        return Reply(self, interaction, interaction.original_id)

    def find_message(self, message_id: int | None) -> Message | None:
        """Return a message of the channel, None when it is gone."""
        return self._container.messages.find(self.channel.id, message_id or 0)

    def shown(self, message: Message) -> Json:
        """Return a message as a client gets it."""
        return self._container.payloads.json(message)

    def dismiss(self, message: Message) -> None:
        """Put an ephemeral message away."""
        self._actions.dismiss(self.user, message)

    async def _settled(self, interaction: Interaction) -> None:
        """Wait for the final reply, past a deferred one."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await interaction.until(lambda: interaction.state in ("answered", "failed"))
        except TimeoutError as error:
            name = interaction.action.name
            raise InteractionFailed(f"{name}: still thinking after {PATIENCE_SECONDS} s") from error
        reason = reason_of(interaction)
        if reason is not None:
            raise InteractionFailed(reason)

    def _find(self, name: str) -> tuple[Json, list[str]]:
        offered = self._container.commands.offered(self.actor_context)
        for command in offered:
            if name == command["name"]:
                return command, []
            if name.startswith(f"{command['name']} "):
                return command, name.removeprefix(command["name"]).split()
        listed = ", ".join(each["name"] for each in offered) or "nothing"
        raise PageError(f"{name} is not offered here; offered: {listed}.")

    def _nested(self, part: Json, path: list[str], values: Json) -> list[Json]:
        """Return the options nested below their subcommands, names turned into ids."""
        known = {each["name"]: each for each in part.get("options", ())}
        if path:
            inside = self._nested(known.get(path[0], {}), path[1:], values)
            return [{"name": path[0], "options": inside}]
        given = []
        for name, value in values.items():
            kind = known.get(name, {}).get("type")
            is_leaf = kind is not None and kind not in BRANCHES
            given.append({"name": name, "value": self._id(kind, value) if is_leaf else value})
        return given

    def _id(self, kind: int, value: Any) -> Any:
        if not isinstance(value, str) or value.isdecimal():
            return value
        guild = self.actor_context.guild
        named: dict[str, int] = {}
        if kind == OptionType.CHANNEL and guild:
            named = {each.name: each.id for each in guild.channels.values()}
        if kind in (OptionType.ROLE, OptionType.MENTIONABLE) and guild:
            named = {each.name: each.id for each in guild.roles.values()}
        if kind in (OptionType.USER, OptionType.MENTIONABLE):
            named |= {each.name: each.id for each in self._container.world.users.values()}
        return named.get(value.lstrip("#@"), value)


class Reply:
    """A message as a member sees it, with its buttons and selects.

    It follows the message: after an edit it shows the new text.
    """

    def __init__(
        self, person: Person, interaction: Interaction | None, message_id: int | None
    ) -> None:
        self.person = person
        self.interaction = interaction
        self.message_id = message_id

    @property
    def is_gone(self) -> bool:
        """Say whether there is no message, or none any more."""
        return self.person.find_message(self.message_id) is None

    @property
    def message(self) -> Message:
        """Return the message as it stands.

        Raises:
            PageError: There is none.
        """
        message = self.person.find_message(self.message_id)
        if message is None:
            raise PageError("There is no message to look at.")
        return message

    @property
    def json(self) -> Json:
        """Return the message as a client gets it."""
        return self.person.shown(self.message)

    @property
    def text(self) -> str:
        """Return all that it shows, top to bottom; controls in square brackets."""
        return text_of(self.json)

    @property
    def content(self) -> str:
        """Return the plain content."""
        return self.message.content

    @property
    def embeds(self) -> list[Json]:
        """Return the embeds."""
        return list(self.json["embeds"])

    @property
    def components(self) -> list[Json]:
        """Return the components."""
        return list(self.json["components"])

    @property
    def flags(self) -> int:
        """Return the flags."""
        return self.message.flags

    @property
    def is_ephemeral(self) -> bool:
        """Say whether only this person sees it."""
        return bool(self.flags & MessageFlag.EPHEMERAL)

    @property
    def form(self) -> Form | None:
        """Return the form (modal) that the bot answered with."""
        if self.interaction is None or self.interaction.modal is None:
            return None
        return Form(self.person, self.interaction)

    @property
    def buttons(self) -> list[str]:
        """Return the labels of the buttons that can be pressed or followed."""
        found = walk(self.message.components)
        return [
            each.get("label") or each.get("emoji", {}).get("name", "")
            for each in found
            if each["type"] == ComponentType.BUTTON
        ]

    @property
    def followups(self) -> list[Reply]:
        """Return the messages that followed the answer."""
        if self.interaction is None:
            return []
        found = self.interaction.followups
        return [Reply(self.person, self.interaction, each) for each in found]

    async def press(self, button: str) -> Reply:
        """Press a button, by label or custom id, and return the reply.

        Raises:
            PageError: There is no such button.
            InteractionFailed: The bot did not answer.
        """
        custom_id = self._button(button)
        return await self.person.press(self.message.id, custom_id, None)

    async def choose(self, *choices: str, select: str | None = None) -> Reply:
        """Choose in a select, by label or value, and return the reply.

        Args:
            choices: What to choose.
            select: The select's custom id, if there are several.
        """
        found = self._select(select)
        values = {each["label"]: each["value"] for each in found.get("options", ())}
        chosen = [values.get(each, each) for each in choices]
        return await self.person.press(self.message.id, found["custom_id"], chosen)

    def dismiss(self) -> None:
        """Put an ephemeral message away."""
        self.person.dismiss(self.message)

    def _button(self, wanted: str) -> str:
        for each in walk(self.message.components):
            if each["type"] != ComponentType.BUTTON or each["style"] == LINK_STYLE:
                continue
            if wanted in (each["custom_id"], each.get("label"), each.get("emoji", {}).get("name")):
                return str(each["custom_id"])
        raise PageError(f"There is no button {wanted!r}; there are {self.buttons}.")

    def _select(self, wanted: str | None) -> Json:
        for each in walk(self.message.components):
            if each["type"] in SELECTS and wanted in (None, each["custom_id"]):
                return each
        raise PageError("There is no such select.")


class Form:
    """A form (modal) that the bot opened."""

    def __init__(self, person: Person, opened_by: Interaction) -> None:
        self._person = person
        self.opened_by = opened_by

    @property
    def json(self) -> Json:
        """Return the form as the bot sent it."""
        return self.opened_by.modal or {}

    @property
    def title(self) -> str:
        """Return its title."""
        return str(self.json["title"])

    @property
    def fields(self) -> list[str]:
        """Return the custom ids of the form's inputs."""
        return [each["custom_id"] for each in walk(self.json["components"]) if "custom_id" in each]

    async def submit(self, values: Json) -> Reply:
        """Send it, with text or lists of values by custom id."""
        return await self._person.submit(self, values)
