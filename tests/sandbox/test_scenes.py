"""The worlds to start from."""

from __future__ import annotations

import tracemalloc

from bot.sandbox.gateway.gateway import shard_of
from bot.sandbox.interactions.actor_context import stand
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import crowded_world, small_world
from bot.sandbox.world.model import ChannelType
from bot.sandbox.world.snowflakes import made_at


def test_the_small_world_shows_every_situation() -> None:
    world = small_world()
    guilds = [guild for each in world.guild_ids() if (guild := world.guild(each))]
    channels = [channel for guild in guilds for channel in guild.channels.values()]
    roles = [role for guild in guilds for role in guild.roles.values()]
    assert len(guilds) == 4
    assert len(list(world.bot_guild_ids())) == 3
    assert {each.type for each in channels} >= {
        ChannelType.TEXT,
        ChannelType.CATEGORY,
        ChannelType.ANNOUNCEMENT,
        ChannelType.FORUM,
        ChannelType.PUBLIC_THREAD,
    }
    assert {each.mentionable for each in roles} == {True, False}
    assert len({tuple(guild.members) for guild in guilds}) == 4


def test_the_bot_cannot_see_backstage() -> None:
    world = small_world()
    admin = Sandbox(world).user("admin", channel="backstage")
    assert admin.actor_context.can_view
    assert not stand(world, world.application.bot, admin.channel, now=0).can_view


def test_ids_are_realistic_and_unique() -> None:
    world = small_world()
    ids = [*world.users, *world.dms, *world.guild_ids()]
    for guild_id in world.guild_ids():
        guild = world.guild(guild_id)
        assert guild is not None
        ids += [*guild.channels, *(each for each in guild.roles if each != guild_id)]
    assert len(ids) == len(set(ids))
    assert all(1_600_000_000 < made_at(each) < 1_640_000_000 for each in ids)


def test_a_world_is_the_same_each_time() -> None:
    assert list(small_world().users) == list(small_world().users)


def test_ten_thousand_guilds_cost_nothing_until_they_are_looked_at() -> None:
    tracemalloc.start()
    world = crowded_world(10_000)
    ids = list(world.bot_guild_ids())
    memory, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(ids) == 10_000
    assert memory < 2_000_000
    assert {shard_of(each, 16) for each in ids} == set(range(16))


def test_any_of_many_guilds_is_there_with_its_channel() -> None:
    world = crowded_world(10_000)
    guild_id = list(world.guild_ids())[7_777]
    channel = world.channel(guild_id + 1)
    assert channel is not None
    guild = world.guild_of(channel)
    assert guild is not None
    assert (guild.name, channel.name) == ("Guild 7777", "general")
    assert world.guild(guild_id) is guild
    assert world.channel(guild_id + 2) is None
    assert world.guild(guild_id + 1) is None
