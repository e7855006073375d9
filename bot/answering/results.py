"""What comes back from a question: Found, Unsure or Unknown; and the cited things inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.packs.models import Fact, Quote, Release, Source


@dataclass(frozen=True, slots=True)
class CitedFact:
    """A fact with all that a presenter shows beside it."""

    pack: str
    fact: Fact
    source: Source
    subject: str
    """The subject's name, as shown to people."""
    quote: CitedQuote | None = None
    """The quotation that goes with it."""


@dataclass(frozen=True, slots=True)
class CitedQuote:
    """A quotation with its speaker's name and its source."""

    pack: str
    quote: Quote
    speaker: str
    source: Source
    theme: str | None = None
    """The pack's own theme that it was found by, where it was sought by one."""


@dataclass(frozen=True, slots=True)
class CitedRelease:
    """A release with its names resolved."""

    pack: str
    release: Release
    artist: str
    performers: dict[str, str]
    """Names by id, for every performer of its songs."""
    source: Source


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question the notes can answer, offered instead of an answer."""

    pack: str
    fact: str
    question: str
    statement: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One subject of a pack and the questions the notes answer about it."""

    pack: str
    subject: str
    """The subject's id."""
    name: str
    questions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The notes answer the question."""

    answer: CitedFact
    related: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsure:
    """The notes may answer it; here are at most three guesses at what was meant."""

    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """The notes do not say. `near` is the subject that was asked about, if any, by name."""

    near: str | None = None
    suggestions: tuple[Suggestion, ...] = ()
    """What the notes do cover about that subject, at most three."""


Answer = Found | Unsure | Unknown
