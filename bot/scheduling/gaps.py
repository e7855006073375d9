"""Gaps in the notes as members find them, kept on request.

Nothing kept tells who asked, where, or at what hour.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from bot.scheduling.gap_words import anonymize
from bot.scheduling.models import Gap, GapKind
from bot.scheduling.storage import gaps, guilds

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from bot.scheduling.models import Guild
    from bot.scheduling.ports import Clock
    from bot.scheduling.storage.database import State

MAX_SUGGESTIONS = 3
"""Suggestions that a member may make in a day."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A suggestion was kept in these words."""

    words: str
    left: int
    """How many more the member may make today."""


@dataclass(frozen=True, slots=True)
class NothingLeft:
    """Without addresses, numbers, mentions and links, nothing was left of it."""


@dataclass(frozen=True, slots=True)
class TooMany:
    """The member has made all suggestions of the day."""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The server takes no suggestions."""


Suggested = Kept | NothingLeft | TooMany | NotTaken


class GapService:
    """The gaps of every server.

    Args:
        state: The state database.
        clock: Tells the day, in UTC.
        new_key: Makes the secret of a day.
    """

    def __init__(self, state: State, clock: Clock, new_key: Callable[[], str]) -> None:
        self._state = state
        self._clock = clock
        self._new_key = new_key

    async def keep_question(
        self, guild_id: int, typed: str, known: Collection[str] = ()
    ) -> Gap | None:
        """Keep a question that got no answer, where the server keeps such.

        `known` holds words with digits that are names in the notes. None if it was not kept.
        """
        words = anonymize(typed, known)
        return await self._keep(guild_id, self._gap(GapKind.UNANSWERED, words)) if words else None

    async def keep_objection(  # what there is to say of one
        self, guild_id: int, pack: str, fact: str, typed: str, known: Collection[str] = ()
    ) -> Gap | None:
        """Keep an objection to a fact, with or without a reason.

        None if it was not kept.
        """
        objection = self._gap(GapKind.NOT_RIGHT, anonymize(typed, known, keeps_counts=True))
        return await self._keep(guild_id, replace(objection, pack=pack, fact=fact))

    async def suggest(
        self, guild_id: int, member_id: int, typed: str, known: Collection[str] = ()
    ) -> Suggested:
        """Keep a member's suggestion, at most three a day."""
        words = anonymize(typed, known, keeps_counts=True)
        day = self._clock.now().date()
        async with self._state.write() as transaction:
            if not await gaps.lock_if_kept(transaction, guild_id):
                return NotTaken()
            if not (await guilds.get_guild(transaction, guild_id)).takes_suggestions:
                return NotTaken()
            if not words:
                return NothingLeft()
            key = await gaps.read_key(transaction, day, self._new_key())
            # Known members could be tried one by one, but for the key, which goes with the day.
            member = blake2b(
                f"{guild_id} {member_id}".encode(), key=key.encode()[:64], digest_size=16
            )
            left = await gaps.count_suggestion(
                transaction, guild_id, day, member.hexdigest(), MAX_SUGGESTIONS
            )
            if left is None:
                return TooMany()
            gap = self._gap(GapKind.SUGGESTED, words)
            await gaps.count_gap(transaction, guild_id, gap)
            return Kept(words, left)

    async def switch_on(self, guild_id: int, *, takes_suggestions: bool | None = None) -> Guild:
        """Keep gaps from now on.

        None leaves it as it is with suggestions.
        """
        async with self._state.write() as transaction:
            await guilds.lock_guild(transaction, guild_id)
            guild = await guilds.get_guild(transaction, guild_id)
            taken = guild.takes_suggestions if takes_suggestions is None else takes_suggestions
            changed = replace(guild, keeps_gaps=True, takes_suggestions=taken)
            await guilds.put_guild(transaction, changed)
            return changed

    async def switch_off(self, guild_id: int) -> int:
        """Keep no more gaps, erase them, and return their number."""
        async with self._state.write() as transaction:
            await guilds.lock_guild(transaction, guild_id)
            guild = await guilds.get_guild(transaction, guild_id)
            off = replace(guild, keeps_gaps=False, takes_suggestions=False)
            await guilds.put_guild(transaction, off)
            erased = await gaps.delete_gaps(transaction, guild_id)
            await gaps.delete_counts(transaction, guild_id)
            await guilds.delete_bare_guild(transaction, guild_id)
            return erased

    async def clear(self, guild_id: int) -> int:
        """Erase a server's gaps, and return their number."""
        async with self._state.write() as transaction:
            await guilds.lock_guild(transaction, guild_id)
            erased = await gaps.delete_gaps(transaction, guild_id)
            await guilds.delete_bare_guild(transaction, guild_id)
            return erased

    async def count(self, guild_id: int) -> int:
        """Count a server's gaps."""
        async with self._state.read() as transaction:
            return await gaps.count_gaps(transaction, guild_id)

    async def list(self, guild_id: int | None = None) -> tuple[Gap, ...]:
        """Return the gaps of a server or of all, commonest first."""
        async with self._state.read() as transaction:
            return await gaps.list_gaps(transaction, guild_id)

    def _gap(self, kind: GapKind, words: str) -> Gap:
        return Gap(kind, words, self._clock.now().date())

    async def _keep(self, guild_id: int, gap: Gap) -> Gap | None:
        async with self._state.write() as transaction:
            # Asked here and not of a cache: off means off, in every process, at once.
            if not await gaps.lock_if_kept(transaction, guild_id):
                return None
            await gaps.count_gap(transaction, guild_id, gap)
            return gap
