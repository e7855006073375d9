"""The option `--jsonl`: JSON requests line by line, and replies likewise."""

from __future__ import annotations

import json
import sys
import time
from random import Random
from typing import TYPE_CHECKING, Any, NoReturn

import click

from bot.answering.formatting import answer_text, suggestion_text
from bot.answering.results import Found, Unknown, Unsure
from bot.localization.languages import load_phrases

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.answering.knowledge_base import KnowledgeBase, Scope


async def reply_to_lines(
    wanted: str, reply: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
) -> int:
    """Reply to each line of standard input, and return the exit status.

    A line is an object with an id and the text `wanted`; `reply` makes another object of it. The
    status is 1 where any line was malformed, else 0.
    """
    status = 0
    for number, line in enumerate(sys.stdin.buffer, start=1):
        row, fault = _parse_line(line, wanted)
        if fault is not None:
            status = 1
            click.echo(json.dumps({"line": number, "error": fault}))
        elif row is not None:
            # In ASCII: an id may hold what no encoding can write, such as half a surrogate pair.
            click.echo(json.dumps(await reply(row)))
    return status


def _parse_line(line: bytes, wanted: str) -> tuple[dict[str, Any] | None, str | None]:
    """Return the object on a line, or its fault, or neither."""
    if not line.strip():
        return None, None
    try:
        # Windows' editors begin a file with a mark, which is no JSON.
        row = json.loads(line.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None, f'this line is not JSON in UTF-8, as {{"id": 1, "{wanted}": "…"}}'
    if not isinstance(row, dict) or not isinstance(row.get(wanted), str) or "id" not in row:
        return None, f"this line is not an object with 'id' and a text '{wanted}'"
    if not isinstance(row["id"], str | int) or isinstance(row["id"], bool):
        return None, "the 'id' on this line is neither a text nor a whole number"
    return row, None


def _refuse_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity: only Python reads them as JSON."""
    raise ValueError(f"{name} is no number in JSON")


async def answer_row(knowledge: KnowledgeBase, scope: Scope, row: dict[str, Any]) -> dict[str, Any]:
    """Return the reply to `row["question"]`: outcome, text, fact, suggestions, milliseconds.

    The outcome is "answer", "suggest" or "none"; `text` is the answer as a fan reads it, at most
    600 characters; `suggestions` are at most three texts of at most 300.
    """
    begun = time.perf_counter()
    answer = await knowledge.answer(row["question"], scope)
    taken = round((time.perf_counter() - begun) * 1000, 3)
    outcome, text, fact, suggestions = "none", "", None, []
    match answer:
        case Found():
            say = load_phrases(answer.answer.language)
            outcome, text = "answer", answer_text(say, answer.answer)
            fact = answer.answer.fact.id
        case Unsure():
            outcome = "suggest"
            suggestions = [suggestion_text(suggestion) for suggestion in answer.suggestions]
        case Unknown():
            pass
    return {
        "id": row["id"],
        "outcome": outcome,
        "text": text,
        "fact": fact,
        "suggestions": suggestions,
        "ms": taken,
    }


async def quote_row(knowledge: KnowledgeBase, scope: Scope, row: dict[str, Any]) -> dict[str, Any]:
    """Return the reply to `row["request"]`: outcome ("answer" or "none"), words and context."""
    cited = await knowledge.choose_quote(scope, Random(0), about=row["request"])  # noqa: S311  # no secret
    return {
        "id": row["id"],
        "outcome": "none" if cited is None else "answer",
        "text": "" if cited is None else cited.quote.words,
        "speaker": "" if cited is None else cited.speaker,
        "context": "" if cited is None else cited.quote.context,
    }
