"""The author's panel with several packs, which have facts of the same names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from bot.sandbox.page_server.workbench import Belonging
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import small_world
from tests.browser.visitor import DESKTOP, PHONE, Look, Visitor
from tests.sandbox.test_workbench import NotedWorkbench

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Json = dict[str, Any]
PLACE = {"file": "/owls.yaml", "line": 1}
CANDIDATE = {
    "fact": "fact-1",
    "statement": "Mika plays the drums.",
    "confidence": 0.5,
    "nearest": "",
    "similarity": 0,
    "remarks": [],
    "place": None,
}


class TwoPacks(NotedWorkbench):
    """Two packs with twenty facts each, of the same ids and words."""

    async def look(self) -> Json:
        def pack(name: str, title: str) -> Json:
            entries: list[Json] = [
                {
                    "kind": "fact",
                    "id": f"fact-{number}",
                    "text": f"Mika plays drum {number}.",
                    "withdrawn": None,
                    "place": PLACE,
                    "asked": [],
                }
                for number in range(20)
            ]
            subjects = [{"id": "mika", "name": "Mika", "entries": entries}]
            return {
                "id": name,
                "title": title,
                "file": PLACE["file"],
                "refusal": "",
                "subjects": subjects,
            }

        return {
            "is_checked": True,
            "is_current": True,
            "failure": "",
            "files": {},
            "packs": [pack("larks", "Larks, 1998"), pack("owls", "Owls, 1999")],
            "faults": [],
            "advice": [],
        }

    async def ask(self, question: str, pack: str | None) -> Json:
        self.asked.append((question, pack))
        understood: Json = {"kinds": [], "names": [], "words": [], "asks_for": []}
        candidates = [CANDIDATE | {"pack": each} for each in ("larks", "owls")]
        told = {"outcome": "unknown", "text": "The notes don’t say.", "reasons": []}
        return told | {"understood": understood, "candidates": candidates}

    async def propose(self, belonging: Belonging) -> Json:
        self.asked.append(belonging)
        sidecar = {"path": "/owls.questions.yaml", "name": f"{belonging.pack}.questions.yaml"}
        told = {"text": "- who", "where": "Paste it.", "place": PLACE}
        return told | {"sidecar": sidecar, "refusal": "", "objection": ""}


@pytest_asyncio.fixture(loop_scope="session")
async def bench() -> AsyncIterator[tuple[TwoPacks, str]]:
    sandbox = Sandbox(small_world())
    await sandbox.start()
    bench = TwoPacks()
    sandbox.workbench.put(bench)
    yield bench, sandbox.page_url
    await sandbox.close()


async def arrive(browser: Browser, url: str, look: Look = DESKTOP) -> Visitor:
    author = await Visitor.arrive(browser, f"{url}#panel=workbench", "fan", look)
    await author.page.get_by_label("Try a question", exact=True).last.fill("who drums")
    await author.click("Try it")
    await author.page.locator(".candidate").first.wait_for()
    return author


async def test_with_several_packs_it_is_asked_in_which_nothing_answers(
    browser: Browser, bench: tuple[TwoPacks, str]
) -> None:
    noted, url = bench
    author = await arrive(browser, url, PHONE)
    await expect(author.page.get_by_role("button", name="It belongs to fact-1 in ")).to_have_count(
        2
    )
    assert await author.overflowing("#panel *") == []

    await author.click("Nothing answers this")
    await expect(author.dialog).to_contain_text("Which pack is to know that nothing answers it?")
    assert await author.findings() == []
    await author.type("owls")
    await author.press("Enter")
    await expect(author.dialog).to_contain_text("Write it into owls.questions.yaml")
    assert noted.asked[-1] == Belonging("who drums", "owls", None, "fact-1")
    await author.press("Escape")

    await author.page.get_by_label("Packs to ask").select_option("larks")
    await author.click("Nothing answers this")
    await expect(author.dialog).to_contain_text("Write it into larks.questions.yaml")
    assert author.complaints == []
    await author.leave()


async def test_a_fact_to_choose_stands_under_its_pack_and_more_of_them_are_told(
    browser: Browser, bench: tuple[TwoPacks, str]
) -> None:
    noted, url = bench
    author = await arrive(browser, url)
    await author.click("To another fact …")
    await expect(author.dialog.get_by_role("group")).to_have_count(2)
    await expect(author.dialog.get_by_role("status")).to_have_text(
        "The first 30 of 40 are shown: type a word of the one you mean."
    )
    assert await author.findings() == []
    await author.type("owls fact-7")
    await expect(author.dialog.get_by_role("status")).to_have_text("")
    await expect(author.dialog.get_by_role("option")).to_have_count(1)
    await author.press("Enter")
    await expect(author.dialog).to_contain_text("By hand")
    assert noted.asked[-1] == Belonging("who drums", "owls", "fact-7")
    assert author.complaints == []
    await author.leave()


async def test_a_question_that_is_too_long_is_told_and_not_cut(
    browser: Browser, bench: tuple[TwoPacks, str]
) -> None:
    noted, url = bench
    author = await arrive(browser, url)
    box = author.page.get_by_label("Try a question", exact=True).last
    told = author.page.get_by_role("alert").filter(has_text="characters")
    await box.fill("x" * 6_000)
    await expect(told).to_have_text(
        "This has 6,000 characters, and a question 300 at most. Shorten it."
    )
    await author.press("Enter")
    assert noted.asked == [("who drums", None)]
    await box.fill("x" * 300)
    await expect(told).to_have_count(0)
    assert author.complaints == []
    await author.leave()
