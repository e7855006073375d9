"""What a person is told when something fails: one calm sentence, and a reference for the log.

Commands, dynamic items, forms and views all end here; nothing else catches what they raise.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import discord
import structlog
from discord import app_commands

from bot.client.markdown import escape
from bot.client.responding import OUTCOME, UserFacingError
from bot.errors import ScheduleError, StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    Completion = Callable[
        [discord.Interaction[Any], str], Coroutine[Any, Any, list[app_commands.Choice[str]]]
    ]

log = structlog.stdlib.get_logger("bot.client")

OLD_COMMAND = (
    "This command has changed since your Discord last looked. Please try again in a minute."
)
UNOWNED = (
    "This is from an older version of the bot and no longer works. Please use the command again."
)
NOT_ALLOWED = "You need the permission {} for this."
FAILED = (
    "Sorry, that didn’t work. If it keeps happening, tell whoever runs this bot: reference `{}`."
)
NO_STATE = (
    "The settings of this server cannot be read or changed just now; nothing was changed. Please "
    "try again in a minute. If it lasts, tell whoever runs this bot: reference `{}`."
)
LONGEST = 1900  # of a sentence, below Discord's 2,000 characters for a message

TOO_LATE = 10062  # Discord's code: the interaction is unknown, its three seconds are over
ANSWERED = 40060  # Discord's code: already acknowledged, perhaps by another process


async def report(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Tell the person that it failed, and the log why; never raises a failure of Discord's."""
    cause = _cause(error)
    facts = {"interaction": interaction.id, "trigger": describe_trigger(interaction)}
    if isinstance(cause, discord.HTTPException) and cause.code in {TOO_LATE, ANSWERED}:
        log.warning("answered too late or twice", code=cause.code, **facts)
        return
    sentence = expected(cause)
    interaction.extras[OUTCOME] = "failed" if sentence is None else "refused"
    if sentence is None:
        reference = reference_of(interaction.id)
        log.error("answer failed", reference=reference, exc_info=cause, **facts)
        # Why a database fails is for its host: the reason names files and machines.
        sentence = (NO_STATE if isinstance(cause, StateError) else FAILED).format(reference)
    await tell(interaction, sentence)


async def tell(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Say a sentence to one person, whether or not an answer was begun."""
    try:
        if interaction.type is discord.InteractionType.autocomplete:
            # Discord takes nothing but choices there, such as none.
            await interaction.response.autocomplete([])
        elif interaction.response.is_done():
            # After a deferral the first follow-up takes the place of "thinking".
            await interaction.followup.send(sentence, ephemeral=True)
        else:
            await interaction.response.send_message(sentence, ephemeral=True)
    except discord.HTTPException as error:
        log.warning("could not tell", interaction=interaction.id, code=error.code)


def expected(error: BaseException) -> str | None:
    """Return what a person is told of an error that is nobody's fault, or None."""
    match error:
        case UserFacingError():
            return str(error)
        case ScheduleError():  # it repeats what was typed
            return escape(str(error), LONGEST)
        case app_commands.MissingPermissions():
            needed = (_as_discord_says(name) for name in error.missing_permissions)
            return NOT_ALLOWED.format(" and ".join(needed))
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return OLD_COMMAND
        case _:
            return None


def reference_of(interaction_id: int) -> str:
    """Return a short reference, the same for the person and in the log."""
    return hashlib.blake2b(str(interaction_id).encode(), digest_size=4).hexdigest()


def describe_trigger(interaction: discord.Interaction[Any]) -> str:
    """Name what was used: a command or a custom id, never what was typed."""
    data: Any = interaction.data if isinstance(interaction.data, dict) else {}
    return str(data.get("custom_id") or data.get("name") or interaction.type.name)


def autocompleting(complete: Completion) -> Completion:
    """Wrap an autocomplete: it fails to an empty list, since nothing can be said there."""

    async def safely(
        interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        try:
            return await complete(interaction, current)
        except Exception:  # the list is empty whatever went wrong; the log has it
            log.exception("autocomplete failed", trigger=describe_trigger(interaction))
            return []

    return safely


def _as_discord_says(permission: str) -> str:
    """Name a permission as a server's settings do, where a guild is a server."""
    return permission.replace("_", " ").title().replace("Guild", "Server")


def _cause(error: BaseException) -> BaseException:
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error
