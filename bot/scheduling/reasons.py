"""Reasons why posts, follow-ups and alerts did not arrive, as codes with places.

A code stays as it is when its sentence is reworded, and whoever reads the history does so in a
language of their own.
"""

from __future__ import annotations

import json
from dataclasses import replace
from enum import StrEnum
from typing import Any

from bot.localization.messages import Message, message, plural_message


class Reason(StrEnum):
    """The code of a reason or of its part, as the state keeps it."""

    ADMIN_SKIPPED = "admin_skipped"
    PAUSED = "paused"
    REMOVED = "removed"
    TOO_LATE = "too_late"
    BEFORE_BACKUP = "before_backup"
    EXPIRED = "expired"
    DAMAGED = "damaged"
    SCHEDULE_GONE = "schedule_gone"
    POST_DAMAGED = "post_damaged"
    IN_TIMEOUT = "in_timeout"
    UNREACHABLE = "unreachable"
    NOT_ASKED = "not_asked"
    REFUSED = "refused"
    CHANNEL_GONE = "channel_gone"
    SERVER_GONE = "server_gone"
    CHANNEL_HIDDEN = "channel_hidden"
    HISTORY_HIDDEN = "history_hidden"
    POST_GONE = "post_gone"
    NO_DIRECT_MESSAGES = "no_direct_messages"
    NO_POSTS_IN_CHANNEL = "no_posts_in_channel"
    NOT_ALLOWED = "not_allowed"
    NOT_IN_CHANNEL = "not_in_channel"
    THREAD_LOCKED = "thread_locked"
    NO_ZONE = "no_zone"
    NO_FACT = "no_fact"
    NO_QUOTE = "no_quote"
    WITHHELD = "withheld"
    HERE = "here"
    IN_PACK = "in_pack"
    BY_SPEAKER = "by_speaker"
    IN_PACK_BY_SPEAKER = "in_pack_by_speaker"


_SENTENCES = {
    Reason.ADMIN_SKIPPED: message("An admin skipped it."),
    Reason.PAUSED: message("The schedule was paused."),
    Reason.REMOVED: message("The schedule was removed."),
    Reason.TOO_LATE: message(
        "The bot was not running, or could not reach Discord, until too late."
    ),
    Reason.BEFORE_BACKUP: message(
        "A backup was brought back later, which does not know whether it was posted."
    ),
    Reason.EXPIRED: message(
        "Discord could not be reached within {minutes} minutes of the time it was due."
    ),
    Reason.DAMAGED: message("Its row in the state database is damaged."),
    Reason.SCHEDULE_GONE: message("Its schedule is gone."),
    Reason.POST_DAMAGED: message("The row of the post in the state database is damaged."),
    Reason.IN_TIMEOUT: message(
        "The bot is in a time-out until {moment} UTC: it may write nothing in the server until "
        "then, or until a moderator ends it."
    ),
    Reason.UNREACHABLE: message("Discord could not be reached."),
    Reason.NOT_ASKED: message("Discord could not be asked whether it is there."),
    Reason.REFUSED: message("Discord refused it with status {status}, code {code}."),
    Reason.CHANNEL_GONE: message("The channel is gone; choose another with `/daily edit`."),
    Reason.SERVER_GONE: message("The server is gone."),
    Reason.CHANNEL_HIDDEN: message("The bot cannot see the channel; allow it View Channel there."),
    Reason.HISTORY_HIDDEN: message(
        "The bot may not read the channel’s history, where the post would be."
    ),
    Reason.POST_GONE: message("The post is gone."),
    Reason.NO_DIRECT_MESSAGES: message("They take no direct messages from the bot."),
    Reason.NO_POSTS_IN_CHANNEL: message(
        "Nothing can be posted in that kind of channel; choose another with `/daily edit`."
    ),
    Reason.NOT_ALLOWED: message(
        "The bot may not write there; allow it Send Messages, in a thread also "
        "Send Messages in Threads."
    ),
    Reason.NOT_IN_CHANNEL: message("That cannot be done in that kind of channel."),
    Reason.THREAD_LOCKED: message(
        "The thread is closed and locked; open it, or choose another with `/daily edit`."
    ),
    Reason.NO_ZONE: message("{zone} is not a time zone any more."),
    Reason.NO_FACT: message("There is no fact {where}."),
    Reason.NO_QUOTE: message("There is no quote {which}."),
    Reason.WITHHELD: plural_message(
        "The only quote {which} is marked 'daily: false': the pack’s author lets /quote and "
        "answers show it, and no daily post.",
        "The {number} quotes {which} are all marked 'daily: false': the pack’s author lets /quote "
        "and answers show them, and no daily post.",
        1,
    ),
    Reason.HERE: message("in the packs that answer here"),
    Reason.IN_PACK: message("in the pack {pack}"),
    Reason.BY_SPEAKER: message("by {speaker}"),
    Reason.IN_PACK_BY_SPEAKER: message("in the pack {pack} by {speaker}"),
}
_CODES = {each.source: code for code, each in _SENTENCES.items()}


def explain(reason: Reason, number: int = 0, **places: Any) -> Message:
    """Return a reason's sentence with its places; `number` makes it plural."""
    return replace(_SENTENCES[reason], places=places, number=number)


def encode_reason(told: Message) -> str:
    """Encode a reason as JSON, or as its sentence without a code."""
    if told.source not in _CODES:
        return str(told)
    return json.dumps(_to_data(told), sort_keys=True)


def decode_reason(kept: str) -> Message:
    """Decode a reason, or take a text as it is."""
    try:
        return _from_data(json.loads(kept))
    except (ValueError, RecursionError):
        return Message(kept)


def _to_data(told: Message) -> dict[str, Any]:
    places = {
        name: _to_data(value) if isinstance(value, Message) else value
        for name, value in told.places.items()
    }
    return {"code": _CODES[told.source], "number": told.number, "places": places}


def _from_data(data: Any) -> Message:
    """Return the reason of decoded JSON, or raise ValueError."""
    match data:
        case {"code": str(code), "number": int(number), "places": dict(places)}:
            values = {
                name: _from_data(value) if isinstance(value, dict) else value
                for name, value in places.items()
            }
            told = explain(Reason(code), number, **values)
            try:
                str(told)
            except (LookupError, AttributeError) as error:
                raise ValueError(f"{code} lacks a place") from error
            return told
        case _:
            raise ValueError("no reason")
