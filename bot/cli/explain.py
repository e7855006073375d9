"""Why a question got the answer it got, for people who write packs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.answering.knowledge_base import Explanation
    from bot.answering.ranking import Evidence

MOST_SHOWN = 5


def explained(explanation: Explanation) -> str:
    """Return how a question was read, the best candidates with their evidence, the verdict."""
    question, decision = explanation.question, explanation.decision
    lines = [
        f"kind of question: {', '.join(sorted(question.kinds)) or 'none told'}",
        f"names: {_listed(f'{m.text} ({_names(m.names)})' for m in question.mentions)}",
        f"words: {_listed(f'{t.text} {t.weight:.2f}' for t in question.terms)}",
        f"asks for: {', '.join(sorted(question.attributes)) or 'nothing special'}",
        "",
    ]
    for evidence in explanation.evidence[:MOST_SHOWN]:
        lines += _evidence(evidence)
    if explanation.beyond is not None:
        lines += ["", f"typical of what notes seldom tell: {explanation.beyond:.2f}"]
    outcome = "answered" if decision.answer is not None else "not answered"
    lines.append(f"{outcome}: {decision.reason} (confidence {decision.confidence:.2f})")
    return "\n".join(lines)


def _evidence(evidence: Evidence) -> Iterator[str]:
    document = evidence.document
    yield f"{evidence.score:6.2f}  {document.id} ({document.pack})"
    yield (
        f"        like a sample question {evidence.max_similarity:.2f}, "
        f"three {evidence.top3_similarity:.2f}; "
        f"typical {evidence.support:.2f}; without words for {evidence.uncovered_mass:.2f}"
    )
    yield f"        named {evidence.named}, misnamed {evidence.unmatched_mentions}"
    if evidence.oov_terms:
        yield f"        has no word for: {', '.join(evidence.oov_terms)}"
    if evidence.unanswered_attributes:
        yield f"        does not answer: {', '.join(sorted(evidence.unanswered_attributes))}"


def _listed(parts: Iterator[str]) -> str:
    return "; ".join(parts) or "none"


def _names(names: frozenset[str]) -> str:
    return " or ".join(sorted(names))
