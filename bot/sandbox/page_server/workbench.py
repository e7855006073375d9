"""The author's side of the page's API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.sandbox.errors import PageError
from bot.sandbox.page_server.api import NOT_FOUND, json_answer
from bot.sandbox.wire import reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp import web

    from bot.sandbox.page_server.api import PageRequest
    from bot.sandbox.page_server.feed import Feed
    from bot.sandbox.wire import Json

FORBIDDEN = 403
MOST_QUESTION = 1_000


@dataclass(frozen=True, slots=True)
class Belonging:
    """A question with the fact that it belongs to, or none."""

    question: str
    pack: str
    fact: str | None
    near: str | None = None
    """Of one that no fact answers, the fact that must not be taken for its answer, if any."""


class Workbench(Protocol):
    """The host program's packs, as authors see them.

    Each method returns JSON and raises PageError.
    """

    async def look(self) -> Json:
        """Return the packs with their entries, faults and advice."""
        ...

    async def ask(self, question: str, pack: str | None) -> Json:
        """Try a question in all packs, or in one."""
        ...

    async def read_excerpt(self, file: str, line: int) -> Json:
        """Return the lines around a line of a file."""
        ...

    async def propose(self, belonging: Belonging) -> Json:
        """Return the lines that make a question belong there."""
        ...

    async def write(self, belonging: Belonging) -> Json:
        """Write a question where it belongs, and return the file."""
        ...


class WorkbenchSlot:
    """The place for the host program's workbench, empty at first."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self.current: Workbench | None = None

    def put(self, workbench: Workbench) -> None:
        """Give the pages an author's panel."""
        self.current = workbench
        self.tell()

    def tell(self) -> None:
        """Tell the pages that there is something new to look at."""
        self._feed.publish({"type": "workbench"})


class WorkbenchApi:
    """Everything below `/page/TOKEN/api/workbench`."""

    def __init__(self, slot: WorkbenchSlot) -> None:
        self._slot = slot

    @property
    def _workbench(self) -> Workbench:
        if self._slot.current is None:
            raise PageError("There is no workbench here.", status=NOT_FOUND)
        return self._slot.current

    def add_to(self, router: web.UrlDispatcher, base: str, token: str) -> None:
        """Register the routes below a base address that holds `{token}`."""
        at = f"{base}/api/workbench"
        router.add_route("GET", at, json_answer(self.look, token))
        router.add_route("GET", f"{at}/excerpt", json_answer(self.read_excerpt, token))
        router.add_route("POST", f"{at}/ask", json_answer(self.ask, token))
        router.add_route("POST", f"{at}/propose", json_answer(self.propose, token))
        router.add_route("POST", f"{at}/write", from_own_page(json_answer(self.write, token)))

    async def look(self, _page_request: PageRequest) -> Json:
        """Return the packs with their entries, faults and advice."""
        return await self._workbench.look()

    async def read_excerpt(self, page_request: PageRequest) -> Json:
        """Return the lines around a line of a pack's file."""
        file, line = page_request.text("file") or "", page_request.number("line", 1)
        return await self._workbench.read_excerpt(file, line)

    async def ask(self, page_request: PageRequest) -> Json:
        """Try a question."""
        return await self._workbench.ask(_question(page_request), page_request.text("pack"))

    async def propose(self, page_request: PageRequest) -> Json:
        """Return the lines that make a question belong somewhere."""
        return await self._workbench.propose(_belonging(page_request))

    async def write(self, page_request: PageRequest) -> Json:
        """Write a question where it belongs."""
        return await self._workbench.write(_belonging(page_request))


def from_own_page(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Wrap a handler for the page's own scripts alone.

    Elsewhere a request without an Origin passes, as programs send it. What writes files wants the
    one that a browser adds, and that no page can forge.
    """

    async def checked(request: web.Request) -> web.StreamResponse:
        is_own = request.headers.get("Origin") == f"http://{request.host}"
        # A browser adds this one too, and says of whose page a request is.
        if not is_own or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            told = "Only this server’s own page may write into packs."
            return reply({"message": told, "faults": []}, FORBIDDEN)
        return await handler(request)

    return checked


def _question(page_request: PageRequest) -> str:
    question = (page_request.text("question") or "").strip()
    if not question:
        raise PageError("Type a question first.")
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise PageError("The question holds half a character: type it anew.")
    if len(question) > MOST_QUESTION:
        raise PageError(f"A question has {MOST_QUESTION:,} characters at most.")
    return question


def _belonging(page_request: PageRequest) -> Belonging:
    pack, fact = page_request.text("pack"), page_request.text("fact")
    if not pack or "fact" not in page_request.body:
        raise PageError("Name the pack, and the fact that answers the question, or null.")
    near = page_request.text("near") if fact is None else None
    return Belonging(_question(page_request), pack, fact, near)
