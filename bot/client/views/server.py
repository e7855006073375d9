"""A server's packs, and the data stored about a server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from discord import ButtonStyle

from bot.client.custom_ids import custom_id
from bot.client.markdown import escape
from bot.client.views.gaps import describe_gaps_kept
from bot.client.views.layout import bulleted, button, button_row, layout, notice, text
from bot.localization.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord import ui

    from bot.answering.results import FaultyTranslation
    from bot.localization.phrases import Phrases
    from bot.scheduling.guilds import StoredData

ERASE = "erase"
ERASED = sentence("Everything about this server is erased. No more daily quotes are posted here.")
GAPS_END = sentence("What is asked in vain is kept no more either, until somebody uses `/gaps on`.")
TYPED = sentence(
    "What you type, or the message that you have answered by *Answer from the notes*, is used to "
    "answer you, and is not stored. Within seconds the bot has forgotten it, all but its "
    "connection, which keeps the last 32 KiB that Discord sent. How often you had it post in a "
    "channel is counted for seconds, in memory alone, so that nobody floods one. A form of "
    "`/daily set` that was refused stays in memory for ten minutes, to be corrected."
)
"""What tests/e2e/test_privacy_of_memory.py holds the bot to."""
KEPT = sentence(
    "For the daily quote the bot stores ids (server, channel, role, message, and the admin who set "
    "a schedule up), times, and settings, such as a schedule's name: nothing of other members, and "
    "no messages of theirs. A schedule that was removed is kept for a day, so that it can be "
    "brought back."
)
TRANSLATION_FAULTS = sentence(
    "These translations have faults. What they lack is answered in the language of its pack; "
    "`linernotes facts check` shows whoever runs the bot each place."
)


@dataclass(frozen=True, slots=True)
class PackState:
    """A pack as `/packs` lists it."""

    id: str
    title: str
    is_answering: bool
    faulty_translations: Sequence[FaultyTranslation] = ()


def render_packs(say: Phrases, packs: Sequence[PackState]) -> ui.LayoutView:
    """Render the packs of this server."""
    if not packs:
        return layout(text(say("This bot has no packs at all; whoever runs it can add some.")))
    lines = [
        say("**{title}** (`{pack}`) answers", title=escape(each.title, 160), pack=each.id)
        if each.is_answering
        else say(
            "**{title}** (`{pack}`) is silent here", title=escape(each.title, 160), pack=each.id
        )
        for each in packs
    ]
    faults = [
        _describe_faulty_translation(say, each, faulty)
        for each in packs
        for faulty in each.faulty_translations
    ]
    return layout(
        text(say("### Packs that answer here")),
        text(bulleted(say, lines, 2400)),
        text(say(TRANSLATION_FAULTS)) if faults else None,
        text(bulleted(say, faults, 1000)) if faults else None,
        text(say("-# `/packs pack:… answers:…` lets one answer, or silences it in this server.")),
    )


def _describe_faulty_translation(say: Phrases, pack: PackState, faulty: FaultyTranslation) -> str:
    names = {"title": escape(pack.title, 160), "language": say.language(faulty.language)}
    if faulty.lacks is None:
        return say("**{title}**, {language}: the translation cannot be used", **names)
    if not faulty.lacks:
        return say("**{title}**, {language}: every entry is translated", **names)
    return say.plural(
        "**{title}**, {language}: {number} entry is not translated",
        "**{title}**, {language}: {number} entries are not translated",
        faulty.lacks,
        **names,
    )


def render_privacy(
    say: Phrases, stored: StoredData | None, *, is_admin: bool = False
) -> ui.LayoutView:
    """Render the data stored about this server, with names for admins."""
    exception = describe_gaps_kept(say, stored.guild) if stored else ""
    return layout(
        text(f"### {say('Privacy')}\n{say(TYPED)}\n{say(KEPT)}"),
        text(exception) if exception else None,
        text(_stored_text(say, stored, is_naming=is_admin)),
        text(
            say(
                "-# When the bot leaves a server, all of it is erased after seven days. "
                "`/privacy erase` (Manage Server) erases it at once."
            )
        ),
    )


def render_erased(say: Phrases, *, kept_gaps: bool) -> ui.LayoutView:
    """Render that everything about this server is erased."""
    return notice(f"{say(ERASED)} {say(GAPS_END)}" if kept_gaps else say(ERASED))


def render_erase_confirmation(say: Phrases, stored: StoredData) -> ui.LayoutView:
    """Render the question whether everything about this server is to be erased."""
    if _is_empty(stored):
        return layout(text(say("About this server nothing is stored. There is nothing to erase.")))
    warning = say("It cannot be brought back, and no more quotes are posted.")
    if stored.guild.keeps_gaps:
        warning = f"{warning} {say(GAPS_END)}"
    return layout(
        text(say("### Erase everything about this server?")),
        text(f"{_stored_text(say, stored, is_naming=True)} {warning}"),
        button_row(button(say("Erase everything"), custom_id(ERASE), ButtonStyle.danger)),
    )


def _is_empty(stored: StoredData) -> bool:
    """Return whether nothing is stored about a server."""
    return (
        not stored.schedules
        and stored.guild.packs is None
        and stored.guild.alerts_channel_id is None
        and not stored.guild.keeps_gaps
    )


def _stored_text(say: Phrases, stored: StoredData | None, *, is_naming: bool) -> str:
    if stored is None:
        return say("Here, in direct messages, nothing is stored at all.")
    if _is_empty(stored):
        return say("About this server nothing is stored.")
    schedules, rows = len(stored.schedules), stored.delivery_count
    names = ", ".join(escape(one.name, 80) for one in stored.schedules if is_naming)
    kept = []
    if schedules:
        counted = say.plural("{number} schedule", "{number} schedules", schedules)
        kept = [
            f"{counted} ({names})" if names else counted,
            say.plural("{number} line of their history", "{number} lines of their history", rows),
        ]
    if stored.guild.packs is not None:
        kept.append(say("which packs answer"))
    if stored.guild.alerts_channel_id is not None:
        kept.append(say("the channel for alerts"))
    if stored.guild.keeps_gaps and not stored.gap_count:
        kept.append(say("that questions without an answer are kept (none so far)"))
    elif stored.guild.keeps_gaps:
        gaps = say.plural(
            "one question or remark without who wrote it",
            "{number} questions and remarks without who wrote them",
            stored.gap_count,
        )
        kept.append(gaps)
    return say("About this server it stores {kept}.", kept=", ".join(kept))
