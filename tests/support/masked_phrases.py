"""A language in which every sentence of the bot's is masked, so that what is not said shows."""

from __future__ import annotations

import re
from gettext import NullTranslations
from typing import TYPE_CHECKING

from bot.localization.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

_PLACE_OR_WORD = re.compile(r"\{\w+\}|[^\W\d_]+")
# What Discord writes itself, addresses, and names in code.
_FOREIGN = re.compile(r"<[^<>]*>|https?://\S+|`[^`]*`|\\.")
_WORD = re.compile(r"[^\W\d_]{2,}")


def _mask(text: str) -> str:
    return _PLACE_OR_WORD.sub(lambda found: found[0] if "{" in found[0] else "·", text)


class _Masked(NullTranslations):
    def gettext(self, message: str) -> str:
        return _mask(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _mask(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return _mask(message)


class MaskedPhrases(Phrases):
    """Phrases that leave no word of their own, in a language that no pack is in."""

    tag = "qq"

    def __init__(self) -> None:
        super().__init__(_Masked())

    def listed(self, words: Sequence[str]) -> str:
        return " · ".join(words)

    def day(self, day: date) -> str:
        return "·"

    def month(self, day: date) -> str:
        return "·"

    def short_moment(self, moment: datetime, *, has_year: bool) -> str:
        return "·"

    def weekday(self, number: int) -> str:
        return "·"

    def language(self, tag: str) -> str:
        return "·"


def words_left(texts: Iterable[str], data: Iterable[str]) -> set[str]:
    """Return the words of texts that are neither masked nor in the data shown."""
    known = {word.casefold() for each in data for word in _WORD.findall(each)}
    shown = {word.casefold() for text in texts for word in _WORD.findall(_FOREIGN.sub(" ", text))}
    return shown - known
