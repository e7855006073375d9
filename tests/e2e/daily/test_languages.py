"""Replies in the asker's language, posts and alerts in their schedule's."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.http.faults import Fault

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from tests.support.admins import Days

ASKED = "where was it recorded?"
UNKNOWN = {
    "es-ES": "Las notas no lo dicen.",
    "es-419": "Las notas no lo dicen.",
    "pt-BR": "As notas não dizem.",
    "de": "Das sagen die Notizen nicht.",
    "fr": "Les notes ne le disent pas.",
    "ja": "The notes don’t say.",
}
MORNING = {"name": "morning", "channel": "general", "time": "9am", "zone": "UTC"}


@pytest.mark.parametrize("locale", UNKNOWN)
async def test_a_reply_is_in_the_askers_language(fan: Person, locale: str) -> None:
    fan.speak(locale)
    assert UNKNOWN[locale] in (await fan.command("ask", question="who is the president?")).text


async def test_a_press_is_answered_in_the_pressers_language(sandbox: Sandbox, fan: Person) -> None:
    fan.speak("de")
    other = sandbox.user("admin", guild="Night Owls", channel="general")
    other.speak("pt-BR")
    quote = await fan.command("quote")
    assert quote.buttons == ["Noch eins"]
    (seen,) = other.read()
    assert (await seen.press("Noch eins")).buttons == ["Outra"]


async def test_a_refusal_is_in_the_askers_language(fan: Person, admin: Person) -> None:
    fan.speak("pt-BR")
    admin.speak("es-419")
    assert (await fan.command("privacy erase")).text == (
        "Para isto você precisa da permissão Gerenciar servidor."
    )
    refused = await admin.command("daily set", **MORNING | {"time": "25:00"})
    assert "tiene la hora 25, y un día acaba a las" in refused.text


async def test_a_schedule_is_set_and_paused_in_the_askers_words(admin: Person) -> None:
    admin.speak("de")
    typed = {"time": "halb neun abends", "zone": "Wien", "days": "montags", "colour": "violett"}
    set_up = await admin.command("daily set", **MORNING | typed)
    assert "20:30" in set_up.text
    assert r"Wien \(Europe/Vienna\)" in set_up.text
    paused = await admin.command("daily pause", until="übermorgen um viertel nach acht")
    (until,) = re.findall(r"Pausiert bis <t:(\d+):F>", paused.text)
    moment = datetime.fromtimestamp(int(until), ZoneInfo("Europe/Vienna"))
    assert f"{moment:%H:%M}" == "08:15"


async def test_a_post_is_in_the_language_of_its_schedule(admin: Person, days: Days) -> None:
    reply = await admin.command("daily set", **MORNING, language="pt-BR")
    assert "Posted in português (Brasil)." in reply.text
    await admin.command("daily now")
    await days.ended(admin)
    assert [each for each in admin.read() if each.text.startswith("### Citação do dia")]


async def test_without_a_choice_a_post_is_in_the_servers_language(
    sandbox: Sandbox, admin: Person, days: Days
) -> None:
    guild = sandbox.world.guild(admin.channel.guild_id or 0)
    assert guild is not None
    guild.locale = "fr"
    assert "Posted in français." in (await admin.command("daily set", **MORNING)).text
    changed = await admin.command("daily edit", language="de")
    assert "**Language** français → Deutsch" in changed.text
    back = await admin.command("daily edit", language="en")
    assert "**Language** Deutsch → English" in back.text


async def test_an_alert_is_in_the_language_of_its_schedule(
    sandbox: Sandbox, admin: Person, days: Days
) -> None:
    await admin.command("daily alerts", channel="news")
    await admin.command("daily set", **MORNING | {"time": days.at(minutes=30)}, language="de")
    sandbox.faults.add(
        Fault("error", status=403, method="POST", path=f"/channels/{admin.channel.id}/messages")
    )
    days.forward(hours=1)
    await days.ended(admin)
    news = sandbox.user("admin", guild="Night Owls", channel="news")
    await days.until(news.read)
    assert "wurde nicht gepostet: " in news.read()[0].text
    admin.speak("es-419")
    history = (await admin.command("daily history")).text
    assert "no enviada. Discord la rechazó con estado 403" in history
