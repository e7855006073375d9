"""A server's packs, and the data stored about a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import ButtonStyle

from bot.client.custom_ids import custom_id
from bot.client.markdown import escape
from bot.client.views.gaps import describe_gaps_kept
from bot.client.views.layout import bulleted, button, button_row, layout, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord import ui

    from bot.scheduling.guilds import StoredData

ERASE = "erase"
TYPED = (
    "What you type, or the message that you have answered by *Answer from the notes*, is used to "
    "answer you, and is not stored. Within seconds the bot has forgotten it, all but its "
    "connection, which keeps the last 32 KiB that Discord sent. How often you had it post in a "
    "channel is counted for seconds, in memory alone, so that nobody floods one. A form of "
    "`/daily set` that was refused stays in memory for ten minutes, to be corrected."
)
"""What tests/e2e/test_privacy_of_memory.py holds the bot to."""
NOTHING = "About this server nothing is stored."


def render_packs(packs: Sequence[tuple[str, str, bool]]) -> ui.LayoutView:
    """Render the packs of this server, as (id, title, whether it answers)."""
    if not packs:
        return layout(text("This bot has no packs at all; whoever runs it can add some."))
    lines = [
        f"**{escape(title, 160)}** (`{pack}`) {'answers' if answers else 'is silent here'}"
        for pack, title, answers in packs
    ]
    return layout(
        text("### Packs that answer here"),
        text(bulleted(lines, 3400)),
        text("-# `/packs pack:… answers:…` lets one answer, or silences it in this server."),
    )


def render_privacy(stored: StoredData | None, *, is_admin: bool = False) -> ui.LayoutView:
    """Render the data stored about this server, with names for admins."""
    return layout(
        text(
            f"### Privacy\n{TYPED}\nFor the daily quote the bot stores ids (server, channel, role, "
            "message, and the admin who set a schedule up), times, and settings, such as a "
            "schedule's name: nothing of other members, and no messages of theirs. A schedule that "
            "was removed is kept for a day, so that it can be brought back."
        ),
        text(exception) if (exception := _exception(stored)) else None,
        text(_stored_text(stored, is_naming=is_admin)),
        text(
            "-# When the bot leaves a server, all of it is erased after seven days. "
            "`/privacy erase` (Manage Server) erases it at once."
        ),
    )


def render_erase_confirmation(stored: StoredData) -> ui.LayoutView:
    """Render the question whether everything about this server is to be erased."""
    if _is_empty(stored):
        return layout(text(f"{NOTHING} There is nothing to erase."))
    return layout(
        text("### Erase everything about this server?"),
        text(
            f"{_stored_text(stored, is_naming=True)} "
            "It cannot be brought back, and no more quotes are posted."
        ),
        button_row(button("Erase everything", custom_id(ERASE), ButtonStyle.danger)),
    )


def _exception(stored: StoredData | None) -> str:
    return "" if stored is None else describe_gaps_kept(stored.guild)


def _is_empty(stored: StoredData) -> bool:
    """Return whether nothing is stored about a server."""
    return (
        not stored.schedules
        and stored.guild.packs is None
        and stored.guild.alerts_channel_id is None
        and not stored.guild.keeps_gaps
    )


def _stored_text(stored: StoredData | None, *, is_naming: bool) -> str:
    if stored is None:
        return "Here, in direct messages, nothing is stored at all."
    if _is_empty(stored):
        return NOTHING
    schedules, rows = len(stored.schedules), stored.delivery_count
    names = ", ".join(escape(one.name, 80) for one in stored.schedules if is_naming)
    kept = []
    if schedules:
        kept = [
            f"{schedules} schedule{'' if schedules == 1 else 's'}{f' ({names})' if names else ''}",
            f"{rows:,} line{'' if rows == 1 else 's'} of their history",
        ]
    if stored.guild.packs is not None:
        kept.append("which packs answer")
    if stored.guild.alerts_channel_id is not None:
        kept.append("the channel for alerts")
    if stored.guild.keeps_gaps:
        kept.append(_gaps_text(stored.gap_count))
    return f"About this server it stores {', '.join(kept)}."


def _gaps_text(count: int) -> str:
    if not count:
        return "that questions without an answer are kept (none so far)"
    if count == 1:
        return "one question or remark without who wrote it"
    return f"{count:,} questions and remarks without who wrote them"
