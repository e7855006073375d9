"""A command that opens a form of radio buttons and boxes to tick."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands, ui

SINGERS = [discord.RadioGroupOption(label=name) for name in ("Kendall", "James", "Nobody")]
SONGS = [discord.CheckboxGroupOption(label=name) for name in ("Parallel", "Love Letter", "Simple")]


class Survey(ui.Modal, title="A few questions"):
    """One of three, up to two of three, and yes or no."""

    singer: ui.Label[Survey] = ui.Label(
        text="Who sings it?", component=ui.RadioGroup(custom_id="singer", options=SINGERS)
    )
    songs: ui.Label[Survey] = ui.Label(
        text="Which songs?",
        component=ui.CheckboxGroup(custom_id="songs", options=SONGS, max_values=2, required=False),
    )
    is_live: ui.Label[Survey] = ui.Label(
        text="Heard it live?", component=ui.Checkbox(custom_id="live", default=True)
    )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        singer, songs = self.singer.component, self.songs.component
        is_live = self.is_live.component
        assert isinstance(singer, ui.RadioGroup)
        assert isinstance(songs, ui.CheckboxGroup)
        assert isinstance(is_live, ui.Checkbox)
        heard = "live" if is_live.value else "not live"
        await interaction.response.send_message(f"{singer.value}: {songs.values}, {heard}")


@app_commands.command()
async def survey(interaction: discord.Interaction[Any]) -> None:
    """Open a form of choices."""
    await interaction.response.send_modal(Survey())
