"""The whole bot: the packs that come with it, compiled, asked over the sandbox."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from bot.answering.formatting import citation
from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.pack_set import PackSet
from bot.client.adapters.quote_source import QuoteSource
from bot.client.knowledge import InFlight, KnowledgeHolder
from bot.client.markdown import curl_quotes
from bot.localization.phrases import ENGLISH
from bot.packs.discovery import find_pack_files, shipped_folder
from bot.packs.entries import format_paragraphs
from bot.packs.loader import load_packs
from bot.scheduling.models import Delivery, PostStyle, Trigger
from tests.support.packs import HIDE
from tests.support.serving import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.config import Endpoint
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from tests.support.stores import Stores

NOON = datetime(2026, 6, 11, 12, tzinfo=UTC)
POST = Delivery("a", "s", 1, 2, Trigger.SCHEDULED, "2026-06-11", NOON, NOON)
Whole = tuple["Person", KnowledgeBase]


@pytest.fixture
async def whole(
    sandbox: Sandbox, endpoint: Endpoint, tmp_path: Path, stores: Stores
) -> AsyncIterator[Whole]:
    stores.put(tmp_path, shipped_folder())
    store = PackSet((shipped_folder(),), tmp_path, is_configured=True).ensure_index(in_child=False)
    async with (
        await KnowledgeBase.open(store, HIDE) as knowledge,
        serving(sandbox, knowledge, endpoint),
    ):
        yield sandbox.user("fan", guild="Night Owls", channel="general"), knowledge


def seen(text: str) -> str:
    """Read a text as Discord shows it: without the escapes."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text)


async def test_every_question_on_offer_is_answered_with_fact_and_source(whole: Whole) -> None:
    fan, knowledge = whole
    for topic in knowledge.list_topics(knowledge.packs):
        for offered in topic.questions:
            (*_, choice) = [
                choice
                for choice in await fan.autocomplete("ask", "question", offered.question)
                if choice["name"] == offered.question
            ]
            reply = await fan.command("ask", question=choice["value"])
            assert curl_quotes(offered.statement) in seen(reply.text), offered.question
            assert citation(ENGLISH, knowledge.source(topic.pack)) in seen(reply.text)


async def test_every_quote_comes_once_before_any_comes_again(whole: Whole) -> None:
    fan, knowledge = whole
    ids = await knowledge.list_quote_ids(knowledge.packs)
    reply = await fan.command("quote")
    words = []
    for _ in ids:
        words.append(reply.text.splitlines()[0])
        await reply.press("Another")
    assert len(set(words)) == len(ids)


async def test_every_daily_post_holds_quote_speaker_context_and_source(whole: Whole) -> None:
    _, knowledge = whole
    quotes = QuoteSource(KnowledgeHolder(knowledge, InFlight()))
    drawn = await quotes.eligible(None, None)
    assert sorted(drawn) == sorted(
        f"{pack.id}:{quote.id}"
        for pack in load_packs(find_pack_files([shipped_folder()]))
        for quote in pack.quotes
        if quote.withdrawn is None and quote.daily
    )
    for each in drawn:
        payload = await quotes.payload(each, POST, PostStyle(), None)
        cited = await knowledge.find_quote(*each.split(":"))
        assert payload is not None
        assert cited is not None
        (frame,) = payload["components"]
        lines = seen(
            "\n".join(part.get("content", "") for part in frame["components"])
        ).splitlines()
        source = citation(ENGLISH, cited.source, cited.source.year)
        assert lines == [
            "### Quote of the day",
            f"## “{curl_quotes(cited.quote.words)}”",
            f"— **{cited.speaker}**",
            curl_quotes(cited.quote.context),
            f"-# {source} {format_paragraphs(cited.quote.paragraphs).capitalize()}.",
        ]
        assert all((cited.quote.words, cited.speaker, cited.quote.context, source))


async def test_every_fact_of_the_daily_post_is_rendered_and_dates_have_their_day(
    whole: Whole,
) -> None:
    _, knowledge = whole
    source = QuoteSource(KnowledgeHolder(knowledge, InFlight()))
    facts = await source.facts(None)
    assert len(facts) > 25
    assert all([await source.payload(each, POST, PostStyle(), None) for each in facts])
    today = date(2026, 6, 11)
    (release,) = await source.on_this_day(None, today)
    assert "13 years ago today 24/Seven was announced to come out" in str(
        await source.payload(release, POST, PostStyle(), today)
    )
    assert not await source.on_this_day(None, date(2012, 6, 11))
    assert not await source.on_this_day(None, date(2026, 6, 12))


async def test_every_theme_on_offer_finds_a_quote_on_it(whole: Whole) -> None:
    fan, knowledge = whole
    for theme, _ in knowledge.complete_theme("", knowledge.packs):
        reply = await fan.command("quote", about=theme)
        assert "“" in reply.text, theme


async def test_every_release_and_song_on_offer_is_found(whole: Whole) -> None:
    fan, knowledge = whole
    for title in knowledge.complete_title("", knowledge.packs):
        assert seen(title) in seen((await fan.command("release", title=title)).text)


async def test_every_subject_opens(whole: Whole) -> None:
    fan, knowledge = whole
    reply = await fan.command("topics")
    for topic in knowledge.list_topics(knowledge.packs):
        await reply.choose(f"{topic.pack}:{topic.subject}")
        assert topic.name in seen(reply.text)
        await reply.press("All subjects")
