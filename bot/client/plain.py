"""Text that Discord shows as it stands: no Markdown, no mention, no link, never too long."""

from __future__ import annotations

import re
import unicodedata

# Everything that begins or ends a construct in a Discord message: emphasis, code, spoilers, quotes,
# headings, masked links, mentions, custom emoji, timestamps and (the colon) bare addresses.
_SYNTAX = frozenset("\\*_~|`>#[]()<@:")
_LIST_MARKER = re.compile(r"[-+]|\d+(?=\.)")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINER = "\u200d"  # holds emoji of several parts together

ELLIPSIS = "…"


def one_line(text: str) -> str:
    """Fold white space to single spaces; drop control and direction characters."""
    spaced = (" " if character.isspace() else character for character in text)
    kept = (c for c in spaced if c == _JOINER or unicodedata.category(c) not in _INVISIBLE)
    return " ".join("".join(kept).split())


def shorten(text: str, limit: int) -> str:
    """Cut to at most `limit` characters, between words where there are any, ending in "…".

    For labels and names, which Discord does not read as Markdown.
    """
    line = one_line(text)
    return line if len(line) <= limit else _cut(list(line), limit)


def plain(text: str, limit: int) -> str:
    r"""Escape a text for a message, at most `limit` characters with its escapes.

    Discord shows a backslash before punctuation as the punctuation alone, so a person sees
    exactly what was written.
    """
    line = one_line(text)
    marker = _LIST_MARKER.match(line)
    at_start = marker.end() if marker else -1
    units = [
        f"\\{character}"
        if character in _SYNTAX or _is_marker(position, character, at_start)
        else character
        for position, character in enumerate(line)
    ]
    return "".join(units) if sum(map(len, units)) <= limit else _cut(units, limit)


def _is_marker(position: int, character: str, at_start: int) -> bool:
    """Whether this opens a list: a dash or plus in front, or the dot after a number in front."""
    return (position == 0 and character in "-+") or (position == at_start and character == ".")


def _cut(units: list[str], limit: int) -> str:
    kept: list[str] = []
    room = limit - len(ELLIPSIS)
    for unit in units:
        room -= len(unit)
        if room < 0:
            break
        kept.append(unit)
    whole = "".join(kept)
    before, space, _ = whole.rpartition(" ")
    # A single endless word is cut inside: better than nothing at all.
    return (before if space and len(before) > limit // 2 else whole).rstrip() + ELLIPSIS
