"""One reply a question, as data: what scoring programs read."""

from __future__ import annotations

import time
from random import Random
from typing import TYPE_CHECKING, Any

from bot.answering.formatting import answer_text, suggestion_text
from bot.answering.results import Found, Unknown, Unsure

if TYPE_CHECKING:
    from bot.answering.knowledge_base import KnowledgeBase, Scope


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
            outcome, text = "answer", answer_text(answer.answer)
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
    cited = await knowledge.quote(scope, Random(0), about=row["request"])  # noqa: S311  # no secret
    return {
        "id": row["id"],
        "outcome": "none" if cited is None else "answer",
        "text": "" if cited is None else cited.quote.words,
        "speaker": "" if cited is None else cited.speaker,
        "context": "" if cited is None else cited.quote.context,
    }
