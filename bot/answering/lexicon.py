"""The lexicon of a language, shared by all packs."""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snowballstemmer import stemmer

from bot.answering.grammar import Grammar
from bot.index.cache import BatchCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.index.cache import KeyedHash

Phrase = tuple[str, ...]
Phrases = tuple[tuple[int, dict[Phrase, frozenset[str]]], ...]
"""Phrases with the same first word by their length, longest first, each with its meanings."""
Phrasebook = dict[str, Phrases]
"""Phrases by their first word."""

ENGLISH = "en"
"""The language of packs, and of the bot where nothing else is said."""
MAX_UTF_8_BYTES = 4
"""Of a character, at most."""
MAX_CACHED_STEMS = 16_384
"""How many words are remembered with their stems, by their hash."""
_NO_MEANINGS: frozenset[str] = frozenset()
_WORD_SETS = ("stop_words", "qualifiers", "words", "borrowed")
_PHRASEBOOKS = ("question_types", "concepts", "attributes", "famous_names")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Spellings, stop words, question types, concepts, attributes and qualifiers."""

    language: str
    """The code of the language: "en", "pt-BR"."""
    grammar: Grammar
    """Its function words, and the frames around what is asked."""
    spellings: Mapping[str, Phrase]
    """The words that each chat spelling or contraction stands for."""
    stop_words: frozenset[str]
    question_types: Phrasebook
    """Phrases as written, and the type of question that they ask."""
    question_type_order: tuple[str, ...]
    """All question types. Where a clause asks several, the first of them counts."""
    concepts: Phrasebook
    """Phrases of stems, and the concepts that they stand for."""
    attributes: Phrasebook
    """Phrases as written, and the seldom-answered attributes that they ask for."""
    qualifiers: frozenset[str]
    """Stop words that do tell something: "first", "new"."""
    stem: Callable[[str], str] = field(compare=False)
    """Returns a word's stem."""
    words: frozenset[str]
    """All single words of the lexicon, none of which is ever corrected."""
    borrowed: frozenset[str]
    """Words of English that stand for concepts too; they do not tell this language from it."""
    famous_names: Phrasebook
    """Well-known names, and which kind each is: "name", "word" (that means something else as well),
    "adjective" or "place"."""


@dataclass(frozen=True, slots=True)
class LanguageCues:
    """The words that tell a language from others."""

    language: str
    spellings: Mapping[str, Phrase]
    stop_words: frozenset[str]


class Stemmer:
    """Stems words of one language by its Snowball algorithm, without keeping them."""

    def __init__(self, grammar: Grammar) -> None:
        self._snowball = _load_snowball(grammar.stemmer)
        # The longest first: "coes" before "oes".
        endings = sorted(grammar.restored_endings.items(), key=lambda pair: -len(pair[0]))
        self._restored_endings = tuple(endings)

    def __call__(self, word: str) -> str:
        """Return a word's stem."""
        for ending, accented in self._restored_endings:
            if word.endswith(ending) and word != ending:
                word = word.removesuffix(ending) + accented
                break
        stemmed = str(self._snowball.stemWord(word))
        # It keeps the last word that it was given, and of a longer one before that, the end.
        self._snowball.stemWord(
            "a" * (len(word) if word.isascii() else MAX_UTF_8_BYTES * len(word))
        )
        if not self._restored_endings:
            return stemmed
        spread = unicodedata.normalize("NFD", stemmed)
        return "".join(letter for letter in spread if not unicodedata.combining(letter))


def stem(word: str) -> str:
    """Return an English word's stem."""
    return _load_english_stemmer()(word)


@cache
def _load_english_stemmer() -> Stemmer:
    return Stemmer(load_grammar(ENGLISH))


