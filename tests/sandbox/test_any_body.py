"""Whatever a bot sends, the answer is one of Discord's, never a fault of the sandbox's own."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.sandbox.components.modals import read_modal
from bot.sandbox.errors import DiscordError
from bot.sandbox.http.api import ROUTES
from bot.sandbox.interactions.command_definitions import read_command
from bot.sandbox.validation import Faults, FieldReader
from bot.sandbox.world.message_input import read_message_input

if TYPE_CHECKING:
    from tests.support.caller import Caller

KEYS = some.sampled_from(
    [
        "accessory",
        "allowed_mentions",
        "attachments",
        "author",
        "autocomplete",
        "channel_types",
        "choices",
        "color",
        "component",
        "components",
        "content",
        "contexts",
        "custom_id",
        "default_values",
        "description",
        "embeds",
        "emoji",
        "fields",
        "file",
        "flags",
        "footer",
        "id",
        "image",
        "integration_types",
        "items",
        "label",
        "max_values",
        "media",
        "message_reference",
        "min_values",
        "name",
        "name_localizations",
        "nonce",
        "options",
        "parse",
        "placeholder",
        "required",
        "roles",
        "style",
        "title",
        "type",
        "url",
        "users",
        "value",
    ]
)
VALUES = some.recursive(
    some.none() | some.booleans() | some.integers(-2, 40) | some.floats() | some.text(max_size=5),
    lambda inside: some.lists(inside, max_size=3) | some.dictionaries(KEYS, inside, max_size=6),
    max_leaves=25,
)
BODIES = some.dictionaries(KEYS, VALUES, max_size=8)


def _read(read: Any, body: dict[str, Any]) -> None:
    reader = FieldReader(body, Faults())
    with suppress(DiscordError):
        read(reader)
        reader.faults.raise_if_any()


ODD: list[Any] = [
    *(None, [], {}, "x", 5, [1], {"type": "x"}, {"type": []}, {"type": 4}, {"name": 5}),
    *({"content": []}, {"recipient_id": []}, {"attachments": [{"id": "x"}]}, {"embeds": [1]}),
    *({"message_reference": 5}, {"components": {}}, {"message": 5, "name": "x"}),
    *({"allow": "x", "type": 0}, {"archived": "x"}),
]


@pytest.mark.parametrize("is_known", [True, False])
async def test_no_odd_body_is_a_fault_of_the_sandboxs_own(caller: Caller, is_known: bool) -> None:  # noqa: FBT001 - a table's column
    fan = caller.sandbox.user("fan")
    application_id = caller.sandbox.world.application.id
    known = {
        "application_id": application_id,
        "webhook_id": application_id,
        "channel_id": fan.channel.id,
        "guild_id": fan.channel.guild_id,
        "message_id": fan.say("words").id,
        "user_id": fan.user.id,
    }
    for route in ROUTES:
        for body in ODD if route.method != "DELETE" else ():
            names = re.findall(r"{(\w+)}", route.path)
            ids = {name: known.get(name, "1") if is_known else "nope" for name in names}
            await caller.status(route.method, route.path.format(**ids), body)
    failed = [each for each in caller.sandbox.log.requests() if each["status"] >= 500]
    assert failed == []
    assert len(caller.sandbox.log.requests()) > 500


@given(BODIES)
def test_any_message_is_read(body: dict[str, Any]) -> None:
    _read(lambda reader: read_message_input(reader, {}), body)
    _read(lambda reader: read_message_input(reader, {}), body | {"flags": 1 << 15})


@given(BODIES)
def test_any_command_is_read(body: dict[str, Any]) -> None:
    _read(read_command, body)


@given(BODIES)
def test_any_form_is_read(body: dict[str, Any]) -> None:
    _read(read_modal, body)
