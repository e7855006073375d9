"""What Discord says to the contenders: servers of ordinary size, and members who ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.world.fixtures import small_world
from bot.sandbox.world.model import Channel, ChannelType, Guild, Member, Role
from bot.sandbox.world.payloads import (
    application_json,
    channel_json,
    gateway_guild_json,
    member_json,
    own_user_json,
    user_json,
)
from bot.sandbox.world.permissions import USUAL
from bot.sandbox.world.snowflakes import TIME_SHIFT

if TYPE_CHECKING:
    from bot.sandbox.wire import Json

CHANNELS = 20
ROLES = 10
EMOJIS = 20
MEMBERS = 250
FIRST_GUILD = 850_000_000_000_000_000
FIRST_INTERACTION = 1_250_000_000_000_000_000
COMMAND = 1_000_000_000_000_000_001
STEP = 1 << TIME_SHIFT
"""Ids of guilds lie as far apart, so that they spread evenly over the shards."""

_WORLD = small_world()
_FAN = _WORLD.users[next(actor.user_id for actor in _WORLD.actors if actor.key == "fan")]
APPLICATION = application_json(_WORLD)
OWN_USER = own_user_json(_WORLD.application.bot)
APPLICATION_ID = str(_WORLD.application.id)


def guild_id(number: int) -> int:
    """Return the id of a guild by its number."""
    return FIRST_GUILD + number * STEP


def guild(number: int) -> Json:
    """Return what GUILD_CREATE says of a guild of ordinary size."""
    first = guild_id(number)
    made = Guild(first, f"Server {number}", owner_id=_FAN.id)
    made.roles = {
        key: Role(key, f"Role {key - first}", int(USUAL), key - first)
        for key in range(first, first + ROLES)
    }
    made.channels = {
        channel.id: channel for channel in (_channel(first, at) for at in range(CHANNELS))
    }
    own = Member(_WORLD.application.bot, joined_at=0.0)
    made.members[own.user.id] = own
    emojis = [_emoji(first + 200 + at) for at in range(EMOJIS)]
    return gateway_guild_json(made, _WORLD) | {"member_count": MEMBERS, "emojis": emojis}


def _channel(guild: int, number: int) -> Channel:
    topic = "What this one is for."
    return Channel(guild + 100 + number, ChannelType.TEXT, f"room-{number}", guild, topic=topic)


def _emoji(key: int) -> Json:
    flags = {"require_colons": True, "managed": False, "animated": False, "available": True}
    return {"id": str(key), "name": f"emoji_{key % 1000}", "roles": [], **flags}


def asked(line: str, number: int, question: str) -> Json:
    """Return what INTERACTION_CREATE says of `/ask question:…`, typed in the first guild.

    The token of its callback bears whose `line` it is.
    """
    first = guild_id(0)
    member = member_json(Member(_FAN, joined_at=0.0)) | {"permissions": str(int(USUAL))}
    return {
        "id": str(FIRST_INTERACTION + number),
        "application_id": APPLICATION_ID,
        "type": 2,
        "token": f"{line}.{number}",
        "version": 1,
        "guild_id": str(first),
        "guild": {"id": str(first), "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "channel_id": str(first + 100),
        "channel": channel_json(_channel(first, 0), _WORLD) | {"permissions": str(int(USUAL))},
        "member": member,
        "locale": "en-US",
        "app_permissions": str(int(USUAL)),
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(first)},
        "context": 0,
        "attachment_size_limit": 10_485_760,
        "data": {
            "id": str(COMMAND),
            "name": "ask",
            "type": 1,
            "options": [{"name": "question", "type": 3, "value": question}],
        },
    }


def called_back(number: int, answer: Json) -> Json:
    """Return what Discord answers a callback with: the message as it now stands."""
    shown = message(number, answer.get("data", {}))
    interaction = {
        "id": str(FIRST_INTERACTION + number),
        "type": 2,
        "response_message_id": shown["id"],
        "response_message_loading": False,
        "response_message_ephemeral": False,
    }
    return {"interaction": interaction, "resource": {"type": 4, "message": shown}}


def message(number: int, content: Json) -> Json:
    """Return a message of the bot's."""
    shown = {
        "id": str(FIRST_INTERACTION + number + 500_000),
        "channel_id": str(guild_id(0) + 100),
        "type": 20,
        "content": "",
        "author": user_json(_WORLD.application.bot),
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": False,
        "flags": 0,
        "webhook_id": APPLICATION_ID,
        "application_id": APPLICATION_ID,
    }
    return shown | content
