"""Find names in a paragraph that a pack does not know."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.packs.models import EntityKind
from bot.packs.prose import fold_words, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.packs.models import Entity, Pack
    from bot.packs.prose import Token

Words = tuple[str, ...]

# Between words of one run: a space, or what ties the parts of a name (Jean-Luc, 24/Seven, R & B).
_TIE = re.compile(r"\s|[-/.&+@]|\s?&\s?")
# Before a word that opens a sentence; speech opens one after a comma: he said, "Come in."
_OPENING = re.compile(r'(.*[.!?:…]["\')\]]*\s+["\'(\[]*|.*,\s*"\[?|.*--\s*"\[?)', re.DOTALL)
_WIDEST_OPENING = 12  # characters: more marks than that between two words are no sentence's end
# The pronoun and what grows on it are capitalised wherever they stand.
_PRONOUN = re.compile(r"I('\w+)?")


def find_unknown_names(pack: Pack, paragraph: str) -> Iterator[tuple[int, int]]:
    """Yield (position, length) in words for each unknown name in a paragraph.

    Positions count from 1. A name is a run of capitalised words. It is known if it is a name or an
    alias of the pack, alone or beside words of `not_names`. A single word that only opens a
    sentence is no name.
    """
    known = _KnownNames.of(pack)
    words = tokenize(paragraph)
    for start, end in _capitalised_runs(paragraph, words, known):
        run = tuple(word.folded for word in words[start:end])
        opens = opens_sentence(paragraph, words, start)
        if not (known.explains(run) or (opens and known.explains(run[1:]))):
            yield start + 1, end - start


def find_labelled(entities: Iterable[Entity], label: str) -> Entity | None:
    """Return the one person that a transcript's label may mean, or None.

    A label is a name or an alias, a part of a name ("VALE") or its initials ("MV").
    """
    words = fold_words(label)
    people = [entity for entity in entities if entity.kind is EntityKind.PERSON]
    if not words:
        return None
    named = [
        person
        for person in people
        if any(words == fold_words(name) for name in (person.name, *person.aliases))
    ]
    parts = [person for person in people if set(words) <= set(fold_words(person.name))]
    initials = [
        person
        for person in people
        if "".join(words) == "".join(word[0] for word in fold_words(person.name))
    ]
    for found in (named, parts, initials):
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _capitalised_runs(
    paragraph: str, words: tuple[Token, ...], known: _KnownNames
) -> Iterator[tuple[int, int]]:
    """Yield the runs of capitalised words outside of broken names."""
    breaks = tuple(not continues_name(paragraph, words, i) for i in range(len(words)))
    settled = _find_broken_names(words, breaks, known)
    start = None
    for i, word in enumerate(words):
        is_part = word.is_capitalised and i not in settled and not _PRONOUN.fullmatch(word.text)
        if start is not None and (breaks[i] or not is_part):
            yield start, i
            start = None
        if is_part and start is None:
            start = i
    if start is not None:
        yield start, len(words)


def _find_broken_names(
    words: tuple[Token, ...], breaks: tuple[bool, ...], known: _KnownNames
) -> frozenset[int]:
    """Return the positions of known names with small words or breaks inside."""
    folded = tuple(word.folded for word in words)
    return frozenset(
        position
        for length in known.lengths
        for i in range(len(words) - length + 1)
        if folded[i : i + length] in known.names | known.not_names
        and any(word.is_capitalised for word in words[i : i + length])
        and (
            any(breaks[i + 1 : i + length])
            or not all(word.is_capitalised for word in words[i : i + length])
        )
        for position in range(i, i + length)
    )


def continues_name(paragraph: str, words: Sequence[Token], i: int) -> bool:
    """Return whether a word may continue the name before it."""
    if i == 0:
        return False
    before = words[i - 1]
    is_owner = before.text.casefold().endswith("'s")  # "Nickelodeon's Big Time Rush" is two
    return not is_owner and bool(_TIE.fullmatch(paragraph, before.end, words[i].start))


def opens_sentence(paragraph: str, words: Sequence[Token], i: int) -> bool:
    """Return whether a word opens a sentence, or speech."""
    if i == 0:
        return True
    before = max(words[i - 1].end, words[i].start - _WIDEST_OPENING)
    return bool(_OPENING.fullmatch(paragraph, before, words[i].start))


@dataclass(frozen=True, slots=True)
class _KnownNames:
    """A pack's names and its words that name nothing, folded."""

    names: frozenset[Words]
    not_names: frozenset[Words]
    lengths: frozenset[int]

    @classmethod
    def of(cls, pack: Pack) -> _KnownNames:
        written = [name for entity in pack.entities for name in (entity.name, *entity.aliases)]
        for release in pack.releases:
            written += (release.title, *release.aliases)
            for song in release.songs:
                written += (song.title, *song.aliases)
        names = frozenset(map(fold_words, written)) - {()}
        not_names = frozenset(map(fold_words, pack.not_names)) - {()}
        return cls(names, not_names, frozenset(map(len, names | not_names)))

    def explains(self, run: Words) -> bool:
        """Return whether a run is at most one known name among not-names.

        Two known names in a row may be a third: a James and a Schmidt make no James Schmidt.
        """
        # The places up to which the run is explained without a name, or with one.
        without, with_one = {0}, set[int]()
        for i in range(len(run)):
            for length in self.lengths:
                piece = run[i : i + length]
                if piece in self.not_names:
                    without |= {i + length} if i in without else set()
                    with_one |= {i + length} if i in with_one else set()
                if piece in self.names and i in without:
                    with_one.add(i + length)
        return len(run) in without | with_one
