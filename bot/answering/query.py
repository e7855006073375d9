"""Parse a question into a query of names, terms and n-grams."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.answering.lexicon import longest_match
from bot.answering.text import (
    MIN_CORRECTED_LENGTH,
    MIN_SLIP_LENGTH,
    Clause,
    Spelling,
    closest_word,
    deletion_variants,
    find_odd_spellings,
    fold,
    is_clipped,
    is_numeral,
    is_one_mistake,
    is_probable_typo,
    split_clauses,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bot.answering.grammar import Grammar
    from bot.answering.lexicon import Lexicon, Phrase, Phrasebook
    from bot.index.scope import Scope
    from bot.index.vocabulary import Vocabulary, WordEntry

CONTEXT_WEIGHT = 0.35
"""The weight of a clause that does not ask, beside one that does."""
NGRAM_WEIGHT = 0.3
"""The weight of a function word, or of two adjacent words, beside terms of 0.15 to 1."""
STOP_PHRASE_WEIGHT = 0.4
"""The weight of a phrase made of stop words alone."""
MAX_ZIPF = 6.6
"""Words as frequent as this carry the least information; see `informativeness`."""
ZIPF_RANGE = 2.6
MIN_INFORMATIVENESS = 0.15
TYPO_ZIPF = 3.3
"""A language's own words less frequent than this may be typos for others."""
EVERYDAY_ZIPF = 4.2
"""Words as frequent as this are no names, unless they are written as names."""
MAX_SUBJECT_WORDS = 2
MAX_QUESTION_LENGTH = 300
"""Characters of a question that are read; Discord's option has the same limit."""

YES_NO = "yes_no"

_POSSESSIVES = re.compile(r"([^\W\d_]+)['’]s\b")
_CLIPPED = re.compile(r"[^aeiouy]+y?")
_LETTERS = re.compile(r"[^\W\d_]+")
_MIDDLE_CAPITAL = re.compile(r"(?<=[^.?!\s] )[A-Z][^\W_]+")


@dataclass(frozen=True, slots=True)
class Term:
    """An informative word or phrase of a query."""

    forms: frozenset[str]
    """The stems that it may match by: of the phrase, and of each word in it."""
    concepts: frozenset[str]
    """The concepts of the lexicon that it may stand for."""
    weight: float
    """Its informativeness, from 0 to 1, lowered outside the clauses that ask."""
    text: str
    """The words as they were read, for explanations."""
    is_context: bool = False
    """Whether it stands outside the clauses that ask."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a query, with everything it may stand for."""

    names: frozenset[str]
    """Keys, "pack/id", of the entities, releases or songs that go by this name."""
    weight: float
    text: str
    is_context: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed question."""

    terms: tuple[Term, ...]
    mentions: tuple[Mention, ...]
    question_types: frozenset[str]
    attributes: frozenset[str]
    """The seldom-answered attributes that it asks for."""
    has_third_person: bool = False
    """Whether it refers to a third person or party: "he", "their"."""
    pronouns: frozenset[str] = frozenset()
    """The pronouns of `TOLD_APART` by which it refers to somebody."""
    has_second_person: bool = False
    """Whether it is addressed to somebody: "you", "your"."""
    words: tuple[str, ...] = ()
    """Its words as they were typed, with chat spellings and contractions written out."""
    template: tuple[str, ...] = ()
    """Its words, corrected, with "@" for each name."""
    asking_template: tuple[str, ...] = ()
    """The part of the template that asks."""
    dictionary_words: frozenset[str] = frozenset()
    """Its words that the language has, as they were typed."""
    names_written: frozenset[str] = frozenset()
    """Its words that are written as names; see `find_written_names`."""
    unknown_words: frozenset[str] = frozenset()
    """The words of the template that may be names of which no pack in scope knows anything."""
    is_name_alone: bool = False
    """Whether it has no words but names and the articles before them."""
    ngrams: Mapping[str, float] = field(default_factory=dict)
    """The weights of its function words ("u:he") and of each two adjacent words ("p:^ who",
    "p:is @"), with "^" and "$" for the clause's ends and "@" for a name."""

    @property
    def has_subject(self) -> bool:
        """Return whether it names, or at least refers to, somebody or something."""
        return self.has_third_person or bool(self.mentions)

    @property
    def is_bare_name(self) -> bool:
        """Return whether it is a name and nothing else."""
        return len(self.mentions) == 1 and self.is_name_alone

    @property
    def is_bare_subject(self) -> bool:
        """Return whether it is a word or two without a question: "album"."""
        is_short = 0 < len(self.template) <= MAX_SUBJECT_WORDS
        return is_short and bool(self.terms) and not (self.question_types or self.attributes)

    @property
    def is_empty(self) -> bool:
        """Return whether it holds no informative word."""
        return not (self.terms or self.mentions)


