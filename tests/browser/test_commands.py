"""Commands on the page, from the slash to the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.browser.conftest import Stage
    from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.long
async def test_a_question_is_answered_with_a_card(fan: Visitor) -> None:
    await fan.command("/ask Where was it made?")
    await fan.sees("In eleven days at a farmhouse")
    await expect(fan.newest.locator(".origin")).to_have_text("RRobinused/ask")
    await expect(fan.newest.get_by_role("heading")).to_have_text("Where was it made?")
    await expect(fan.newest.locator("time[data-style=D]")).to_have_text("25 February 2004")
    assert await fan.focus() == "Message #general"


@pytest.mark.long
async def test_typing_a_slash_offers_the_commands_that_one_may_use(fan: Visitor) -> None:
    await fan.write("/")
    await expect(fan.options.first).to_contain_text("/ask")
    await expect(fan.options.filter(has_text="/daily set")).to_have_count(0)
    await fan.type("quo")
    await expect(fan.options).to_have_count(1)
    await fan.press("Tab")
    await expect(fan.page.locator(".command-name")).to_have_text("/quote")


async def test_suggestions_come_from_the_bot_and_are_chosen_by_keyboard(fan: Visitor) -> None:
    await fan.write("/ask who")
    await expect(fan.options).to_have_text(["Who played the piano?"])
    await fan.press("ArrowDown", "Enter", "Enter")
    await expect(fan.newest.get_by_role("heading")).to_have_text("Who played the piano?")


@pytest.mark.long
async def test_what_is_typed_is_sent_even_while_there_are_suggestions(fan: Visitor) -> None:
    await fan.write("/ask who")
    await expect(fan.options).to_have_count(1)
    await fan.press("Enter")
    await expect(fan.newest.get_by_role("heading")).to_have_text("who")


@pytest.mark.long
async def test_a_required_option_is_asked_for(fan: Visitor) -> None:
    await fan.write("/ask ")
    await fan.press("Enter")
    hint = fan.page.locator(".hint")
    await expect(hint).to_contain_text("This option is required.")
    field = fan.page.get_by_role("combobox", name="question")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_be_focused()
    await fan.type("ab")
    await expect(hint).to_contain_text("Must be 3 or more characters long.")
    await fan.type("c")
    await expect(hint).to_contain_text("What do you want to know?")


READ_LINE = """async (line) => {
  const { readLine } = await import(new URL("composer/command.js", document.baseURI));
  const option = (name, required) => ({ type: 3, name, description: "", required });
  const uses = [
    { name: "quote", options: [option("about", false), option("by", false)] },
    { name: "ask", options: [option("question", true), option("private", false)] },
  ];
  const { texts, stray } = readLine(line, uses);
  return [texts, stray];
}"""


@pytest.mark.parametrize(
    ("line", "texts", "stray"),
    [
        ("/quote about:love by:kendall", {"about": "love", "by": "kendall"}, ""),
        ("/quote love", {}, "love"),
        ("/quote love by:kendall", {"by": "kendall"}, "love"),
        ("/ask why not: because?", {"question": "why not: because?"}, ""),
        ("/ask question:Why? private:true", {"question": "Why?", "private": "true"}, ""),
        ("/ask question:a question:b", {"question": "a question:b"}, ""),
        ("/ask why private:true", {"question": "why", "private": "true"}, ""),
    ],
)
async def test_nothing_of_a_whole_line_is_dropped(
    reader: Visitor, line: str, texts: dict[str, str], stray: str
) -> None:
    assert await reader.page.evaluate(READ_LINE, line) == [texts, stray]


async def test_what_is_typed_behind_a_command_is_an_option_or_is_refused(fan: Visitor) -> None:
    await fan.write("/quote touring")
    await fan.press("Enter")
    await expect(fan.page.locator(".hint")).to_contain_text("“touring” belongs to no option.")
    await fan.press("ControlOrMeta+a")
    await fan.type("theme:touring")
    await fan.press("Enter")
    await expect(fan.page.locator(".hint")).to_contain_text("There is no option “theme”.")
    await fan.press("ControlOrMeta+a")
    await fan.type("private:true about:touring")
    await fan.press("Enter")
    await fan.sees("About t")
    await fan.sees("Only you can see this")
    assert await fan.focus() == "Message #general"


@pytest.mark.long
async def test_a_draft_waits_in_its_channel(visit: Callable[..., Awaitable[Visitor]]) -> None:
    admin = await visit("admin")
    await admin.write("half a thought")
    await admin.press("Alt+ArrowDown")
    await expect(admin.box).to_have_value("")
    await admin.write("/quote about:tou")
    await admin.press("Alt+ArrowUp")
    await expect(admin.box).to_have_value("half a thought")
    await admin.press("Alt+ArrowDown")
    await expect(admin.page.get_by_role("combobox", name="about")).to_have_value("tou")


@pytest.mark.long
async def test_one_s_own_message_is_edited_answered_and_deleted(fan: Visitor) -> None:
    await fan.write("helo")
    await fan.press("Enter")
    await fan.sees("helo")
    await fan.press("ArrowUp")
    await expect(fan.page.locator(".composer-aside")).to_contain_text("Editing your message")
    await fan.press("Backspace")
    await fan.type("lo")
    await fan.press("Enter")
    await fan.sees("hello")
    await fan.sees("(edited)")
    await fan.press("ArrowUp", "Escape")
    await expect(fan.box).to_have_value("")
    await fan.newest.get_by_role("button", name="More about this message").click()
    await fan.page.get_by_role("menuitem", name="Reply").click()
    await fan.type("to myself")
    await fan.press("Enter")
    await fan.sees("to myself")
    await expect(fan.newest.locator(".origin-words")).to_have_text("hello")
    await fan.newest.get_by_role("button", name="More about this message").click()
    await fan.page.get_by_role("menuitem", name="Delete").click()
    await expect(fan.messages).to_have_count(1)


@pytest.mark.long
async def test_an_optional_option_is_added_and_taken_away(fan: Visitor) -> None:
    await fan.write("/quote ")
    await fan.type("abo")
    await expect(fan.options).to_contain_text(["about"])
    await fan.press("Enter")
    await expect(fan.options).to_have_text(["Recording", "Touring"])
    await fan.press("ArrowDown", "Enter", "Enter")
    await fan.sees("About t")
    await fan.write("/quote ")
    await fan.page.get_by_role("button", name="Add the option private").click()
    await expect(fan.options).to_have_text(["True", "False"])
    await fan.press("Backspace")
    await expect(fan.page.locator(".chip")).to_have_count(0)


@pytest.mark.long
async def test_a_subcommand_takes_a_number_and_a_channel(
    visit: Callable[..., Awaitable[Visitor]],
) -> None:
    admin = await visit("admin")
    await admin.write("/daily set 40")
    await admin.press("Tab")
    await expect(admin.options.first).to_be_visible()
    await admin.type("gen")
    await admin.press("Enter", "Enter")
    await expect(admin.page.locator(".hint")).to_contain_text("Give a number that is 23 or less.")
    await admin.press("ControlOrMeta+a")
    await admin.type("9")
    await admin.press("Enter")
    await admin.sees("Daily at 9:00 in #general.")


@pytest.mark.long
async def test_a_bot_that_says_nothing_has_failed_after_three_seconds(
    fan: Visitor, stage: Stage
) -> None:
    await fan.command("/silent")
    await fan.sees("Sending command…")
    stage.clock.advance(2.9)
    await fan.sees("Sending command…")
    stage.clock.advance(0.2)
    await fan.sees("The application did not respond")
    await fan.sees("Only you can see this")
    await fan.click("Dismiss message")
    await expect(fan.messages).to_have_count(0)


@pytest.mark.long
async def test_a_bot_that_thinks_is_seen_thinking(fan: Visitor, stage: Stage) -> None:
    await fan.command("/slowly")
    await fan.sees("Liner Notes is thinking…")
    stage.bot.may_answer.set()
    await fan.sees("At last.")
    await expect(fan.messages).to_have_count(1)


@pytest.mark.long
async def test_an_error_is_told_to_nobody_else(
    fan: Visitor, visit: Callable[..., Awaitable[Visitor]]
) -> None:
    admin = await visit("admin")
    await fan.command("/broken")
    await fan.sees("Something went wrong on our side.")
    await fan.sees("Only you can see this")
    await admin.command("/echo hello")
    await admin.sees("hello")
    await expect(admin.messages).to_have_count(1)


async def test_a_message_for_one_person_can_be_dismissed(fan: Visitor) -> None:
    await fan.command("/secret")
    await fan.sees("Only between us.")
    await fan.click("Dismiss message")
    await expect(fan.messages).to_have_count(0)


@pytest.mark.long
async def test_a_command_of_a_message_s_menu_is_run(fan: Visitor) -> None:
    await fan.write("hello there")
    await fan.press("Enter")
    await fan.sees("hello there")
    await fan.newest.get_by_role("button", name="More about this message").click()
    await fan.page.get_by_role("menuitem", name="Who said this?").click()
    await fan.sees("@Robin did:")
    await fan.page.get_by_role("button", name="Go to a message in #general").click()
    await expect(fan.messages.first.get_by_role("article")).to_be_focused()


@pytest.mark.long
async def test_a_right_click_on_a_message_opens_its_menu_there(fan: Visitor) -> None:
    await fan.write("hello there, see https://example.com")
    await fan.press("Enter")
    await fan.sees("hello there")
    await fan.newest.get_by_text("hello there").click(button="right", position={"x": 5, "y": 5})
    menu = fan.page.get_by_role("menu", name="Message")
    await expect(menu.get_by_role("menuitem", name="Who said this?")).to_be_visible()
    await expect(menu.get_by_role("menuitem").first).to_be_focused()
    box, words = await menu.bounding_box(), await fan.newest.get_by_text("hello").bounding_box()
    assert box is not None
    assert words is not None
    assert abs(box["x"] - words["x"] - 5) < 2
    assert await fan.findings() == []
    await fan.press("Escape")
    await fan.newest.get_by_role("link").click(button="right")  # the browser's own
    await expect(menu).to_be_hidden()


@pytest.mark.long
async def test_escape_leaves_the_command(fan: Visitor) -> None:
    await fan.write("/ask wh")
    await expect(fan.options.first).to_be_visible()
    await fan.press("Escape")
    await expect(fan.box).to_be_focused()
    await expect(fan.box).to_have_value("")


@pytest.mark.long
async def test_a_message_that_is_no_command_is_said(
    fan: Visitor, visit: Callable[..., Awaitable[Visitor]]
) -> None:
    admin = await visit("admin")
    await fan.write("first line")
    await fan.press("Shift+Enter")
    await fan.type("second *line*")
    await fan.press("Enter")
    await admin.sees("first line")
    await expect(admin.newest.locator("em")).to_have_text("line")
