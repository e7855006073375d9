"""The tree of expected errors: each message is a sentence fit to show a person.

LinerNotesError
├── ConfigError        settings that cannot be used
├── PackError          packs that do not validate; holds every fault found
│   └── QuestionsError files of questions that cannot be used
├── AuditError         a pack and its source text disagree
├── StoreError         the compiled fact store cannot be read or written
├── StateError         the state database cannot be used
├── ScheduleError      a time, zone or day that cannot be scheduled
├── UserFacingError    a command or button that cannot be carried out, said to its user
└── DiscordError       Discord refused, or could not be reached
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class LinerNotesError(Exception):
    """Something expected went wrong; `str(error)` says where, what, and what to do."""


class ConfigError(LinerNotesError):
    """The settings cannot be used; the message names each fault and its remedy."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a file: where, what, and what to do."""

    path: Path
    line: int | None
    """Counted from 1; None where the file as a whole is at fault."""
    what: str
    remedy: str

    def __str__(self) -> str:
        """Say it on one line, in the form that editors and terminals make a link of."""
        where = str(self.path) if self.line is None else f"{self.path}:{self.line}"
        return f"{where}: {self.what}; {self.remedy}"


class PackError(LinerNotesError):
    """One or more packs do not validate; `faults` holds all that is wrong, file by file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))

    def __reduce__(self) -> tuple[type[PackError], tuple[tuple[Fault, ...]]]:
        """Cross from one process to another with the faults, not with the message."""
        return type(self), (self.faults,)


class QuestionsError(PackError):
    """One or more files of questions cannot be used; `faults` holds all that is wrong."""


class AuditError(LinerNotesError):
    """A pack cannot be held against its source text."""


class StoreError(LinerNotesError):
    """The compiled fact store cannot be read or written."""


class StateError(LinerNotesError):
    """The state database cannot be used."""


class ScheduleError(LinerNotesError):
    """A time, zone or set of days that cannot be scheduled."""


class UserFacingError(LinerNotesError):
    """A command or button cannot be carried out; the message is shown to its user."""


class DiscordError(LinerNotesError):
    """Discord refused a request, or could not be reached."""