class QueryParser:
    """Parses questions with the words and names of one index."""

    def __init__(self, vocabulary: Vocabulary, lexicon: Lexicon) -> None:
        self._vocabulary = vocabulary
        self._lexicon = lexicon
        self._verb_endings = tuple(sorted(lexicon.grammar.verb_endings))

    def parse(self, text: str, scope: Scope) -> Query:
        """Parse a question: correct its spelling, then recognize names and concepts."""
        text = text[:MAX_QUESTION_LENGTH]
        clauses = split_clauses(text, self._lexicon)
        words = {word for clause in clauses for word in clause.words}
        odd = find_odd_spellings(text)
        entries = self._read_words(words | odd, scope)
        named = {word for word in odd if entries[word].is_known}
        if named:
            clauses = split_clauses(text, self._lexicon, named)
            words = {word for clause in clauses for word in clause.words}
            entries |= self._read_words(words, scope)
        # "Ed Sheeran" is nobody's slip, though a list of a language's words may lack him.
        entries |= self._read_inflected({word: entries[word] for word in words}, scope)
        kept = self._lexicon.borrowed.union(*map(self._find_famous_words, clauses))
        corrections = self._correct_words({word: entries[word] for word in words - kept}, scope)
        meant = {
            part
            for word in corrections.values()
            for part in self._lexicon.spellings.get(word, (word,))
        }
        if meant:
            entries |= self._read_words(meant, scope)
        frequencies = {
            word: frequency
            for word in words | meant
            if (frequency := entries[word].zipf_frequency) is not None
        }
        names = {word: entry.names for word, entry in entries.items() if entry.names}
        names_written = find_written_names(text)
        query = parse_clauses(clauses, self._lexicon, Spelling(corrections, frequencies), names)
        return replace(
            query,
            words=tuple(word for clause in clauses for word in clause.words),
            names_written=names_written,
            dictionary_words=frozenset(frequencies) - corrections.keys(),
            unknown_words=self._find_unknown(
                names_written, {word: entries[word] for word in words}, corrections
            ),
        )

    def _read_words(self, words: set[str], scope: Scope) -> dict[str, WordEntry]:
        # A name may stand there with an "s" behind it: "kendalls" in haste for "Kendall's".
        return self._vocabulary.read_words(
            words | {word.removesuffix("s") for word in words}, scope
        )

    def _read_inflected(
        self, entries: Mapping[str, WordEntry], scope: Scope
    ) -> dict[str, WordEntry]:
        """Return the entries of words that are forms of other words, as common as these.

        So they are not taken for slips. A word of a pack or the lexicon is common enough for that.
        """
        grammar = self._lexicon.grammar
        forms = {
            word: grammar.list_first_forms(word)
            for word, entry in entries.items()
            if grammar.inflections and entry.zipf_frequency is None and not entry.is_known
        }
        listed = self._vocabulary.read_words(frozenset().union(*forms.values()), scope)
        found = {
            word: max(
                (
                    listed[first].zipf_frequency or (TYPO_ZIPF if listed[first].is_known else 0.0)
                    for first in firsts
                ),
                default=0.0,
            )
            for word, firsts in forms.items()
        }
        return {
            word: replace(entries[word], zipf_frequency=frequency)
            for word, frequency in found.items()
            if frequency
        }

    def _find_unknown(
        self,
        names_written: Collection[str],
        entries: Mapping[str, WordEntry],
        corrections: Mapping[str, str],
    ) -> frozenset[str]:
        """Return the words that may be names unknown to all packs, as they were corrected."""
        return frozenset(
            # A slip for a word leaves that word in the template; a slip for a name leaves "@".
            corrections.get(word, word)
            for word, entry in entries.items()
            if len(word) >= MIN_SLIP_LENGTH
            and word not in self._lexicon.words
            and word not in self._lexicon.borrowed
            and word.isalpha()
            and (word in names_written or self._is_unusual(word, entry))
            and (word not in corrections or self._may_be_name(word, entry, corrections[word]))
        )

    def _may_be_name(self, word: str, entry: WordEntry, meant: str) -> bool:
        """Return whether a corrected word is no plain slip: a known word, or two letters away."""
        is_slip = is_one_mistake(word, meant) or is_clipped(word, meant)
        return entry.zipf_frequency is not None or not is_slip

    def _is_unusual(self, word: str, entry: WordEntry) -> bool:
        """Return whether no pack knows a word, and it may be a name.

        It is neither an everyday word, nor a verb's form, nor written without vowels in haste:
        "mny".
        """
        is_everyday = (entry.zipf_frequency or 0.0) >= EVERYDAY_ZIPF
        is_clipped = _CLIPPED.fullmatch(word) is not None
        is_verb = word.endswith(self._verb_endings)
        return not (entry.is_known or is_everyday or is_clipped or is_verb)

    def _find_famous_words(self, clause: Clause) -> Iterator[str]:
        """Yield the words of well-known names in a clause."""
        for at in range(len(clause.words)):
            length, kinds = longest_match(self._lexicon.famous_names, clause.words, at)
            if "name" in kinds:
                yield from clause.words[at : at + length]

    def _without_singulars(self, words: list[str], scope: Scope) -> list[str]:
        """Leave out the words of which the packs have the plural: "wether" beside "wethers"."""
        plurals = {word: f"{word}s" for word in words if len(word) > MIN_CORRECTED_LENGTH}
        listed = self._vocabulary.read_words(frozenset(plurals.values()), scope)
        return [word for word in words if not (word in plurals and listed[plurals[word]].is_known)]

    def _correct_words(self, entries: Mapping[str, WordEntry], scope: Scope) -> dict[str, str]:
        """Return the corrections of those words that seem misspelt."""
        english = {word for word, entry in entries.items() if entry.zipf_frequency is not None}
        doubtful = sorted(
            word
            for word, entry in entries.items()
            if not entry.is_known
            and (entry.zipf_frequency or 0.0) < TYPO_ZIPF
            and word not in self._lexicon.words
            and word.isalpha()
            and not is_numeral(word)
            and len(word) >= (MIN_CORRECTED_LENGTH if word in english else MIN_SLIP_LENGTH)
        )
        doubtful = self._without_singulars(doubtful, scope)
        if not doubtful:
            return {}
        variants = {word: deletion_variants(word) for word in doubtful}
        corrections: dict[str, str] = {}
        for word, uses in self._vocabulary.read_corrections(variants, scope).items():
            if word in english:
                # A word that the language has gives way only to one that the packs use often:
                # "tania" where they speak of a Tanya.
                candidates = [pair for pair in uses.items() if is_probable_typo(word, *pair)]
            elif len(word) < MIN_CORRECTED_LENGTH:
                candidates = [pair for pair in uses.items() if pair[0] in self._lexicon.stop_words]
            else:
                candidates = list(uses.items())
            meant = closest_word(word, candidates)
            if meant is not None:
                corrections[word] = meant
        return corrections


