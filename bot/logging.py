"""Logging: readable on a terminal, JSON otherwise.

Our own parts log through structlog, libraries through `logging`; both come out of one handler and
look alike. No event at the default level carries anything that a member typed.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    from structlog.typing import EventDict, Processor

HIDDEN = "••••••••"
NOT_COMPLETED = "Ignoring exception in autocomplete"
"""How discord.py's event of an autocompletion that was not sent begins; it names the person."""
EXPECTED_WARNINGS = (
    "Guilds intent seems to be disabled",  # no intent is asked for, on purpose
    "PyNaCl is not installed",  # the bot has no voice
    "davey is not installed",
)
"""How discord.py's warnings of a bot without intents and without voice begin."""

_QUIET: Mapping[str, str] = {
    # Every request and gateway event, with their payloads: asked for by name, or not at all.
    "discord.http": "info",
    "discord.gateway": "info",
    "discord.webhook.async_": "info",
    "aiosqlite": "info",
    "alembic.runtime.plugins": "warning",  # names each part of its own that it loads
    "asyncio": "info",
}


def configure(
    levels: Mapping[str, str],
    *,
    style: str = "auto",
    stream: TextIO | None = None,
    secrets: Sequence[str] = (),
) -> None:
    """Log to a stream, at levels by part.

    Args:
        levels: The level of each part of the program; the part "" is everything else.
        style: human, json, or auto: human if the stream is a terminal.
        stream: Standard error if left out.
        secrets: Texts that never appear in the log.
    """
    stream = stream or sys.stderr
    is_human = style == "human" or (style == "auto" and stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=not is_human),
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_renderers(is_human=is_human, is_coloured=stream.isatty()),
                _mask_secrets(secrets),
            ],
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler.addFilter(_adapt_discord_events)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    for part, level in {"": "info", **_QUIET, **levels}.items():
        logging.getLogger(part or None).setLevel(level.upper())


def _renderers(*, is_human: bool, is_coloured: bool) -> list[Processor]:
    if is_human:
        # Its own choice, where the library rich happens to be installed, shows what every variable
        # holds: among them tokens and what people typed.
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(colors=is_coloured, exception_formatter=plain)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]


def _adapt_discord_events(record: logging.LogRecord) -> bool:
    """Drop or shorten discord.py's expected warnings."""
    if not record.name.startswith("discord."):
        return True
    if str(record.msg).startswith(EXPECTED_WARNINGS):
        return False
    if str(record.msg).startswith(NOT_COMPLETED):
        record.msg, record.args = "Autocomplete was not sent", None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        # It was too late, or the connection was lost: the traceback is for debugging.
        is_debugged = logging.getLogger(record.name).isEnabledFor(logging.DEBUG)
        if record.exc_info and not is_debugged:
            record.msg = f"{record.msg}: {record.exc_info[1]}"
            record.exc_info = record.exc_text = None
    return True


def _mask_secrets(secrets: Sequence[str]) -> Processor:
    """Replace secrets in the finished line, wherever they stand."""

    def mask(_logger: object, _method: str, line: EventDict | str) -> str:
        text = str(line)
        for secret in secrets:
            text = text.replace(secret, HIDDEN)
        return text

    return mask
