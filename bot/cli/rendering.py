"""Render answers and entries as lines for people, or as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bot.answering.formatting import (
    NOT_TRANSLATED,
    NOTES_NOT_TRANSLATED,
    SMALL_TALK,
    citation,
    is_foreign,
    is_old_news,
    not_understood,
    own_translation,
    quoted,
)
from bot.answering.results import Found, Unknown, Unsure
from bot.answering.topics import name_topics, name_types
from bot.localization.phrases import ENGLISH
from bot.packs.entries import entry_to_dict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.answering.coverage import Coverage
    from bot.answering.explanation import Account
    from bot.answering.results import Answer, CitedQuote, CitedRelease, Topic
    from bot.answering.small_talk import SmallTalk
    from bot.localization.phrases import Phrases

MAX_EXPLAINED = 5
"""How many candidates an explanation shows."""


def answer_lines(say: Phrases, answer: Answer, year: int) -> Iterator[str]:
    """Yield the lines of an answer that is given in a year."""
    match answer:
        case Found():
            fact, source = answer.answer.fact, answer.answer.source
            is_old = is_old_news(fact.as_of, year)
            as_of = say("As of {year}: {statement}", year=fact.as_of, statement=fact.statement)
            yield as_of if is_old else fact.statement
            if answer.answer.quote is not None:
                yield from quote_lines(say, answer.answer.quote)
            if answer.answer.language != answer.asked_in:
                yield click.style(say(NOT_TRANSLATED), dim=True)
            yield click.style(citation(say, source, None if is_old else fact.as_of), dim=True)
            if source.url:
                yield click.style(source.url, dim=True)
        case Unsure():
            yield say("I’m not sure which of these you mean:")
            yield from _suggestion_lines(say, answer)
        case Unknown():
            about = say("The notes don’t say that about {near}.", near=answer.near)
            told = about if answer.near else say("The notes don’t say.")
            yield not_understood(say, answer) if answer.ask_in else told
            if answer.suggestions:
                yield say("The notes do say:")
            yield from _suggestion_lines(say, answer)


def _suggestion_lines(say: Phrases, answer: Unsure | Unknown) -> Iterator[str]:
    """Yield the questions that are offered, and whether they are in another language."""
    yield from (f"  {suggestion.question}" for suggestion in answer.suggestions)
    if any(each.language != answer.asked_in for each in answer.suggestions):
        yield click.style(say(NOTES_NOT_TRANSLATED), dim=True)


def small_talk_lines(say: Phrases, kind: SmallTalk, coverage: Coverage) -> Iterator[str]:
    """Yield the lines of a reply to small talk, with questions to try."""
    yield say(SMALL_TALK[kind], names=say.listed(coverage.names))
    yield from (f"  {example.question}" for example in coverage.examples)
    yield from language_lines(
        say, *(example.language for example in coverage.examples), told=NOTES_NOT_TRANSLATED
    )


def language_lines(say: Phrases, *languages: str, told: str = NOT_TRANSLATED) -> Iterator[str]:
    """Yield the line that a pack's texts are not in the reader's language, if so."""
    if is_foreign(say, *languages):
        yield click.style(say(told), dim=True)


def quote_lines(say: Phrases, cited: CitedQuote) -> Iterator[str]:
    """Yield a quotation with its speaker and our translation, then its context."""
    words, *context = quoted(cited)
    yield click.style(words, italic=True)
    if translated := own_translation(say, cited.quote.translation):
        yield translated
    yield from context


def topic_lines(say: Phrases, topics: Sequence[Topic]) -> Iterator[str]:
    """Yield the lines of topics, each with its questions."""
    for topic in topics:
        yield click.style(topic.name, bold=True)
        yield from (f"  {item.question}" for item in topic.questions)
    languages = {item.language for topic in topics for item in topic.questions}
    yield from language_lines(say, *languages, told=NOTES_NOT_TRANSLATED)


def topic_json(topic: Topic) -> dict[str, Any]:
    """Return a topic and its questions as data."""
    questions = [{"fact": item.fact, "question": item.question} for item in topic.questions]
    return {"pack": topic.pack, "subject": topic.name, "questions": questions}


def release_json(cited: CitedRelease) -> dict[str, Any]:
    """Return a release as data."""
    return {"pack": cited.pack, "artist": cited.artist, **entry_to_dict(cited.release)}


def quote_json(cited: CitedQuote) -> dict[str, Any]:
    """Return a quote with its speaker, context and citation as data."""
    return {
        "pack": cited.pack,
        "quote": cited.quote.id,
        "text": cited.quote.words,
        "speaker": cited.speaker,
        "context": cited.quote.context,
        "citation": citation(ENGLISH, cited.source),
    }


def account_lines(account: Account) -> Iterator[str]:
    """Yield the lines of an account: understanding, candidates, reasons."""
    query = account.query
    mentions = "; ".join(
        f"{mention.text} ({' or '.join(sorted(mention.names))})" for mention in query.mentions
    )
    terms = sorted(query.terms, key=lambda term: -term.weight)
    words = ", ".join(dict.fromkeys(term.text for term in terms))
    yield f"kind of question: {', '.join(name_types(query.question_types)) or 'none told'}"
    yield f"names: {mentions or 'none'}"
    yield f"words, the most telling first: {words or 'none'}"
    yield f"asks about: {name_topics(query.attributes) or 'nothing that notes seldom tell'}"
    yield ""
    for candidate in account.candidates[:MAX_EXPLAINED]:
        nearest = candidate.nearest
        yield f"{candidate.confidence:4.0%} sure: {candidate.fact} ({candidate.pack})"
        if nearest is not None:
            way = f"nearest way of asking: “{nearest.template}”"
            near = way if nearest.template else "nearest: its statement"
            yield f"       {near}, {nearest.similarity:.0%} alike"
        for remark in candidate.remarks():
            yield f"       {remark}"
    yield ""
    outcome = "answered" if isinstance(account.answer, Found) else "not answered"
    yield f"{outcome}: {' '.join(account.reasons())}"