def parse_clauses(
    clauses: tuple[Clause, ...], lexicon: Lexicon, spelling: Spelling, names: Phrasebook
) -> Query:
    """Parse a question's clauses with the names that its words may begin."""
    grammar = lexicon.grammar
    whole = [_correct_clause(clause, lexicon, spelling, names) for clause in clauses]
    corrected = [Clause(grammar.cut_frame(each.words), each.is_question) for each in whole]
    asking = find_asking_clauses(corrected, grammar)
    terms: dict[frozenset[str], Term] = {}
    mentions: dict[frozenset[str], Mention] = {}
    question_types: set[str] = set()
    attributes: set[str] = set()
    ngrams: dict[str, float] = {}
    template: list[str] = []
    asking_template: list[str] = []
    asking_words: set[str] = set()
    for clause, is_asking in zip(corrected, asking, strict=True):
        weight = 1.0 if is_asking or not any(asking) else CONTEXT_WEIGHT
        parsed = _ClauseParser(clause.words, lexicon, spelling, names, weight)
        # What is said twice counts once, with the greater of its weights.
        for term in parsed.terms:
            known = terms.get(term.forms)
            terms[term.forms] = term if known is None or known.weight < term.weight else known
        for mention in parsed.mentions:
            named = mentions.get(mention.names)
            if named is None or named.weight < mention.weight:
                mentions[mention.names] = mention
        for ngram in extract_ngrams(parsed.template, parsed.template_stems, lexicon):
            ngrams[ngram] = max(ngrams.get(ngram, 0.0), weight * NGRAM_WEIGHT)
        template += parsed.template
        if weight == 1.0:
            asking_template += parsed.template
            asking_words.update(clause.words)
            question_types.update(classify_question(clause.words, lexicon))
            attributes.update(find_attributes(parsed.template, lexicon))
    return Query(
        terms=tuple(terms.values()),
        mentions=tuple(mentions.values()),
        question_types=frozenset(question_types),
        attributes=frozenset(attributes),
        has_third_person=any(
            not grammar.third_persons.isdisjoint(clause.words) for clause in corrected
        ),
        pronouns=frozenset(
            name for name, forms in grammar.pronouns.items() if forms & asking_words
        ),
        has_second_person=any(
            not grammar.second_persons.isdisjoint(clause.words) for clause in corrected
        ),
        template=tuple(template),
        asking_template=tuple(asking_template),
        is_name_alone=grammar.definite_articles | {"@"} >= set(template),
        ngrams=ngrams,
    )


