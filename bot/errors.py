"""The tree of expected errors, each message fit to show a person.

LinerNotesError
├── ConfigError        settings that cannot be used
├── PackError          packs that do not validate; holds the faults found
│   └── QuestionsError files of questions that cannot be used
├── AuditError         a pack and its source text disagree
├── StoreError         the compiled fact store cannot be read or written
├── StateError         the state database cannot be used
├── SpokenError        told to a person in the person's own language
│   ├── ScheduleError    a time, zone or day that cannot be scheduled
│   └── UserFacingError  a command or button that cannot be carried out, said to its user
└── DiscordError       Discord refused, or could not be reached
    └── UnreachableError  the network does not lead to Discord
"""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.localization.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


MAX_FAULTS = 50
"""Faults of one file that are told; a file of 5 MB can have a hundred thousand."""


class LinerNotesError(Exception):
    """An expected error: place, problem and remedy in one sentence."""


class ConfigError(LinerNotesError):
    """Settings that cannot be used; the message names every problem."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in a file: place, problem and remedy."""

    path: Path
    line: int | None
    """Counted from 1; None where the file as a whole is at fault."""
    what: str
    remedy: str

    def __str__(self) -> str:
        """Format the fault on one line, as editors link it."""
        # A name that is not UTF-8 can be neither logged nor sent as it is.
        path = os.fsencode(self.path).decode("utf-8", "backslashreplace")
        where = path if self.line is None else f"{path}:{self.line}"
        return f"{where}: {self.what}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class UntoldFaults(Fault):
    """The faults of a file beyond those that are told."""

    count: int = 0


def limit_faults(faults: Iterable[Fault], most: int = MAX_FAULTS) -> tuple[Fault, ...]:
    """Keep the first faults of each file, and count the others."""
    told: list[Fault] = []
    of_file: defaultdict[Path, list[Fault]] = defaultdict(list)
    for fault in faults:
        listed = of_file[fault.path]
        listed.append(fault)
        if len(listed) <= most:
            told.append(fault)
    for path, listed in of_file.items():
        count = sum(
            fault.count if isinstance(fault, UntoldFaults) else 1 for fault in listed[most:]
        )
        if count:
            remedy = "correct those above first, then look again"
            told.append(UntoldFaults(path, None, f"and {count:,} more faults", remedy, count))
    return tuple(told)


class PackError(LinerNotesError):
    """Packs that do not validate; `faults` holds the first of each file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        # Said in a log line, by readiness and in the terminal alike.
        self.faults = limit_faults(faults)
        super().__init__("\n".join(map(str, self.faults)))

    def __reduce__(self) -> tuple[type[PackError], tuple[tuple[Fault, ...]]]:
        """Pickle the faults instead of the message."""
        return type(self), (self.faults,)


class QuestionsError(PackError):
    """Files of questions that cannot be used; `faults` holds the first of each file."""


class AuditError(LinerNotesError):
    """A pack cannot be held against its source text."""


class StoreError(LinerNotesError):
    """The compiled fact store cannot be read or written."""


class StateError(LinerNotesError):
    """The state database cannot be used."""


class SpokenError(LinerNotesError):
    """An error told to a person in the person's own language."""

    def __init__(self, source: str | Message, /, **places: Any) -> None:
        """Keep the sentence with its places; as text it is English."""
        self.message = source if isinstance(source, Message) else Message(source, places)
        super().__init__(str(self.message))


class ScheduleError(SpokenError):
    """A time, zone or set of days that cannot be scheduled."""


class UserFacingError(SpokenError):
    """A command or button that fails with a sentence for its user."""


class DiscordError(LinerNotesError):
    """Discord refused a request, or could not be reached."""


class UnreachableError(DiscordError):
    """The network does not lead to Discord; the cause says why."""
