"""With an address given, a token never goes anywhere else."""

from __future__ import annotations

import aiohttp
import pytest
import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.client.endpoint import check_gateway_address, restricted_connector, use_endpoint
from bot.config import Endpoint
from bot.errors import ConfigError, DiscordError

HERE = Endpoint("http://127.0.0.1:8001/api/v10", "ws://127.0.0.1:8001/gateway")


def test_both_addresses_are_set_and_given_back() -> None:
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    with use_endpoint(HERE):
        assert Route("GET", "/users/@me").url == "http://127.0.0.1:8001/api/v10/users/@me"
        assert yarl.URL("ws://127.0.0.1:8001/gateway") == DiscordWebSocket.DEFAULT_GATEWAY
    assert before == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
    assert "discord.com" in Route.BASE


def test_without_an_endpoint_it_is_discord() -> None:
    with use_endpoint(None):
        assert Route.BASE == "https://discord.com/api/v10"
    assert restricted_connector(None) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "[::1]"])
def test_this_machine_is_allowed(host: str) -> None:
    with use_endpoint(Endpoint(f"http://{host}:1/api", f"ws://{host}:1/")):
        pass


@pytest.mark.parametrize("host", ["192.0.2.1", "discord.com", "127.0.0.1.example.com", "0.0.0.0"])
def test_any_other_machine_must_be_forced(host: str) -> None:
    far = f"http://{host}:1/api", f"ws://{host}:1/"
    with pytest.raises(ConfigError, match="not on this machine"), use_endpoint(Endpoint(*far)):
        pass
    with use_endpoint(Endpoint(*far, is_forced=True)):
        pass


def test_a_gateway_handed_back_must_be_the_one_given() -> None:
    check_gateway_address(HERE, "ws://127.0.0.1:8001")
    for other in ("ws://127.0.0.1:8002", "wss://gateway.discord.gg", "ws://127.0.0.2:8001"):
        with pytest.raises(DiscordError, match="the token goes nowhere else"):
            check_gateway_address(HERE, other)


async def test_a_redirect_elsewhere_is_not_followed(unused_tcp_port: int) -> None:
    reached: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        reached.append(request.path)
        return web.Response()

    async def away(request: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect(f"http://127.0.0.1:{unused_tcp_port}/stolen")

    thief, server = web.Application(), web.Application()
    thief.router.add_get("/stolen", elsewhere)
    server.router.add_get("/api", away)
    async with Listening(thief, unused_tcp_port), Listening(server, 0) as port:
        endpoint = Endpoint(f"http://127.0.0.1:{port}/api", f"ws://127.0.0.1:{port}/")
        async with aiohttp.ClientSession(connector=restricted_connector(endpoint)) as session:
            with pytest.raises(DiscordError, match="where the token must not go"):
                await session.get(endpoint.api)
    assert reached == []


class Listening:
    """A server for as long as the block lasts; enters as its port."""

    def __init__(self, application: web.Application, port: int) -> None:
        self.runner = web.AppRunner(application)
        self.port = port

    async def __aenter__(self) -> int:
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", self.port).start()
        return int(self.runner.addresses[0][1])

    async def __aexit__(self, *_: object) -> None:
        await self.runner.cleanup()
