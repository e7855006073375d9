"""Autocompletion: choices from memory, and an empty list where something fails.

Discord takes nothing but choices there, and no deferral.
"""

from __future__ import annotations

from functools import wraps
from itertools import islice
from typing import TYPE_CHECKING, Any, ParamSpec

import discord
import structlog
from discord import app_commands

from bot.client.errors import describe_trigger
from bot.client.views.layout import OPTION, PER_MENU

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

log = structlog.stdlib.get_logger("bot.client")

Choice = app_commands.Choice[str]
P = ParamSpec("P")


def autocompleting(
    complete: Callable[P, Coroutine[Any, Any, list[Choice]]],
) -> Callable[P, Coroutine[Any, Any, list[Choice]]]:
    """Wrap an autocompletion so that any failure offers nothing."""

    @wraps(complete)
    async def complete_or_nothing(*args: P.args, **kwargs: P.kwargs) -> list[Choice]:
        try:
            return await complete(*args, **kwargs)
        except Exception:  # the list is empty whatever went wrong; the log has it
            used = [describe_trigger(one) for one in args if isinstance(one, discord.Interaction)]
            log.exception("autocomplete failed", trigger=" ".join(used))
            return []

    return complete_or_nothing


def name_choices(names: Iterable[str]) -> list[Choice]:
    """Offer names to choose from, within Discord's limits."""
    fitting = (name for name in names if 0 < len(name) <= OPTION)
    return [Choice(name=name, value=name) for name in islice(fitting, PER_MENU)]
