"""The page about the bot: sources and rights, version, privacy, adding facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import __version__
from bot.answering.formatting import citation
from bot.client.markdown import escape
from bot.client.views.layout import bulleted, layout, separator, text
from bot.client.views.server import TYPED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord import ui

    from bot.packs.models import Source

_PRIVACY = (
    f"**Privacy** {TYPED} For the daily quote the bot stores ids: of the server, its channel and "
    "role, the messages it posted, and the admin who set it up; of nobody else. `/privacy show` "
    "says what is stored here."
)
_MORE = (
    "**Add facts** Facts live in text files called packs; whoever hosts this bot can add one. "
    "The guide is `facts/README.md` in the bot’s source."
)


def render_about(sources: Sequence[tuple[str, Source]], otherwise: str) -> ui.LayoutView:
    """Render the sources of the packs that answer here, as (title, source).

    `otherwise` is shown where no pack answers.
    """
    lines = [_source_text(title, source) for title, source in sources]
    return layout(
        text("## Liner Notes\nAnswers from a notebook of cited facts. Ask with `/ask`."),
        text(f"**Sources**\n{bulleted(lines, 2600)}" if lines else otherwise),
        separator(),
        text(_PRIVACY),
        text(_MORE),
        text(f"-# Version {__version__} · code under MIT, quotations belong to their sources"),
    )


def _source_text(title: str, source: Source) -> str:
    year = f"The year is from {escape(source.year_from, 160)}."
    named = f"{escape(source.title, 320)}. {escape(citation(source), 480)}"
    return f"**{escape(title, 160)}**: {named} {year} {escape(source.rights, 320)}"
