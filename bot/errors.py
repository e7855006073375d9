"""The tree of expected errors: each message is a sentence fit to show a person.

LinerNotesError
├── ConfigError        settings that cannot be used
├── PackError          packs that do not validate; holds every fault found
├── AuditError         a pack and its source text disagree
├── StoreError         the compiled fact store cannot be read or written
├── StateError         the state database cannot be used
├── ScheduleError      a time, zone or day that cannot be scheduled
└── DiscordError       Discord refused, or could not be reached
"""


class LinerNotesError(Exception):
    """Something expected went wrong; `str(error)` says where, what, and what to do."""


class ConfigError(LinerNotesError):
    """The settings cannot be used; the message names each fault and its remedy."""


class PackError(LinerNotesError):
    """One or more packs do not validate."""


class AuditError(LinerNotesError):
    """A pack cannot be held against its source text."""


class StoreError(LinerNotesError):
    """The compiled fact store cannot be read or written."""


class StateError(LinerNotesError):
    """The state database cannot be used."""


class ScheduleError(LinerNotesError):
    """A time, zone or set of days that cannot be scheduled."""


class DiscordError(LinerNotesError):
    """Discord refused a request, or could not be reached."""
