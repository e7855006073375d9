"""The answer to a question: found, unsure or unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import ButtonStyle

from bot.answering.results import Found, Unknown, Unsure
from bot.client.custom_ids import custom_id, fits
from bot.client.markdown import escape, shorten
from bot.client.views.layout import (
    LABEL,
    button,
    button_row,
    layout,
    question_heading,
    separator,
    source_line,
    text,
)
from bot.client.views.quote import quotation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from discord import ui

    from bot.answering.results import Answer, CitedQuote, Suggestion
    from bot.client.views.layout import Item

MAX_SUGGESTIONS = 3


def render_answer(
    answer: Answer,
    question: str | None = None,
    *,
    titles: Mapping[str, str] | None = None,
    back: Item | None = None,
) -> ui.LayoutView:
    """Render an answer under the question as it was typed.

    Args:
        answer: The answer.
        question: The question; the fact's own if left out.
        titles: The packs' titles by id, where suggestions come from several: the same question
            may stand in each.
        back: A row that leads back.
    """
    match answer:
        case Found():
            return _render_found(answer, question, back)
        case Unsure():
            said = "I’m not sure which of these you mean:"
        case Unknown():
            said = _unknown_sentence(answer)
    all_topics = button_row(button("What the notes cover", custom_id("topics", 0)))
    choices = _suggestion_rows(answer.suggestions, ButtonStyle.primary, titles)
    return layout(question_heading(question), text(said), *choices, all_topics)


def _render_found(found: Found, question: str | None, back: Item | None) -> ui.LayoutView:
    cited = found.answer
    heading = question or (cited.fact.questions[0] if cited.fact.questions else cited.subject)
    note = cited.fact.note
    related = _suggestion_rows(found.related, ButtonStyle.secondary)
    return layout(
        question_heading(heading),
        text(escape(cited.fact.statement, 1200)),
        text(quote_lines(cited.quote)) if cited.quote else None,
        source_line(cited.source, as_of=cited.fact.as_of, paragraphs=cited.fact.paragraphs),
        text(f"-# About this answer: {escape(note, 240)}") if note else None,
        separator() if related else None,
        *related,
        back,
    )


def quote_lines(quote: CitedQuote) -> str:
    """Return a quotation that goes with a fact, as a block."""
    lines = [quotation(quote), f"— {escape(quote.speaker, 160)}", escape(quote.quote.context, 480)]
    return "\n".join(f"> {line}" for line in lines if line)


def _unknown_sentence(unknown: Unknown) -> str:
    if unknown.near is None:
        return "The notes don’t say."
    near = escape(unknown.near, 160)
    if not unknown.suggestions:
        return f"The notes don’t say that about **{near}**."
    return f"The notes don’t say. What they do say about **{near}**:"


def _suggestion_rows(
    suggestions: Iterable[Suggestion],
    style: ButtonStyle,
    titles: Mapping[str, str] | None = None,
) -> list[Item]:
    # A row for each: questions are long, and telephones narrow.
    labels = {
        custom_id("fact", suggestion.pack, suggestion.fact): _label(suggestion, titles or {})
        for suggestion in suggestions
        if fits(suggestion.pack, suggestion.fact)
    }
    return [button_row(button(label, custom_id, style)) for custom_id, label in labels.items()][
        :MAX_SUGGESTIONS
    ]


def _label(suggestion: Suggestion, titles: Mapping[str, str]) -> str:
    title = titles.get(suggestion.pack)
    if title is None:
        return suggestion.question
    room = max(LABEL - len(f" · {title}"), LABEL // 2)
    return f"{shorten(suggestion.question, room)} · {title}"
