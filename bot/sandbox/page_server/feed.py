"""The page's live events: numbered, and kept for reconnects."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Literal

from bot.sandbox.wire import Json, timestamp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.sandbox.clock import Clock
    from bot.sandbox.wire import Json

MOST_EVENTS = 2_000
RESET = {"type": "reset"}


class Feed:
    """Events, numbered from 1."""

    def __init__(self) -> None:
        self.last_id = 0
        self._events: deque[tuple[int, Json]] = deque(maxlen=MOST_EVENTS)
        self._listeners: set[asyncio.Queue[tuple[int, Json] | None]] = set()

    def publish(self, event: Json) -> None:
        """Send an event to every listener."""
        self.last_id += 1
        self._events.append((self.last_id, event))
        for queue in self._listeners:
            if queue.qsize() >= MOST_EVENTS:  # it stopped reading, and must not fill the memory
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait((self.last_id, RESET))
            else:
                queue.put_nowait((self.last_id, event))

    async def listen(self, after: int | None = None) -> AsyncIterator[tuple[int, Json]]:
        """Yield events as they come; first those missed since `after`."""
        queue: asyncio.Queue[tuple[int, Json] | None] = asyncio.Queue()
        for each in self._missed(after):
            queue.put_nowait(each)
        self._listeners.add(queue)
        try:
            while (event := await queue.get()) is not None:
                yield event
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        """End all listening."""
        for queue in self._listeners:
            queue.put_nowait(None)

    def _missed(self, after: int | None) -> list[tuple[int, Json]]:
        if after is None or after == self.last_id:
            return []
        oldest = self._events[0][0] if self._events else self.last_id + 1
        if after > self.last_id or after + 1 < oldest:
            return [(self.last_id, RESET)]
        return [each for each in self._events if each[0] > after]


Level = Literal["info", "warning", "error"]


class Notices:
    """Notices shown on the page until they are cleared."""

    def __init__(self, clock: Clock, feed: Feed) -> None:
        self._clock = clock
        self._feed = feed
        self._shown: dict[str, Json] = {}

    def put(self, notice_id: str, level: Level, title: str, text: str) -> None:
        """Show a notice, in place of the earlier one of that id."""
        at = timestamp(self._clock.time())
        notice = {"id": notice_id, "level": level, "title": title, "text": text, "at": at}
        self._shown[notice_id] = notice
        self._feed.publish({"type": "notice"} | notice)

    def clear(self, notice_id: str) -> None:
        """Take a notice back."""
        if self._shown.pop(notice_id, None) is not None:
            self._feed.publish({"type": "notice_clear", "id": notice_id})

    def shown(self) -> list[Json]:
        """Return the notices shown."""
        return list(self._shown.values())


class Welcome:
    """The host program's words above a channel's first message."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._shown: Json = {"text": "", "lines": []}

    def put(self, text: str, lines: Sequence[str]) -> None:
        """Show a sentence, and whole commands to press such as `/ask Why?`."""
        self._shown = {"text": text, "lines": list(lines)}
        self._feed.publish({"type": "welcome"} | self._shown)

    def shown(self) -> Json:
        """Return the sentence and the commands."""
        return self._shown