def find_written_names(text: str) -> frozenset[str]:
    """Return a text's words, in lower case, that are written as names.

    They are possessive ("train's"), or capitalized in mid-sentence. A text without any word in
    lower case tells nothing by its capitals.
    """
    found = _POSSESSIVES.findall(text)
    if any(word.islower() and len(word) >= MIN_SLIP_LENGTH for word in _LETTERS.findall(text)):
        found += _MIDDLE_CAPITAL.findall(text)
    return frozenset(fold(word) for word in found)


def _correct_clause(
    clause: Clause, lexicon: Lexicon, spelling: Spelling, names: Phrasebook
) -> Clause:
    words: list[str] = []
    for word in clause.words:
        meant = spelling.corrections.get(word, word)
        if meant[-1] == "s" and meant not in names and meant[:-1] in names:
            meant = meant[:-1]  # "kendalls" in haste for "Kendall's"
        words.extend((word,) if meant == word else lexicon.spellings.get(meant, (meant,)))
    return Clause(tuple(words), clause.is_question)


class _ClauseParser:
    """Parses a clause from left to right.

    At each word a name is tried first, then a phrase of the lexicon, then the single word.
    """

    def __init__(
        self,
        words: Phrase,
        lexicon: Lexicon,
        spelling: Spelling,
        names: Phrasebook,
        clause_weight: float,
    ) -> None:
        self.terms: list[Term] = []
        self.mentions: list[Mention] = []
        self.template: list[str] = []
        """The clause's words, with "@" for each name."""
        self.template_stems: list[str] = []
        self._lexicon = lexicon
        self._frequencies = spelling.zipf_frequencies
        self._clause_weight = clause_weight
        self._words = words
        self._stems = tuple(map(lexicon.stem, words))
        at = 0
        while at < len(words):
            length, keys = longest_match(names, words, at) if words[at] in names else (0, None)
            if keys:
                text = " ".join(words[at : at + length])
                self.mentions.append(Mention(keys, clause_weight, text, clause_weight < 1))
                self.template.append("@")
                self.template_stems.append("@")
            else:
                length = self._parse_term(at)
                if (
                    at
                    and words[at - 1] in lexicon.grammar.askers_own
                    and words[at] not in lexicon.stop_words
                ):
                    self.terms.pop()
                self.template.extend(words[at : at + length])
                self.template_stems.extend(self._stems[at : at + length])
            at += length

    def _parse_term(self, at: int) -> int:
        """Add the term that begins at a word, and return its length."""
        lexicon = self._lexicon
        length, concepts = longest_match(lexicon.concepts, self._stems, at)
        if length > 1:
            for part in self._stems[at : at + length]:
                concepts |= longest_match(lexicon.concepts, (part,), 0)[1]
        elif (word := self._words[at]) in lexicon.stop_words and word not in lexicon.qualifiers:
            return 1
        length = max(length, 1)
        words, stems = self._words[at : at + length], self._stems[at : at + length]
        content = [place for place, word in enumerate(words) if word not in lexicon.stop_words]
        weights = [informativeness(self._frequencies.get(words[place])) for place in content]
        self.terms.append(
            Term(
                forms=frozenset([" ".join(stems), *[stems[place] for place in content]]),
                concepts=concepts,
                weight=self._clause_weight * max(weights, default=STOP_PHRASE_WEIGHT),
                text=" ".join(words),
                is_context=self._clause_weight < 1,
            )
        )
        return length


