"""A bot's HTTP requests by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import aiohttp

    from bot.sandbox.server import Sandbox


class Caller:
    """Sends requests with the bot's token."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self._session = session

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        status: int = 200,
        query: dict[str, str] | None = None,
    ) -> Any:
        """Send a request, expect a status, return the answer's JSON."""
        async with self._session.request(
            method,
            self.sandbox.api_url + path,
            json=body,
            params=query,
            headers={"Authorization": f"Bot {self.sandbox.token}"},
        ) as response:
            text = await response.text()
            assert response.status == status, text
            return json.loads(text) if text else None

    async def status(self, method: str, path: str, body: Any) -> int:
        """Send a request and return the status alone; a fault of the sandbox's own raises."""
        headers = {"Authorization": f"Bot {self.sandbox.token}"}
        url = self.sandbox.api_url + path
        async with self._session.request(method, url, json=body, headers=headers) as response:
            assert response.content_type == "application/json" or response.status == 204, path
            return response.status

    async def send(self, method: str, path: str, form: aiohttp.FormData) -> Any:
        """Send a form with files, return the answer's JSON."""
        headers = {"Authorization": f"Bot {self.sandbox.token}"}
        url = self.sandbox.api_url + path
        async with self._session.request(method, url, data=form, headers=headers) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    def channel(self, name: str, guild: str = "Night Owls") -> str:
        """Return the path of a channel."""
        admin = self.sandbox.user("admin", guild=guild, channel=name)
        return f"/channels/{admin.channel.id}"
