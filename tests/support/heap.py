"""A search of this process's heap: what of a typed word is left in any object, frames included."""

from __future__ import annotations

import gc
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Never side by side here, or they would be found themselves.
_RARE = ("z", "q", "j", "x", "v", "k")
_TYPED = re.compile(f"(?:{'|'.join(_RARE)}){{6,}}", re.IGNORECASE)
"""No word of any language, nor a library's name, has six such letters in a row; they are still
there where a word lost its end to the stemmer, or two letters to the search for misspelt ones."""


def typed_word(number: int) -> str:
    """Make a word of rare letters, anew at each call: only who is given it has it."""
    places = [number // len(_RARE) ** place % len(_RARE) for place in range(3)]
    return "".join([*_RARE, *(_RARE[place] for place in places), *reversed(_RARE)])


def typed_texts_left(words: Sequence[str] = (), *, is_collecting: bool = True) -> list[str]:
    """Return what is left in the heap of typed words, each with what holds it.

    Args:
        words: Other words to look for, written backwards lest they be found here.
        is_collecting: Whether garbage may be left out.
    """
    if is_collecting:
        gc.collect()
    wanted = [re.compile(rf"\b{''.join(reversed(word))}", re.IGNORECASE) for word in words]
    own: list[Any] = [wanted, *words]
    for text, holder in _texts(own):
        if _TYPED.search(text) or any(each.search(text) for each in wanted):
            own.append(f"{text[:100]!r} in {holder}")
    return own[1 + len(words) :]


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
