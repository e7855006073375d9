"""The page without a browser: its API over HTTP, its events as they stream in."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Self

import aiohttp

from tests.support.waiting import patience

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

Json = dict[str, Any]


class PageClient:
    """Somebody who acts through the page's API, in the channel they see first."""

    def __init__(self, session: aiohttp.ClientSession, address: str, who: str) -> None:
        self._session = session
        self._api = f"{address}api"
        self._who = who
        self._number = 0

    @classmethod
    @asynccontextmanager
    async def at(cls, address: str, who: str = "fan") -> AsyncIterator[Self]:
        """Open the page at this address as an actor."""
        # One wait for all that a page streams: how long it stays open is up to its reader.
        timeout = aiohttp.ClientTimeout(total=None, sock_read=30)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            client = cls(session, address, who)
            await client._enter()
            try:
                yield client
            finally:
                client._events.close()

    async def _enter(self) -> None:
        state = await self.state()
        guild = state["guilds"][0]
        self.channel = next(
            each["id"] for each in guild["channels"] if each["type"] == 0 and each["can_send"]
        )
        self._commands = {each["name"]: each for each in await self.commands()}
        self._events = await self._session.get(
            f"{self._api}/events", params={"after": str(state["last_event"])}
        )

    async def state(self) -> Json:
        """Return the world as this person sees it."""
        return await self._get("state", {"as": self._who})

    async def commands(self) -> list[Json]:
        """Return what the picker offers."""
        found = await self._get("commands", {"as": self._who, "channel": self.channel})
        return list(found["commands"])

    async def use(self, command: str, **options: str) -> Json:
        """Use a command (`ask`, `daily set`) and return the message that answers it."""
        self._number += 1
        nonce = f"n{self._number}"
        name, *subcommand = command.split()
        given: list[Json] = [{"name": name, "value": value} for name, value in options.items()]
        asked = {
            "as": self._who,
            "channel": self.channel,
            "command": self._commands[name]["id"],
            "options": [{"name": each, "options": given} for each in subcommand] or given,
            "nonce": nonce,
        }
        await self.post("command", asked)
        told = await self.event(lambda e: e.get("nonce") == nonce and e["state"] in _ENDS)
        if told["state"] == "failed":
            raise AssertionError(told["reason"])
        for message in (await self.messages())[::-1]:
            if message["id"] == told["message_id"]:
                return message
        raise AssertionError("The answer is nowhere to be seen.")

    async def post(self, what: str, body: Json) -> Json:
        """Act."""
        async with self._session.post(f"{self._api}/{what}", json=body) as response:
            answer: Json = await response.json()
            assert response.status == 200, answer
            return answer

    async def messages(self) -> list[Json]:
        """Return the channel's newest messages, oldest first."""
        found = await self._get(f"channels/{self.channel}/messages", {"as": self._who})
        return list(found["messages"])

    async def event(self, wanted: Callable[[Json], object]) -> Json:
        """Read the stream until an event is what is wanted, and return it."""
        async with patience():
            async for line in self._events.content:
                if line.startswith(b"data: "):
                    event: Json = json.loads(line[6:])
                    if wanted(event):
                        return event
        raise AssertionError("The page's stream ended.")

    async def _get(self, what: str, query: dict[str, str]) -> Json:
        async with self._session.get(f"{self._api}/{what}", params=query) as response:
            assert response.status == 200, await response.text()
            answer: Json = await response.json()
            return answer


_ENDS = ("answered", "failed")


def text_of(message: Json) -> str:
    """Return all the words of a message, top to bottom."""
    return "\n".join(_words(message.get("components", []))) or str(message["content"])


def _words(components: list[Json]) -> list[str]:
    found = []
    for each in components:
        found += [each[key] for key in ("content", "label") if each.get(key)]
        found += _words(each.get("components", []))
    return found
