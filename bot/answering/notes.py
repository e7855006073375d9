"""The one door to what is known: questions, quotes, releases and topics within a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random
    from types import TracebackType

    from bot.answering.answers import (
        Answer,
        CitedFact,
        CitedQuote,
        CitedRelease,
        Suggestion,
        Topic,
    )
    from bot.knowledge.model import Source

Scope = frozenset[str]
"""The ids of the packs that may answer here."""


class Notes:
    """Answers from one compiled fact store, opened read-only.

    Whatever takes a scope never returns anything from a pack outside it.
    """

    @classmethod
    async def open(cls, store: Path) -> Notes:
        """Open a compiled store and read what autocomplete needs into memory."""
        raise NotImplementedError

    async def close(self) -> None:
        """Close the store; an answer under way is finished first."""
        raise NotImplementedError

    async def __aenter__(self) -> Notes:
        """Enter as itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close on the way out."""
        await self.close()

    @property
    def packs(self) -> Scope:
        """Every pack in the store: the widest scope."""
        raise NotImplementedError

    def source(self, pack: str) -> Source:
        """Return where a pack's facts come from."""
        raise NotImplementedError

    def pack_title(self, pack: str) -> str:
        """Return a pack's title, as shown to people."""
        raise NotImplementedError

    async def answer(self, question: str, scope: Scope) -> Answer:
        """Answer a question of at most 300 characters from the packs in scope."""
        raise NotImplementedError

    async def fact(self, pack: str, fact: str) -> CitedFact | None:
        """Return a fact by its id, or None where it is gone or withdrawn."""
        raise NotImplementedError

    async def related(self, pack: str, fact: str) -> tuple[Suggestion, ...]:
        """Return the facts that a fact names as related."""
        raise NotImplementedError

    async def quote(
        self,
        scope: Scope,
        chance: Random,
        *,
        about: str | None = None,
        by: str | None = None,
        besides: frozenset[tuple[str, str]] = frozenset(),
    ) -> CitedQuote | None:
        """Return the best quote for a theme, or one by chance; None where nothing fits.

        `by` is a speaker's name or alias. `besides` are (pack, quote) pairs already shown: they
        come again only when nothing else is left.
        """
        raise NotImplementedError

    async def quote_by_id(self, pack: str, quote: str) -> CitedQuote | None:
        """Return a quote by its id, or None where it is gone or withdrawn."""
        raise NotImplementedError

    async def quote_ids(self, scope: Scope, by: str | None = None) -> tuple[tuple[str, str], ...]:
        """Return (pack, quote) for every quote that may be served, in the packs' order."""
        raise NotImplementedError

    async def release(self, title: str, scope: Scope) -> CitedRelease | None:
        """Return the release with that title or alias, or with a song of that title."""
        raise NotImplementedError

    async def releases(self, scope: Scope) -> tuple[CitedRelease, ...]:
        """Return every release in scope, newest first."""
        raise NotImplementedError

    def topics(self, scope: Scope) -> tuple[Topic, ...]:
        """Return the subjects in scope, each with the questions answered about it."""
        raise NotImplementedError

    def complete_question(self, typed: str, scope: Scope) -> tuple[Suggestion, ...]:
        """Return at most 25 questions that fit what has been typed; typos forgiven; no I/O."""
        raise NotImplementedError

    def complete_title(self, typed: str, scope: Scope) -> tuple[str, ...]:
        """Return at most 25 release and song titles that fit what has been typed; no I/O."""
        raise NotImplementedError

    def complete_speaker(self, typed: str, scope: Scope) -> tuple[str, ...]:
        """Return at most 25 speakers' names that fit what has been typed; no I/O."""
        raise NotImplementedError

    def complete_theme(self, typed: str, scope: Scope) -> tuple[str, ...]:
        """Return at most 25 quote themes that fit what has been typed; no I/O."""
        raise NotImplementedError
