"""Listeners for the changes of one part of the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec

Told = ParamSpec("Told")


class Watchers(list[Callable[Told, None]], Generic[Told]):
    """Functions to call at every change, in the order in which they were added.

    The parts know neither the page's feed nor the gateway: `gateway/announcements` adds to these
    lists whatever publishes their changes, and tests add functions of their own.
    """

    def notify(self, *told: Told.args, **named: Told.kwargs) -> None:
        """Call each with the change."""
        for watcher in self:
            watcher(*told, **named)
