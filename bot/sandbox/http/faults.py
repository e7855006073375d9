"""Scripted faults on Discord's side, on demand."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from math import inf
from typing import TYPE_CHECKING, Any, Literal, get_args

from bot.sandbox.errors import PageError
from bot.sandbox.watchers import Watchers

if TYPE_CHECKING:
    from bot.sandbox.clock import Clock
    from bot.sandbox.wire import Json

Kind = Literal["slow", "error", "ratelimit", "lost_reply", "outage"]

_LOWEST_ERROR = 400
_HIGHEST_ERROR = 599


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        kind: `slow` (by `seconds`), `error` (of a `status`), `ratelimit` (`retry_after`),
            `lost_reply` (carried out, then the line is cut), `outage` (for `seconds`).
        times: How often it still happens; None for always.
        method: Only requests of this method.
        path: Only requests whose path below `/api/v10` fits this glob.
    """

    kind: Kind
    seconds: float = 0.0
    status: int = 500
    retry_after: float = 1.0
    times: int | None = None
    method: str | None = None
    path: str | None = None
    id: int = 0

    def matches(self, method: str, path: str) -> bool:
        """Say whether a request is struck."""
        if self.method is not None and self.method.upper() != method:
            return False
        return self.path is None or fnmatchcase(path, self.path)

    def json(self) -> Json:
        """Return the fault as the page shows it."""
        shown: Json = {"id": self.id, "kind": self.kind, "times": self.times}
        if self.kind in ("slow", "outage"):
            shown["seconds"] = self.seconds
        if self.kind == "error":
            shown["status"] = self.status
        if self.kind == "ratelimit":
            shown["retry_after"] = self.retry_after
        return shown | {"method": self.method, "path": self.path}


class Faults:
    """The faults in force."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ids = itertools.count(1)
        self._active: dict[int, Fault] = {}
        self.watchers = Watchers[[]]()

    def add(self, fault: Fault) -> Fault:
        """Put a fault in force; an outage ends by itself."""
        fault = replace(fault, id=next(self._ids))
        self._active[fault.id] = fault
        if fault.kind == "outage":
            self._clock.call_later(fault.seconds, lambda: self.remove(fault.id))
        self.watchers.notify()
        return fault

    def remove(self, fault_id: int) -> None:
        """Lift a fault."""
        if self._active.pop(fault_id, None) is not None:
            self.watchers.notify()

    def clear(self) -> None:
        """Lift all faults."""
        self._active.clear()
        self.watchers.notify()

    def replace(self, values: list[Any]) -> None:
        """Put exactly these in force, written as the page writes them.

        Raises:
            PageError: One of them is no fault; then nothing changes.
        """
        faults = [read_fault(each) for each in values]
        self._active.clear()
        for fault in faults:
            self.add(fault)
        self.watchers.notify()

    def active(self) -> list[Fault]:
        """Return the faults in force."""
        return list(self._active.values())

    @property
    def is_out(self) -> bool:
        """Say whether the gateway is out as well: an outage that is not narrowed."""
        return any(
            each.kind == "outage" and each.path is None and each.method is None
            for each in self._active.values()
        )

    def take_matching(self, method: str, path: str) -> Fault | None:
        """Return the fault that meets a request, using it up once."""
        met = next((each for each in self._active.values() if each.matches(method, path)), None)
        if met is not None and met.times is not None:
            if met.times <= 1:
                self.remove(met.id)
            else:
                self._active[met.id] = replace(met, times=met.times - 1)
                self.watchers.notify()
        return met


def read_fault(value: Any) -> Fault:
    """Read a fault as the page sends it.

    Raises:
        PageError: It is none.
    """
    if not isinstance(value, dict) or value.get("kind") not in get_args(Kind):
        raise PageError(f"A fault's kind is one of: {', '.join(get_args(Kind))}.")
    try:
        fault = Fault(
            kind=value["kind"],
            seconds=float(value.get("seconds") or 0),
            status=int(value.get("status") or 500),
            retry_after=float(value.get("retry_after") or 1),
            times=None if value.get("times") is None else int(value["times"]),
            method=value.get("method") or None,
            path=value.get("path") or None,
        )
    except (TypeError, ValueError) as error:
        raise PageError("A fault's numbers are numbers.") from error
    is_error = _LOWEST_ERROR <= fault.status <= _HIGHEST_ERROR
    if not is_error or not 0 <= fault.seconds < inf or not 0 <= fault.retry_after < inf:
        raise PageError("A fault's status is 400 to 599, and its seconds are not negative.")
    return fault
