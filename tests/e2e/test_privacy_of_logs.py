"""Whatever people type, into whichever option of whichever command: the log does not hold it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.interactions.command_definitions import BRANCHES, CHAT_INPUT, OptionType
from tests.e2e.test_process import bot, until_logged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from bot.sandbox.wire import Json

TYPED = "xyzzyplugh"
VALUES: dict[int, Any] = {
    OptionType.STRING: TYPED,
    OptionType.INTEGER: 1,
    OptionType.BOOLEAN: True,
    OptionType.USER: "fan",
    OptionType.CHANNEL: "general",
    OptionType.NUMBER: 1.0,
}


def leaves(command: Json, name: str = "") -> Iterator[tuple[str, list[Json]]]:
    """Yield the full name and the options of a command, or of all below it."""
    full, options = f"{name} {command['name']}".strip(), command.get("options") or []
    branches = [option for option in options if option["type"] in BRANCHES]
    if not branches:
        yield full, options
    for branch in branches:
        yield from leaves(branch, full)


async def use(person: Person, command: Json) -> int:
    """Type the word into every option that takes one; give how often it was typed."""
    if command["type"] != CHAT_INPUT:
        await person.menu(command["name"], person.say(f"When is {TYPED} out?").id)
        return 1
    typed = 0
    for name, options in leaves(command):
        given = {one["name"]: _value(one) for one in options if one["type"] in VALUES}
        for option in options:
            if option.get("autocomplete"):
                await person.autocomplete(name, option["name"], TYPED)
                typed += 1
        await person.command(name, **given)
        typed += TYPED in given.values()
    return typed


def _value(option: Json) -> Any:
    if choices := option.get("choices"):
        return choices[0]["value"]
    return VALUES[option["type"]]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
async def test_no_command_logs_what_was_typed_nor_the_token(sandbox: Sandbox) -> None:
    async with bot(sandbox, "run") as process:
        await until_logged(process, "shard ready")
        admin = sandbox.user("admin", guild="Night Owls", channel="general")
        offered = sandbox.container.commands.offered(admin.actor_context)
        typed = [await use(admin, command) for command in offered]
        process.terminate()
        assert process.stderr is not None
        logged = (await process.stderr.read()).decode()
    assert sum(typed) >= 7
    assert "stopped" in logged
    assert TYPED not in logged
    assert sandbox.token not in logged


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
async def test_a_failure_is_logged_without_what_was_typed(sandbox: Sandbox) -> None:
    async with bot(sandbox, "run", BROKEN_NOTES="yes") as process:
        await until_logged(process, "shard ready")
        fan = sandbox.user("fan", guild="Night Owls", channel="general")
        for command, options in (
            ("ask", {"question": TYPED}),
            ("quote", {"about": TYPED}),
            ("release", {"title": TYPED}),
        ):
            assert "reference" in (await fan.command(command, **options)).text
        await fan.autocomplete("ask", "question", TYPED)
        process.terminate()
        assert process.stderr is not None
        lines = (await process.stderr.read()).decode().splitlines()
    failed = [line for line in lines if json.loads(line)["event"].endswith("failed")]
    assert len(failed) == 4
    assert all("StoreError" in line for line in failed)
    assert TYPED not in "".join(lines)
