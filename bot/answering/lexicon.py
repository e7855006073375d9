"""The vocabulary of the field that every pack shares, read from lexicon.yaml."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import yaml

from bot.answering.stemming import TypedStems, stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.index.keyed_hash import KeyedHash

Phrase = tuple[str, ...]
Phrases = tuple[tuple[int, dict[Phrase, frozenset[str]]], ...]
"""Phrases that begin with one word, by length, longest first, each with what it stands for."""
Phrasebook = dict[str, Phrases]
"""Phrases by their first word."""

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Spellings, filler, kinds of question, ideas, attributes and qualifiers."""

    spellings: Mapping[str, Phrase]
    """A chat spelling or contraction, and the words it stands for."""
    stop_words: frozenset[str]
    kinds: Phrasebook
    """Phrases as written, and the kind of question they ask."""
    precedence: tuple[str, ...]
    """The kinds of question; where a clause asks several, the first of them counts."""
    concepts: Phrasebook
    """Phrases of stems, and the ideas they stand for."""
    attributes: Phrasebook
    """Phrases as written, and the seldom-answered attributes they ask for."""
    qualifiers: frozenset[str]
    stem: Callable[[str], str] = field(compare=False)
    """Returns a word's stem; see `stemming`."""
    words: frozenset[str]
    """Every single word written above: none of them is ever taken for a typing mistake."""


def load(hide: KeyedHash | None = None) -> Lexicon:
    """Read the lexicon that ships with the program.

    `hide` makes the keys by which stems are remembered; where nobody types, words may be, too.
    """
    text = resources.files("bot.answering").joinpath("lexicon.yaml").read_text(encoding="utf-8")
    raw = yaml.load(text, yaml.CSafeLoader)
    stop_words = frozenset(word for phrase in _phrases(raw["filler"]) for word in phrase)
    spellings = {word: tuple(means.split()) for word, means in raw["spellings"].items()}
    qualifiers = frozenset(word for phrase in _phrases(raw["qualifiers"]) for word in phrase)
    listed = [*raw["concepts"].values(), *raw["attributes"].values(), *raw["kinds"].values()]
    words = {word for line in listed for phrase in _phrases(line) for word in phrase}
    words.update(spellings, stop_words, qualifiers, *spellings.values())
    remembering = cache(stem) if hide is None else TypedStems(hide.except_for(words))
    return Lexicon(
        spellings=spellings,
        stop_words=stop_words,
        kinds=_phrasebook(raw["kinds"], str),
        precedence=tuple(raw["kinds"]),
        concepts=_phrasebook(raw["concepts"], remembering),
        attributes=_phrasebook(raw["attributes"], str),
        qualifiers=qualifiers,
        stem=remembering,
        words=frozenset(words),
    )


def longest_match(book: Phrasebook, words: tuple[str, ...], at: int) -> tuple[int, frozenset[str]]:
    """Return how many words from `at` the longest phrase takes, and what it stands for."""
    for length, phrases in book.get(words[at], ()):
        meanings = phrases.get(words[at : at + length])
        if meanings is not None:
            return length, meanings
    return 0, _NOTHING


def build_phrasebook(entries: Iterable[tuple[Phrase, str]]) -> Phrasebook:
    """Index phrases by their first word, longest first."""
    meanings: defaultdict[Phrase, set[str]] = defaultdict(set)
    for phrase, meaning in entries:
        meanings[phrase].add(meaning)
    book: defaultdict[str, defaultdict[int, dict[Phrase, frozenset[str]]]]
    book = defaultdict(lambda: defaultdict(dict))
    for phrase, found in meanings.items():
        book[phrase[0]][len(phrase)][phrase] = frozenset(found)
    return {first: tuple(sorted(phrases.items(), reverse=True)) for first, phrases in book.items()}


def _phrasebook(listed: Mapping[str, str], form: Callable[[str], str]) -> Phrasebook:
    return build_phrasebook(
        (tuple(form(word) for word in phrase), meaning)
        for meaning, line in listed.items()
        for phrase in _phrases(line)
    )


def _phrases(line: str) -> list[Phrase]:
    cleaned = line.replace("-", " ").replace("'", "")
    return [tuple(phrase.split()) for phrase in cleaned.split(",") if phrase.strip()]
