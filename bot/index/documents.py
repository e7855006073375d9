"""What a store is filled with: packs, and all that was derived from them and from the language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.packs.models import Pack


@dataclass(frozen=True, slots=True)
class IndexedEntry:
    """What the matcher will want of an entry."""

    body: str
    """Its document, as JSON."""
    pairs: bytes
    """What of its document is shorter as bytes."""
    impacts: Mapping[str, int]
    """Its features, each with how strongly it points here."""


@dataclass(frozen=True, slots=True)
class IndexedPack:
    """A pack and all that is derived from it."""

    pack: Pack
    documents: Mapping[tuple[str, str], IndexedEntry]
    """By kind and id; entries without one can be looked up but not asked for."""
    names: tuple[tuple[tuple[str, ...], str], ...]
    """Words of a name, and the id it is a name of."""
    vocabulary: Mapping[str, int]
    """Its words, and in how many of its phrasings and names each is used."""


@dataclass(frozen=True, slots=True)
class Language:
    """What does not depend on any pack."""

    english: Mapping[str, float]
    """English words and how common each is (Zipf scale)."""
    words: frozenset[str]
    """The lexicon's own words."""
    deletions: Callable[[str], Iterable[str]]
    """What is left of a word when letters are left out, for finding it by a misspelling."""
    beyond: Mapping[str, Mapping[str, int]]
    """How typical features are of topics that notes seldom speak of, by topic and feature."""
