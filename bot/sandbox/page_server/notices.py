"""Notices of the host program, such as a pack's faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot.sandbox.wire import Json, timestamp

if TYPE_CHECKING:
    from bot.sandbox.container import Container


Level = Literal["info", "warning", "error"]


class Notices:
    """Notices shown on the page until they are cleared."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._shown: dict[str, Json] = {}

    def put(self, notice_id: str, level: Level, title: str, text: str) -> None:
        """Show a notice, in place of the earlier one of that id."""
        at = timestamp(self._container.clock.time())
        notice = {"id": notice_id, "level": level, "title": title, "text": text, "at": at}
        self._shown[notice_id] = notice
        self._container.feed.publish({"type": "notice"} | notice)

    def clear(self, notice_id: str) -> None:
        """Take a notice back."""
        if self._shown.pop(notice_id, None) is not None:
            self._container.feed.publish({"type": "notice_clear", "id": notice_id})

    def shown(self) -> list[Json]:
        """Return the notices shown."""
        return list(self._shown.values())
