"""The subjects that some packs cover, and questions to try."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.answering.knowledge_base import KnowledgeBase
    from bot.answering.results import Suggestion
    from bot.index.scope import Scope

MAX_NAMES = 3
MAX_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Coverage:
    """The subjects that some packs are about, with questions to try."""

    names: tuple[str, ...]
    examples: tuple[Suggestion, ...]


def describe_coverage(knowledge: KnowledgeBase, scope: Scope) -> Coverage:
    """Return the first subjects and questions of the packs in scope."""
    names = dict.fromkeys(topic.name for topic in knowledge.list_topics(scope) if topic.questions)
    examples = knowledge.complete_question("", scope)
    return Coverage(tuple(names)[:MAX_NAMES], tuple(examples[:MAX_EXAMPLES]))
