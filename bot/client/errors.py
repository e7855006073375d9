"""Failures of interactions: a sentence for the person, a log entry.

Commands, persistent items, forms and views all end here; nothing else catches what they raise.
"""

from __future__ import annotations

import hashlib
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.client.markdown import escape
from bot.client.responding import ALREADY_ACKNOWLEDGED, DEFERRED, OUTCOME, send_callback
from bot.errors import ScheduleError, StateError, UserFacingError

log = structlog.stdlib.get_logger("bot.client")

OLD_COMMAND = (
    "This command has changed since your Discord last looked. Please try again in a minute."
)
REPLACED = "This message had just changed when you pressed. Please press again."
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
MAX_SENTENCE = 1900  # below Discord's 2,000 characters for a message

UNKNOWN_INTERACTION = 10062  # Discord's code once an interaction's three seconds are over


async def report(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Tell the person that it failed, and log the cause."""
    cause = _unwrap(error)
    fields = {"interaction": interaction.id, "trigger": describe_trigger(interaction)}
    if isinstance(cause, discord.HTTPException) and cause.code in {
        UNKNOWN_INTERACTION,
        ALREADY_ACKNOWLEDGED,
    }:
        # Nothing can be said any more; a reply to an answered interaction would be a second one.
        log.warning("answered too late or twice", code=cause.code, **fields)
        return
    sentence = expected_sentence(cause)
    interaction.extras[OUTCOME] = "failed" if sentence is None else "refused"
    if sentence is None:
        reference = reference_of(interaction.id)
        log.error("answer failed", reference=reference, exc_info=cause, **fields)
        # Why a database fails is for its host: the reason names files and machines.
        sentence = (NO_STATE if isinstance(cause, StateError) else FAILED).format(reference)
    await tell(interaction, sentence)


async def tell(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Send a sentence to the person alone; never raises."""
    try:
        if interaction.type is discord.InteractionType.autocomplete:
            # Discord takes nothing but choices there, such as none.
            await send_callback(interaction, lambda: interaction.response.autocomplete([]))
        elif interaction.response.is_done() or DEFERRED in interaction.extras:
            # After a deferral the first follow-up takes the place of "thinking".
            await interaction.followup.send(sentence, ephemeral=True)
        else:
            await send_callback(
                interaction,
                lambda: interaction.response.send_message(sentence, ephemeral=True),
            )
    except (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError) as error:
        # RuntimeError is what aiohttp raises for a session that was closed meanwhile.
        code = getattr(error, "code", None)
        reason = type(error).__name__
        log.warning("could not tell", interaction=interaction.id, reason=reason, code=code)


def expected_sentence(error: BaseException) -> str | None:
    """Return the sentence for an expected error, or None."""
    match error:
        case UserFacingError():
            return str(error)
        case ScheduleError():  # it repeats typed text
            return escape(str(error), MAX_SENTENCE)
        case app_commands.MissingPermissions():
            needed = map(_permission_label, error.missing_permissions)
            return NOT_ALLOWED.format(" and ".join(needed))
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return OLD_COMMAND
        case _:
            return None


def _unwrap(error: BaseException) -> BaseException:
    """Return the error of ours within one of discord.py's."""
    match error:
        case app_commands.CommandInvokeError():
            return error.original
        case app_commands.CheckFailure(__cause__=UserFacingError() as cause):
            return cause
        case _:
            return error


def reference_of(interaction_id: int) -> str:
    """Return the short reference that person and log share."""
    return hashlib.blake2b(str(interaction_id).encode(), digest_size=4).hexdigest()


def describe_trigger(interaction: discord.Interaction[Any]) -> str:
    """Return the command or custom id that was used, never typed text."""
    data: Any = interaction.data if isinstance(interaction.data, dict) else {}
    return str(data.get("custom_id") or data.get("name") or interaction.type.name)


def _permission_label(permission: str) -> str:
    """Return a permission's name as server settings show it."""
    return permission.replace("_", " ").title().replace("Guild", "Server")
