"""More questions than can be answered: in turn, deferred early, and answered all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.waiting import until

if TYPE_CHECKING:
    import pytest

    from bot.client.serve import Bot
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person

ASKED = 30
DEFERRAL = 5


async def test_in_an_overload_all_are_deferred_in_turn_and_then_answered(
    fan: Person, bot: Bot, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.client.intake.AT_ONCE", 1)
    monkeypatch.setattr("bot.client.intake.CONGESTED_SECONDS", -1.0)
    asked = [fan.begin("ask", question="where was it recorded?") for _ in range(ASKED)]
    await until(lambda: len(sandbox.log.requests("POST", "/callback")) == ASKED)
    await until(lambda: not bot.services.in_flight.count)
    callbacks = sandbox.log.requests("POST", "/callback")
    ids = [int(sent["path"].split("/interactions/")[1].split("/")[0]) for sent in callbacks]
    assert ids == [one.id for one in asked]
    assert [sent["request"]["type"] for sent in callbacks].count(DEFERRAL) > ASKED // 2
    answers = fan.read()
    assert len(answers) == ASKED
    assert all("barn" in answer.text for answer in answers)
