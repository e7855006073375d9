"""Request bodies, as JSON or as multipart with files."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox import errors
from bot.sandbox.validation import Faults, FieldReader

if TYPE_CHECKING:
    from aiohttp import web

MOST_BYTES = 10 * 1024 * 1024
"""What Discord takes for one file without any boost."""

_FILE_FIELD = re.compile(r"files?\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    filename: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message."""

    id: int
    filename: str
    content_type: str
    data: bytes
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A request's JSON (None without any), and the files sent with it by number."""

    value: Any = None
    files: dict[int, Upload] = field(default_factory=dict)

    def reader(self, *, kind: type = dict) -> FieldReader:
        """Return the JSON for reading; another kind than expected is error 50035."""
        faults = Faults()
        value = kind() if self.value is None else self.value
        if not isinstance(value, kind):
            faults.add((), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            faults.raise_if_any()
        return FieldReader(value, faults)


async def read_body(request: web.Request) -> Body:
    """Read a request's body.

    Raises:
        DiscordError: It is no JSON, or too large.
    """
    if not request.content_type.startswith("multipart/"):
        raw = await request.read()
        return Body(_json(raw)) if raw else Body()
    value: Any = None
    files: dict[int, Upload] = {}
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        raw = bytes(await part.read())  # type: ignore[union-attr, unused-ignore]  # no nesting
        name = part.name or ""  # type: ignore[union-attr, unused-ignore]
        if name == "payload_json":
            value = _json(raw)
        elif found := _FILE_FIELD.fullmatch(name):
            if len(raw) > MOST_BYTES:
                raise errors.too_large()
            kind = part.headers.get("Content-Type", "application/octet-stream")
            filename = part.filename or "unnamed"  # type: ignore[union-attr, unused-ignore]
            files[int(found[1])] = Upload(filename, kind, raw)
    return Body(value, files)


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError as error:
        raise errors.bad_json() from error