def informativeness(zipf_frequency: float | None) -> float:
    """Return the informativeness of a word, from 0.15 to 1."""
    if zipf_frequency is None:
        return 1.0  # a word that the language lacks is a name, or a term of the field
    return min(1.0, max(MIN_INFORMATIVENESS, (MAX_ZIPF - zipf_frequency) / ZIPF_RANGE))


def extract_ngrams(template: Sequence[str], stems: Sequence[str], lexicon: Lexicon) -> list[str]:
    """Return a template's function words and pairs of adjacent words."""
    unigrams = [
        f"u:{form}"
        for word, form in zip(template, stems, strict=True)
        if word in lexicon.stop_words
    ]
    return unigrams + [f"p:{left} {right}" for left, right in pairwise(("^", *stems, "$"))]


def find_attributes(template: Sequence[str], lexicon: Lexicon) -> set[str]:
    """Return the seldom-answered attributes that a template asks for."""
    marked = ("^", *template, "$")
    askers_own = lexicon.grammar.askers_own
    found: set[str] = set()
    for at, word in enumerate(marked):
        if word in lexicon.attributes and at and marked[at - 1] not in askers_own:
            found |= longest_match(lexicon.attributes, marked, at)[1]
    return found


def find_asking_clauses(clauses: Sequence[Clause], grammar: Grammar) -> list[bool]:
    """Return for each clause whether it asks.

    Those with a question mark do; where there is none, those that open like a question.
    """
    marked = [clause.is_question for clause in clauses]
    if any(marked):
        return marked
    return [
        clause.words[0] in grammar.auxiliaries
        or not grammar.question_words.isdisjoint(clause.words)
        for clause in clauses
    ]


def classify_question(words: Phrase, lexicon: Lexicon) -> set[str]:
    """Return the question type of a clause, as a set of at most one."""
    grammar = lexicon.grammar
    if words[0] in grammar.auxiliaries and grammar.addressees.isdisjoint(words[1:4]):
        return {YES_NO}
    found: set[str] = set()
    for at, word in enumerate(words):
        if word not in lexicon.question_types:
            continue
        if word in grammar.relative_words and not _is_interrogative(words, at, grammar):
            continue
        types = longest_match(lexicon.question_types, words, at)[1]
        # An auxiliary makes a yes-or-no question only where it opens the clause.
        found |= types - {YES_NO} if at and word in grammar.auxiliaries else types
    return set([name for name in lexicon.question_type_order if name in found][:1])


def _is_interrogative(words: Phrase, at: int, grammar: Grammar) -> bool:
    """Return whether a relative word asks, unlike in "the boy that plays"."""
    return at == 0 or at == len(words) - 1 or words[at - 1] in grammar.interrogative_cues
