"""A client that serves some of a bot's shards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot.client.identify_gate import IdentifyGate
from bot.errors import DiscordError
from bot.sandbox.http.faults import Fault
from bot.scheduling.storage.advisory_lock import AdvisoryLock
from bot.scheduling.storage.database import State
from bot.settings import Shards
from tests.support.postgres import postgres_cluster, postgres_server
from tests.support.relay import Relay
from tests.support.serving import serving

if TYPE_CHECKING:
    from bot.config import Endpoint
    from bot.sandbox.server import Sandbox
    from tests.support.knowledge import KnowledgeInMemory
    from tests.support.postgres import PostgresServer

__all__ = ["postgres_cluster", "postgres_server"]


class Line:
    """AdvisoryLock that are had at once."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    async def acquire(self, number: int) -> bool:
        self.asked.append(number)
        return True


async def test_it_waits_for_its_turn_as_discord_numbers_them(
    sandbox: Sandbox, knowledge: KnowledgeInMemory, endpoint: Endpoint
) -> None:
    sandbox.container.ratelimits.max_concurrency = 2
    line = Line()
    gate = IdentifyGate(line, lambda: 0.0)
    shards = Shards((3,), 4)
    async with serving(sandbox, knowledge, endpoint, shards=shards, identify_gate=gate) as bot:
        assert list(bot.app.served_shards) == [3]
    assert line.asked == [1]
    assert [start.shard for start in sandbox.container.ratelimits.starts] == [3]


@pytest.mark.parametrize(("shard", "published"), [(0, 1), (1, 0)])
async def test_of_several_processes_only_the_one_with_the_first_shard_publishes(
    sandbox: Sandbox, knowledge: KnowledgeInMemory, endpoint: Endpoint, shard: int, published: int
) -> None:
    async with serving(sandbox, knowledge, endpoint, shards=Shards((shard,), 2)):
        pass
    assert len(sandbox.log.requests("PUT", "/commands")) == published


async def test_it_does_not_use_up_the_last_starts_of_a_day(
    sandbox: Sandbox, knowledge: KnowledgeInMemory, endpoint: Endpoint
) -> None:
    for _ in range(999):
        sandbox.container.ratelimits.may_identify(0)
    gate = IdentifyGate(Line(), lambda: 0.0)
    with pytest.raises(DiscordError, match="identify 1 more times"):
        async with serving(
            sandbox, knowledge, endpoint, shards=Shards((0, 1), 2), identify_gate=gate
        ):
            pass
    assert not sandbox.log.frames("IDENTIFY")


async def test_a_start_while_discord_has_no_time_is_tried_again(
    sandbox: Sandbox, knowledge: KnowledgeInMemory, endpoint: Endpoint
) -> None:
    # As many tries as discord.py makes of one request, each refused.
    sandbox.faults.add(Fault("ratelimit", retry_after=0.01, times=5, path="/gateway/bot"))
    with capture_logs() as logs:
        async with serving(sandbox, knowledge, endpoint, shards=Shards((0,), 1)) as bot:
            assert bot.app.is_ready()
    assert "gateway not told" in [line["event"] for line in logs]


@pytest.mark.postgres
async def test_a_database_that_falls_silent_keeps_nobody_from_identifying(
    sandbox: Sandbox,
    knowledge: KnowledgeInMemory,
    endpoint: Endpoint,
    postgres_server: PostgresServer,
) -> None:
    direct = postgres_server.new_database()
    async with Relay(postgres_server.port) as relay:
        state = await State.open(direct.replace(f":{postgres_server.port}/", f":{relay.port}/"))
        relay.fall_silent()
        gate = IdentifyGate(AdvisoryLock(state), lambda: 0.0, patience=0.2)
        with capture_logs() as logs:
            async with serving(
                sandbox, knowledge, endpoint, shards=Shards((0,), 2), identify_gate=gate
            ) as bot:
                assert bot.app.is_ready()
    said = [line["reason"] for line in logs if line["event"] == "identifying out of turn"]
    assert said == ["The state database did not answer within 0.2 seconds."]
