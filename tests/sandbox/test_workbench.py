"""The author's side of the page's API, with a host program that only notes what it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.sandbox.errors import PageError
from bot.sandbox.page_server.workbench import Belonging

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox.server import Sandbox

Json = dict[str, Any]
WRITE = {"question": "who drums", "pack": "owls", "fact": "drummer"}


class NotedWorkbench:
    """A host program's workbench without packs."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    async def look(self) -> Json:
        return {"packs": [], "asked": len(self.asked)}

    async def ask(self, question: str, pack: str | None) -> Json:
        self.asked.append((question, pack))
        return {"outcome": "unknown"}

    async def read_excerpt(self, file: str, line: int) -> Json:
        self.asked.append((file, line))
        raise PageError("There is no such file.")

    async def propose(self, belonging: Belonging) -> Json:
        self.asked.append(belonging)
        return {"text": "- who drums"}

    async def write(self, belonging: Belonging) -> Json:
        self.asked.append(belonging)
        return {"name": "owls.questions.yaml"}


@pytest.fixture
def bench(sandbox: Sandbox) -> NotedWorkbench:
    bench = NotedWorkbench()
    sandbox.workbench.put(bench)
    return bench


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def post(
    session: aiohttp.ClientSession, url: str, body: object, **headers: str
) -> tuple[int, Json]:
    async with session.post(url, json=body, headers=headers) as response:
        return response.status, await response.json()


async def get(session: aiohttp.ClientSession, url: str) -> tuple[int, Json]:
    async with session.get(url) as response:
        return response.status, await response.json()


async def test_without_a_workbench_the_page_has_no_panel_for_it(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    status, told = await get(session, f"{sandbox.page_url}api/workbench")
    assert (status, told["message"]) == (404, "There is no workbench here.")
    assert (await get(session, f"{sandbox.page_url}api/state"))[1]["workbench"] is False


async def test_a_workbench_that_is_put_in_is_told_to_the_pages(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    feed = sandbox.container.feed.listen(0)
    sandbox.workbench.put(NotedWorkbench())
    assert await anext(feed) == (1, {"type": "workbench"})
    assert (await get(session, f"{sandbox.page_url}api/state"))[1]["workbench"] is True
    assert (await get(session, f"{sandbox.page_url}api/workbench"))[0] == 200
    await feed.aclose()  # type: ignore[attr-defined]  # it is a generator


async def test_questions_and_belongings_reach_the_host_program(
    sandbox: Sandbox, session: aiohttp.ClientSession, bench: NotedWorkbench
) -> None:
    url = f"{sandbox.page_url}api/workbench"
    assert await post(session, f"{url}/ask", {"question": " who? "}) == (
        200,
        {"outcome": "unknown"},
    )
    nothing = WRITE | {"fact": None}
    assert (await post(session, f"{url}/propose", nothing))[1] == {"text": "- who drums"}
    near = nothing | {"near": "drummer"}
    assert (await post(session, f"{url}/propose", near))[0] == 200
    assert (await get(session, f"{url}/excerpt?file=x&line=3"))[1]["message"] == (
        "There is no such file."
    )
    assert bench.asked == [
        ("who?", None),
        Belonging("who drums", "owls", None),
        Belonging("who drums", "owls", None, "drummer"),
        ("x", 3),
    ]


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("ask", {"question": "  "}, "Type a question first."),
        ("ask", {"question": "x" * 1_001}, "A question has 1,000 characters at most."),
        ("ask", {"question": "who \ud800"}, "The question holds half a character"),
        ("propose", WRITE | {"question": "\udc00 who"}, "The question holds half a character"),
        ("propose", {"question": "x", "fact": "y"}, "Name the pack, and the fact that answers"),
        # A key that is forgotten must not turn a question into one that nothing answers.
        ("propose", {"question": "x", "pack": "y"}, "Name the pack, and the fact that answers"),
    ],
)
async def test_a_body_that_lacks_something_is_told(  # noqa: PLR0913, PLR0917  # a case each
    sandbox: Sandbox,
    session: aiohttp.ClientSession,
    bench: NotedWorkbench,
    path: str,
    body: Json,
    told: str,
) -> None:
    status, answer = await post(session, f"{sandbox.page_url}api/workbench/{path}", body)
    assert status == 400
    assert answer["message"].startswith(told)
    assert bench.asked == []


@pytest.mark.parametrize(
    "headers",
    [
        {},  # as programs send it, and no browser
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "OWN", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "OWN", "Sec-Fetch-Site": "same-site"},
        {"Origin": "OTHER NAME"},
    ],
)
async def test_only_the_pages_own_scripts_may_write(
    sandbox: Sandbox,
    session: aiohttp.ClientSession,
    bench: NotedWorkbench,
    headers: dict[str, str],
) -> None:
    named = {"OWN": sandbox.origin, "OTHER NAME": sandbox.origin.replace("127.0.0.1", "localhost")}
    sent = {name: named.get(value, value) for name, value in headers.items()}
    status, _ = await post(session, f"{sandbox.page_url}api/workbench/write", WRITE, **sent)
    assert status == 403
    assert bench.asked == []


async def test_the_page_itself_may_write(
    sandbox: Sandbox, session: aiohttp.ClientSession, bench: NotedWorkbench
) -> None:
    own = {"Origin": sandbox.origin, "Sec-Fetch-Site": "same-origin"}
    url = f"{sandbox.page_url}api/workbench/write"
    assert await post(session, url, WRITE, **own) == (200, {"name": "owls.questions.yaml"})
    async with session.post(url, data="{}", headers=own) as response:
        assert response.status == 400  # a form of another page could send this
    wrong = url.replace("/page/", "/page/x")
    assert (await post(session, wrong, WRITE, **own))[0] == 404
    assert bench.asked == [Belonging("who drums", "owls", "drummer")]
