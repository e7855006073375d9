"""A message as its sender wrote it, validated by Discord's limits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from typing import TYPE_CHECKING

from bot.sandbox.components.embeds import read_embeds
from bot.sandbox.components.layouts import read_layout, read_rows

if TYPE_CHECKING:
    from bot.sandbox.http.attachments import Upload
    from bot.sandbox.validation import FieldReader
    from bot.sandbox.wire import Json

MOST_CHARACTERS = 2000
MOST_ATTACHMENTS = 10
MOST_NONCE = 25


class MessageFlag(IntFlag):
    """Marks on a message, by Discord's bits."""

    CROSSPOSTED = 1 << 0
    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


_SENDERS_OWN = (
    MessageFlag.SUPPRESS_EMBEDS
    | MessageFlag.EPHEMERAL
    | MessageFlag.SUPPRESS_NOTIFICATIONS
    | MessageFlag.COMPONENTS_V2
)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """An attachment named by the sender: a new file or an old one."""

    id: int
    description: str | None
    filename: str | None


@dataclass(frozen=True, slots=True)
class MessageInput:
    """A message as its sender wrote it; None where the field was not given.

    Attributes:
        kept: The attachments named, None for "as they were".
        files: The files sent along, by number.
    """

    content: str | None
    embeds: list[Json] | None
    components: list[Json] | None
    flags: int | None
    kept: tuple[KeptFile, ...] | None
    files: dict[int, Upload]
    allowed_mentions: Json | None = None
    nonce: str | int | None = None
    enforce_nonce: bool = False
    reply_to: int | None = None
    must_exist: bool = True

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to show."""
        return not (self.content or self.embeds or self.components or self.files)


def read_message_input(
    reader: FieldReader, files: dict[int, Upload], *, were_v2: bool = False
) -> MessageInput:
    """Validate a message's body; faults are collected in the reader, not raised.

    Args:
        reader: The message's JSON.
        files: The files sent along.
        were_v2: Whether the message to be edited is of Components V2 already.
    """
    flags = reader["flags"].number(low=0, high=2**53)
    is_v2 = were_v2 or bool((flags or 0) & MessageFlag.COMPONENTS_V2)
    if is_v2:
        refuse_legacy_fields(reader)
    components = read_layout(reader["components"]) if is_v2 else read_rows(reader["components"])
    reference = reader["message_reference"]
    must_exist = reference["fail_if_not_exists"].flag()
    return MessageInput(
        content=read_content(reader),
        embeds=read_embeds(reader["embeds"]) if "embeds" in reader else None,
        components=components if "components" in reader else None,
        flags=None if flags is None else flags & _SENDERS_OWN,
        kept=read_kept_files(reader),
        files=files,
        allowed_mentions=read_allowed_mentions(reader["allowed_mentions"]),
        nonce=read_nonce(reader["nonce"]),
        enforce_nonce=bool(reader["enforce_nonce"].flag()),
        reply_to=reference["message_id"].snowflake(),
        must_exist=must_exist is not False,
    )


def read_content(reader: FieldReader) -> str | None:
    """Read a message's content."""
    content = reader["content"].text(most=MOST_CHARACTERS)
    return (content or "").strip() if "content" in reader else None


def refuse_legacy_fields(reader: FieldReader) -> None:
    """Refuse content and embeds beside a layout."""
    for name in ("content", "embeds", "poll", "stickers"):
        if reader[name].value:
            reader[name].fault(
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def read_kept_files(reader: FieldReader) -> tuple[KeptFile, ...] | None:
    """Read the attachments that the message keeps or adds."""
    if "attachments" not in reader:
        return None
    kept = []
    for each in reader["attachments"].items(most=MOST_ATTACHMENTS):
        each["id"].require()
        description = each["description"].text(most=1024)
        kept.append(
            KeptFile(each["id"].snowflake() or 0, description, each["filename"].text(most=1024))
        )
    return tuple(kept)


def read_allowed_mentions(reader: FieldReader) -> Json | None:
    """Read the allowed mentions."""
    if not isinstance(reader.value, dict):
        return None
    kinds = [each.text(most=10) for each in reader["parse"].items(most=3)]
    allowed: Json = {"parse": kinds if "parse" in reader else []}
    for kind in ("users", "roles"):
        if reader[kind].value and kind in kinds:
            reader.fault(
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f"parse:['{kind}'] and {kind}: [ids...] are mutually exclusive.",
            )
        allowed[kind] = [each.snowflake() for each in reader[kind].items(most=100)]
    return allowed


def read_nonce(reader: FieldReader) -> str | int | None:
    """Read the nonce."""
    if isinstance(reader.value, int) and not isinstance(reader.value, bool):
        return reader.value
    return reader.text(most=MOST_NONCE)
