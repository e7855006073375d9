"""The mentions in a message, and their recipients.

https://discord.com/developers/docs/resources/message#allowed-mentions-object
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.components.layouts import walk

if TYPE_CHECKING:
    from bot.sandbox.wire import Json

_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_EVERYONE = re.compile(r"@(everyone|here)\b")


@dataclass(frozen=True, slots=True)
class Mentions:
    """The users and roles a message pings, and whether it pings everyone."""

    users: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    everyone: bool = False


def find_mentions(content: str, components: list[Json], allowed: Json | None) -> Mentions:
    """Read the mentions in all text of a message, as far as the sender allows them."""
    text = "\n".join([content, *(each.get("content", "") for each in walk(components))])
    return Mentions(
        users=_allowed(_USER.findall(text), "users", allowed),
        roles=_allowed(_ROLE.findall(text), "roles", allowed),
        everyone=bool(_EVERYONE.search(text)) and _parses("everyone", allowed),
    )


def _allowed(found: list[str], kind: str, allowed: Json | None) -> tuple[int, ...]:
    unique = dict.fromkeys(int(each) for each in found)
    if _parses(kind, allowed):
        return tuple(unique)
    named = set((allowed or {}).get(kind) or ())
    return tuple(each for each in unique if each in named)


def _parses(kind: str, allowed: Json | None) -> bool:
    return allowed is None or kind in (allowed.get("parse") or ())
