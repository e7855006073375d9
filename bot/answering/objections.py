"""Notice that a question asks for something else than its nearest fact.

**Another name.** "Which band inspired Metallica?" is word for word like a question about a pack's
own band, but for one word. A sample question is a template with a place for its subject: a word
that no pack knows, standing in that place, is a name that the pack has nothing about. The question
is aligned with the most similar samples word by word (Needleman and Wunsch, 1970), and an unknown
word is foreign where a sample has its subject, or where a sample has nothing and a preposition or
auxiliary leads up to the word ("the new album by …").

**Another thing.** "Which hospital did they work at?" resembles "how did they meet", whose fact
speaks of a hospital and need not name it. Whoever wrote the fact's ways of asking knew what it
tells: where none of them asks for a hospital, or for anything that means the same, the fact is a
suggestion and no answer.

**The asker's own.** "When does my album come out?" asks for nobody's album in the notes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from bot.answering.features import CONTENT_PREFIXES, mention_features
from bot.answering.lexicon import longest_match

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bot.answering.grammar import Grammar
    from bot.answering.lexicon import Lexicon
    from bot.answering.query import Query
    from bot.answering.ranking import Document

NAME = "@"
"""Stands for a name in a template."""
MAX_ALIGNED = 8
"""How many samples are aligned: those that share most words with the question."""
MAX_COUNTED = 3
MIN_NAME = 3
"""Shorter words are slips more often than names: "are al the songs"."""
MAX_OWNED = 2
"""How many words behind "my" tell of whom it speaks: "my favourite band", "mi banda favorita"."""
MIN_SIMILARITY = 0.25
"""A sample less similar than this says nothing about the place of a word."""

SAME_WORD, SAME_STEM, SAME_STOP_WORD = 2.0, 1.8, 1.0
SLOT_FOR_WORD = 0.3
"""A content word in the place of a subject: no match, and yet no mistake."""
OTHER_PAIR, GAP = -1.0, -0.6
NEVER = -100.0
OPEN_TYPES = frozenset({"what", "which", "yes_no"})
"""Question types that leave open what is asked for. "What year" asks when, whatever the noun."""


def find_famous_name(query: Query, lexicon: Lexicon) -> str | None:
    """Return a well-known name in a question, or None.

    A name that is an everyday word counts only behind a word that leads up to a name, and not
    before a noun: "who plays guitar for queen", but "is the train tour over".
    """
    template, grammar = query.asking_template, lexicon.grammar
    for at in range(len(template)):
        length, kinds = longest_match(lexicon.famous_names, template, at)
        if not length:
            continue
        if "name" in kinds:
            return " ".join(template[at : at + length])
        before = template[at - 1] if at else ""
        after = template[at + 1] if at + 1 < len(template) else ""
        if "place" in kinds:
            if before in grammar.acting_place_words:
                return template[at]
            continue
        places = grammar.famous_place_words if "word" in kinds else grammar.bare_place_words
        is_placed = before in places and after not in grammar.articles
        if is_placed or template[at] in query.names_written:
            return template[at]
    return None


def find_foreign_name(
    query: Query,
    samples: Sequence[Sequence[str]],
    lexicon: Lexicon,
    oov_terms: Collection[str] = (),
) -> str | None:
    """Return a word of a question that names somebody other than the samples' subject, or None.

    Args:
        query: The question, with its template and the unknown words in it.
        samples: The templates of the sample questions of the fact that is about to be the answer.
        lexicon: Tells stop words from content words, and stems them.
        oov_terms: The words that the fact never uses. Even an everyday one may be a name, behind a
            preposition or an auxiliary, "did bread inspire them", and where nobody is named, behind
            a word that leads up to a sample's subject: "who inspired bread".
    """
    template, grammar = query.asking_template, lexicon.grammar
    subject_slots = find_subject_slots(grammar)
    has_subject = not subject_slots.isdisjoint(template)
    everyday = query.dictionary_words.intersection(oov_terms)
    named_by_place = {
        word
        for before, word in pairwise(template)
        if before in grammar.place_words and word in everyday
    }
    strange = {word for word in everyday - lexicon.words if len(word) >= MIN_NAME}
    if strange and not has_subject:
        # A name that nobody knows may be an everyday word, but none of the field's.
        leading = {
            word for sample in samples for word, slot in pairwise(sample) if slot in subject_slots
        }
        named_by_place |= {
            word for before, word in pairwise(template) if before in leading and word in strange
        }
    unknown = (query.unknown_words | named_by_place) - grammar.calendar
    if unknown.isdisjoint(template):
        return None
    unknown = unknown.difference(*samples)
    places = [at for at, word in enumerate(template) if word in unknown]
    if not places:
        return None
    words = set(template)
    nearest = sorted(samples, key=lambda sample: -len(words.intersection(sample)))[:MAX_ALIGNED]
    aligned = [align(template, sample, lexicon, unknown) for sample in nearest]
    similar = sorted((pair for pair in aligned if pair[0] >= MIN_SIMILARITY), key=lambda p: -p[0])
    for _, pairs in similar[:MAX_COUNTED]:
        for at, partner in pairs:
            if at not in places:
                continue
            # Of "Harry Styles and his fans" the pronoun is no subject of the pack's.
            takes_slot = partner == NAME or (partner in subject_slots and not has_subject)
            is_extra = partner is None and at > 0 and template[at - 1] in grammar.leading_words
            if takes_slot or is_extra:
                return template[at]
    return None


def find_askers_own(query: Query, samples: Sequence[Sequence[str]], grammar: Grammar) -> str | None:
    """Return the asker's own thing that a question is about, or None.

    "When does my album come out" asks for nobody's album but the asker's. Beside somebody whom it
    names or refers to, "can my sister meet them", and in other places, "on my phone", such a
    thing is by the way. `samples` are those of the fact that is about to be the answer.
    """
    template = query.asking_template
    owned = [at for at, word in enumerate(template) if word in grammar.askers_own]
    subjects = {NAME} | grammar.third_persons
    if any(word in subjects and at - 1 not in owned for at, word in enumerate(template)):
        return None
    asked = {pair for sample in samples for pair in pairwise(sample)}
    for at in owned:
        thing = template[at + 1 : at + 1 + MAX_OWNED]
        is_asked = at > 0 and template[at - 1] in grammar.auxiliaries
        is_fond = not grammar.fond_words.isdisjoint(thing)
        if thing and is_asked and not is_fond and (template[at], thing[0]) not in asked:
            return thing[0]
    return None


def names_another(query: Query, features: Mapping[str, float], document: Document) -> bool:
    """Return whether the most similar sample questions all name something else.

    A fact that speaks of Kendall, and is about his guitarist, is no answer to "what does Kendall
    play": its own questions of that form name the guitarist. `features` are the question's own.
    """
    mentions = [frozenset(mention_features(mention)) for mention in query.mentions]
    if not mentions or any(not mention.isdisjoint(document.subject) for mention in mentions):
        return False
    own = frozenset().union(*mentions)
    nearest = document.phrasings.names_in_nearest(features, MAX_COUNTED)
    return all(names and own.isdisjoint(names) for names in nearest)


def list_asked_nouns(query: Query, lexicon: Lexicon) -> list[str]:
    """Return the nouns behind the "which" and "what" of a question that ask for a thing."""
    grammar = lexicon.grammar
    if query.question_types - OPEN_TYPES:
        return []
    ends = grammar.auxiliaries | grammar.noun_links
    chosen = list_chosen(query.asking_template, lexicon, grammar.choosing_words)
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
    grammar = lexicon.grammar
    choosing = grammar.choosing_words | grammar.also_choosing_words
    for sample in samples:
        for words, _ in list_chosen(sample, lexicon, choosing):
            asked.update(*(_find_meanings(word, lexicon) for word in words))
    return next((noun for noun in nouns if asked.isdisjoint(_find_meanings(noun, lexicon))), None)


def list_chosen(
    template: Sequence[str], lexicon: Lexicon, choosing: Collection[str]
) -> Iterator[tuple[Sequence[str], str]]:
    """Yield the words behind each "which" or "what" of a template, and the word that ends them."""
    for at, word in enumerate(template):
        if word in choosing:
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
    """Return a word's features: its stem, and the concepts behind it."""
    stem = lexicon.stem(word)
    stem_prefix, concept_prefix, _ = CONTENT_PREFIXES
    concepts = longest_match(lexicon.concepts, (stem,), 0)[1]
    return {f"{stem_prefix}{stem}", *(f"{concept_prefix}{concept}" for concept in concepts)}


