"""A walk through every command with all of the bot's sentences masked: what is left is English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.client.app import build_commands
from bot.errors import StoreError
from bot.localization.languages import LANGUAGE_NAMES
from bot.sandbox.http.faults import Fault
from tests.support.knowledge import FACTS, QUOTES, RELEASES, SOURCE
from tests.support.masked_phrases import MaskedPhrases, words_left
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Form, Person, Reply
    from tests.support.admins import Days
    from tests.support.knowledge import KnowledgeInMemory

SHOWN = frozenset({"content", "label", "placeholder", "title", "description", "text", "name"})
"""The fields of a message, a form or a choice that people read."""
MORNING = {"name": "morning", "channel": "general", "time": "9am", "zone": "UTC"}
TYPED = (
    "maybe shoe size morning evening xyzzy zzz qqq someday mauve UTC Berlin Europe London daily ann"
)
DATA = [
    *map(repr, (FACTS, QUOTES, RELEASES, SOURCE)),
    *LANGUAGE_NAMES.values(),
    *("Mika", "Robin", "The Night Owls, 1999", "Liner Notes"),
    TYPED,
]


@pytest.fixture(autouse=True)
def _masked(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("client.services", "scheduling.alert_texts", "client.adapters.quote_source"):
        monkeypatch.setattr(f"bot.{module}.load_phrases", lambda _locale: MaskedPhrases())


class Walk:
    """One person after another uses the bot; what they read is kept by what they did."""

    def __init__(self) -> None:
        self.read: dict[str, list[str]] = {}
        self.used: set[str] = set()

    async def use(self, person: Person, name: str, /, **options: Any) -> Reply:
        self.used.add(name)
        return self.see(f"{name} {options}", await person.command(name, **options))

    async def press(self, reply: Reply, kind: str, *values: str) -> Reply:
        """Press the first button, or choose in the first menu, of a kind of custom id."""
        (found, *_) = (
            each
            for each in _every(reply.json)
            if str(each.get("custom_id", "")).split(":")[1:2] == [kind] and not each.get("disabled")
        )
        if "options" in found:
            chosen = values or (found["options"][0]["value"],)
            return self.see(kind, await reply.choose(*chosen, select=found["custom_id"]))
        return self.see(kind, await reply.press(found["custom_id"]))

    async def submit(self, form: Form | None, values: dict[str, Any]) -> Reply:
        assert form is not None
        return self.see("a form", await form.submit(values))

    async def complete(self, person: Person, name: str, option: str, typed: str = "") -> None:
        offered = await person.autocomplete(name, option, typed)
        self.read[f"{name} {option}:"] = [each["name"] for each in offered]

    def see(self, did: str, reply: Reply) -> Reply:
        shown = reply.form.json if reply.form is not None else reply.json
        self.read.setdefault(did, []).extend(
            each[field]
            for each in _every(shown)
            for field in SHOWN & each.keys()
            if isinstance(each[field], str)
        )
        return reply


def _every(part: Any) -> Iterator[dict[str, Any]]:
    """Yield the components of a message or a form, and all parts of theirs."""
    if isinstance(part, dict):
        if "author" not in part:  # the message itself names people and channels
            yield part
        for field in ("components", "component", "options", "accessory"):
            yield from _every(part.get(field))
    elif isinstance(part, list):
        for each in part:
            yield from _every(each)


async def _ask_and_browse(walk: Walk, fan: Person) -> None:
    for question in (
        *("where was it recorded?", "who plays the drums?", "maybe", "shoe size", "zzz", "hello"),
        *("owl light", "??"),
    ):
        await walk.use(fan, "ask", question=question)
        await walk.use(fan, "ask", question=question, private=True)
    suggested = await walk.use(fan, "ask", question="maybe", private=True)
    await walk.press(suggested, "fact")
    quote = await walk.use(fan, "quote")
    await walk.press(quote, "more")
    for options in ({"about": "zzz"}, {"by": "zzz"}, {"by": "Mika"}):
        await walk.use(fan, "quote", **options)
    release = await walk.use(fan, "release")
    await walk.press(release, "release")
    await walk.use(fan, "release", title="zzz")
    topics = await walk.use(fan, "topics")
    questions = await walk.press(topics, "topic")
    await walk.press(questions, "choose")
    for name in ("about", "help", "privacy show", "suggest"):
        await walk.use(fan, name, **({"what": "qqq xyzzy"} if name == "suggest" else {}))
    for words in ("where was it recorded?", "zzz?", "<@77>"):
        message = fan.say(words)
        walk.used.add("Answer from the notes")
        walk.see(f"menu {words}", await fan.menu("Answer from the notes", message.id))
    for name, option in (("ask", "question"), ("quote", "about")):
        await walk.complete(fan, name, option)


async def _keep_gaps(walk: Walk, admin: Person, fan: Person, days: Days) -> None:
    await walk.use(admin, "gaps list")
    await walk.use(admin, "gaps on")
    await walk.use(admin, "gaps on", suggest=True)
    await walk.use(fan, "ask", question="qqq?")
    answer = await walk.use(fan, "ask", question="where was it recorded?")
    for words in ("xyzzy", ""):
        form = await walk.press(answer, "wrong")
        await walk.submit(form.form, {"words": words})
    for _ in range(7):  # more than a member may make in a day
        await walk.use(fan, "suggest", what="qqq xyzzy")
    await walk.use(fan, "suggest", what="@ann 123")
    await until(lambda: not days.bot.services.in_flight.count)
    for name in ("about", "privacy show"):
        await walk.use(fan, name)
    listed = await walk.use(admin, "gaps list")
    await walk.press(listed, "gaps")
    await walk.press(await walk.use(admin, "gaps clear"), "cleargaps")
    await walk.use(admin, "gaps clear")
    await walk.use(admin, "gaps off")


async def _set_up(walk: Walk, admin: Person) -> None:
    for name in ("list", "edit", "doctor", "history", "now", "pause", "alerts"):
        await walk.use(admin, f"daily {name}")
    opened = await walk.use(admin, "daily set")
    filled = {
        "name": "morning", "channel": [str(admin.channel.id)], "time": "xyzzy", "zone": "UTC",
        "days": ["Sunday"],
    }  # fmt: skip
    refused = await walk.submit(opened.form, filled)
    again = await walk.press(refused, "again")
    await walk.submit(again.form, filled | {"time": "9am"})
    for wrong in (
        {},
        *({"time": time} for time in ("9", "25:00", "24:00", "13pm", "9:75", "zzz")),
        *({"zone": zone} for zone in ("zzz", "Spain", "UTC5")),
        *({"days": days} for days in ("someday", ",")),
        *({"colour": "mauve"}, {"pack": "zzz"}, {"by": "zzz"}, {"kind": "facts", "by": "Mika"}),
    ):
        await walk.use(admin, "daily set", **MORNING | wrong)
    full = {
        "kind": "both", "title": "xyzzy", "colour": "teal", "language": "de", "window": 3,
        "days": "weekdays", "thread": True, "publish": False, "role": "Moderators",
    }  # fmt: skip
    await walk.use(admin, "daily set", **MORNING | {"name": "evening"} | full)
    full["role"] = "Fans"
    await walk.use(admin, "daily set", **MORNING | {"name": "evening"} | full)
    for channel, options in (
        *(("backstage", {}), ("archive", {}), ("B-sides", {"thread": True})),
        ("general", {"publish": True}),
    ):
        await walk.use(
            admin, "daily set", **MORNING | {"name": "zzz", "channel": channel} | options
        )
    await walk.use(admin, "daily edit", name="evening", time="21:15", rename="qqq", no_ping=True)
    await walk.use(admin, "daily edit", name="zzz", time="21:15")
    await walk.use(admin, "daily edit", name="qqq", kind="facts")
    await walk.use(admin, "daily edit", name="qqq", kind="facts")
    await walk.use(admin, "daily edit", name="qqq")


async def _look_after(walk: Walk, admin: Person, days: Days) -> None:
    for moment in ("tomorrow", "zzz", "2020-01-01", "99 weeks"):
        await walk.use(admin, "daily pause", name="morning", until=moment)
    await walk.use(admin, "daily pause", name="morning")
    await walk.use(admin, "daily list")
    await walk.use(admin, "daily skip", name="morning")
    await walk.use(admin, "daily resume", name="morning")
    await walk.use(admin, "daily resume", name="morning")
    await walk.use(admin, "daily skip", name="morning")
    await walk.use(admin, "daily preview", name="morning")
    await walk.use(admin, "daily preview", name="qqq")
    await walk.use(admin, "daily now", name="morning")
    await days.ended(admin, 1)
    for post in [each for each in admin.read() if "ln1:daily:" in str(each.json)]:
        await walk.press(walk.see("post", post), "daily")
    for name in ("list", "history", "doctor"):
        await walk.use(admin, f"daily {name}")
    await walk.use(admin, "daily doctor", name="morning")
    await walk.use(admin, "daily alerts", channel="news")
    for option in ("name", "pack", "colour"):  # zones are names of cities
        command = "daily set" if option != "name" else "daily edit"
        await walk.complete(admin, command, option)


async def _fail(walk: Walk, sandbox: Sandbox, admin: Person, days: Days) -> None:
    # Of its own: the next days of the others are skipped.
    await walk.use(admin, "daily set", **MORNING | {"name": "ann", "time": days.at(minutes=30)})
    before = len(await days.ledger(admin))
    sandbox.faults.add(
        Fault("error", status=403, method="POST", path=f"/channels/{admin.channel.id}/messages")
    )
    days.forward(hours=1)
    await days.ended(admin, before + 1)
    news = sandbox.user("admin", guild="Night Owls", channel="news")
    await days.until(news.read)
    for each in news.read():
        walk.see("alert", each)
    await walk.use(admin, "daily history")
    await walk.use(admin, "daily doctor", name="ann")


async def _take_away(walk: Walk, admin: Person, fan: Person) -> None:
    asked = await walk.use(admin, "daily remove", name="morning")
    removed = await walk.press(asked, "remove")
    await walk.press(removed, "undo")
    await walk.use(admin, "daily remove", name="zzz")
    for options in ({}, {"pack": "zzz"}, {"pack": "night-owls-1999", "answers": False}):
        await walk.use(admin, "packs", **options)
    for name in ("ask", "quote", "release", "topics", "about", "help"):
        await walk.use(fan, name, **({"question": "maybe"} if name == "ask" else {}))
    await walk.use(admin, "daily doctor", name="morning")
    await walk.use(admin, "packs", pack="night-owls-1999", answers=True)
    await walk.use(admin, "privacy show")
    await walk.press(await walk.use(admin, "privacy erase"), "erase")
    await walk.use(admin, "privacy erase")


async def _be_refused(
    walk: Walk, sandbox: Sandbox, fan: Person, moderator: Person, knowledge: KnowledgeInMemory
) -> None:
    await walk.use(fan, "privacy erase")
    for channel in ("read-only", "plain", "no-bots"):
        await walk.use(moderator, "daily set", **MORNING | {"channel": channel})
    knowledge.fail = StoreError("it is broken")
    await walk.use(fan, "ask", question="maybe")
    knowledge.fail = None


async def test_nothing_that_anybody_reads_is_english_in_another_language(  # noqa: PLR0913, PLR0917
    sandbox: Sandbox,
    fan: Person,
    admin: Person,
    moderator: Person,
    days: Days,
    knowledge: KnowledgeInMemory,
) -> None:
    walk = Walk()
    await _ask_and_browse(walk, fan)
    await _keep_gaps(walk, admin, fan, days)
    await _set_up(walk, admin)
    await _look_after(walk, admin, days)
    await _fail(walk, sandbox, admin, days)
    await _take_away(walk, admin, fan)
    await _be_refused(walk, sandbox, fan, moderator, knowledge)

    assert {
        did: left for did, texts in walk.read.items() if (left := words_left(texts, DATA))
    } == {}
    assert _every_command() - walk.used == set()


def _every_command() -> set[str]:
    services: Any = None
    return {
        child.qualified_name
        for command in build_commands(services, services)
        for child in getattr(command, "commands", [command])
    }
