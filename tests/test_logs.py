"""Logs: for people or for machines, by part, and never with a secret."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from bot.logging import HIDDEN, configure

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "aaa.bbb.ccc"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, events = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers[:], root.level = handlers, level
    for part in ("discord", "discord.http", "discord.shard", "bot.quiet"):
        logging.getLogger(part).setLevel(logging.NOTSET)
    structlog.configure(**events)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_away_from_a_terminal_each_line_is_json() -> None:
    stream = io.StringIO()
    configure({}, stream=stream)
    structlog.stdlib.get_logger("bot.client").info("shard ready", shard=3)
    logging.getLogger("discord.client").warning("library %s", "speaks")
    ours, theirs = lines(stream)
    assert (ours["event"], ours["shard"], ours["level"]) == ("shard ready", 3, "info")
    assert (theirs["event"], theirs["logger"]) == ("library speaks", "discord.client")
    assert ours["timestamp"].endswith("Z")


def test_on_a_terminal_it_is_for_people() -> None:
    stream = Terminal()
    configure({}, stream=stream)
    structlog.stdlib.get_logger("bot.client").info("shard ready", shard=3)
    assert "shard ready" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


@pytest.mark.parametrize(
    ("part", "warning"),
    [
        ("discord.state", "Guilds intent seems to be disabled. This may cause state issues."),
        ("discord.client", "PyNaCl is not installed, voice will NOT be supported"),
        ("discord.client", "davey is not installed, voice will NOT be supported"),
    ],
)
def test_what_discord_py_warns_of_and_is_meant_is_left_out(part: str, warning: str) -> None:
    stream = io.StringIO()
    configure({}, stream=stream)
    logging.getLogger(part).warning(warning)
    logging.getLogger(part).warning("Something else.")
    assert [line["event"] for line in lines(stream)] == ["Something else."]


def test_alembic_does_not_tell_of_each_part_that_it_loads() -> None:
    stream = io.StringIO()
    configure({}, stream=stream)
    logging.getLogger("alembic.runtime.plugins").info("setup plugin %s", "alembic.comments")
    logging.getLogger("alembic.runtime.migration").info("Running upgrade")
    assert [line["event"] for line in lines(stream)] == ["Running upgrade"]


def fail_to_complete() -> None:
    told = "Ignoring exception in autocomplete for %r (Guild: %s, User: %s)"
    late = RuntimeError("404 Not Found (error code: 10062): Unknown interaction")
    logging.getLogger("discord.app_commands.tree").error(told, "ask", 7, 41, exc_info=late)


def test_an_autocompletion_that_came_too_late_is_a_line_without_the_person() -> None:
    stream = io.StringIO()
    configure({}, stream=stream)
    fail_to_complete()
    (line,) = lines(stream)
    assert line["event"] == (
        "Autocomplete was not sent: 404 Not Found (error code: 10062): Unknown interaction"
    )
    assert line["level"] == "warning"
    assert "exception" not in line


def test_who_debugs_a_part_sees_its_traceback() -> None:
    stream = io.StringIO()
    configure({"discord.app_commands.tree": "debug"}, stream=stream)
    fail_to_complete()
    assert "RuntimeError" in lines(stream)[0]["exception"]


def test_any_other_fault_of_the_library_keeps_its_traceback() -> None:
    stream = io.StringIO()
    configure({}, stream=stream)
    fault = KeyError("shard")
    logging.getLogger("discord.client").error("Ignoring exception in on_ready", exc_info=fault)
    assert "KeyError" in lines(stream)[0]["exception"]


def test_the_style_can_be_chosen() -> None:
    stream = Terminal()
    configure({}, style="json", stream=stream)
    logging.getLogger("bot").warning("x")
    assert lines(stream)[0]["event"] == "x"


def test_a_secret_never_appears_not_even_in_a_traceback() -> None:
    stream = io.StringIO()
    configure({}, stream=stream, secrets=[TOKEN])
    log = structlog.stdlib.get_logger("bot")
    log.info("login", token=TOKEN)
    try:
        int(TOKEN)  # its message quotes what it was given
    except ValueError:
        log.exception("failed")
    logging.getLogger("discord.http").error("GET with %s", TOKEN)
    assert TOKEN not in stream.getvalue()
    assert stream.getvalue().count(HIDDEN) >= 3
    assert "ValueError" in lines(stream)[1]["exception"]


def test_levels_go_by_part() -> None:
    stream = io.StringIO()
    configure({"": "warning", "discord": "debug"}, stream=stream)
    structlog.stdlib.get_logger("bot.client").info("not heard")
    logging.getLogger("discord.client").debug("heard")
    assert [line["event"] for line in lines(stream)] == ["heard"]


def test_payloads_of_libraries_are_heard_only_when_asked_for_by_name() -> None:
    stream = io.StringIO()
    configure({"": "debug"}, stream=stream)
    logging.getLogger("discord.http").debug("a payload")
    assert lines(stream) == []
    configure({"": "debug", "discord.http": "debug"}, stream=stream)
    logging.getLogger("discord.http").debug("a payload")
    assert [line["event"] for line in lines(stream)] == ["a payload"]
