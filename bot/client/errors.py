"""Failures of interactions: a sentence for the person, a log entry.

Commands, persistent items, forms and views all end here; nothing else catches what they raise.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.client.markdown import escape
from bot.client.responding import (
    ALREADY_ACKNOWLEDGED,
    CLAIMED,
    DEFERRED,
    OUTCOME,
    UNREAD,
    send_callback,
)
from bot.client.services import phrases_of
from bot.errors import ScheduleError, StateError, UserFacingError
from bot.localization.messages import sentence

if TYPE_CHECKING:
    from bot.localization.phrases import Phrases

log = structlog.stdlib.get_logger("bot.client")

OLD_COMMAND = sentence(
    "This command has changed since your Discord last looked. Please try again in a minute."
)
REPLACED = sentence("This message had just changed when you pressed. Please press again.")
UNOWNED = sentence(
    "This is from an older version of the bot and no longer works. Please use the command again."
)
NOT_ALLOWED = sentence("You need the permission {permissions} for this.")
FAILED = sentence(
    "Sorry, that didn’t work. If it keeps happening, tell whoever runs this bot: reference "
    "`{reference}`."
)
NO_STATE = sentence(
    "The settings of this server cannot be read or changed just now; nothing was changed. Please "
    "try again in a minute. If it lasts, tell whoever runs this bot: reference `{reference}`."
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
    say = phrases_of(interaction)
    told = expected_sentence(say, cause)
    interaction.extras[OUTCOME] = "failed" if told is None else "refused"
    if told is None:
        reference = reference_of(interaction.id)
        log.error("answer failed", reference=reference, exc_info=cause, **fields)
        # Why a database fails is for its host: the reason names files and machines.
        told = say(NO_STATE if isinstance(cause, StateError) else FAILED, reference=reference)
    await tell(interaction, told)


async def tell(interaction: discord.Interaction[Any], told: str) -> None:
    """Send a sentence to the person alone; never raises."""
    interaction.extras[CLAIMED] = True  # or the guard would answer while this is on its way
    try:
        if interaction.type is discord.InteractionType.autocomplete:
            # Discord takes nothing but choices there, such as none.
            await send_callback(interaction, lambda: interaction.response.autocomplete([]))
        elif interaction.response.is_done() or DEFERRED in interaction.extras:
            # After a deferral the first follow-up takes the place of "thinking".
            await interaction.followup.send(told, ephemeral=True)
        else:
            await send_callback(
                interaction,
                lambda: interaction.response.send_message(told, ephemeral=True),
            )
    except (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError, *UNREAD) as error:
        # RuntimeError is what aiohttp raises for a session that was closed meanwhile.
        code = getattr(error, "code", None)
        reason = type(error).__name__
        log.warning("could not tell", interaction=interaction.id, reason=reason, code=code)


def expected_sentence(say: Phrases, error: BaseException) -> str | None:
    """Return the sentence for an expected error, or None."""
    match error:
        case UserFacingError():
            return say(error.message)
        case ScheduleError():  # it repeats typed text
            return escape(say(error.message), MAX_SENTENCE)
        case app_commands.MissingPermissions():
            needed = [_permission_label(say, each) for each in error.missing_permissions]
            return say(NOT_ALLOWED, permissions=say.listed(needed))
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return say(OLD_COMMAND)
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


def _permission_label(say: Phrases, permission: str) -> str:
    """Return a permission's name as server settings show it."""
    if permission == "manage_guild":
        return say("Manage Server")
    return permission.replace("_", " ").title().replace("Guild", "Server")
