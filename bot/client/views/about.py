"""The page about the bot: sources and rights, version, privacy, adding facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import __version__
from bot.answering.formatting import NOTES_NOT_TRANSLATED, citation
from bot.client.markdown import escape, typeset
from bot.client.views.gaps import describe_gaps_kept
from bot.client.views.layout import (
    bulleted,
    button_row,
    language_note,
    layout,
    link_button,
    linked,
    separator,
    text,
    year_origin,
)
from bot.client.views.server import TYPED
from bot.localization.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord import ui

    from bot.localization.phrases import Phrases
    from bot.packs.models import Source
    from bot.scheduling.models import Guild

PROJECT = "https://github.com/liner-notes/linernotes"
"""Where the bot comes from: its source code, its texts, its issues."""

PRIVACY = sentence(
    "For the daily quote the bot stores ids: of the server, its channel and role, the messages it "
    "posted, and the admin who set it up; of nobody else. `/privacy show` says what is stored here."
)


def render_about(
    say: Phrases,
    sources: Sequence[tuple[str, Source, str]],
    otherwise: str,
    settings: Guild,
) -> ui.LayoutView:
    """Render the sources of the packs that answer here, as (title, source, language).

    `otherwise` is shown where no pack answers; `settings` say what is kept of questions.
    """
    lines = []
    for title, source, language in sources:
        year = year_origin(say, source, language)
        cited = linked(escape(citation(say, source), 480), source.url)
        # Without an author it is cited by its title already.
        named = f"{typeset(source.title, 320)}. {cited}" if source.author else cited
        known = f"{named} {year}".rstrip()
        lines.append(f"**{escape(title, 160)}**: {known} {typeset(source.rights, 320)}")
    languages = {language for _, _, language in sources}
    listed = f"### {say('Sources')}\n{bulleted(say, lines, 2500)}"
    return layout(
        text(
            say("## Liner Notes\nAnswers from a notebook of cited facts. `/help` shows how to ask.")
        ),
        text(listed if lines else say(otherwise)),
        language_note(say, *languages, told=NOTES_NOT_TRANSLATED),
        separator(),
        text(f"### {say('Privacy')}\n{say(TYPED)} {say(PRIVACY)}"),
        text(exception) if (exception := describe_gaps_kept(say, settings)) else None,
        text(
            say(
                "### Adding facts\n"
                "Facts live in text files called packs; whoever hosts this bot can add one."
            )
        ),
        button_row(
            link_button(say("The project and its source"), PROJECT),
            link_button(say("How to add facts"), f"{PROJECT}/blob/main/facts/README.md"),
            link_button(say("Privacy in full"), f"{PROJECT}#privacy"),
        ),
        text(
            say(
                "-# Version {version} · code under MIT, quotations belong to their sources",
                version=__version__,
            )
        ),
    )
