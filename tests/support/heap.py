"""A search for typed words: in every object of this process, or in all the memory of any."""

from __future__ import annotations

import gc
import platform
import re
import sys
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# Never side by side here, or they would be found themselves.
_RARE = ("z", "q", "j", "x", "v", "k")
_ROW = f"(?:{'|'.join(_RARE)}){{7,}}"
# Of one case alone: random letters, as tokens have, seldom pass for a typed word then.
_TYPED = re.compile(f"{_ROW}|{_ROW.upper()}")
"""No word of any language, nor a library's name, has seven such letters in a row; they are still
there where a word lost its end to the stemmer, or two letters to the search for misspelt ones."""


WIPING = {
    "PYTHONMALLOC": "debug",
    "GLIBC_TUNABLES": "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0",
}
"""The environment in which what is freed is overwritten: what is found then is still in use."""
can_search_memory = sys.platform == "linux" and platform.libc_ver()[0] == "glibc"


def typed_word(number: int) -> str:
    """Make a word of rare letters, anew at each call: only who is given it has it."""
    places = [number // len(_RARE) ** place % len(_RARE) for place in range(3)]
    return "".join([*_RARE, *(_RARE[place] for place in places), *reversed(_RARE)])


def typed_texts_left(
    words: Sequence[str] = (),
    known: Mapping[str, str] = MappingProxyType({}),
    *,
    is_collecting: bool = True,
) -> dict[str, str]:
    """Return the texts in the heap that hold typed words, each with the kind of what holds it.

    Args:
        words: Other words to look for, written backwards lest they be found here.
        known: What was found before, and is no news.
        is_collecting: Whether garbage may be left out.
    """
    if is_collecting:
        gc.collect()
    wanted = [re.compile(rf"\b{''.join(reversed(word))}", re.IGNORECASE) for word in words]
    found: dict[str, str] = {}
    for text, holder in _texts([wanted, *words, known, *known, *known.values()]):
        if text in known or text in found:
            continue
        if _TYPED.search(text) or any(each.search(text) for each in wanted):
            found[text] = holder
    return found


def typed_bytes_left(process: int | str) -> list[tuple[int, bytes]]:
    """Return where typed words are in a process's memory, with what stands around each."""
    found = []
    wanted = re.compile(_ROW.encode())
    with (
        Path(f"/proc/{process}/maps").open(encoding="ascii") as ranges,
        Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory,
    ):
        for line in ranges:
            where, rights, *_ = line.split()
            start, end = (int(bound, 16) for bound in where.split("-"))
            if not rights.startswith("rw"):
                continue
            try:
                memory.seek(start)
                content = memory.read(end - start)
            except (OSError, ValueError):  # the kernel's own, or given back meanwhile
                continue
            for match in wanted.finditer(content):
                around = content[max(0, match.start() - 60) : match.end() + 60]
                found.append((start + match.start(), around))
            del content
    return found


def _texts(own: list[Any]) -> Iterator[tuple[str, str]]:
    """Yield every text that can be reached, with the kind of what holds it."""
    reached: set[int] = set()
    waiting = [(each, "nothing else") for each in gc.get_objects()]
    reached.update(map(id, (reached, waiting, own, *own)))
    while waiting:
        value, holder = waiting.pop()
        if id(value) in reached:
            continue
        reached.add(id(value))
        match value:
            case str():
                yield value, holder
            case bytes() | bytearray():
                yield value.decode("latin-1"), holder
            case memoryview():
                waiting.append((value.obj, "memoryview"))
            case _:
                name = f"{type(value).__module__}.{type(value).__qualname__}"
                is_plain = type(value) in {dict, list, tuple, set, frozenset}
                name = f"{name} < {holder}" if is_plain else name
                waiting.extend((each, name) for each in gc.get_referents(value))
