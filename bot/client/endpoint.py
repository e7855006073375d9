"""A stand-in for Discord, and the walls around its token.

Where a server hands back an address of its own (`GET /gateway/bot`, `resume_gateway_url`, a
redirect), discord.py simply goes there. The connector refuses: every request and every WebSocket
of the client passes through it.
"""

from __future__ import annotations

import ipaddress
from contextlib import contextmanager
from typing import TYPE_CHECKING

import aiohttp
import yarl

from bot.client.discord_internals import redirect_discord
from bot.errors import ConfigError, DiscordError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiohttp.client import ClientTimeout
    from aiohttp.client_reqrep import ClientRequest
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace

    from bot.config import Endpoint

_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


@contextmanager
def use_endpoint(endpoint: Endpoint | None) -> Iterator[None]:
    """Point discord.py at a stand-in, or with None at Discord.

    Raises:
        ConfigError: An address is not on this machine, and that was not forced.
    """
    if endpoint is None:
        yield
        return
    far = [url for url in (endpoint.api, endpoint.gateway) if not _is_loopback(yarl.URL(url).host)]
    if far and not endpoint.is_forced:
        raise ConfigError(
            f"{' and '.join(far)}: not on this machine, and the token would go there; give an "
            "address such as 127.0.0.1, or set LINERNOTES_FORCE=yes if that is meant."
        )
    with redirect_discord(endpoint.api, endpoint.gateway):
        yield


def restricted_connector(endpoint: Endpoint | None) -> aiohttp.BaseConnector | None:
    """Return a connector that reaches only the endpoint, if any."""
    return None if endpoint is None else _RestrictedConnector(endpoint)


def check_gateway_address(endpoint: Endpoint, gateway: str) -> None:
    """Raise DiscordError if a stand-in names another gateway than the one given."""
    if _host_and_port(yarl.URL(gateway)) != _host_and_port(yarl.URL(endpoint.gateway)):
        raise DiscordError(
            f"The stand-in names {gateway} as its gateway, but {endpoint.gateway} was given; the "
            "token goes nowhere else. Correct LINERNOTES_GATEWAY."
        )


class _RestrictedConnector(aiohttp.TCPConnector):
    """A connector that reaches an endpoint's two addresses alone."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(limit=0)  # as discord.py's own: its rate limits are the limit
        self._allowed = {
            _host_and_port(yarl.URL(endpoint.api)),
            _host_and_port(yarl.URL(endpoint.gateway)),
        }

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109  # aiohttp's own signature
    ) -> Connection:
        # A redirect is a stand-in's own word, and the token would follow it.
        if _host_and_port(req.url) not in self._allowed:
            allowed = " and ".join(sorted(f"{host}:{port}" for host, port in self._allowed))
            raise DiscordError(
                f"The stand-in sent the bot on to {req.url.host}:{req.url.port}, where the token "
                f"must not go; only {allowed} were given. Correct the stand-in's addresses."
            )
        return await super().connect(req, traces, timeout)


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _host_and_port(url: yarl.URL) -> tuple[str, int]:
    return (url.host or "", url.port or _PORTS.get(url.scheme, 0))
