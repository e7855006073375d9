"""Commands: registered, refused, offered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.errors import PageError

if TYPE_CHECKING:
    from tests.support.caller import Caller

ASK = {"name": "ask", "description": "Ask"}


def option(name: str = "word", **more: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "Words"} | more


def _path(caller: Caller, guild: str | None = None) -> str:
    base = f"/applications/{caller.sandbox.world.application.id}"
    if guild is None:
        return f"{base}/commands"
    found = caller.sandbox.user("admin", guild=guild).actor_context.guild
    assert found is not None
    return f"{base}/guilds/{found.id}/commands"


def _codes(node: Any) -> set[str]:
    """Return the codes of all faults, with their paths."""
    found: set[str] = set()

    def gather(inside: Any, path: str) -> None:
        for key, value in inside.items():
            if key == "_errors":
                found.update(f"{path}: {each['code']}" for each in value)
            else:
                gather(value, f"{path}.{key}" if path else key)

    gather(node["errors"], "")
    return found


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ({"name": "ask"}, "description: BASE_TYPE_REQUIRED"),
        (ASK | {"name": "Ask"}, "name: APPLICATION_COMMAND_INVALID_NAME"),
        (ASK | {"name": "a b"}, "name: APPLICATION_COMMAND_INVALID_NAME"),
        (ASK | {"name": "x" * 33}, "name: BASE_TYPE_BAD_LENGTH"),
        (ASK | {"description": "x" * 101}, "description: BASE_TYPE_BAD_LENGTH"),
        (ASK | {"type": 2}, "description: APPLICATION_COMMAND_DESCRIPTION_NOT_ALLOWED"),
        (
            ASK | {"options": [option(str(n)) for n in range(26)]},
            "options: BASE_TYPE_MAX_LENGTH",
        ),
        (
            ASK | {"options": [option(), option()]},
            "options.1.name: APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
        ),
        (
            ASK | {"options": [option("a"), option("b", required=True)]},
            "options.1: APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (
            ASK | {"options": [option("a"), option("b", type=1)]},
            "options: APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        ),
        (
            ASK | {"options": [option(choices=[{"name": "x", "value": "x"}] * 26)]},
            "options.0.choices: BASE_TYPE_MAX_LENGTH",
        ),
        (
            ASK | {"options": [option(type=5, autocomplete=True)]},
            "options.0.autocomplete: APPLICATION_COMMAND_AUTOCOMPLETE_INVALID",
        ),
        (
            ASK
            | {
                "options": [
                    option(str(n), choices=[{"name": "x" * 90, "value": "y" * 90}] * 10)
                    for n in range(5)
                ]
            },
            ": APPLICATION_COMMAND_TOO_LARGE",
        ),
        (ASK | {"contexts": [7]}, "contexts.0: BASE_TYPE_CHOICES"),
    ],
)
async def test_a_definition_is_held_to_discords_limits(
    caller: Caller, command: Any, fault: str
) -> None:
    body = await caller.call("POST", _path(caller), command, status=400)
    assert fault in _codes(body)


async def test_a_fault_in_a_bulk_names_the_command(caller: Caller) -> None:
    body = await caller.call("PUT", _path(caller), [ASK, ASK, {"name": "x"}], status=400)
    assert _codes(body) == {
        "1: APPLICATION_COMMANDS_DUPLICATE_NAME",
        "2.description: BASE_TYPE_REQUIRED",
    }


async def test_a_hundred_commands_are_the_most(caller: Caller) -> None:
    many = [ASK | {"name": f"ask{number}"} for number in range(101)]
    await caller.call("PUT", _path(caller), many[:100])
    assert (await caller.call("PUT", _path(caller), many, status=400))["code"] == 30032


async def test_a_bulk_replaces_all_and_keeps_the_ids_of_known_names(caller: Caller) -> None:
    first, _ = await caller.call("PUT", _path(caller), [ASK, ASK | {"name": "gone"}])
    (second,) = await caller.call("PUT", _path(caller), [ASK | {"description": "New"}])
    assert second["id"] == first["id"]
    assert second["version"] != first["version"]
    assert await caller.call("GET", f"{_path(caller)}?with_localizations=true") == [second]


async def test_a_list_has_translations_only_if_they_are_asked_for(caller: Caller) -> None:
    translated = ASK | {"name_localizations": {"de": "fragen"}}
    await caller.call("PUT", _path(caller), [translated])
    (plain,) = await caller.call("GET", _path(caller))
    (whole,) = await caller.call("GET", f"{_path(caller)}?with_localizations=true")
    assert not [key for key in plain if key.endswith("_localizations")]
    assert whole["name_localizations"] == {"de": "fragen"}


async def test_a_translated_name_keeps_to_the_rules_of_names(caller: Caller) -> None:
    spaced = ASK | {"name_localizations": {"de": "Frag mich"}}
    refused = await caller.call("PUT", _path(caller), [spaced], status=400)
    assert "APPLICATION_COMMAND_INVALID_NAME" in str(refused["errors"]["0"]["name_localizations"])


async def test_a_command_of_its_name_is_replaced_not_added(caller: Caller) -> None:
    made = await caller.call("POST", _path(caller), ASK, status=201)
    again = await caller.call("POST", _path(caller), ASK, status=200)
    assert again["id"] == made["id"]


async def test_a_guilds_command_is_offered_there_only(caller: Caller) -> None:
    await caller.call("PUT", _path(caller), [ASK])
    await caller.call("PUT", _path(caller, "Vinyl Corner"), [ASK | {"name": "own"}])
    sandbox = caller.sandbox
    assert sandbox.user("fan", guild="Vinyl Corner").offered == ["ask", "own"]
    assert sandbox.user("fan", guild="Night Owls").offered == ["ask"]


@pytest.mark.parametrize(
    ("limits", "places"),
    [
        ({}, {"guild", "user install", "bot dm", "private"}),
        ({"contexts": [0]}, {"guild", "user install"}),
        ({"contexts": [1]}, {"bot dm"}),
        ({"contexts": [2]}, {"private"}),
        ({"integration_types": [0]}, {"guild", "bot dm"}),
        ({"integration_types": [1]}, {"user install", "bot dm", "private"}),
        ({"dm_permission": False}, {"guild", "user install"}),
    ],
)
async def test_a_command_is_offered_where_its_context_and_install_allow(
    caller: Caller, limits: Any, places: set[str]
) -> None:
    await caller.call("PUT", _path(caller), [ASK | limits])
    people = {
        "guild": caller.sandbox.user("fan"),
        "user install": caller.sandbox.user("stranger", guild="Elsewhere"),
        "bot dm": caller.sandbox.user("stranger", dm_with="bot"),
        "private": caller.sandbox.user("stranger", dm_with="fan"),
    }
    assert {place for place, who in people.items() if who.offered} == places


async def test_a_channel_may_forbid_commands(caller: Caller) -> None:
    await caller.call("PUT", _path(caller), [ASK])
    user = caller.sandbox.user
    assert user("fan", guild="Vinyl Corner", channel="no-bots").offered == []
    assert user("admin", guild="Vinyl Corner", channel="no-bots").offered == ["ask"]


@pytest.mark.parametrize(
    ("bits", "who"), [(None, {"admin", "fan"}), ("32", {"admin"}), ("0", {"admin"})]
)
async def test_default_permissions_hide_a_command(
    caller: Caller, bits: str | None, who: set[str]
) -> None:
    await caller.call("PUT", _path(caller), [ASK | {"default_member_permissions": bits}])
    people = ("admin", "fan")
    assert {each for each in people if caller.sandbox.user(each).offered} == who


@pytest.mark.parametrize(
    ("more", "value", "fault"),
    [
        ({"min_length": 3}, "ab", "Must be 3 or more characters long."),
        ({"max_length": 3}, "abcd", "Must be 3 or fewer characters long."),
        ({"choices": [{"name": "One", "value": "1"}]}, "2", "Choose one of: One."),
        ({"type": 4}, "many", "This is not a number."),
        ({"type": 4, "max_value": 5}, 6, "Must be between -9007199254740991 and 5."),
        ({"type": 5}, "yes", "Choose true or false."),
        ({"type": 6}, "1", "There is no such user here."),
        ({"type": 7}, "1", "There is no such channel here."),
        ({"type": 8}, "1", "There is no such role here."),
        ({"type": 11}, "1", "The sandbox takes no files in options."),
    ],
)
async def test_what_is_typed_is_checked_before_it_is_sent(
    caller: Caller, more: Any, value: Any, fault: str
) -> None:
    await caller.call("PUT", _path(caller), [ASK | {"options": [option(**more)]}])
    with pytest.raises(PageError) as caught:
        caller.sandbox.user("fan").begin("ask", word=value)
    assert caught.value.faults == (("word", fault),)


async def test_users_and_roles_are_resolved_in_full(caller: Caller) -> None:
    options = [option("who", type=6), option("role", type=8), option("any", type=9)]
    await caller.call("PUT", _path(caller), [ASK | {"options": options}])
    fan = caller.sandbox.user("fan")
    sent = fan.begin("ask", who="ada", role="Fans", any="mika")
    resolved = sent.action.data["resolved"]
    assert {each["username"] for each in resolved["users"].values()} == {"ada", "mika"}
    assert [each["name"] for each in resolved["roles"].values()] == ["Fans"]
    assert all("permissions" in each for each in resolved["members"].values())


async def test_an_option_or_a_subcommand_that_is_not_there_is_refused(caller: Caller) -> None:
    group = {"name": "daily", "description": "Daily", "options": [option("set", type=1)]}
    await caller.call("PUT", _path(caller), [ASK, group])
    fan = caller.sandbox.user("fan")
    for name, options in (("ask", {"no": 1}), ("daily get", {}), ("daily", {}), ("nothing", {})):
        with pytest.raises(PageError):
            fan.begin(name, **options)
    assert fan.begin("daily set").action.data["options"] == [
        {"type": 1, "name": "set", "options": []}
    ]


async def test_a_menu_command_carries_its_target(caller: Caller) -> None:
    menus = [{"name": "Who is this", "type": 2}, {"name": "Look up", "type": 3}]
    await caller.call("PUT", _path(caller), menus)
    fan = caller.sandbox.user("fan")
    ada = caller.sandbox.user("admin").user
    said = fan.say("words")
    user_menu = fan.begin("Who is this", target=ada.id).action.data
    message_menu = fan.begin("Look up", target=said.id).action.data
    assert user_menu["resolved"]["users"][str(ada.id)]["username"] == "ada"
    assert message_menu["resolved"]["messages"][str(said.id)]["content"] == "words"
    with pytest.raises(PageError):
        fan.begin("Look up", target=1)
