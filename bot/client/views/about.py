"""The page about the bot: sources and rights, version, privacy, adding facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import __version__
from bot.answering.formatting import citation
from bot.client.markdown import escape, typeset
from bot.client.views.gaps import describe_gaps_kept
from bot.client.views.layout import (
    bulleted,
    button_row,
    layout,
    link_button,
    linked,
    separator,
    text,
)
from bot.client.views.server import TYPED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord import ui

    from bot.packs.models import Source
    from bot.scheduling.models import Guild

PROJECT = "https://github.com/liner-notes/linernotes"
"""Where the bot comes from: its source code, its texts, its issues."""

_PRIVACY = (
    f"### Privacy\n{TYPED} For the daily quote the bot stores ids: of the server, its channel and "
    "role, the messages it posted, and the admin who set it up; of nobody else. `/privacy show` "
    "says what is stored here."
)
_MORE = (
    "### Adding facts\nFacts live in text files called packs; whoever hosts this bot can add one."
)


def render_about(
    sources: Sequence[tuple[str, Source]], otherwise: str, settings: Guild
) -> ui.LayoutView:
    """Render the sources of the packs that answer here, as (title, source).

    `otherwise` is shown where no pack answers; `settings` say what is kept of questions.
    """
    lines = [_source_text(title, source) for title, source in sources]
    return layout(
        text("## Liner Notes\nAnswers from a notebook of cited facts. `/help` shows how to ask."),
        text(f"### Sources\n{bulleted(lines, 2500)}" if lines else otherwise),
        separator(),
        text(_PRIVACY),
        text(exception) if (exception := describe_gaps_kept(settings)) else None,
        text(_MORE),
        button_row(
            link_button("The project and its source", PROJECT),
            link_button("How to add facts", f"{PROJECT}/blob/main/facts/README.md"),
            link_button("Privacy in full", f"{PROJECT}#privacy"),
        ),
        text(f"-# Version {__version__} · code under MIT, quotations belong to their sources"),
    )


def _source_text(title: str, source: Source) -> str:
    year = f"The year is from {escape(source.year_from, 160)}."
    cited = linked(escape(citation(source), 480), source.url)
    named = f"{typeset(source.title, 320)}. {cited}"
    return f"**{escape(title, 160)}**: {named} {year} {typeset(source.rights, 320)}"
