"""Somebody in front of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from axe_playwright_python.async_playwright import (  # type: ignore[import-untyped]  # no types
    Axe,
)

from tests.support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page

PATIENCE_MS = PATIENCE_S * 1000


@dataclass(frozen=True, slots=True)
class Look:
    """The screen that the page is looked at on."""

    scheme: Literal["dark", "light"] = "dark"
    width: int = 1280
    height: int = 800


DESKTOP = Look()
PHONE = Look(width=390, height=844)


class Visitor:
    """Drives the page by keyboard and mouse, and reads what it shows.

    Attributes:
        complaints: Errors of the page and of the browser's console, broken promises of the
            Content-Security-Policy among them.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self._heard(line.type, line.text))

    @classmethod
    async def arrive(cls, browser: Browser, address: str, who: str, look: Look) -> Visitor:
        """Open the page as an actor and wait until it can be used."""
        context = await browser.new_context(
            color_scheme=look.scheme,
            viewport={"width": look.width, "height": look.height},
            locale="en-GB",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
        )
        visitor = cls(await context.new_page())
        panel = "" if "#" not in address else f"&{address.partition('#')[2]}"
        await visitor.page.goto(f"{address.partition('#')[0]}#as={who}{panel}")
        await visitor.page.wait_for_selector("html[data-ready]")
        return visitor

    async def leave(self) -> None:
        """Close the window."""
        await self.page.context.close()

    @property
    def box(self) -> Locator:
        """Return the box to write in."""
        return self.page.locator("#message")

    @property
    def messages(self) -> Locator:
        """Return the messages on screen, oldest first."""
        return self.page.locator(".messages > li.message")

    @property
    def newest(self) -> Locator:
        """Return the newest message."""
        return self.messages.last

    @property
    def dialog(self) -> Locator:
        """Return the window over the page."""
        return self.page.get_by_role("dialog")

    @property
    def options(self) -> Locator:
        """Return the rows of the list that is open."""
        return self.page.get_by_role("option").filter(visible=True)

    async def write(self, words: str) -> None:
        """Type into the box, without Enter."""
        await self.box.focus()
        await self.page.keyboard.type(words)

    async def type(self, words: str) -> None:
        """Type where the focus is."""
        await self.page.keyboard.type(words)

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def command(self, line: str) -> None:
        """Type a whole command and send it: `/ask Why?`."""
        await self.write(f"{line} " if " " not in line else line)
        await self.page.locator(".command-name").wait_for()
        await self.press("Enter")

    async def click(self, name: str) -> None:
        """Press the newest button of that name."""
        await self.page.get_by_role("button", name=name, exact=True).last.click()

    async def sees(self, words: str) -> None:
        """Wait until the newest message reads so."""
        await self.newest.get_by_text(words, exact=False).first.wait_for()

    async def focus(self) -> str:
        """Return how a screen reader would call what has the focus."""
        name: str = await self.page.evaluate(
            "() => { const e = document.activeElement;"
            " return e.getAttribute('aria-label') || e.labels?.[0]?.textContent"
            " || e.textContent.trim() || e.id; }"
        )
        return name

    async def overflowing(self, places: str = ".messages *, .composer *") -> list[str]:
        """Return what stands past the page's right edge: each element's name and how it begins."""
        found: list[str] = await self.page.evaluate(
            "(places) => [...document.querySelectorAll(places)]"
            ".filter((e) => e.getBoundingClientRect().right > innerWidth + 1)"
            ".map((e) => `${e.tagName}.${e.className}: ${e.textContent.slice(0, 60)}`)",
            places,
        )
        return found

    async def findings(self) -> list[str]:
        """Return what axe-core remarks, however small."""
        results = await Axe().run(self.page)
        found: list[dict[str, Any]] = results.response["violations"]
        return [
            f"{each['id']}: {node['target']} {node['failureSummary']}"
            for each in found
            for node in each["nodes"]
        ]

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and "status of 4" not in text:  # a refusal is an answer, not a fault
            self.complaints.append(text)
