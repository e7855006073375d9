"""A sentence with named places, kept until its reader's language is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Message:
    """An English sentence and the values of its places.

    A value may be a message itself, which is then said in the same language. One with `many` is
    plural unless `number` is one.
    """

    source: str
    places: Mapping[str, Any] = field(default_factory=dict)
    many: str | None = None
    number: int = 0

    def __str__(self) -> str:
        """Return the English sentence, for logs and the terminal."""
        one = self.many is None or self.number == 1
        template = self.source if one else self.many or ""
        places = dict(self.places)
        if self.many is not None:
            places.setdefault("number", f"{self.number:,}")
        return template.format(**places) if places else template


def sentence(source: str) -> str:
    """Mark a sentence for the catalogues; it is said later."""
    return source


def message(source: str, /, **places: Any) -> Message:
    """Keep a sentence and its places, for the tools to find."""
    return Message(source, places)


def join_messages(messages: Sequence[Message], separator: str = "\n") -> Message:
    """Join messages, each on a line of its own if no separator is given."""
    names = [f"part{number}" for number in range(len(messages))]
    template = separator.join(f"{{{name}}}" for name in names)
    return Message(template, dict(zip(names, messages, strict=True)))


def plural_message(one: str, many: str, number: int, /, **places: Any) -> Message:
    """Keep a sentence that depends on a number, its place `number`."""
    return Message(one, places, many, number)
