"""The commands are published once, and only when they differ."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from bot.client import sync
from bot.client.discord_internals import fetch_commands
from bot.errors import DiscordError
from bot.sandbox.http.faults import Fault
from bot.sandbox.interactions.commands import Commands
from bot.settings import Shards
from tests.support.serving import serving
from tests.support.waiting import patience

if TYPE_CHECKING:
    from bot.client.app import App
    from bot.config import Endpoint
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from tests.support.knowledge import KnowledgeInMemory


def writes(sandbox: Sandbox) -> int:
    return len(sandbox.log.requests("PUT", "/commands"))


async def test_a_second_start_writes_nothing(
    sandbox: Sandbox, knowledge: KnowledgeInMemory, endpoint: Endpoint
) -> None:
    for _ in range(2):
        async with serving(sandbox, knowledge, endpoint):
            assert writes(sandbox) == 1


async def test_translations_are_published_and_compared(app: App) -> None:
    ours = [await sync.define(command, app.tree) for command in app.tree.get_commands()]
    theirs = await fetch_commands(app, None)
    assert sync.compare(theirs, ours).is_empty
    (ask,) = [each for each in theirs if each["name"] == "ask"]
    assert ask["name_localizations"]["pt-BR"] == "perguntar"
    ask["options"][0]["description_localizations"].pop("de")
    assert sync.compare(theirs, ours).changed == ("ask",)


async def test_a_reconnect_publishes_nothing(app: App, sandbox: Sandbox) -> None:
    identified = asyncio.create_task(app.wait_for("shard_disconnect"))
    await asyncio.sleep(0)
    sandbox.gateway.drop("close")
    async with patience():
        await identified
    assert writes(sandbox) == 1


async def test_what_discord_has_is_what_we_have_once_published(app: App) -> None:
    found = await sync.sync_commands(app, app.tree, is_rehearsal=True)
    assert found.is_empty
    assert found.differences == ""
    assert str(found) == "The commands are up to date."


async def test_force_writes_even_so(app: App, sandbox: Sandbox) -> None:
    await sync.sync_commands(app, app.tree, is_forced=True)
    assert writes(sandbox) == 2


async def test_a_change_is_seen_rehearsed_and_published(
    app: App, sandbox: Sandbox, fan: Person
) -> None:
    app.tree.remove_command("about")
    command = app.tree.get_command("ask")
    assert command is not None
    command.description = "Ask away."
    rehearsed = await sync.sync_commands(app, app.tree, is_rehearsal=True)
    assert str(rehearsed) == "changed: ask; removed: about"
    assert '+    "description": "Ask away.",' in rehearsed.differences
    assert writes(sandbox) == 1
    await sync.sync_commands(app, app.tree)
    assert fan.offered == [
        *("ask", "quote", "release", "topics", "help", "suggest", "privacy"),
        "Answer from the notes",
    ]


def with_fields_of_their_own(definition: dict[str, Any]) -> dict[str, Any]:
    """Return a definition as a server with newer fields answers it, at every level."""
    nested = {
        name: list(map(with_fields_of_their_own, definition[name]))
        for name in ("options", "choices")
        if name in definition
    }
    return definition | nested | {"global_popularity_rank": 3, "handler": 1, "id": "1"}


async def test_fields_that_we_do_not_know_are_no_change(app: App) -> None:
    ours = [command.to_dict(app.tree) for command in app.tree.get_commands()]
    assert sync.compare(map(with_fields_of_their_own, ours), ours).is_empty


async def test_a_field_that_we_no_longer_set_is_a_change(app: App) -> None:
    ours = [command.to_dict(app.tree) for command in app.tree.get_commands()]
    theirs = [command | {"name_localizations": {"de": "frag"}} for command in ours]
    assert len(sync.compare(theirs, ours).changed) == len(ours)


@pytest.mark.parametrize("contexts", [None, [2, 1, 0], ["0", "1", "2"]])
def test_all_contexts_are_the_same_however_discord_writes_them(contexts: object) -> None:
    ours = [{"name": "ask", "type": 1, "contexts": [0, 1, 2]}]
    assert sync.compare([{"name": "ask", "contexts": contexts}], ours).is_empty


def test_two_commands_of_one_name_differ_by_their_type() -> None:
    slash, menu = {"name": "ask", "type": 1}, {"name": "ask", "type": 3}
    plan = sync.compare([slash], [menu, slash])
    assert (plan.added, plan.removed, plan.changed) == (("ask",), (), ())
    assert '"ask (type 3)"' in plan.differences


async def test_an_answer_without_ids_is_told_in_a_sentence(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Commands, "replace_all", lambda *_: [{"name": "ask"}])
    with pytest.raises(DiscordError, match=r"commands it was sent cannot be read .*'id'"):
        await sync.sync_commands(app, app.tree, is_forced=True)


@pytest.mark.parametrize("answer", [{"message": "?"}, [{"id": "1"}], ["ask"], None])
async def test_a_list_of_commands_without_sense_is_told_in_a_sentence(
    answer: object, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Commands, "registered", lambda *_: answer)
    with pytest.raises(DiscordError, match="request for its commands cannot be read"):
        await sync.sync_commands(app, app.tree)


async def test_a_login_that_is_answered_without_an_id_ends_in_a_sentence(
    sandbox: Sandbox,
    knowledge: KnowledgeInMemory,
    endpoint: Endpoint,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.sandbox.http.own_endpoints.own_user_json", lambda _: {"username": "x"})
    with pytest.raises(DiscordError, match=r"answer to the login cannot be read .*'id'"):
        async with serving(sandbox, knowledge, endpoint):
            pass


async def test_one_server_can_be_published_to(app: App, sandbox: Sandbox, fan: Person) -> None:
    guild = fan.channel.guild_id
    assert guild is not None
    found = await sync.sync_commands(app, app.tree, guild=guild)
    assert found.added == (
        *("Answer from the notes", "about", "ask", "daily", "gaps", "help"),
        *("packs", "privacy", "quote", "release", "suggest", "topics"),
    )
    assert (await sync.sync_commands(app, app.tree, guild=guild)).is_empty


async def test_a_server_without_the_bot_is_refused_in_a_sentence(app: App) -> None:
    with pytest.raises(DiscordError, match="Is the bot in that server"):
        await sync.sync_commands(app, app.tree, guild=1)


async def test_a_refusal_at_start_is_no_reason_not_to_answer(
    sandbox: Sandbox, knowledge: KnowledgeInMemory, endpoint: Endpoint
) -> None:
    async with serving(sandbox, knowledge, endpoint):
        pass
    sandbox.faults.add(Fault("error", status=403, path="/applications/*/commands"))
    async with serving(sandbox, knowledge, endpoint):
        fan = sandbox.user("fan", guild="Night Owls", channel="general")
        assert "barn" in (await fan.command("ask", question="where was it recorded?")).text


async def test_a_process_serves_the_shards_it_is_given(
    sandbox: Sandbox, knowledge: KnowledgeInMemory, endpoint: Endpoint
) -> None:
    async with serving(sandbox, knowledge, endpoint, shards=Shards((1,), 3)) as bot:
        assert list(bot.app.served_shards) == [1]
        assert bot.app.shard_count == 3
