"""The answer to a question or to small talk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from discord import ButtonStyle

from bot.answering.formatting import (
    NOT_TRANSLATED,
    NOTES_NOT_TRANSLATED,
    SMALL_TALK,
    is_old_news,
    not_understood,
)
from bot.answering.results import Found, Unknown, Unsure
from bot.client.custom_ids import custom_id, fact_custom_id, fits
from bot.client.markdown import escape, shorten, typeset
from bot.client.views.gaps import ASKED_IN_VAIN, NOT_RIGHT
from bot.client.views.layout import (
    LABEL,
    button,
    button_row,
    language_note,
    layout,
    names_in_a_row,
    question_heading,
    separator,
    source_line,
    text,
)
from bot.client.views.quote import quotation, translation_line
from bot.localization.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from discord import ui

    from bot.answering.coverage import Coverage
    from bot.answering.results import Answer, CitedQuote, Suggestion
    from bot.answering.small_talk import SmallTalk
    from bot.client.views.layout import Item
    from bot.localization.phrases import Phrases

MAX_SUGGESTIONS = 3
UNSURE = sentence("I’m not sure which of these you mean:")


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """The surroundings of an answer: year, language, audience, message."""

    year: int
    say: Phrases
    """The words of the reader."""
    is_public: bool = False
    """Whether the question was asked in public, and its answer is to be."""
    is_shareable: bool = False
    """Whether others are there, whom a private answer could be shown to."""
    message: int | None = None
    """The message that it answers, if it is one's own."""
    message_link: str = ""
    guild_id: int | None = None
    keeps_gaps: bool = False
    """Whether it is kept in this server what is asked in vain, or said to be not right."""
    is_kept: bool = False
    """Whether this question, which got no answer, is kept."""


def render_answer(
    answer: Answer,
    question: str | None = None,
    *,
    context: AnswerContext,
    titles: Mapping[str, str] | None = None,
    back: Item | None = None,
) -> ui.LayoutView:
    """Render an answer under the question as it was typed.

    Args:
        answer: The answer; only one that is found is ever for others to see.
        question: The question; the fact's own if left out.
        context: The surroundings of the answer.
        titles: The packs' titles by id, where suggestions come from several: the same question
            may stand in each.
        back: A row that leads back.
    """
    say = context.say
    match answer:
        case Found():
            return _render_found(answer, question, context, back)
        case Unsure():
            said = say(UNSURE)
        case Unknown():
            said = _unknown_sentence(say, answer)
    is_foreign = any(each.language != answer.asked_in for each in answer.suggestions)
    return layout(
        question_heading(question),
        text(said),
        text(f"-# {say(NOTES_NOT_TRANSLATED)}") if is_foreign else None,
        *suggestion_rows(answer.suggestions, context, ButtonStyle.primary, titles),
        button_row(button(say("What the notes cover"), custom_id("topics", 0))),
        text(say(ASKED_IN_VAIN)) if context.is_kept else None,
        private=True,
    )


def render_small_talk(kind: SmallTalk, coverage: Coverage, context: AnswerContext) -> ui.LayoutView:
    """Render a reply to small talk, with questions to try."""
    say, languages = context.say, {each.language for each in coverage.examples}
    return layout(
        text(say(SMALL_TALK[kind], names=names_in_a_row(say, coverage.names))),
        language_note(say, *languages, told=NOTES_NOT_TRANSLATED),
        *suggestion_rows(coverage.examples, context, ButtonStyle.primary),
        button_row(button(say("What the notes cover"), custom_id("topics", 0))),
        private=True,
    )


def suggestion_rows(
    suggestions: Iterable[Suggestion],
    context: AnswerContext,
    style: ButtonStyle,
    titles: Mapping[str, str] | None = None,
) -> list[Item]:
    """Build a row for each suggestion: questions are long, and telephones narrow."""
    kind = "public" if context.is_public else "fact"
    labels = {
        fact_custom_id(kind, each.pack, each.fact, context.message): _label(each, titles or {})
        for each in suggestions
        if fits(each.pack, each.fact)
    }
    return [button_row(button(label, custom_id, style)) for custom_id, label in labels.items()][
        :MAX_SUGGESTIONS
    ]


def _render_found(
    found: Found, question: str | None, context: AnswerContext, back: Item | None
) -> ui.LayoutView:
    cited, say = found.answer, context.say
    heading = question or (cited.fact.questions[0] if cited.fact.questions else cited.subject)
    statement, note = typeset(cited.fact.statement, 800), cited.fact.note
    is_old = is_old_news(cited.fact.as_of, context.year)
    # A press on one of these is for the presser alone, whoever sees the answer.
    related = suggestion_rows(
        found.related, AnswerContext(context.year, say), ButtonStyle.secondary
    )
    link = context.message_link
    return layout(
        text(say("-# In answer to [this message](<{link}>)", link=link)) if link else None,
        question_heading(heading),
        text(
            say("**As of {year}:** {statement}", year=cited.fact.as_of, statement=statement)
            if is_old
            else statement
        ),
        text(quote_lines(say, cited.quote)) if cited.quote else None,
        text(f"-# {say(NOT_TRANSLATED)}") if cited.language != found.asked_in else None,
        source_line(
            say,
            cited.source,
            as_of=None if is_old else cited.fact.as_of,
            paragraphs=cited.fact.paragraphs,
        ),
        text(say("-# About this answer: {note}", note=typeset(note, 240))) if note else None,
        _action_row(found, context),
        separator() if related else None,
        *related,
        back,
    )


def _action_row(found: Found, context: AnswerContext) -> Item | None:
    """Build the row that shows a private answer to everybody, or objects to it."""
    pack, fact = found.answer.pack, found.answer.fact.id
    if not fits(pack, fact):
        return None
    say, buttons = context.say, []
    if not context.is_public and context.is_shareable:
        label = say("Show everyone here") if context.message is None else say("Post as a reply")
        shared = fact_custom_id("public", pack, fact, context.message)
        buttons.append(button(label, shared, ButtonStyle.primary))
    if context.keeps_gaps:
        buttons.append(button(say("Not right?"), custom_id(NOT_RIGHT, pack, fact)))
    return button_row(*buttons) if buttons else None


def quote_lines(say: Phrases, quote: CitedQuote) -> str:
    """Return a quotation that goes with a fact, as a block."""
    lines = [
        quotation(quote),
        translation_line(say, quote),
        f"— {escape(quote.speaker, 160)}",
        typeset(quote.quote.context, 480),
    ]
    return "\n".join(f"> {line}" for line in lines if line)


def _unknown_sentence(say: Phrases, unknown: Unknown) -> str:
    if unknown.ask_in:
        return not_understood(say, unknown)
    if unknown.near is None:
        return say("The notes don’t say.")
    near = escape(unknown.near, 160)
    if not unknown.suggestions:
        return say("The notes don’t say that about **{near}**.", near=near)
    return say("The notes don’t say. What they do say about **{near}**:", near=near)


def _label(suggestion: Suggestion, titles: Mapping[str, str]) -> str:
    title = titles.get(suggestion.pack)
    if title is None:
        return suggestion.question
    room = max(LABEL - len(f" · {title}"), LABEL // 2)
    return f"{shorten(suggestion.question, room)} · {title}"
