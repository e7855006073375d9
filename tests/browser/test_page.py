"""The page as a whole: who acts, by which means, on which screen, and who can read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.visitor import DESKTOP, PHONE, Look

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.browser.conftest import Stage
    from tests.browser.visitor import Visitor

    Visit = Callable[..., Awaitable[Visitor]]

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MOST_LIVE = 150
"""As many live messages as the page keeps while one reads at the end."""

LOOKS = [
    pytest.param(Look(scheme, each.width, each.height), id=f"{scheme} {each.width}")
    for scheme in ("dark", "light")
    for each in (DESKTOP, PHONE)
]


@pytest.mark.long
async def test_acting_as_somebody_else_shows_what_they_may_do(fan: Visitor) -> None:
    await fan.page.locator("#act-as").focus()
    await fan.press("Enter", "ArrowUp", "Enter")
    await expect(fan.page.locator("#act-as")).to_contain_text("acting as admin")
    await expect(fan.page.get_by_role("button", name="backstage, channel")).to_be_visible()
    await fan.write("/dai")
    await expect(fan.options).to_contain_text(["/daily set"])


@pytest.mark.long
async def test_what_was_said_to_one_person_is_gone_for_the_next(fan: Visitor) -> None:
    await fan.command("/secret")
    await fan.sees("Only between us.")
    await fan.command("/echo hello")
    await fan.sees("hello")
    await fan.page.get_by_role("button", name="Backstage").click()
    await fan.page.get_by_role("tab", name="Controls").click()
    await fan.page.get_by_role("radio", name="admin").check()
    await fan.sees("hello")
    await expect(fan.messages).to_have_count(1)
    await fan.page.get_by_role("radio", name="fan").check()
    await expect(fan.messages).to_have_count(2)


@pytest.mark.long
async def test_a_stranger_uses_the_bot_where_it_was_never_invited(visit: Visit) -> None:
    stranger = await visit("stranger")
    await expect(stranger.page.locator(".sidebar-title")).to_have_text("Elsewhere")
    await expect(stranger.page.locator(".sidebar-note")).to_contain_text("not a member here")
    await stranger.command("/ask Anybody here?")
    await expect(stranger.newest.get_by_role("heading")).to_have_text("Anybody here?")


@pytest.mark.long
async def test_a_direct_message_with_the_bot_takes_commands(fan: Visitor) -> None:
    await fan.page.get_by_role("button", name="Direct messages").click()
    await fan.page.get_by_role("button", name="Liner Notes, direct message").click()
    await fan.command("/ask Just us?")
    await expect(fan.newest.get_by_role("heading")).to_have_text("Just us?")


@pytest.mark.long
async def test_reloading_stays_with_the_same_person_in_the_same_place(visit: Visit) -> None:
    admin = await visit("admin")
    await admin.page.get_by_role("button", name="archive, channel").click()
    await expect(admin.page.get_by_role("heading", level=1)).to_have_text("archive")
    await admin.page.reload()
    await expect(admin.page.get_by_role("heading", level=1)).to_have_text("archive")
    await expect(admin.page.locator("#act-as")).to_contain_text("acting as admin")


@pytest.mark.long
async def test_news_elsewhere_is_marked(fan: Visitor, visit: Visit) -> None:
    admin = await visit("admin")
    await admin.press("ControlOrMeta+k")
    await admin.type("news")
    await admin.press("Enter")
    await expect(admin.page.get_by_role("heading", level=1)).to_have_text("news")
    await admin.command("/echo Read all about it")
    await fan.page.get_by_role("button", name="news, channel, 1 new").click()
    await fan.sees("Read all about it")
    await expect(fan.page.get_by_role("button", name="news, channel", exact=True)).to_be_visible()


@pytest.mark.long
async def test_older_messages_come_when_one_goes_up_to_them(visit: Visit, stage: Stage) -> None:
    admin = stage.sandbox.user("admin", guild="Night Owls", channel="news")
    for number in range(120):
        admin.say(f"news {number}")
    fan = await visit("fan")
    await fan.page.get_by_role("button", name="news, channel").click()
    await fan.sees("news 119")
    await expect(fan.messages).to_have_count(50)
    await fan.page.get_by_role("article").last.focus()
    await fan.press("Home")
    await expect(fan.messages).to_have_count(100)
    await fan.press("Home")
    await expect(fan.messages).to_have_count(120)
    await expect(fan.page.get_by_role("heading", name="Welcome to #news")).to_be_attached()
    await fan.page.get_by_role("button", name="Newest messages").click()
    await expect(fan.newest).to_be_in_viewport()


@pytest.mark.long
async def test_messages_far_away_leave_the_page_and_come_back(visit: Visit, stage: Stage) -> None:
    fan = await visit("fan")
    admin = stage.sandbox.user("admin", guild="Night Owls", channel="general")
    for number in range(400):
        admin.say(f"news {number}")
    await fan.sees("news 399")
    assert await fan.messages.count() <= MOST_LIVE
    await fan.page.get_by_role("article").last.focus()
    await fan.press("Home")
    await expect(fan.page.get_by_text("news 260", exact=True)).to_be_attached()
    for number in range(400, 700):
        admin.say(f"news {number}")
    await fan.page.get_by_role("button", name="Newest messages").click()
    await fan.sees("news 699")
    await expect(fan.newest).to_be_in_viewport()
    admin.say("one more")
    await fan.sees("one more")
    assert await fan.messages.count() <= MOST_LIVE


@pytest.mark.long
async def test_one_s_own_words_are_shown_wherever_one_was(visit: Visit, stage: Stage) -> None:
    admin = stage.sandbox.user("admin", guild="Night Owls", channel="general")
    for number in range(50):
        admin.say(f"news {number}")
    fan = await visit("fan")
    await fan.page.get_by_role("article").last.focus()
    await fan.press("Home")
    await expect(fan.newest).not_to_be_in_viewport()
    await fan.command("/quote")
    await fan.sees("We left the tape running")
    await expect(fan.newest.get_by_role("button", name="Another quote")).to_be_in_viewport()
    admin.say("what comes then is followed")
    await fan.sees("what comes then is followed")
    await expect(fan.newest).to_be_in_viewport()


@pytest.mark.long
async def test_a_post_of_a_forum_is_opened(fan: Visitor) -> None:
    await fan.page.get_by_role("button", name="questions, forum").click()
    await fan.page.get_by_role("button", name="Which pressing is this? Open the post").click()
    await expect(fan.page.get_by_role("heading", level=1)).to_have_text("Which pressing is this?")


@pytest.mark.long
async def test_the_focus_finds_a_place_when_a_message_is_gone(fan: Visitor) -> None:
    await fan.command("/secret")
    await fan.page.get_by_role("button", name="Dismiss message").focus()
    await fan.press("Enter")
    await expect(fan.messages).to_have_count(0)
    await expect(fan.box).to_be_focused()


async def test_everything_needed_can_be_done_by_keyboard(fan: Visitor) -> None:
    await fan.page.evaluate("() => document.activeElement.blur()")
    await fan.press("/")
    await fan.type("quo")
    await fan.press("Enter", "Enter")
    await fan.sees("We left the tape running")
    await fan.press("ArrowUp")
    await expect(fan.newest.get_by_role("article")).to_be_focused()
    await fan.press("Tab")
    assert await fan.focus() == "Another quote"
    await fan.press(" ")
    await fan.sees("The room was cold")
    await fan.press("Escape")
    await expect(fan.box).to_be_focused()
    await fan.press("Alt+ArrowDown")
    await expect(fan.page.get_by_role("heading", level=1)).to_have_text("B-sides")
    await fan.press("Alt+ArrowUp", "ControlOrMeta+.")
    await expect(fan.page.get_by_role("tab", name="Log")).to_be_focused()
    await fan.press("ArrowRight")
    await expect(fan.page.get_by_role("tabpanel", name="Controls")).to_be_visible()
    await fan.press("ControlOrMeta+.")
    await expect(fan.page.get_by_role("tabpanel", name="Controls")).to_be_hidden()


@pytest.mark.long
async def test_arrivals_are_said_aloud(fan: Visitor) -> None:
    await fan.command("/secret")
    await expect(fan.page.locator("#announcer")).to_have_text(
        "Liner Notes, only to you: Only between us."
    )
    await fan.command("/quote")
    await expect(fan.page.locator("#announcer")).to_contain_text("Buttons: Another quote, Broken.")


async def test_everything_fits_on_a_phone(visit: Visit) -> None:
    fan = await visit("fan", PHONE)
    await expect(fan.page.get_by_role("button", name="general, channel")).to_be_hidden()
    await fan.page.get_by_role("button", name="Servers and channels").click()
    await fan.page.get_by_role("button", name="news, channel").click()
    await expect(fan.page.get_by_role("heading", level=1)).to_have_text("news")
    await expect(fan.page.get_by_role("button", name="general, channel")).to_be_hidden()
    await fan.press("Alt+ArrowUp")
    for command in ("/ask Does it fit?", "/quote", "/selects"):
        await fan.command(command)
    await fan.sees("Choose.")
    assert await fan.overflowing() == []
    await fan.page.get_by_role("button", name="Backstage").click()
    await expect(fan.page.get_by_role("tab", name="Log")).to_be_visible()
    await fan.page.get_by_role("button", name="Close Backstage").click()
    await expect(fan.page.get_by_role("tab", name="Log")).to_be_hidden()
    for name, title in (("Go to a channel", "Go to a channel"), ("Keys", "Keys")):
        await fan.page.get_by_role("button", name="More", exact=True).click()
        await fan.page.get_by_role("menuitem", name=name).click()
        await expect(fan.dialog).to_have_accessible_name(title)
        await fan.press("Escape")


@pytest.mark.long
async def test_the_theme_follows_the_system_until_it_is_chosen(visit: Visit) -> None:
    fan = await visit("fan", Look("light"))
    background = "() => getComputedStyle(document.body).backgroundColor"
    light = await fan.page.evaluate(background)
    await fan.page.emulate_media(color_scheme="dark")
    dark = await fan.page.evaluate(background)
    assert dark != light
    await fan.page.locator("#theme").click()
    await expect(fan.page.locator("#theme")).to_have_accessible_name("Theme: dark")
    await fan.page.locator("#theme").click()
    assert await fan.page.evaluate(background) == light
    await fan.page.reload()
    await expect(fan.page.locator("#theme")).to_have_accessible_name("Theme: light")
    assert await fan.page.evaluate(background) == light


@pytest.mark.long
@pytest.mark.parametrize("look", LOOKS)
async def test_axe_has_no_remark(visit: Visit, stage: Stage, look: Look) -> None:
    stage.sandbox.welcome.put("It answers from one pack.", ["/ask Who reads this?"])
    fan = await visit("fan", look)
    assert await fan.findings() == []
    stage.sandbox.notices.put("pack", "error", "A pack has faults", "pack.yaml:41: no such source")
    for command in ("/ask Who reads this?", "/quote", "/selects", "/secret", "/silent"):
        await fan.command(command)
    await fan.sees("Sending command…")
    stage.clock.advance(3.1)
    await fan.sees("The application did not respond")
    assert await fan.findings() == []
    # Its place among the messages is the browser's clock's, which runs while the stage's stands.
    await fan.page.locator(".attempt").get_by_role("button", name="Dismiss message").click()
    await fan.command(
        r"/echo # One\n> two **three** `four` <@1> <t:0:R> [five](https://six.example)"
        r"\n-# small `seven`"
    )
    await fan.sees("One")
    assert await fan.findings() == []
    await fan.write("/")
    await expect(fan.options.first).to_be_visible()
    assert await fan.findings() == []
    await fan.type("ask w")
    await expect(fan.options.first).to_be_visible()
    assert await fan.findings() == []
    await fan.press("Escape")
    await fan.write("/quote touring")
    await fan.press("Enter")
    await expect(fan.page.locator(".hint")).to_contain_text("belongs to no option")
    assert await fan.findings() == []
    await fan.press("Escape")
    await fan.write("mine")
    await fan.press("Enter")
    await fan.sees("mine")
    await fan.press("ArrowUp")
    await expect(fan.page.locator(".composer-aside")).to_contain_text("Editing")
    assert await fan.findings() == []
    await fan.newest.get_by_role("button", name="More about this message").click()
    assert await fan.findings() == []


@pytest.mark.long
@pytest.mark.parametrize("look", LOOKS)
async def test_axe_has_no_remark_on_windows_and_backstage(visit: Visit, look: Look) -> None:
    admin = await visit("admin", look)
    await admin.command("/suggest")
    await admin.click("Submit")
    assert await admin.findings() == []
    await admin.press("Escape", "ControlOrMeta+.")
    await admin.page.locator(".log-entry summary").last.click()
    await expect(admin.page.locator(".log-body").last).to_be_visible()
    assert await admin.findings() == []
    await admin.page.get_by_role("tab", name="Controls").click()
    assert await admin.findings() == []
    await admin.page.get_by_role("button", name="Close Backstage").click()
    await admin.press("?")
    assert await admin.findings() == []
    await admin.press("Escape", "ControlOrMeta+k")
    await expect(admin.options.first).to_be_visible()
    assert await admin.findings() == []
