"""The page's own API; its contract stands in docs/sandbox.md."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.errors import PageError
from bot.sandbox.interactions.command_definitions import in_language, names_given
from bot.sandbox.page_server.view import state_json
from bot.sandbox.wire import Json, dumps, is_id, reply, timestamp

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.container import Container
    from bot.sandbox.interactions.actions import Actions
    from bot.sandbox.interactions.actor_context import ActorContext
    from bot.sandbox.page_server.feed import Notices, Welcome
    from bot.sandbox.world.model import Channel, User

MOST_MESSAGES = 100
MOST_LOG = 1_000
MOST_NONCE = 64
NOT_FOUND = 404
KEEP_ALIVE_SECONDS = 15.0
_LOCALE = re.compile(r"[a-z]{2}(-[A-Z0-9]{2,3})?")
_DROPS = ("close", "reconnect", "invalid_session")


class PageApi:
    """Everything below `/page/TOKEN/api/`."""

    def __init__(  # noqa: PLR0913, PLR0917  # the parts of a sandbox
        self,
        container: Container,
        actions: Actions,
        notices: Notices,
        welcome: Welcome,
        move_clock: Callable[[float], Awaitable[None]] | None,
        has_workbench: Callable[[], bool],
    ) -> None:
        self._container = container
        self._actions = actions
        self._notices = notices
        self._welcome = welcome
        self._move_clock = move_clock
        self._has_workbench = has_workbench

    def add_to(self, router: web.UrlDispatcher, base: str, token: str) -> None:
        """Register the routes below a base address that holds `{token}`."""
        for method, path, handler in (
            ("GET", "state", self.get_state),
            ("GET", "commands", self.list_commands),
            ("GET", "log", self.list_log_entries),
            ("POST", "command", self.use_command),
            ("POST", "autocomplete", self.complete_option),
            ("POST", "component", self.press_component),
            ("POST", "modal", self.submit_modal),
            ("POST", "dismiss", self.dismiss_message),
            ("POST", "message", self.write_message),
            ("POST", "edit", self.edit_message),
            ("POST", "delete", self.delete_message),
            ("POST", "gateway/drop", self.drop_gateway),
            ("POST", "clock", self.move_clock),
            ("PUT", "language", self.change_language),
            ("PUT", "ratelimits", self.switch_rate_limits),
            ("PUT", "faults", self.replace_faults),
        ):
            router.add_route(method, f"{base}/api/{path}", json_answer(handler, token))
        messages = json_answer(self.list_messages, token)
        router.add_route("GET", f"{base}/api/channels/{{channel}}/messages", messages)
        router.add_route("GET", f"{base}/api/events", guarded(self.stream_events, token))
        router.add_route("*", f"{base}/api/{{rest:.*}}", json_answer(_nothing, token))

    async def get_state(self, page_request: PageRequest) -> Json:
        """Return the world as the person sees it."""
        state = state_json(self._container, self._user(page_request))
        movable = {"clock": {"movable": self._move_clock is not None}}
        told = {"notices": self._notices.shown(), "welcome": self._welcome.shown()}
        return state | movable | told | {"workbench": self._has_workbench()}

    async def list_commands(self, page_request: PageRequest) -> Json:
        """List the commands offered in a channel, in the person's language."""
        actor_context = self._actor_context(page_request)
        offered = self._container.commands.offered(actor_context)
        locale = actor_context.user.locale
        return {"commands": [in_language(command, locale) for command in offered]}

    async def list_messages(self, page_request: PageRequest) -> Json:
        """List the messages of a channel."""
        actor_context = self._actor_context(page_request)
        limit = min(page_request.number("limit", 50), MOST_MESSAGES)
        before = page_request.number("before", 2**63)
        seen = self._container.messages.newest(
            actor_context.channel.id,
            limit,
            lambda each: each.visible_to in (None, actor_context.user.id) and each.id < before,
        )
        return {"messages": [self._container.payloads.json(each) for each in reversed(seen)]}

    async def list_log_entries(self, page_request: PageRequest) -> Json:
        """List the latest requests and gateway frames."""
        limit = min(page_request.number("limit", 200), MOST_LOG)
        journal = self._container.journal
        if page_request.text("after") is None:
            return {"entries": journal.newest(limit)}
        return {"entries": journal.after(page_request.number("after"), limit)}

    async def use_command(self, page_request: PageRequest) -> Json:
        """Use a command as the person."""
        interaction = self._actions.use(
            self._actor_context(page_request),
            page_request.number("command"),
            self._options(page_request),
            target=page_request.number("target") or None,
            nonce=page_request.nonce(),
        )
        return {"interaction_id": str(interaction.id)}

    async def complete_option(self, page_request: PageRequest) -> Json:
        """Ask the bot to complete an option."""
        focused = page_request.text("focused") or ""
        interaction = self._actions.complete(
            self._actor_context(page_request),
            page_request.number("command"),
            self._options(page_request),
            self._given_names(page_request).get(focused, focused),
        )
        await interaction.until(lambda: interaction.state != "sent")
        failed = interaction.state == "failed"
        return {"choices": interaction.choices or [], "failed": failed}

    async def press_component(self, page_request: PageRequest) -> Json:
        """Press a button or choose in a select."""
        actor_context = self._actor_context(page_request)
        message = self._actions.message(actor_context, page_request.number("message"))
        values = page_request.body.get("values")
        interaction = self._actions.press(
            actor_context,
            message,
            page_request.text("custom_id") or "",
            values=[str(each) for each in values] if isinstance(values, list) else None,
            nonce=page_request.nonce(),
        )
        return {"interaction_id": str(interaction.id)}

    async def submit_modal(self, page_request: PageRequest) -> Json:
        """Submit a form."""
        opened = self._container.interactions.get(page_request.number("interaction"))
        if opened is None:
            raise PageError("There is no such form open.", status=NOT_FOUND)
        values = page_request.body.get("values")
        interaction = self._actions.submit(
            self._user(page_request),
            opened,
            values if isinstance(values, dict) else {},
            nonce=page_request.nonce(),
        )
        return {"interaction_id": str(interaction.id)}

    async def dismiss_message(self, page_request: PageRequest) -> Json:
        """Dismiss a message that only the person sees."""
        actor_context = self._actor_context(page_request)
        message = self._actions.message(actor_context, page_request.number("message"))
        self._actions.dismiss(actor_context.user, message)
        return {}

    async def write_message(self, page_request: PageRequest) -> Json:
        """Write a message as the person, in reply to another if one is named."""
        message = self._actions.write(
            self._actor_context(page_request),
            page_request.text("content") or "",
            reply_to=page_request.number("reply_to") or None,
            nonce=page_request.nonce(),
        )
        return {"message": self._container.payloads.json(message)}

    async def edit_message(self, page_request: PageRequest) -> Json:
        """Put other words into a message of the person's own."""
        actor_context = self._actor_context(page_request)
        message = self._actions.message(actor_context, page_request.number("message"))
        content = page_request.text("content") or ""
        edited = self._actions.edit(actor_context, message, content)
        return {"message": self._container.payloads.json(edited)}

    async def delete_message(self, page_request: PageRequest) -> Json:
        """Delete a message of the person's own."""
        actor_context = self._actor_context(page_request)
        message = self._actions.message(actor_context, page_request.number("message"))
        self._actions.delete(actor_context, message)
        return {}

    async def drop_gateway(self, page_request: PageRequest) -> Json:
        """Drop the gateway connections."""
        how = page_request.text("how") or "close"
        if how not in _DROPS:
            raise PageError(f"'how' is one of: {', '.join(_DROPS)}.")
        return {"dropped": self._container.gateway.drop(how)}

    async def move_clock(self, page_request: PageRequest) -> Json:
        """Move the clock forward."""
        if self._move_clock is None:
            raise PageError("The clock of this sandbox cannot be moved.")
        try:
            if (to := page_request.text("to")) is not None:
                moment = datetime.fromisoformat(to)
                if moment.tzinfo is None:
                    raise PageError("'to' needs an offset, such as +00:00.")
                seconds = moment.timestamp() - self._container.clock.time()
            else:
                seconds = float(page_request.text("advance") or 0)
        except ValueError as error:
            raise PageError("'advance' is seconds, 'to' a time in ISO 8601.") from error
        if seconds < 0:  # timers and leases of the bot have already ended by this clock
            raise PageError("The clock moves forward only.")
        await self._move_clock(seconds)
        now = {"now": timestamp(self._container.clock.time())}
        self._container.feed.publish({"type": "clock"} | now)
        return now

    async def change_language(self, page_request: PageRequest) -> Json:
        """Set the language of a person's Discord."""
        locale = page_request.text("locale") or ""
        if not _LOCALE.fullmatch(locale):
            raise PageError("'locale' is a language as Discord names it, such as pt-BR.")
        user = self._container.world.change_locale(self._user(page_request).id, locale)
        return {"locale": user.locale}

    async def switch_rate_limits(self, page_request: PageRequest) -> Json:
        """Switch the rate limits on or off."""
        enabled = {"enabled": bool(page_request.body.get("enabled"))}
        self._container.ratelimits.switch(**enabled)
        self._container.feed.publish({"type": "ratelimits"} | enabled)
        return enabled

    async def replace_faults(self, page_request: PageRequest) -> Json:
        """Replace the scripted faults."""
        wanted = page_request.body.get("faults")
        if not isinstance(wanted, list):
            raise PageError("'faults' is a list.")
        self._container.faults.replace(wanted)
        return {"faults": [each.json() for each in self._container.faults.active()]}

    async def stream_events(self, request: web.Request) -> web.StreamResponse:
        """Stream events until the page goes away."""
        last = request.headers.get("Last-Event-ID") or request.query.get("after") or ""
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        await response.write(b": connected\n\n")
        beating = asyncio.ensure_future(_beat(response))
        try:
            async for number, event in self._container.feed.listen(
                int(last) if is_id(last) else None
            ):
                await response.write(f"id: {number}\ndata: {dumps(event)}\n\n".encode())
        except ConnectionError:
            pass  # the page went away, which is how a stream ends
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
        return response

    def _options(self, page_request: PageRequest) -> list[Json]:
        """Return the options given, under the names that the bot gave them."""
        options = page_request.body.get("options") or []
        if not isinstance(options, list) or not all(isinstance(each, dict) for each in options):
            raise PageError("'options' is a list of objects.")
        return _renamed(options, self._given_names(page_request))

    def _given_names(self, page_request: PageRequest) -> dict[str, str]:
        """Map the names in the person's language to those that the bot gave."""
        command = self._container.commands.find(page_request.number("command"))
        return {} if command is None else names_given(command, self._user(page_request).locale)

    def _user(self, page_request: PageRequest) -> User:
        wanted = page_request.text("as")
        world = self._container.world
        actors = {each.key: each.user_id for each in world.actors}
        if wanted is None:
            return world.users[next(iter(actors.values()))]
        user_id = actors.get(wanted, int(wanted) if is_id(wanted) else 0)
        user = world.users.get(user_id)
        if user is None or user.bot:
            raise PageError(f"There is nobody called {wanted!r}.", status=NOT_FOUND)
        return user

    def _actor_context(self, page_request: PageRequest) -> ActorContext:
        channel: Channel | None = self._container.world.channel(page_request.number("channel"))
        if channel is None:
            raise PageError("There is no such channel.", status=NOT_FOUND)
        return self._actions.stand(self._user(page_request), channel)


