"""Notice that a question asks for a thing that a fact is never asked for.

"Which hospital did they work at?" resembles "how did they meet", whose fact speaks of a hospital
and need not name it. Whoever wrote the fact's ways of asking knew what it tells: where none of them
asks for a hospital, or for anything that means the same, the fact is a suggestion and no answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering.features import CONTENT_PREFIXES
from bot.answering.lexicon import longest_match

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bot.answering.lexicon import Lexicon
    from bot.answering.query import Query

OPEN_TYPES = frozenset({"what", "which", "yes_no"})
"""Question types that leave open what is asked for. "What year" asks when, whatever the noun."""


def list_asked_nouns(query: Query, lexicon: Lexicon) -> list[str]:
    """Return the nouns behind the "which" and "what" of a question that ask for a thing."""
    grammar = lexicon.grammar
    if query.question_types - OPEN_TYPES:
        return []
    ends = grammar.auxiliaries | grammar.noun_links
    chosen = list_chosen(query.asking_template, lexicon)
    nouns = [words[-1] for words, end in chosen if end in ends]
    return [noun for noun in nouns if noun not in grammar.vague_nouns | query.unknown_words]


def find_unasked_noun(
    nouns: Collection[str], samples: Sequence[Sequence[str]], lexicon: Lexicon
) -> str | None:
    """Return the first noun that no sample asks for, or None.

    `samples` are the templates of the sample questions of the fact that is about to be the answer.
    """
    if not nouns:
        return None
    asked = set[str]()
    for sample in samples:
        for words, _ in list_chosen(sample, lexicon):
            asked.update(*(_find_meanings(word, lexicon) for word in words))
    return next((noun for noun in nouns if asked.isdisjoint(_find_meanings(noun, lexicon))), None)


def list_chosen(template: Sequence[str], lexicon: Lexicon) -> Iterator[tuple[Sequence[str], str]]:
    """Yield the words behind each "which" or "what" of a template, and the word that ends them."""
    for at, word in enumerate(template):
        if word in lexicon.grammar.choosing_words:
            rest = template[at + 1 :]
            ends = (i for i, each in enumerate(rest) if _ends_chosen(each, lexicon))
            length = next(ends, len(rest))
            if length:
                yield rest[:length], rest[length] if length < len(rest) else ""


def _ends_chosen(word: str, lexicon: Lexicon) -> bool:
    grammar = lexicon.grammar
    kinds = (lexicon.stop_words, grammar.auxiliaries, grammar.third_persons)
    return word == "@" or any(word in kind for kind in kinds)


def _find_meanings(word: str, lexicon: Lexicon) -> set[str]:
    """Return the features of a word: its stem, and the concepts that it stands for."""
    stem = lexicon.stem(word)
    stem_prefix, concept_prefix, _ = CONTENT_PREFIXES
    concepts = longest_match(lexicon.concepts, (stem,), 0)[1]
    return {f"{stem_prefix}{stem}", *(f"{concept_prefix}{concept}" for concept in concepts)}
