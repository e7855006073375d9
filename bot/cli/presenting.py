"""What the notes hold, as the terminal shows it: lines for people, data for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bot.answering.formatting import citation, quoted
from bot.answering.results import Found, Unknown, Unsure
from bot.packs.entries import entry_to_dict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.answering.results import Answer, CitedQuote, CitedRelease, Topic


def answer_lines(answer: Answer) -> Iterator[str]:
    """Yield an answer as a person reads it."""
    match answer:
        case Found():
            yield answer.answer.fact.statement
            if answer.answer.quote is not None:
                yield from quote_lines(answer.answer.quote)
            fact = answer.answer.fact
            yield click.style(citation(answer.answer.source, fact.as_of), dim=True)
        case Unsure():
            yield "I’m not sure which of these you mean:"
            yield from (f"  {suggestion.question}" for suggestion in answer.suggestions)
        case Unknown():
            near = f" that about {answer.near}" if answer.near else ""
            yield f"The notes don’t say{near}."
            if answer.suggestions:
                yield "They do say:"
            yield from (f"  {suggestion.question}" for suggestion in answer.suggestions)


def quote_lines(cited: CitedQuote) -> Iterator[str]:
    """Yield a quotation with its speaker, then its context."""
    words, *context = quoted(cited)
    yield click.style(words, italic=True)
    yield from context


def topic_lines(topics: Iterable[Topic]) -> Iterator[str]:
    """Yield subjects, each followed by what may be asked about it."""
    for topic in topics:
        yield click.style(topic.name, bold=True)
        yield from (f"  {item.question}" for item in topic.questions)


def topic_json(topic: Topic) -> dict[str, Any]:
    """Return a subject and its questions as data."""
    questions = [{"fact": item.fact, "question": item.question} for item in topic.questions]
    return {"pack": topic.pack, "subject": topic.name, "questions": questions}


def release_json(cited: CitedRelease) -> dict[str, Any]:
    """Return all that is known of a release as data."""
    return {"pack": cited.pack, "artist": cited.artist, **entry_to_dict(cited.release)}


def quote_json(cited: CitedQuote) -> dict[str, Any]:
    """Return a quote with its speaker, context and citation as data."""
    return {
        "pack": cited.pack,
        "quote": cited.quote.id,
        "text": cited.quote.words,
        "speaker": cited.speaker,
        "context": cited.quote.context,
        "citation": citation(cited.source),
    }
