"""Autocompletion: choices from memory, and an empty list where something fails.

Discord takes nothing but choices there, and no deferral.
"""

from __future__ import annotations

import asyncio
from functools import wraps
from itertools import islice
from typing import TYPE_CHECKING, Any, ParamSpec

import discord
import structlog
from discord import app_commands

from bot.answering.formatting import is_foreign
from bot.client.errors import describe_trigger, expected_sentence
from bot.client.markdown import shorten
from bot.client.views.layout import OPTION, PER_MENU
from bot.errors import StateError
from bot.localization.phrases import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

    from bot.localization.phrases import Phrases

log = structlog.stdlib.get_logger("bot.client")

COMPLETION_SECONDS = 1.0
"""Seconds after which autocompletion offers nothing rather than be late."""

Choice = app_commands.Choice[str]
P = ParamSpec("P")


def autocompleting(
    complete: Callable[P, Coroutine[Any, Any, list[Choice]]],
) -> Callable[P, Coroutine[Any, Any, list[Choice]]]:
    """Wrap an autocompletion so that any failure offers nothing."""

    @wraps(complete)
    async def complete_or_nothing(*args: P.args, **kwargs: P.kwargs) -> list[Choice]:
        used = " ".join(describe_trigger(o) for o in args if isinstance(o, discord.Interaction))
        try:
            async with asyncio.timeout(COMPLETION_SECONDS):
                return await complete(*args, **kwargs)
        except (TimeoutError, StateError) as error:
            reason = str(error) or f"not done within {COMPLETION_SECONDS:g} s"
            log.warning("autocomplete failed", trigger=used, reason=reason)
        except Exception as error:  # the list is empty whatever went wrong; the log has it
            if expected_sentence(ENGLISH, error) is None:
                log.exception("autocomplete failed", trigger=used)
        return []

    return complete_or_nothing


def name_in_language(say: Phrases, text: str, language: str) -> str:
    """Return a text of a pack for a choice, with its language if it is not the reader's."""
    named = f" · {say.language(language)}" if is_foreign(say, language) else ""
    return f"{shorten(text, OPTION - len(named))}{named}"


def name_choices(names: Iterable[str]) -> list[Choice]:
    """Offer names to choose from, within Discord's limits."""
    fitting = (name for name in names if 0 < len(name) <= OPTION)
    return [Choice(name=name, value=name) for name in islice(fitting, PER_MENU)]
