"""Find texts in YAML that need quotation marks, and give them some."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(r"(?P<lead> *(?:- +)*(?:(?P<key>[a-z0-9_][\w-]*): +)?)(?P<value>\S.*)")
_BLOCK = re.compile(r"[>|][-+0-9]{0,2}\s*(?:#.*)?")
_WHOLE = {
    '"': re.compile(r'"(?:[^"\\]|\\.)*"\s*(?:#.*)?'),
    "'": re.compile(r"'(?:[^']|'')*'\s*(?:#.*)?"),
}
_CLOSED = {'"': re.compile(r'"(?:[^"\\]|\\.)*"'), "'": re.compile(r"'(?:[^']|'')*'")}
# A lone anchor, alias or tag was meant as one, and is refused as such.
_MEANT = re.compile(r"[*&][\w-]+\s*(?:#.*|[\[{].*)?|!{1,2}[a-zA-Z].*")
_BARE_KEY = re.compile(r"[\w-]+:\s*(?:#.*)?")
_MEANINGFUL = "*&!%@`"


@dataclass(frozen=True, slots=True)
class UnquotedText:
    """A text that YAML does not read as it was meant."""

    line: int
    what: str
    remedy: str


def quote_texts(text: str) -> tuple[str, tuple[UnquotedText, ...]]:
    """Return a document with quoted texts, and those that lacked the marks.

    It is for documents that cannot be parsed, so that one slip hides no other fault: each line
    keeps its number, and a line that is not understood stays as it is.
    """
    lines, found = text.split("\n"), list[UnquotedText]()
    block_indent, open_brackets = -1, 0
    for at, line in enumerate(lines):
        indent = len(line) - len(line.lstrip(" "))
        if block_indent >= 0 and (not line.strip() or indent > block_indent):
            continue
        block_indent = -1
        match = _LINE.fullmatch(line.rstrip("\r"))
        if match is None or match["value"].startswith("#"):
            continue
        if not match["key"] and _BARE_KEY.fullmatch(match["value"]):
            continue
        value = match["value"].rstrip()
        if _BLOCK.fullmatch(value):
            block_indent = indent
            continue
        if open_brackets > 0 or value[0] in "[{":
            open_brackets += sum(map(value.count, "[{")) - sum(map(value.count, "]}"))
            continue
        told = _find_slip(value, lines, at, indent)
        if told is not None:
            what = f"'{match['key']}': {told[0]}" if match["key"] else told[0]
            found.append(UnquotedText(at + 1, what, told[1]))
            lines[at] = match["lead"] + _quote(value)
    return "\n".join(lines), tuple(found)


def _find_slip(  # noqa: PLR0911  # a case each
    value: str, lines: list[str], at: int, indent: int
) -> tuple[str, str] | None:
    """Return what YAML makes of a value that is no text for it, and the remedy."""
    first = value[0]
    double = "put this text in quotation marks"
    if first in _MEANINGFUL and not _MEANT.fullmatch(value):
        return f"a text that begins with '{first}' means something else to YAML", double
    if first in _WHOLE:
        if _WHOLE[first].fullmatch(value):
            return None
        if _CLOSED[first].match(value):
            inner = "an apostrophe" if first == "'" else "a quotation mark"
            remedy = double if '"' not in value else "put all of it in single quotation marks"
            return f"{inner} inside this text ends it for YAML", remedy
        following = map(lines.__getitem__, range(at + 1, len(lines)))
        after = next((line for line in following if line.strip()), "")
        if len(after) - len(after.lstrip(" ")) > indent and not re.match(r" *(- |\w+:)", after):
            return None  # it runs on
        return "the quotation mark at the beginning of this text is never closed", double
    if ": " in value.partition(" #")[0] or value.endswith(":"):
        return "a colon with a space behind it ends this text for YAML", double
    return None


def _quote(value: str) -> str:
    if value[0] in _WHOLE:
        value = value.replace(value[0], "", 1).removesuffix(value[0])
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
