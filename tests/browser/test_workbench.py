"""A real `linernotes facts workbench` on a pack with a mistake, used by its author in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import expect

from bot.packs.loader import load_pack
from tests.browser.visitor import DESKTOP, PHONE, Look, Visitor
from tests.evaluation.test_questionnaire import PACK
from tests.support.demo import demo
from tests.support.waiting import patience, until

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from playwright.async_api import Browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,  # a process of its own, which compiles and judges packs
    pytest.mark.asyncio(loop_scope="session"),
]

LOOKS = [
    pytest.param(Look(scheme, each.width, each.height), id=f"{scheme} {each.width}")
    for scheme in ("dark", "light")
    for each in (DESKTOP, PHONE)
]
QUESTION = "so who pounds on those drums"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("packs") / "owls.yaml"
    path.write_text(PACK.replace("kind: band", "kind: bnad"), encoding="utf-8")
    return path


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def running(
    tmp_path_factory: pytest.TempPathFactory, pack: Path
) -> AsyncIterator[tuple[Process, str]]:
    """Start it once for all tests here; the first of them mends the pack."""
    data = tmp_path_factory.mktemp("data")
    async with demo(data, pack, command=("facts", "workbench")) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def visit(
    browser: Browser, running: tuple[Process, str]
) -> AsyncIterator[Callable[[Look], Awaitable[Visitor]]]:
    """Open the page as the author; what the browser complained of fails the test at its end."""
    visitors: list[Visitor] = []

    async def open_page(look: Look) -> Visitor:
        visitors.append(await Visitor.arrive(browser, running[1], "fan", look))
        return visitors[-1]

    yield open_page
    complaints = [each for visitor in visitors for each in visitor.complaints]
    for visitor in visitors:
        await visitor.leave()
    assert complaints == []


async def test_an_author_mends_a_fault_tries_a_question_and_writes_it_by_keyboard(
    visit: Callable[[Look], Awaitable[Visitor]], running: tuple[Process, str], pack: Path
) -> None:
    author = await visit(DESKTOP)
    page = author.page
    await expect(page.get_by_role("tab", name="Workbench")).to_have_attribute(
        "aria-selected", "true"
    )
    fault = page.locator(".bench-faults > li")
    await expect(fault).to_have_count(1)
    await expect(fault).to_contain_text("'kind' is the text 'bnad'")
    line = PACK[: PACK.index("kind: band")].count("\n") + 1
    await page.get_by_role("button", name=f"Show owls.yaml, line {line}").focus()
    await author.press("Enter")
    await expect(page.locator(".excerpt-line[aria-current]")).to_contain_text("kind: bnad")
    await author.press("Escape")
    assert await author.focus() == f"Show owls.yaml, line {line}"

    pack.write_text(PACK, encoding="utf-8")
    await expect(page.locator(".bench-state")).to_have_text("There is no fault, but some advice.")
    await page.get_by_label("Try a question", exact=True).last.focus()
    await author.type(QUESTION)
    await author.press("Enter")
    await expect(page.locator(".candidate")).not_to_have_count(0)
    await expect(page.locator(".understood")).to_contain_text("who")
    await page.get_by_role("button", name="It belongs to drummer").focus()
    await author.press("Enter")
    await expect(author.dialog).to_contain_text(f"“{QUESTION}” becomes a way of asking for drummer")
    await expect(author.dialog.get_by_role("group", name="Lines")).to_contain_text(QUESTION)
    sidecar = pack.with_name("owls.questions.yaml")
    assert not sidecar.exists()
    await author.press("Enter")  # on the button that writes it, which has the focus
    await until(sidecar.exists)
    assert load_pack(pack).facts[1].questions[-1] == QUESTION
    await expect(page.locator(".verdict")).to_contain_text(
        "Answered: Mika plays the drums in the Night Owls."
    )
    await expect(page.locator(".verdict")).to_contain_text(
        "It is a way of asking “drummer”, word for word."
    )
    assert await author.focus() == "It belongs to drummer"
    assert await _terminal_tells(running[0]) == [
        "The packs have faults, and none is there to answer until they are mended:",
        "The packs were read anew. They answer now.",
        "The packs were read anew. They answer now.",
    ]


async def _terminal_tells(process: Process) -> list[str]:
    """Return what was told with its time until the packs were read twice."""
    assert process.stderr is not None
    told: list[str] = []
    async with patience():
        while sum("read anew" in each for each in told) < 2:
            line = (await process.stderr.readline()).decode()
            if line[2:3] == line[5:6] == ":":
                told.append(line[9:].strip())
    return told


async def test_a_question_that_nothing_answers_is_kept_from_the_fact_that_came_first(
    visit: Callable[[Look], Awaitable[Visitor]], pack: Path
) -> None:
    author = await visit(PHONE)
    await author.page.get_by_label("Try a question", exact=True).last.fill("how old is the barn")
    await author.click("Try it")
    await author.click("Nothing answers this")
    await expect(author.dialog).to_contain_text("goes under unanswered of barn")
    assert await author.overflowing("dialog *") == []
    await author.click("Write it into owls.questions.yaml")
    await expect(author.dialog).to_have_count(0)
    assert load_pack(pack).facts[0].unanswered == ("how old is the barn",)
    await author.click("Close Backstage")
    await expect(author.box).to_be_visible()


async def test_the_tabs_go_round_by_arrows_and_come_back_with_the_page(
    visit: Callable[[Look], Awaitable[Visitor]], running: tuple[Process, str]
) -> None:
    author = await visit(DESKTOP)
    await author.page.get_by_role("tab", name="Workbench").focus()
    await author.press("ArrowRight")
    assert await author.focus() == "Log"
    await author.press("ArrowLeft", "ArrowLeft")
    assert await author.focus() == "Controls"
    await author.page.goto(running[1].partition("#")[0])
    await expect(author.page.get_by_role("tab", name="Controls")).to_have_attribute(
        "aria-selected", "true"
    )


@pytest.mark.parametrize("look", LOOKS)
async def test_all_of_it_fits_and_axe_has_no_remark(
    visit: Callable[[Look], Awaitable[Visitor]], pack: Path, look: Look
) -> None:
    pack.write_text(PACK, encoding="utf-8")
    author = await visit(look)
    page = author.page
    await page.get_by_label("Try a question", exact=True).last.fill("who drums in that barn")
    await author.click("Try it")
    await page.locator(".verdict").wait_for()
    for kind in ("Faults", "Advice", "Entries"):
        await page.get_by_role("button", name=kind).click()
        assert await author.overflowing("#panel *") == []
        assert await author.findings() == []
    await page.locator(".bench-subject > summary").click()
    await page.locator(".bench-asked > summary").first.click()
    assert await author.findings() == []
    await page.get_by_role("button", name="It belongs to").first.click()
    await author.dialog.get_by_text("By hand").wait_for()
    assert await author.overflowing("dialog *") == []
    assert await author.findings() == []
    await author.press("Escape")
    await page.locator(".candidate .place").first.click()
    await page.locator(".excerpt").wait_for()
    assert await author.findings() == []
