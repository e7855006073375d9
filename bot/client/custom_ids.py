"""Custom ids: what a button or menu points at, by ids alone, readable, versioned, never typed text.

A custom id has at most 100 characters (Discord's limit): room for two ids of 40, which is the most
that a pack's validation lets through.
"""

from __future__ import annotations

VERSION = "ln1"
LONGEST = 100

PACK = r"(?P<pack>[a-z0-9][a-z0-9_-]{0,39})"
ENTRY = r"(?P<entry>[a-z0-9][a-z0-9_-]{0,39})"
PAGE = r"(?P<page>\d{1,4})"


def custom_id(kind: str, *parts: str | int) -> str:
    """Write a custom id: `ln1:fact:PACK:FACT`."""
    return ":".join((VERSION, kind, *map(str, parts)))


def fits(*parts: str) -> bool:
    """Whether a thing with these ids can be pointed at."""
    return len(custom_id("question", *parts, "0000")) <= LONGEST


def join_ids(pack: str, entry: str) -> str:
    """Write the value of a menu's option."""
    return f"{pack}:{entry}"


def split_ids(value: str) -> tuple[str, str]:
    """Read the value of a menu's option."""
    pack, _, entry = value.partition(":")
    return pack, entry
