"""The engineers' log: every request and every gateway frame, with its JSON."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from bot.sandbox.watchers import Watchers
from bot.sandbox.wire import Json, timestamp

if TYPE_CHECKING:
    from bot.sandbox.clock import Clock

MOST_ENTRIES = 5_000
LINE_CUT = 0
"""The status of a request that was never answered."""


class Journal:
    """The latest log entries, with a listener for new ones."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_id = 0
        self.entries: deque[Json] = deque(maxlen=MOST_ENTRIES)
        self.watchers = Watchers[[Json]]()

    def request(self, method: str, path: str, details: Json) -> None:
        """Note a request: `status`, `ms`, `fault`, `request` and `response` are its details."""
        self._add({"kind": "request", "method": method, "path": path} | details)

    def frame(self, direction: str, shard: int, frame: Json, name: str) -> None:
        """Note a gateway frame on its way `to_bot` or `from_bot`."""
        self._add(
            {
                "kind": "gateway",
                "direction": direction,
                "shard": shard,
                "op": frame["op"],
                "name": name,
                "seq": frame.get("s"),
                "data": without_tokens(frame.get("d")),
            }
        )

    def after(self, entry_id: int, limit: int) -> list[Json]:
        """Return up to `limit` entries later than that one, oldest first."""
        later = [each for each in self.entries if each["id"] > entry_id]
        return later[:limit]

    def newest(self, limit: int) -> list[Json]:
        """Return up to `limit` of the newest entries, oldest first."""
        return list(self.entries)[-limit:]

    def requests(self, method: str | None = None, path_end: str = "") -> list[Json]:
        """Return the requests noted so far, of a method and with a path ending like that."""
        return [
            each
            for each in self.entries
            if each["kind"] == "request"
            and method in (None, each["method"])
            and each["path"].endswith(path_end)
        ]

    def frames(self, name: str, direction: str | None = None) -> list[Json]:
        """Return the gateway frames noted so far, of a name and a direction."""
        return [
            each
            for each in self.entries
            if each["kind"] == "gateway"
            and each["name"] == name
            and direction in (None, each["direction"])
        ]

    def _add(self, entry: Json) -> None:
        self._last_id += 1
        entry = {"id": self._last_id, "at": timestamp(self._clock.time())} | entry
        self.entries.append(entry)
        self.watchers.notify(entry)


def without_tokens(data: Any) -> Any:
    """Return a frame's data with the tokens in it blacked out."""
    if isinstance(data, dict) and "token" in data:
        return data | {"token": "…"}
    return data
