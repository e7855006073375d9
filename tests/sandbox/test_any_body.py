"""Whatever a bot sends, the answer is one of Discord's, never a fault of the sandbox's own."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from bot.sandbox.command_definitions import read_command
from bot.sandbox.components import read_modal
from bot.sandbox.drafts import read_draft
from bot.sandbox.errors import DiscordError
from bot.sandbox.validation import Faults, Spot

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
    spot = Spot(body, Faults())
    with suppress(DiscordError):
        read(spot)
        spot.faults.raise_if_any()


@settings(deadline=None)
@given(BODIES)
def test_any_message_is_read(body: dict[str, Any]) -> None:
    _read(lambda spot: read_draft(spot, {}), body)
    _read(lambda spot: read_draft(spot, {}), body | {"flags": 1 << 15})


@settings(deadline=None)
@given(BODIES)
def test_any_command_is_read(body: dict[str, Any]) -> None:
    _read(read_command, body)


@settings(deadline=None)
@given(BODIES)
def test_any_form_is_read(body: dict[str, Any]) -> None:
    _read(read_modal, body)
