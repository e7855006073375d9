"""Answers to a question: found, unsure, unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import ButtonStyle

from bot.answering.answers import Found, Unknown, Unsure
from bot.client.cards.frame import asked, button, card, row, rule, source_line, text
from bot.client.cards.quote import quotation
from bot.client.keys import fits, key
from bot.client.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from discord import ui

    from bot.answering.answers import Answer, CitedQuote, Suggestion
    from bot.client.cards.frame import Item

AT_MOST = 3


def answer_card(
    answer: Answer, question: str | None = None, *, back: Item | None = None
) -> ui.LayoutView:
    """Show an answer under the question as it was typed; `back` is a row that leads back."""
    match answer:
        case Found():
            return _found(answer, question, back)
        case Unsure():
            return card(
                asked(question),
                text("I’m not sure which of these you mean:"),
                *_choices(answer.suggestions),
                _or_topics(),
            )
        case Unknown():
            return card(
                asked(question),
                text(_not_said(answer)),
                *_choices(answer.suggestions),
                _or_topics(),
            )


def _found(found: Found, question: str | None, back: Item | None) -> ui.LayoutView:
    cited = found.answer
    heading = question or (cited.fact.questions[0] if cited.fact.questions else cited.subject)
    related = _choices(found.related)
    return card(
        asked(heading),
        text(plain(cited.fact.statement, 1600)),
        text(_quoted(cited.quote)) if cited.quote else None,
        source_line(cited.source, as_of=cited.fact.as_of, paragraph=cited.fact.paragraph),
        rule() if related else None,
        *related,
        back,
    )


def _quoted(quote: CitedQuote) -> str:
    return f"> {quotation(quote)}\n> — {plain(quote.speaker, 160)}"


def _not_said(unknown: Unknown) -> str:
    if unknown.near is None:
        return "The notes don’t say."
    near = plain(unknown.near, 160)
    if not unknown.suggestions:
        return f"The notes don’t say that about **{near}**."
    return f"The notes don’t say. What they do say about **{near}**:"


def _choices(suggestions: Iterable[Suggestion]) -> list[Item]:
    """Put each suggestion on a row of its own: questions are long and telephones narrow."""
    return [row(choice) for choice in _buttons(suggestions)]


def _buttons(suggestions: Iterable[Suggestion]) -> Iterator[ui.Button[Any]]:
    shown: set[str] = set()
    for suggestion in suggestions:
        custom_id = key("fact", suggestion.pack, suggestion.fact)
        if custom_id in shown or not fits(suggestion.pack, suggestion.fact):
            continue
        shown.add(custom_id)
        yield button(suggestion.question, custom_id)
        if len(shown) == AT_MOST:
            return


def _or_topics() -> Item:
    return row(button("What the notes cover", key("topics", 0), ButtonStyle.primary))
