"""Read text files, and refuse in a sentence any that are none."""

from __future__ import annotations

import codecs
import os
import re
import stat
from typing import TYPE_CHECKING

from bot.errors import Fault, PackError

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 5_000_000

# What other programs save, by the beginning of the file.
_FOREIGN = {
    rb"PK\x03\x04|\xd0\xcf\x11\xe0": "a document of Word or a packed folder",
    rb"%PDF-": "a PDF",
    rb"\{\\rtf": "a document of a word processor (RTF)",
    rb"(?i)\s*<(?:!doctype|html|\?xml|head|body)\b": "a web page (HTML)",
}
_AS_TEXT = "save its text alone: as plain text (.txt), encoding UTF-8"
# The characters that YAML calls printable. Any other marks a file that is no text.
# A pattern as text: `re` takes 10 ms to compile it, which who reads no pack need not spend.
_UNPRINTABLE = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


def read_text(path: Path) -> str:
    """Return the contents of a UTF-8 text file.

    Raises:
        PackError: The file is missing, no plain file, too large, not UTF-8, or has a character that
            no text has.
    """
    content = read_bytes(path)
    for beginning, kind in _FOREIGN.items():
        if re.match(beginning, content.removeprefix(codecs.BOM_UTF8)):
            raise PackError([Fault(path, 1, f"this is {kind}, and no plain text", _AS_TEXT)])
    # Without a mark at its beginning, English in UTF-16 has a zero in every second byte.
    is_wide = content[1:2] == b"\0" and all(content[:64:2]) and not any(content[1:64:2])
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or is_wide:
        raise PackError([Fault(path, 1, "the file is UTF-16", "save it as UTF-8")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        what = f"byte {column} of this line (0x{content[error.start]:02x}) is not UTF-8"
        raise PackError([Fault(path, line, what, "save the file as UTF-8")]) from error
    refuse_unprintable(text, path)
    return text


def refuse_unprintable(text: str, path: Path) -> None:
    """Refuse a text with a character that no text has.

    Raises:
        PackError: It has one.
    """
    at = find_unprintable(text)
    if at is not None:
        line = text.count("\n", 0, at) + 1
        column = at - text.rfind("\n", 0, at)
        what = f"there is a character no text has at column {column} (U+{ord(text[at]):04X})"
        raise PackError([Fault(path, line, what, "remove it; is this a text file?")])


def find_unprintable(text: str) -> int | None:
    """Return where a character stands that no text has, if one does."""
    found = re.search(_UNPRINTABLE, text)
    return None if found is None else found.start()


def read_bytes(path: Path) -> bytes:
    """Return the contents of a regular file of at most `MAX_BYTES`.

    Raises:
        PackError: The file is missing, too large, or a pipe, a device or a folder.
    """
    try:
        _refuse_irregular(path, path.stat())  # opening a device may do something
        # A pipe that takes the file's place just now could keep us waiting for ever.
        with open(path, "rb", opener=_open_unblocked) as file:  # Path takes no opener
            _refuse_irregular(path, os.fstat(file.fileno()))
            content = file.read(MAX_BYTES + 1) or b""
    except OSError as error:
        reason = error.strerror or type(error).__name__
        fault = Fault(
            path, None, f"cannot be read ({reason})", "check the path and its permissions"
        )
        raise PackError([fault]) from error
    except ValueError as error:  # a NUL in the path itself
        fault = Fault(path, None, "this is no possible path", "correct it")
        raise PackError([fault]) from error
    if len(content) > MAX_BYTES:
        what = f"the file is larger than {MAX_BYTES // 1_000_000} MB"
        raise PackError([Fault(path, None, what, "split it into several")])
    return content


def _refuse_irregular(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        is_folder = stat.S_ISDIR(status.st_mode)
        what = "this is a folder" if is_folder else "this is no plain file"
        raise PackError([Fault(path, None, what, "name a file of text")])


def _open_unblocked(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # Windows has no such flag
