"""What people are told of errors that are nobody's fault."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.client.errors import expected_sentence, reference_of, tell
from bot.client.responding import CLAIMED
from bot.errors import ScheduleError, StoreError, UserFacingError
from bot.localization.phrases import ENGLISH


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (UserFacingError("It is gone."), "It is gone."),
        (ScheduleError("'**x**' is no time."), "'\\*\\*x\\*\\*' is no time."),
        (
            app_commands.MissingPermissions(["manage_guild"]),
            "You need the permission Manage Server for this.",
        ),
        (StoreError("/secret/path is malformed"), None),
        (ValueError("boom"), None),
    ],
)
def test_only_what_is_meant_for_people_is_shown_to_them(error: Exception, told: str | None) -> None:
    assert expected_sentence(ENGLISH, error) == told


def test_a_reference_is_short_and_always_the_same() -> None:
    assert reference_of(1290000000000000001) == reference_of(1290000000000000001)
    assert len(reference_of(1)) == 8
    assert len({reference_of(number) for number in range(1000)}) == 1000


async def test_telling_never_raises_and_keeps_the_guard_from_speaking_too() -> None:
    async def send_message(*_: object, **__: object) -> None:
        # discord.py, of a reply in a channel that the interaction did not bring along
        raise AttributeError("'NoneType' object has no attribute 'id'")

    interaction: Any = SimpleNamespace(
        id=1,
        type=discord.InteractionType.component,
        extras={},
        response=SimpleNamespace(is_done=lambda: False, send_message=send_message),
    )
    await tell(interaction, "It is gone.")

    assert interaction.extras[CLAIMED]