def find_subject_slots(grammar: Grammar) -> frozenset[str]:
    """Return the words of a sample that stand for its subject."""
    return grammar.third_persons | grammar.second_persons | {NAME}


def align(
    template: Sequence[str],
    sample: Sequence[str],
    lexicon: Lexicon,
    unknown_words: Collection[str] = frozenset(),
) -> tuple[float, list[tuple[int, str | None]]]:
    """Align two templates word by word.

    An unknown word takes a slot or stands alone: nothing can be said of it beside another word.

    Returns:
        The score of the best alignment, divided by the longer length (1 to 2 for near-identical
        questions), and for each word of the template, by position, its partner in the sample, or
        None where the sample has nothing in its place.
    """
    rows, columns = len(template), len(sample)
    subject_slots = find_subject_slots(lexicon.grammar)
    if not rows or not columns:
        return 0.0, [(at, None) for at in range(rows)]

    def score_pair(word: str, other: str) -> float:
        score = _score_pair(word, other, lexicon, subject_slots)
        return NEVER if word in unknown_words and score < 0 else score

    # Each cell holds the best score so far, and the cell from which it was reached.
    table: list[list[tuple[float, int, int]]] = [
        [(GAP * column, 0, column - 1) for column in range(columns + 1)]
    ]
    for row in range(1, rows + 1):
        line: list[tuple[float, int, int]] = [(GAP * row, row - 1, 0)]
        for column in range(1, columns + 1):
            pair = score_pair(template[row - 1], sample[column - 1])
            line.append(
                max(
                    (table[-1][column - 1][0] + pair, row - 1, column - 1),
                    (table[-1][column][0] + GAP, row - 1, column),
                    (line[-1][0] + GAP, row, column - 1),
                )
            )
        table.append(line)
    pairs: list[tuple[int, str | None]] = []
    row, column = rows, columns
    while row:
        _, from_row, from_column = table[row][column]
        if from_row < row:
            pairs.append((from_row, sample[from_column] if from_column < column else None))
        row, column = from_row, from_column
    return table[rows][columns][0] / max(rows, columns), pairs[::-1]


def _score_pair(word: str, other: str, lexicon: Lexicon, subject_slots: Collection[str]) -> float:
    stop_words: Collection[str] = lexicon.stop_words
    if word == other:
        return SAME_STOP_WORD if word in stop_words else SAME_WORD
    if word in stop_words and word not in subject_slots:
        return OTHER_PAIR
    if other in subject_slots:
        return SLOT_FOR_WORD
    if other in stop_words or word in subject_slots:
        return OTHER_PAIR
    return SAME_STEM if lexicon.stem(word) == lexicon.stem(other) else OTHER_PAIR
