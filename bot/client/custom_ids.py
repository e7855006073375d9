"""Custom ids: versioned, and made of ids, never of typed text.

A custom id has at most 100 characters (Discord's limit). That is room for two ids of 40, the
longest that a pack's validation lets through. Messages already posted keep their custom ids for
ever, so a format may be added but never changed.
"""

from __future__ import annotations

VERSION = "ln1"
MAX_LENGTH = 100

PACK = r"(?P<pack>[a-z0-9][a-z0-9_-]{0,39})"
ENTRY = r"(?P<entry>[a-z0-9][a-z0-9_-]{0,39})"
PAGE = r"(?P<page>\d{1,4})"
MESSAGE = r"(?P<message>\d{1,20})"


def custom_id(kind: str, *parts: str | int) -> str:
    """Build a custom id, such as `ln1:fact:PACK:FACT`."""
    return ":".join((VERSION, kind, *map(str, parts)))


def fits(*parts: str) -> bool:
    """Return whether a custom id has room for these ids."""
    return len(custom_id("question", *parts, "0000")) <= MAX_LENGTH


def fact_custom_id(kind: str, pack: str, fact: str, message: int | None = None) -> str:
    """Build the custom id of a fact, with the message it answers."""
    plain = custom_id(kind, pack, fact)
    # Ids may be so long that no message fits beside them; the answer then goes without its link.
    whole = plain if message is None else f"{plain}:{message}"
    return whole if len(whole) <= MAX_LENGTH else plain


def join_ids(pack: str, entry: str) -> str:
    """Build the value of a menu's option from two ids."""
    return f"{pack}:{entry}"


def split_ids(value: str) -> tuple[str, str]:
    """Split the value of a menu's option into its two ids."""
    pack, _, entry = value.partition(":")
    return pack, entry
