"""The grammar of a language, from its grammar.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HE, SHE = "he", "she"
TOLD_APART = frozenset({HE, SHE})
"""The pronouns that tell one person from another; "they" may be anybody."""

TYPED_TWICE = 2
"""Frames stand in frames: "can I ask, do you know if …"."""

_PART = re.compile(r"<(\w+)>")
_NOT_WORDS = frozenset({"stemmer", "restored_endings", "inflections", "pronouns", "introductions"})
MIN_STEM_LENGTH = 3
"""What is left of a word before its ending, at least."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """Function words by their part in a question, and its frames."""

    stemmer: str
    """The name of its Snowball algorithm."""
    restored_endings: Mapping[str, str]
    """Endings without their accents, and what the stemmer expects instead."""
    inflections: Mapping[str, frozenset[str]]
    """Endings of first forms, and those of the forms that a list of words may lack."""
    contracted_endings: frozenset[str]
    """What is cut off behind an apostrophe."""
    verb_endings: frozenset[str]
    """Endings of words that are verbs and no names, however rare."""
    third_persons: frozenset[str]
    pronouns: Mapping[str, frozenset[str]]
    """The forms of each of `TOLD_APART`."""
    second_persons: frozenset[str]
    askers_own: frozenset[str]
    """What follows these belongs to the asker: "my birthday" asks for nobody's birthday."""
    fond_words: frozenset[str]
    """But beside one of these it is what everybody speaks of: "my favourite band"."""
    possessives: frozenset[str]
    articles: frozenset[str]
    definite_articles: frozenset[str]
    question_words: frozenset[str]
    auxiliaries: frozenset[str]
    """A clause that begins with one of these asks for yes or no."""
    addressees: frozenset[str]
    """After an auxiliary these make a polite opening: "can you tell me"."""
    relative_words: frozenset[str]
    """Question words that join two clauses more often than they ask."""
    interrogative_cues: frozenset[str]
    """After one of these, a relative word asks."""
    speaker_words: frozenset[str]
    """Before a name, these ask for words of theirs: "a quote by"."""
    turning_words: frozenset[str]
    """Before one of these a story ends, and the question about it may begin."""
    leading_words: frozenset[str]
    """After one of these, an extra word is the subject or the object of the question."""
    place_words: frozenset[str]
    """Behind one of these a bare everyday word is a name: "did garbage record", "by air"."""
    bare_place_words: frozenset[str]
    """The same for an adjective that may be a name."""
    famous_place_words: frozenset[str]
    """The same for a word that is known to be a name."""
    acting_place_words: frozenset[str]
    """The same for a name that is a place too: "when did Europe form", not "of Europe"."""
    choosing_words: frozenset[str]
    """Before a noun these ask for one of a kind: "which hospital"."""
    also_choosing_words: frozenset[str]
    """These may ask so too, and join clauses as often. Only in sample questions they count."""
    noun_links: frozenset[str]
    """Behind such a noun these lead to more about it: "what brand of computer"."""
    vague_nouns: frozenset[str]
    """Nouns that ask for no thing: "for what reason"."""
    calendar: frozenset[str]
    """Months and weekdays, which are written as names are, and name nobody."""
    introductions: tuple[str, ...]
    """The questions that introduce a name, with "@" in its place."""
    leading_frame: re.Pattern[str] = field(compare=False)
    """Matches the frame at a clause's beginning: "can you tell me"."""
    trailing_frame: re.Pattern[str] = field(compare=False)
    """Matches the frame at its end: "please"."""

    @classmethod
    def from_yaml(cls, raw: Mapping[str, Any]) -> Self:
        """Return the grammar in the content of a grammar.yaml."""
        frames: dict[str, str] = {}
        for name, pattern in raw["frames"].items():
            frames[name] = _PART.sub(lambda part: frames[part[1]], pattern)
        return cls.from_json(
            {
                **{name: value for name, value in raw.items() if name != "frames"},
                "leading_frame": frames["leading"],
                "trailing_frame": frames["trailing"],
            }
        )

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """Return the grammar that `to_json` wrote."""
        words = {
            each.name: _split_words(raw[each.name])
            for each in fields(cls)
            if each.name not in _NOT_WORDS and not each.name.endswith("_frame")
        }
        return cls(
            stemmer=raw["stemmer"],
            restored_endings=dict(raw["restored_endings"]),
            inflections={first: _split_words(each) for first, each in raw["inflections"].items()},
            pronouns={name: _split_words(forms) for name, forms in raw["pronouns"].items()},
            introductions=tuple(each.strip() for each in raw["introductions"].split(",")),
            leading_frame=re.compile(raw["leading_frame"]),
            trailing_frame=re.compile(raw["trailing_frame"]),
            **words,
        )

    def cut_frame(self, words: Sequence[str]) -> tuple[str, ...]:
        """Cut the frame of a request off: "can you tell me …", "a quote about … please".

        A frame is grammar: whoever asks "do you know if they toured" asks whether they toured. It
        goes away here, from questions and sample questions alike, and nothing behind this knows of
        it.
        """
        text = " ".join(words)
        for _ in range(TYPED_TWICE):
            found = self.leading_frame.match(text)
            if not found:
                break
            text = text[found.end() :]
        while found := self.trailing_frame.search(text):
            text = text[: found.start()]
        return tuple(text.split(" "))

    def list_first_forms(self, word: str) -> list[str]:
        """Return the words of which a word may be another form: "abiertos", "abierto"."""
        return [
            word[:at] + first
            for at in range(MIN_STEM_LENGTH, len(word))
            for first, endings in self.inflections.items()
            if word[at:] in endings
        ]

    def to_json(self) -> dict[str, Any]:
        """Return the grammar as JSON can hold it, for an index."""
        body: dict[str, Any] = {
            each.name: ", ".join(sorted(getattr(self, each.name)))
            for each in fields(self)
            if each.name not in _NOT_WORDS and not each.name.endswith("_frame")
        }
        body |= {
            "stemmer": self.stemmer,
            "restored_endings": dict(self.restored_endings),
            "inflections": {
                first: ", ".join(sorted(endings)) for first, endings in self.inflections.items()
            },
            "pronouns": {name: ", ".join(sorted(forms)) for name, forms in self.pronouns.items()},
            "introductions": ", ".join(self.introductions),
            "leading_frame": self.leading_frame.pattern,
            "trailing_frame": self.trailing_frame.pattern,
        }
        return body


def _split_words(line: str) -> frozenset[str]:
    return frozenset(word.strip() for word in line.split(",") if word.strip())