class StemCache:
    """Stems words that people type, without keeping the words.

    A stem is the beginning of its word, with a few letters behind it at most. How many letters stay
    and which follow tell nothing of the word to anybody who does not have it.
    """

    def __init__(self, hide: KeyedHash, stem: Callable[[str], str] = stem) -> None:
        self._stem = stem
        self._cuts = BatchCache(MAX_CACHED_STEMS, self._load_cuts, hide)

    def __call__(self, word: str) -> str:
        """Return a word's stem."""
        cut = self._cuts.get(word)
        # Every word has a stem.
        length, ending = cut if cut is not None else (len(word), "")
        return word[:length] + ending

    def _load_cuts(self, words: list[str]) -> dict[str, tuple[int, str]]:
        cuts: dict[str, tuple[int, str]] = {}
        for word in words:
            stemmed = self._stem(word)
            pairs = zip(word, stemmed, strict=False)
            length = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
            cuts[word] = length, stemmed[length:]
        return cuts


@cache
def _load_snowball(algorithm: str) -> stemmer:
    made = stemmer(algorithm)
    if hasattr(made, "maxCacheSize"):  # PyStemmer's, on most machines: it remembers words
        made.maxCacheSize = 0
    return made


def language_folder(language: str) -> Path:
    """Return the folder of a language's own files."""
    return Path(__file__).parent / "languages" / language


@cache
def load_grammar(language: str) -> Grammar:
    """Return the grammar of a language."""
    return Grammar.from_yaml(_read_yaml(language, "grammar.yaml"))


@cache
def load_lexicon(language: str = ENGLISH) -> Lexicon:
    """Return the lexicon of a language that ships with the program."""
    raw, famous = _read_yaml(language, "lexicon.yaml"), _read_yaml(language, "famous_names.yaml")
    grammar = load_grammar(language)
    stop_words = frozenset(word for phrase in _split_phrases(raw["stop_words"]) for word in phrase)
    spellings = {word: tuple(means.split()) for word, means in raw["spellings"].items()}
    qualifiers = frozenset(word for phrase in _split_phrases(raw["qualifiers"]) for word in phrase)
    lines = [
        *raw["concepts"].values(),
        *raw["attributes"].values(),
        *raw["question_types"].values(),
    ]
    words = {word for line in lines for phrase in _split_phrases(line) for word in phrase}
    words.update(spellings, stop_words, qualifiers, *spellings.values())
    stem_word = cache(Stemmer(grammar))
    borrowed: dict[str, str] = raw.get("borrowed", {})
    concepts = {
        name: f"{line}, {borrowed[name]}" if name in borrowed else line
        for name, line in raw["concepts"].items()
    }
    return Lexicon(
        language=language,
        grammar=grammar,
        spellings=spellings,
        stop_words=stop_words,
        question_types=_read_phrasebook(raw["question_types"], str),
        question_type_order=tuple(raw["question_types"]),
        concepts=_read_phrasebook(concepts, stem_word),
        attributes=_read_phrasebook(raw["attributes"], str),
        qualifiers=qualifiers,
        stem=stem_word,
        words=frozenset(words),
        borrowed=frozenset(
            word
            for line in borrowed.values()
            for phrase in _split_phrases(line)
            for word in phrase
            if word not in words
        ),
        famous_names=build_phrasebook(
            (tuple(name.split()), kind)
            for kind, line in (
                ("name", famous["names"]),
                ("word", famous["words"]),
                ("adjective", famous["adjectives"]),
                ("place", famous["places"]),
            )
            for name in line.split(",")
            if name.strip()
        ),
    )


def _read_yaml(language: str, name: str) -> Any:
    # Imported here: who reads a compiled index has the lexicon from there, in a tenth of the time.
    from bot.packs.yaml_source import parse_yaml  # noqa: PLC0415

    text = language_folder(language).joinpath(name).read_text(encoding="utf-8")
    return parse_yaml(text, Path(language, name)).content


