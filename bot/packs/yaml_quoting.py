"""Find the slips that keep a document from being YAML, and mend them for reading on."""

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
_NO_SPACE_BEHIND_DASH = re.compile(r"(?P<lead> *)-(?P<value>[^\W\d_].*)")
_NO_SPACE_BEHIND_COLON = re.compile(r"(?P<lead> *)(?P<key>[a-z_]+):(?P<value>[\w\"'\[].*)")
_NO_DASH = re.compile(r"(?P<lead> *)(?P<value>[^\s#:-][^:]*)")
_FIXED_SPACE_INDENT = re.compile(r" *\u00a0[ \u00a0]*")
_KEY_OR_DASH = re.compile(r" *(?:- |[\w-]+:(?: |$))")


@dataclass(frozen=True, slots=True)
class Slip:
    """A line that YAML does not read as it was meant."""

    line: int
    what: str
    remedy: str


def mend_slips(text: str) -> tuple[str, tuple[Slip, ...]]:
    """Return a document with its slips mended, and the slips.

    It is for documents that cannot be parsed, so that one slip hides no other fault: each line
    keeps its number, and a line that is not understood stays as it is.
    """
    lines, found = text.split("\n"), list[Slip]()
    block_indent, open_brackets = -1, 0
    for at in range(len(lines)):
        indent = len(lines[at]) - len(lines[at].lstrip(" "))
        if block_indent >= 0 and (not lines[at].strip() or indent > block_indent):
            continue
        block_indent = -1
        if open_brackets <= 0 and (spaced := _find_spacing_slip(lines, at)):
            lines[at], what, remedy = spaced
            found.append(Slip(at + 1, what, remedy))
        line = lines[at]
        indent = len(line) - len(line.lstrip(" "))
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
            if open_brackets == 1 and _is_last_of_value(lines, at):
                closing = "]" if value.rfind("[") > value.rfind("{") else "}"
                what, remedy = "a bracket is opened and never closed", f"close it with '{closing}'"
                found.append(Slip(at + 1, _name_key(match["key"], what), remedy))
                lines[at], open_brackets = line.rstrip() + closing, 0
            continue
        told = _find_slip(value, lines, at, indent)
        if told is not None:
            found.append(Slip(at + 1, _name_key(match["key"], told[0]), told[1]))
            lines[at] = match["lead"] + _quote(value)
    return "\n".join(lines), tuple(found)


def _find_spacing_slip(lines: list[str], at: int) -> tuple[str, str, str] | None:
    """Return a line with its spaces or dash mended, what was wrong, and the remedy; or None."""
    line = lines[at]
    if indent := _FIXED_SPACE_INDENT.match(line):
        mended = indent[0].replace("\u00a0", " ") + line[indent.end() :]
        return mended, "a fixed space (U+00A0) begins this line", "type the spaces anew"
    if dash := _NO_SPACE_BEHIND_DASH.fullmatch(line):
        what, remedy = "the space behind the dash is missing", "write '- ' before the text"
        return f"{dash['lead']}- {dash['value']}", what, remedy
    if colon := _NO_SPACE_BEHIND_COLON.fullmatch(line):
        key = colon["key"]
        what, remedy = f"the space behind '{key}:' is missing", f"write '{key}: ' before the value"
        return f"{colon['lead']}{key}: {colon['value']}", what, remedy
    bare = _NO_DASH.fullmatch(line)
    if bare and at and lines[at - 1].startswith(f"{bare['lead']}- "):
        what, remedy = "the dash before this entry of a list is missing", "write '- ' before it"
        return f"{bare['lead']}- {bare['value']}", what, remedy
    return None


def _is_last_of_value(lines: list[str], at: int) -> bool:
    """Return whether the next line begins a value of its own."""
    after = next((line for line in lines[at + 1 :] if line.strip()), "")
    return not after or bool(_KEY_OR_DASH.match(after))


def _name_key(key: str | None, what: str) -> str:
    return f"'{key}': {what}" if key else what


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
            remedy = (
                "put this text in double quotation marks"
                if '"' not in value
                else "put all of it in single quotation marks"
            )
            return f"{inner} inside this text ends it for YAML", remedy
        following = map(lines.__getitem__, range(at + 1, len(lines)))
        after = next((line for line in following if line.strip()), "")
        if len(after) - len(after.lstrip(" ")) > indent and not re.match(r" *(- |\w+:)", after):
            return None  # it runs on
        what = "the quotation mark at the beginning of this text is never closed"
        return what, f"end the text with {first}, or put it in other quotation marks"
    if ": " in value.partition(" #")[0] or value.endswith(":"):
        return "a colon with a space behind it ends this text for YAML", double
    return None


def _quote(value: str) -> str:
    if value[0] in _WHOLE:
        value = value.replace(value[0], "", 1).removesuffix(value[0])
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
