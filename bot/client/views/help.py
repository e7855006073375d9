"""The help: commands to press, questions to try, and links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import ButtonStyle

from bot.answering.formatting import NOTES_NOT_TRANSLATED
from bot.client.command_translator import COMMAND
from bot.client.views.answer import suggestion_rows
from bot.client.views.layout import (
    button_row,
    language_note,
    layout,
    link_button,
    names_in_a_row,
    separator,
    text,
)
from bot.localization.messages import sentence

if TYPE_CHECKING:
    from discord import ui

    from bot.answering.coverage import Coverage
    from bot.client.command_mentions import CommandMentions
    from bot.client.views.answer import AnswerContext

ANSWER_MENU = "Answer from the notes"
"""The name of the command in a message's menu."""
ASK = sentence("Ask about {names}: I look it up in the notes and name the source.")
FOR_ALL = sentence("""\
- {ask} answers a question; try `private: True` for an answer that only you see
- {quote} reads somebody’s own words
- {release} looks up a record or a song
- {topics} shows all that can be asked
- {about} names the sources, and {privacy} what is stored
- **A message** somebody wrote: press and hold it, or right-click it, then *Apps*, *{menu}*""")
FOR_ADMINS = sentence("""\
**For you, who manage this server**
- {daily} posts a quote every day
- {packs} chooses the packs of facts that answer here
- {gaps} keeps what is asked in vain, if you want it, for those who write the facts""")
SUGGEST = sentence(
    "- {suggest} takes a question or a correction for those who look after the notes"
)
ASK_HOST = sentence("-# For help with the bot, ask whoever runs it.")


def render_help(  # noqa: PLR0913  # each is given by name, and help names this much
    mentions: CommandMentions,
    coverage: Coverage,
    context: AnswerContext,
    *,
    absence: str | None,
    invite: str,
    help_page: str | None,
    is_admin: bool,
    takes_suggestions: bool = False,
) -> ui.LayoutView:
    """Render the help.

    Args:
        mentions: The commands, as they can be pressed.
        coverage: What the notes here are about.
        context: The surroundings of answers to its questions.
        absence: Why nothing can be asked here, if so.
        invite: Where the bot is added to a server or an account.
        help_page: Where people may ask for help, if the host says.
        is_admin: Whether the person manages the server.
        takes_suggestions: Whether members may suggest something there.
    """
    say = context.say
    told = say(absence or ASK, names=names_in_a_row(say, coverage.names))
    to_all = say(
        FOR_ALL,
        ask=mentions.mention("ask"),
        quote=mentions.mention("quote"),
        release=mentions.mention("release"),
        topics=mentions.mention("topics"),
        about=mentions.mention("about"),
        privacy=mentions.mention("privacy show"),
        menu=say.term(COMMAND, ANSWER_MENU),
    )
    if takes_suggestions:
        to_all += "\n" + say(SUGGEST, suggest=mentions.mention("suggest"))
    to_admins = say(
        FOR_ADMINS,
        daily=mentions.mention("daily set"),
        packs=mentions.mention("packs"),
        gaps=mentions.mention("gaps on"),
    )
    links = [link_button(say("Add it to a server or account"), invite)]
    if help_page:
        links.append(link_button(say("Ask for help"), help_page))
    languages = {each.language for each in coverage.examples}
    examples = suggestion_rows(coverage.examples, context, ButtonStyle.secondary)
    return layout(
        text(f"## Liner Notes\n{told}"),
        text(to_all),
        text(to_admins) if is_admin else None,
        text(say("**Try one of these**")) if examples else None,
        language_note(say, *languages, told=NOTES_NOT_TRANSLATED) if examples else None,
        *examples,
        separator(),
        button_row(*links),
        None if help_page else text(say(ASK_HOST)),
        private=True,
    )