def _renamed(options: list[Json], given: dict[str, str]) -> list[Json]:
    return [
        option
        | ({"name": given.get(str(option["name"]), option["name"])} if "name" in option else {})
        | (
            {"options": _renamed(option["options"], given)}
            if isinstance(option.get("options"), list)
            else {}
        )
        for option in options
    ]


async def _nothing(_page_request: PageRequest) -> Json:
    raise PageError("There is nothing here.", status=NOT_FOUND)


async def _beat(response: web.StreamResponse) -> None:
    """Write a comment now and then, so that a page that went away is noticed."""
    while True:
        await asyncio.sleep(KEEP_ALIVE_SECONDS)
        await response.write(b": still here\n\n")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One request of the page: its query and its body."""

    query: dict[str, str]
    body: Json

    @classmethod
    async def read(cls, request: web.Request) -> PageRequest:
        """Read a request's query, the names in its path, and its body.

        Raises:
            PageError: The body is not a JSON object.
        """
        query = dict(request.query) | {
            key: value for key, value in request.match_info.items() if key != "token"
        }
        if not request.can_read_body:
            return cls(query, {})
        # A foreign site can post a form without being asked, but not JSON: the browser would send
        # a preflight request first, and nothing here answers one.
        if request.content_type != "application/json":
            raise PageError("The body is not application/json.")
        try:
            body: Any = json.loads(await request.read())
        except ValueError as error:
            raise PageError("The body is not JSON.") from error
        if not isinstance(body, dict):
            raise PageError("The body is not a JSON object.")
        return cls(query, body)

    def text(self, name: str) -> str | None:
        """Return a string of the body or the query."""
        value = self.body.get(name, self.query.get(name))
        return None if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """Return a whole number, an id for instance.

        Raises:
            PageError: It is none.
        """
        value = self.text(name)
        if value is None:
            return default
        if not is_id(value):
            raise PageError(f"{name!r} is not a number.")
        return int(value)

    def nonce(self) -> str | None:
        """Return the page's own id for its action."""
        nonce = self.text("nonce")
        return nonce[:MOST_NONCE] if nonce else None


def guarded(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]], token: str
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Wrap a handler so that it answers 404 without the token."""

    async def checked(request: web.Request) -> web.StreamResponse:
        if not hmac.compare_digest(request.match_info["token"].encode(), token.encode()):
            return reply({"message": "There is nothing here.", "faults": []}, NOT_FOUND)
        return await handler(request)

    return checked


def json_answer(
    handler: Callable[[PageRequest], Awaitable[Json]], token: str
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Return a handler that reads and answers JSON."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return reply(await handler(await PageRequest.read(request)))
        except PageError as error:
            return reply(error.body(), error.status)

    return guarded(answer, token)
