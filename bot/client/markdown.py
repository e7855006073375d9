"""Foreign text made safe for messages: escaped, and never too long."""

from __future__ import annotations

import re
import unicodedata

# Everything that begins or ends a construct in a Discord message: emphasis, code, spoilers, quotes,
# headings, masked links, mentions, custom emoji, timestamps and (the colon) bare addresses.
_SYNTAX = re.compile(r"[\\*_~|`>#\[\]()<@:]")
_LIST_MARKER = re.compile(r"\d+(?=\.)|(?=[-+])")
_UNIT = re.compile(r"\\.|[^\\]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINER = "\u200d"  # holds emoji of several parts together
_OPENING_DOUBLE = re.compile(r'(?<![^\s(\[{/—–“‘-])"(?=\S)')
_QUOTED_SINGLE = re.compile(r"(?<![^\s(\[{/—–“-])'(?=\w)((?:[^'\n]|(?<=\w)'(?=\w))+)'(?!\w)")

ELLIPSIS = "…"


def one_line(text: str) -> str:
    """Fold white space to single spaces; drop control and direction characters."""
    if text.isprintable():
        return " ".join(text.split())
    spaced = (" " if character.isspace() else character for character in text)
    kept = (c for c in spaced if c == _JOINER or unicodedata.category(c) not in _INVISIBLE)
    return " ".join("".join(kept).split())


def shorten(text: str, limit: int) -> str:
    """Shorten a label between words to at most `limit` characters.

    For labels and names alone: Discord does not read Markdown in them.
    """
    line = one_line(text)
    return line if len(line) <= limit else _cut(list(line), limit)


def escape(text: str, limit: int) -> str:
    r"""Escape a text for a message, within `limit` characters.

    Discord shows a backslash before punctuation as the punctuation alone, so a person sees
    exactly what was written.
    """
    # Whatever lies behind the limit is cut off anyway, and escaping makes no text shorter.
    line = one_line(text)[: limit + 1]
    escaped = _SYNTAX.sub(r"\\\g<0>", line)
    if marker := _LIST_MARKER.match(escaped):
        escaped = f"{marker[0]}\\{escaped[marker.end() :]}"
    return escaped if len(escaped) <= limit else _cut(_UNIT.findall(escaped), limit)


def typeset(text: str, limit: int) -> str:
    """Escape a text, with the quotation marks of the cards."""
    return escape(curl_quotes(text), limit)


def curl_quotes(text: str) -> str:
    """Return a text with typographic quotation marks and apostrophes."""
    if '"' in text:
        text = _OPENING_DOUBLE.sub("“", text).replace('"', "”")
    if "'" in text:
        # A single mark before a word opens only what another closes: 'the word', but '90s.
        text = _QUOTED_SINGLE.sub(r"‘\1’", text).replace("'", "’")
    return text


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
