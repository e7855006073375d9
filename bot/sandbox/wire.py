"""JSON as it goes over the wire."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

Json = dict[str, Any]


ID_DIGITS = 20
"""More than 64 bits are no id; thousands of digits are nothing that Python reads."""


def dumps(value: object) -> str:
    """Encode compactly, as Discord does."""
    return json.dumps(value, separators=(",", ":"))


def reply(value: object, status: int = 200) -> web.Response:
    """Response with JSON.

    Discord sends `application/json` without a charset, and discord.py compares exactly that.
    """
    body = dumps(value).encode()
    return web.Response(body=body, status=status, headers={"Content-Type": "application/json"})


def timestamp(seconds: float) -> str:
    """Write an instant (seconds since 1970) in ISO 8601 with offset, as Discord does."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def is_id(text: str) -> bool:
    """Return whether a text is a number short enough to be an id."""
    return text.isdecimal() and len(text) <= ID_DIGITS
