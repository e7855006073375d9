"""What a clause asks: whether it asks at all, and for what kind of answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering.lexicon import longest_match

if TYPE_CHECKING:
    from bot.answering.lexicon import Lexicon
    from bot.answering.text import Clause

OPENERS = frozenset(
    {
        "is",
        "are",
        "was",
        "were",
        "do",
        "does",
        "did",
        "has",
        "have",
        "had",
        "will",
        "would",
        "can",
        "could",
        "should",
        "am",
    }
)
ASKED = frozenset({"you", "anyone", "anybody", "someone", "somebody"})
"""Who is asked in "can you tell me when": there the question proper comes later."""
RELATIVES = frozenset({"who", "when", "where"})
BEFORE_ASKING = frozenset(
    {
        "about",
        "and",
        "ask",
        "asking",
        "asked",
        "but",
        "by",
        "check",
        "clue",
        "curious",
        "exactly",
        "explain",
        "find",
        "for",
        "from",
        "guess",
        "hear",
        "heard",
        "hey",
        "idea",
        "in",
        "just",
        "know",
        "knows",
        "like",
        "me",
        "of",
        "okay",
        "on",
        "or",
        "out",
        "please",
        "question",
        "remember",
        "said",
        "say",
        "says",
        "see",
        "so",
        "sure",
        "tell",
        "to",
        "us",
        "wait",
        "which",
        "wonder",
        "wondering",
        "with",
    }
)
"""Before one of these, "who", "when" or "where" asks, and does not join."""
YES_NO = "yes_no"
ASKING = frozenset({"who", "what", "when", "where", "why", "how", "which", "whether"})


def asking(clauses: list[Clause]) -> list[bool]:
    """Tell which clauses ask: those with a question mark, else those that open like a question."""
    marked = [clause.is_question for clause in clauses]
    if any(marked):
        return marked
    return [
        clause.words[0] in OPENERS or any(word in ASKING for word in clause.words)
        for clause in clauses
    ]


def kinds(words: tuple[str, ...], lexicon: Lexicon) -> set[str]:
    """Return the kind of question a clause asks, as a set of one, or of none."""
    if words[0] in OPENERS and not ASKED.intersection(words[1:4]):
        return {YES_NO}
    asked: set[str] = set()
    for at, word in enumerate(words):
        if word not in lexicon.kinds or (word in RELATIVES and not _asks_here(words, at)):
            continue
        found = longest_match(lexicon.kinds, words, at)[1]
        # An auxiliary makes a yes-or-no question only where it opens the clause.
        asked |= found - {YES_NO} if at and word in OPENERS else found
    return set([kind for kind in lexicon.precedence if kind in asked][:1])


def _asks_here(words: tuple[str, ...], at: int) -> bool:
    """Tell whether "who", "when" or "where" asks, or only joins: "the boy who plays"."""
    return at == 0 or at == len(words) - 1 or words[at - 1] in BEFORE_ASKING
