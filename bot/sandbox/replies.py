"""Replies as a member sees them: read, press, choose, fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.components.controls import LINK_STYLE, SELECTS, ComponentType
from bot.sandbox.components.layouts import walk
from bot.sandbox.components.transcript import text_of
from bot.sandbox.errors import PageError
from bot.sandbox.world.message_input import MessageFlag

if TYPE_CHECKING:
    from bot.sandbox.interactions.interactions import Interaction
    from bot.sandbox.testing import Person
    from bot.sandbox.wire import Json
    from bot.sandbox.world.messages import Message


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