def encode_lexicon(lexicon: Lexicon) -> str:
    """Return a lexicon as JSON, for an index."""
    body: dict[str, Any] = {
        "language": lexicon.language,
        "grammar": lexicon.grammar.to_json(),
        "spellings": {word: " ".join(means) for word, means in lexicon.spellings.items()},
        "question_type_order": lexicon.question_type_order,
    }
    body |= {name: sorted(getattr(lexicon, name)) for name in _WORD_SETS}
    body |= {name: _list_phrases(getattr(lexicon, name)) for name in _PHRASEBOOKS}
    return json.dumps(body, ensure_ascii=False)


def decode_lexicon(text: str, hide: KeyedHash | None = None) -> Lexicon:
    """Return the lexicon from its JSON.

    `hide` hashes the words by which stems are cached. Where nobody types, the words may be kept.
    """
    body = json.loads(text)

    def book(name: str) -> Phrasebook:
        return build_phrasebook((tuple(phrase.split(" ")), to) for phrase, to in body[name])

    words = frozenset[str](body["words"])
    grammar = Grammar.from_json(body["grammar"])
    stem_word = Stemmer(grammar)
    return Lexicon(
        language=body["language"],
        grammar=grammar,
        spellings=_decode_spellings(body["spellings"]),
        stop_words=frozenset(body["stop_words"]),
        question_types=book("question_types"),
        question_type_order=tuple(body["question_type_order"]),
        concepts=book("concepts"),
        attributes=book("attributes"),
        qualifiers=frozenset(body["qualifiers"]),
        stem=(cache(stem_word) if hide is None else StemCache(hide.except_for(words), stem_word)),
        words=words,
        borrowed=frozenset(body["borrowed"]),
        famous_names=book("famous_names"),
    )


def decode_cues(
    language: str, spellings: Mapping[str, str], stop_words: Iterable[str]
) -> LanguageCues:
    """Return the cues of a language from their JSON."""
    return LanguageCues(language, _decode_spellings(spellings), frozenset(stop_words))


def _decode_spellings(spellings: Mapping[str, str]) -> dict[str, Phrase]:
    return {word: tuple(means.split(" ")) for word, means in spellings.items()}


def _list_phrases(book: Phrasebook) -> list[tuple[str, str]]:
    """Return each phrase with each of its meanings."""
    return sorted(
        (" ".join(phrase), meaning)
        for by_length in book.values()
        for _, phrases in by_length
        for phrase, meanings in phrases.items()
        for meaning in meanings
    )


def build_phrasebook(entries: Iterable[tuple[Phrase, str]]) -> Phrasebook:
    """Index phrases and their meanings by first word, longest first."""
    meanings: defaultdict[Phrase, set[str]] = defaultdict(set)
    for phrase, meaning in entries:
        meanings[phrase].add(meaning)
    book: defaultdict[str, defaultdict[int, dict[Phrase, frozenset[str]]]]
    book = defaultdict(lambda: defaultdict(dict))
    for phrase, found in meanings.items():
        book[phrase[0]][len(phrase)][phrase] = frozenset(found)
    return {first: tuple(sorted(phrases.items(), reverse=True)) for first, phrases in book.items()}


def longest_match(book: Phrasebook, words: Phrase, at: int) -> tuple[int, frozenset[str]]:
    """Return the length and meanings of the longest phrase at a word."""
    for length, phrases in book.get(words[at], ()):
        meanings = phrases.get(words[at : at + length])
        if meanings is not None:
            return length, meanings
    return 0, _NO_MEANINGS


def _read_phrasebook(lines: Mapping[str, str], normalize: Callable[[str], str]) -> Phrasebook:
    return build_phrasebook(
        (tuple(normalize(word) for word in phrase), meaning)
        for meaning, line in lines.items()
        for phrase in _split_phrases(line)
    )


def _split_phrases(line: str) -> list[Phrase]:
    cleaned = line.replace("-", " ").replace("'", "")
    return [tuple(phrase.split()) for phrase in cleaned.split(",") if phrase.strip()]
