"""The product itself: a real `linernotes demo`, looked at and used in a real browser."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.visitor import DESKTOP, PHONE, Look, Visitor
from tests.support.demo import demo
from tests.support.packs import LANTERN_FILE
from tests.support.waiting import patience

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from playwright.async_api import Browser

    from tests.support.stores import Stores

    Visit = Callable[..., Awaitable[Visitor]]

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LOOKS = [
    pytest.param(Look(scheme, each.width, each.height), id=f"{scheme} {each.width}")
    for scheme in ("dark", "light")
    for each in (DESKTOP, PHONE)
]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copy(LANTERN_FILE, tmp_path_factory.mktemp("packs")))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address(
    tmp_path_factory: pytest.TempPathFactory, pack: Path, stores: Stores
) -> AsyncIterator[str]:
    """Start the demo once for all tests here; what one of them says, the next finds above."""
    data = tmp_path_factory.mktemp("data")
    stores.put(data / "facts-elsewhere", pack)
    async with demo(data, "--packs", pack) as (_, address):
        yield address


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, address: str) -> AsyncIterator[Visit]:
    """Open the page as somebody; what the browser complained of fails the test at its end."""
    visitors: list[Visitor] = []

    async def open_page(who: str = "fan", look: Look = DESKTOP) -> Visitor:
        visitors.append(await Visitor.arrive(browser, address, who, look))
        return visitors[-1]

    yield open_page
    complaints = [each for visitor in visitors for each in visitor.complaints]
    for visitor in visitors:
        await visitor.leave()
    assert complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def fan(visit: Visit) -> Visitor:
    return await visit()


async def test_the_page_says_what_it_is_and_whose_questions_to_press(fan: Visitor) -> None:
    greeting = fan.page.locator(".intro")
    await expect(greeting).to_contain_text("This page stands in for Discord")
    await expect(greeting).to_contain_text("answers from one pack: “Lantern Weir")
    questions = greeting.get_by_role("list", name="Questions to press").get_by_role("button")
    await expect(questions).to_have_count(3)
    question = (await questions.first.inner_text()).removeprefix("/ask ")
    await questions.first.click()
    await expect(fan.newest.get_by_role("heading").first).to_have_text(question)
    await greeting.get_by_role("button", name="Act as Ada (admin)").click()
    await expect(fan.page.locator("#act-as")).to_contain_text("acting as admin")


async def test_a_question_is_answered_with_its_source(fan: Visitor) -> None:
    await fan.command("/ask when is the new record out")
    await fan.sees("was to come out on October 4, 2024")
    await fan.sees(
        "Petra Quayle, invented interview, The Reedbed Review, 2024. Paragraphs 1 and 5."
    )
    await expect(fan.newest.get_by_role("heading")).to_have_text("when is the new record out")
    assert await fan.focus() == "Message #general"


async def test_a_question_is_picked_from_those_on_offer(fan: Visitor) -> None:
    await fan.write("/ask who produced")
    await expect(fan.options.first).to_have_text("Who produced Slow Water Almanac?")
    await fan.press("ArrowDown", "Enter", "Enter")
    await fan.sees("Benedetta Orrow")


async def test_a_question_that_may_mean_several_is_settled_by_a_button(fan: Visitor) -> None:
    await fan.command("/ask songs on Slow Water Almanac")
    await fan.sees("I’m not sure which of these you mean:")
    await fan.click("Which languages are on Slow Water Almanac?")
    await fan.sees("Norwegian")
    await expect(fan.newest.get_by_text("I’m not sure")).to_have_count(0)


async def test_what_the_notes_do_not_say_is_not_made_up(fan: Visitor) -> None:
    await fan.command("/ask shoe size of Idris")
    await fan.sees("The notes don’t say")
    await fan.click("What the notes cover")
    await fan.sees("Choose a subject")


async def test_another_quote_takes_the_place_of_the_first(fan: Visitor) -> None:
    await fan.command("/quote")
    await fan.sees("Another")
    quote = fan.newest.get_by_role("heading")
    first = await quote.inner_text()
    another = fan.newest.get_by_role("button", name="Another")
    await another.focus()
    await fan.press("Enter")
    await expect(quote).not_to_have_text(first)
    assert await fan.focus() == "Another"


async def test_a_release_is_found_by_a_song_on_it(fan: Visitor) -> None:
    await fan.write("/release ")
    await fan.type("title")
    await fan.press("Enter")
    await fan.type("tide")
    await expect(fan.options).to_have_text(["Tide Table"])
    await fan.press("ArrowDown", "Enter", "Enter")
    await expect(fan.newest.get_by_role("heading").first).to_have_text("Slow Water Almanac")
    await fan.sees("1,500 copies")


async def test_topics_lead_to_a_subject_a_question_and_back(fan: Visitor) -> None:
    await fan.command("/topics")
    await fan.sees("Only you can see this")
    await fan.newest.get_by_role("combobox").click()
    await fan.options.filter(has_text="Joss Wendle").click()
    await fan.newest.get_by_role("combobox").click()
    await fan.options.filter(has_text="Why did Joss Wendle leave").click()
    await fan.sees("had a bakery by the third lock")
    await fan.click("Back to the questions")
    await expect(fan.newest.get_by_role("heading")).to_have_text("Joss Wendle")
    await fan.click("Dismiss message")


async def test_a_private_answer_is_seen_by_nobody_else(fan: Visitor, visit: Visit) -> None:
    admin = await visit("admin")
    before = await admin.messages.count()
    await fan.write("/ask who mixed it")
    await fan.page.get_by_role("button", name="Add the option private").click()
    await expect(fan.options).to_have_text(["True", "False"])
    await fan.press("Enter", "Enter")
    await fan.sees("Only you can see this")
    await fan.command("/quote")
    await fan.sees("Another")
    await expect(admin.messages).to_have_count(before + 1)


async def test_a_faulty_edit_is_shown_with_its_line_while_the_good_pack_answers(
    fan: Visitor, pack: Path
) -> None:
    good = pack.read_text(encoding="utf-8")
    pack.write_text(good.replace("kind: person", "kind: cat", 1), encoding="utf-8")
    notice = fan.page.get_by_role("region", name="The packs have faults")
    line = good[: good.index("kind: person")].count("\n") + 1
    await expect(notice.locator("code").first).to_have_text(f"{pack}:{line}")
    await fan.command("/ask when is the new record out")
    await fan.sees("was to come out on October 4, 2024")
    pack.write_text(good, encoding="utf-8")
    await expect(notice).to_have_count(0)


async def test_a_button_whose_note_is_gone_says_so(fan: Visitor, pack: Path) -> None:
    await fan.command("/ask songs on Slow Water Almanac")
    await fan.sees("I’m not sure which of these you mean:")
    for earlier in await fan.page.get_by_role("button", name="Put away:").all():
        await earlier.click()
    good = pack.read_text(encoding="utf-8")
    pack.write_text(good.replace("almanac-languages", "almanac-tongues"), encoding="utf-8")
    await fan.page.get_by_role("region", name="The packs were read anew").wait_for()
    await fan.click("Which languages are on Slow Water Almanac?")
    await fan.sees("That note is no longer kept here.")
    await fan.sees("Only you can see this")
    pack.write_text(good, encoding="utf-8")


async def test_tomorrows_post_is_seen_today_and_stands_in_the_history(visit: Visit) -> None:
    admin = await visit("admin")
    await admin.page.get_by_role("button", name="news, channel").click()
    await admin.command("/daily set ")
    await admin.dialog.get_by_label("Name").fill("morning")
    await admin.dialog.locator("[data-custom-id=channel]").click()
    await admin.options.filter(has_text="news").first.click()
    await admin.dialog.get_by_label("Time").first.fill("09:00")
    await admin.dialog.get_by_label("Time zone").fill("UTC")
    await admin.dialog.get_by_role("button", name="Submit").click()
    await admin.sees("morning is set")
    await admin.page.get_by_role("button", name="Backstage", exact=True).click()
    await admin.page.get_by_role("tab", name="Controls").click()
    await admin.click("+ 1 day")
    await admin.newest.get_by_role("button", name="About this quote").wait_for()
    await expect(admin.newest.get_by_role("heading").first).to_have_text("Quote of the day")
    quote = await admin.newest.get_by_role("heading").last.inner_text()
    await admin.command("/daily history ")
    await admin.sees("What was due")
    await expect(admin.newest.get_by_role("listitem")).to_contain_text("sent, on time")
    await admin.click("sent")
    posted = admin.page.locator("article:focus")
    await expect(posted.get_by_role("heading").last).to_have_text(quote)
    await posted.get_by_role("button", name="About this quote").click()
    await admin.sees("The year is from")


async def test_it_can_be_used_by_keyboard_alone(fan: Visitor) -> None:
    await fan.page.evaluate("() => document.activeElement.blur()")
    await fan.press("/")
    await fan.type("as")
    await fan.press("Tab")
    await fan.type("songs on Slow Water Almanac")
    await fan.press("Enter")
    await fan.sees("I’m not sure which of these you mean:")
    async with patience():
        # On a busy machine a late list of suggestions may take the first arrow for itself.
        while await fan.focus() != "Which editions of Slow Water Almanac are there?":
            await fan.press("Escape", "ArrowUp", "Tab")
    await fan.press("Enter")
    await expect(fan.newest.get_by_text("I’m not sure")).to_have_count(0)
    await fan.press("Escape")
    await expect(fan.box).to_be_focused()


@pytest.mark.long
@pytest.mark.parametrize("look", LOOKS)
async def test_every_card_fits_and_axe_has_no_remark(visit: Visit, look: Look) -> None:
    fan = await visit("fan", look)
    for line, shown in CARDS.items():
        await fan.command(line)
        await fan.sees(shown)
    assert await fan.overflowing() == []
    assert await fan.findings() == []


CARDS = {
    "/ask when is the new record out": "was to come out on October 4, 2024",
    "/ask songs on Slow Water Almanac": "I’m not sure which of these you mean:",
    "/ask shoe size of Idris": "The notes don’t say",
    "/quote": "Another",
    "/release": "Slow Water Almanac",
    "/topics": "Choose a subject",
    "/about": "Petra Quayle",
}
