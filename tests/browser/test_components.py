"""Buttons, selects and forms on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

if TYPE_CHECKING:
    from tests.browser.conftest import Stage
    from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.long
async def test_a_button_changes_its_message_and_keeps_the_focus(fan: Visitor) -> None:
    await fan.command("/quote")
    await fan.sees("We left the tape running")
    await fan.page.get_by_role("button", name="Another quote").focus()
    await fan.press("Enter")
    await fan.sees("The room was cold")
    assert await fan.focus() == "Another quote"
    await fan.press("Enter")
    await fan.sees("Nobody wanted to be the one")
    await expect(fan.messages).to_have_count(1)


@pytest.mark.long
async def test_a_button_of_a_layout_is_answered(fan: Visitor) -> None:
    await fan.command("/ask Why so?")
    await fan.click("Sources")
    await fan.sees("Tour programme, page 12")
    await expect(fan.newest.locator(".origin-words")).to_contain_text("Why so? In eleven days")
    await fan.click("Another fact")
    await expect(fan.messages.first.get_by_role("heading")).to_have_text("Who played the piano?")


@pytest.mark.long
async def test_a_button_that_is_not_answered_has_failed(fan: Visitor, stage: Stage) -> None:
    await fan.command("/quote")
    broken = fan.page.get_by_role("button", name="Broken")
    await broken.click()
    await expect(broken).to_have_attribute("aria-busy", "true")
    stage.clock.advance(3.1)
    await fan.sees("This interaction failed")
    await expect(broken).not_to_have_attribute("aria-busy", "true")
    await fan.click("Another quote")
    await fan.sees("The room was cold")
    await expect(fan.newest.locator(".failure")).to_have_count(0)


@pytest.mark.long
async def test_a_select_is_used_by_keyboard(fan: Visitor) -> None:
    await fan.command("/quote")
    await fan.page.get_by_role("combobox", name="Another theme").focus()
    await fan.press("ArrowDown", "g", "Enter")
    await fan.sees("theme o")


@pytest.mark.long
async def test_a_select_of_several_is_sent_when_it_closes(fan: Visitor) -> None:
    await fan.command("/selects")
    select = fan.page.get_by_role("combobox", name="Several")
    await select.click()
    await fan.options.filter(has_text="Three").click()
    await fan.options.filter(has_text="One").click()
    two = fan.options.filter(has_text="Two")
    await expect(two).to_have_attribute("aria-disabled", "true")
    await fan.press("Escape")
    await fan.sees("several: One, Three")


@pytest.mark.long
@pytest.mark.parametrize(
    ("select", "choice", "answer"),
    [
        ("Somebody", "Ada", "user: @Ada"),
        ("A role", "Moderators", "role: Moderators"),
        ("A channel", "news", "channel: #news"),
    ],
)
async def test_people_roles_and_channels_can_be_chosen(
    fan: Visitor, select: str, choice: str, answer: str
) -> None:
    await fan.command("/selects")
    await fan.page.get_by_role("combobox", name=f"{select}: nothing chosen").click()
    await fan.options.filter(has_text=choice).first.click()
    await fan.sees(answer)


async def test_a_form_is_filled_in_by_keyboard(fan: Visitor) -> None:
    await fan.command("/suggest")
    await expect(fan.dialog).to_have_accessible_name("Suggest a fact")
    await expect(fan.page.get_by_role("textbox", name="The fact")).to_be_focused()
    await fan.type("They toured by train.")
    await fan.press("Tab", "ArrowDown", "ArrowDown", "Enter", "Tab")
    await fan.type("None.")
    await fan.press("Tab", "Tab", "Enter")
    await fan.sees("Thank you for “They toured by train.” (Radio).")
    await expect(fan.dialog).to_have_count(0)


@pytest.mark.long
async def test_radio_buttons_and_boxes_are_ticked_by_keyboard(fan: Visitor) -> None:
    await fan.command("/survey")
    await expect(fan.dialog).to_have_accessible_name("A few questions")
    await fan.click("Submit")
    singers = fan.page.get_by_role("radiogroup", name="Who sings it?")
    await expect(singers).to_have_accessible_description("This is required. Choose something.")
    await fan.press("ArrowDown", "Tab", "Space", "Tab", "Space", "Tab", "Space")
    await fan.click("Submit")
    await expect(fan.dialog).to_contain_text("Choose at most 2.")
    await fan.page.get_by_role("checkbox", name="Love Letter").press("Space")
    await fan.page.get_by_role("checkbox", name="Heard it live?").press("Space")
    assert await fan.findings() == []
    await fan.click("Submit")
    await fan.sees("James: ['Parallel', 'Simple'], not live")


@pytest.mark.long
async def test_a_form_says_what_is_missing(fan: Visitor) -> None:
    await fan.command("/suggest")
    await fan.click("Submit")
    field = fan.page.get_by_role("textbox", name="The fact")
    await expect(field).to_be_focused()
    await expect(field).to_have_accessible_description(
        "One sentence that can be checked. This is required. Write something."
    )
    await fan.type("abc")
    await fan.click("Submit")
    await expect(fan.dialog).to_contain_text("Must be 5 or more characters long.")
    await expect(fan.dialog).to_contain_text("This is required. Choose something.")


@pytest.mark.long
async def test_a_form_that_the_bot_does_not_answer_stays_open(fan: Visitor, stage: Stage) -> None:
    await fan.command("/suggest")
    await expect(fan.page.get_by_role("textbox", name="The fact")).to_be_focused()
    await fan.type("say nothing")
    await fan.press("Tab", "ArrowDown", "Enter")
    await fan.click("Submit")
    await expect(fan.page.get_by_role("button", name="Submit")).to_be_disabled()
    stage.clock.advance(3.1)
    await expect(fan.dialog.get_by_role("alert")).to_contain_text("Something went wrong")
    await expect(fan.page.get_by_role("textbox", name="The fact")).to_have_value("say nothing")


@pytest.mark.long
async def test_closing_a_form_gives_the_focus_back(fan: Visitor) -> None:
    await fan.command("/suggest")
    await expect(fan.dialog).to_be_visible()
    await fan.press("Escape")
    await expect(fan.dialog).to_have_count(0)
    await expect(fan.box).to_be_focused()
