"""Backstage: the log, the faults, the clock, the connection, what the host program says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import expect

if TYPE_CHECKING:
    from tests.browser.conftest import Stage
    from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def engineer(fan: Visitor) -> Visitor:
    """Return a fan who has opened backstage."""
    await fan.page.get_by_role("button", name="Backstage").click()
    return fan


async def test_requests_and_events_are_logged_with_their_json(engineer: Visitor) -> None:
    entries = engineer.page.locator(".log-entry")
    await expect(entries.filter(has_text="IDENTIFY")).to_have_count(1)
    await engineer.command("/echo hello")
    await expect(entries.filter(has_text="INTERACTION_CREATE echo")).to_have_count(1)
    callback = entries.filter(has_text="/callback")
    await callback.locator("summary").click()
    await expect(callback.locator("pre").first).to_contain_text('"content": "hello"')


@pytest.mark.long
async def test_the_log_can_be_filtered_paused_and_cleared(engineer: Visitor) -> None:
    entries = engineer.page.locator(".log-entry")
    await engineer.page.get_by_role("searchbox", name="Filter the log").fill("identify")
    await expect(entries).to_have_count(1)
    await engineer.page.get_by_role("searchbox", name="Filter the log").fill("")
    await engineer.page.get_by_role("button", name="Gateway", exact=True).click()
    await expect(entries.filter(has_text="IDENTIFY")).to_have_count(0)
    await engineer.page.get_by_role("button", name="Pause the log").click()
    await engineer.command("/echo hello")
    await engineer.sees("hello")
    await expect(entries.filter(has_text="/callback")).to_have_count(0)
    await engineer.page.get_by_role("button", name="Go on with the log").click()
    await expect(entries.filter(has_text="/callback")).to_have_count(1)
    await engineer.page.get_by_role("button", name="Clear the log").click()
    await expect(entries).to_have_count(0)


@pytest.mark.long
async def test_the_log_opens_at_its_newest_entry_and_follows(fan: Visitor, stage: Stage) -> None:
    request = {"status": 200, "ms": 1.0, "fault": None, "request": None, "response": None}
    for number in range(700):
        stage.sandbox.log.request("GET", f"/{number}", request)
    await fan.page.reload()
    entries = fan.page.locator(".log-entry")
    await fan.page.get_by_role("button", name="Backstage").click()
    await expect(entries.last).to_contain_text("/699")
    await expect(entries.last).to_be_in_viewport()
    await fan.page.get_by_role("tab", name="Controls").click()
    stage.sandbox.log.request("GET", "/one-more", request)
    await fan.page.get_by_role("tab", name="Log").click()
    await expect(entries.last).to_contain_text("/one-more")
    await expect(entries.last).to_be_in_viewport()


@pytest.mark.long
async def test_a_fault_is_scripted_met_and_used_up(engineer: Visitor) -> None:
    await engineer.page.get_by_role("tab", name="Controls").click()
    await engineer.page.get_by_label("Kind").select_option(label="Error")
    await engineer.page.get_by_label("Times").fill("1")
    await engineer.page.get_by_label("Status").fill("403")
    await engineer.click("Add the fault")
    faults = engineer.page.locator(".faults li")
    await expect(faults).to_have_text(["Error · status 403 · 1 more"])
    await engineer.command("/echo hello")
    await expect(faults).to_have_count(0)
    await engineer.page.get_by_role("tab", name="Log").click()
    await expect(engineer.page.locator(".log-entry").filter(has_text="403")).to_have_count(1)


@pytest.mark.long
async def test_a_fault_can_be_taken_away(engineer: Visitor, stage: Stage) -> None:
    await engineer.page.get_by_role("tab", name="Controls").click()
    await engineer.click("Add the fault")
    await engineer.page.get_by_role("button", name="Remove: Slow").click()
    await expect(engineer.page.locator(".faults li")).to_have_count(0)
    assert stage.sandbox.faults.active() == []


@pytest.mark.long
async def test_the_clock_is_moved_to_tomorrow(engineer: Visitor, stage: Stage) -> None:
    before = stage.clock.time()
    await engineer.write("good night")
    await engineer.press("Enter")
    await engineer.sees("Today at")
    await engineer.page.get_by_role("tab", name="Controls").click()
    await engineer.click("+ 1 day")
    await expect(engineer.page.locator(".clock-now")).to_contain_text("22 September 2026")
    assert stage.clock.time() - before == pytest.approx(86_400)
    await engineer.sees("Yesterday at")
    await engineer.write("good morning")
    await engineer.press("Enter")
    await engineer.sees("Today at")


@pytest.mark.long
async def test_the_clock_does_not_go_back(engineer: Visitor) -> None:
    await engineer.page.get_by_role("tab", name="Controls").click()
    await engineer.page.get_by_label("Move the clock to").fill("2020-01-01T00:00")
    await engineer.click("Move there")
    clock = engineer.page.get_by_role("region", name="Clock")
    await expect(clock.get_by_role("alert")).to_have_text("The clock moves forward only.")
    await expect(engineer.page.get_by_label("Move the clock to")).to_have_value("2020-01-01T00:00")


@pytest.mark.long
async def test_rate_limits_are_switched_on(engineer: Visitor) -> None:
    await engineer.page.get_by_role("tab", name="Controls").click()
    switch = engineer.page.get_by_role("switch")
    await switch.check()
    await engineer.page.reload()
    await engineer.page.get_by_role("tab", name="Controls").click()
    await expect(switch).to_be_checked()


@pytest.mark.long
async def test_a_cut_line_is_resumed(engineer: Visitor) -> None:
    await engineer.page.get_by_role("tab", name="Controls").click()
    await engineer.click("Cut the line")
    await engineer.page.get_by_role("tab", name="Log").click()
    await expect(engineer.page.locator(".log-entry").filter(has_text="RESUMED")).to_have_count(1)
    await expect(engineer.page.locator(".header-state")).to_have_text("Bot online")


@pytest.mark.long
async def test_a_notice_names_file_and_line_until_it_is_over(fan: Visitor, stage: Stage) -> None:
    stage.sandbox.notices.put(
        "pack", "error", "A pack has faults", "facts/pack.yaml:41: no source 'bok'"
    )
    notice = fan.page.get_by_role("region", name="A pack has faults")
    await expect(notice.locator("code")).to_have_text("facts/pack.yaml:41")
    await expect(notice).to_contain_text("no source 'bok'")
    await fan.page.get_by_role("button", name="Put away: A pack has faults").click()
    await expect(notice).to_have_count(0)
    stage.sandbox.notices.put("pack", "error", "A pack has faults", "facts/pack.yaml:42: other")
    await expect(notice).to_contain_text("other")
    stage.sandbox.notices.clear("pack")
    await expect(notice).to_have_count(0)
