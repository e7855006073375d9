from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answering.knowledge_base import Explanation, KnowledgeBase
from bot.answering.pack_set import compile_packs
from bot.answering.results import Found, Unknown, Unsure
from bot.errors import StoreError
from tests.bench.synthetic import Maker
from tests.support.packs import (
    HIDE,
    LANTERN,
    REAL,
    WITHDRAWN,
    little_fact,
    little_pack,
    little_quote,
    little_release,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.answering.results import Answer, CitedQuote
    from tests.support.stores import Stores

HERE, THERE, NOWHERE = frozenset({REAL}), frozenset({LANTERN}), frozenset[str]()
BOTH = HERE | THERE
# The notes are only read, so one opening serves every example.
shared_knowledge = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
TALES = st.text(max_size=300)
"""Any text at all, half surrogate pairs, controls and unassigned characters included."""
WORDS = """
    when who why how many does the is album record song band heffron drive kendall btr 24/7 lantern
    weir maren tolvey heronmother slow water almanac tour fans out sing & ? ' " - untouchable
    amazing birthday old is't editon albumm
"""
KNOWN_WORDS = st.lists(st.sampled_from(WORDS.split()), max_size=40).map(
    lambda words: " ".join(words)[:300]
)


def packs_in(answer: Answer) -> set[str]:
    match answer:
        case Found():
            quoted = {answer.answer.quote.pack} if answer.answer.quote else set()
            return {answer.answer.pack, *(item.pack for item in answer.related), *quoted}
        case Unsure() | Unknown():
            return {item.pack for item in answer.suggestions}


async def fact_for(knowledge: KnowledgeBase, question: str, pack: str = REAL) -> str | None:
    answer = await knowledge.answer(question, frozenset({pack}))
    return answer.answer.fact.id if isinstance(answer, Found) else None


# What a fan may forget or get wrong


@pytest.mark.parametrize(
    "question",
    [
        "When does the new album come out?",
        "WHEN DOES THE NEW ALBUM COME OUT???",
        "when does the new album come out",
        "wehn does the new albumm come out",
        "when does 24/7 come out",
        "when does 24/Seven drop",
        "24/seven release date",
        "release date 24/seven",
        "when is the new cd out",
        "when is the new lp released",
        "release date of the new record",
        "ok so hey does anyone know when the new album comes out pls",
    ],
)
async def test_one_question_in_many_clothes_has_one_answer(
    real_knowledge: KnowledgeBase, question: str
) -> None:
    assert await fact_for(real_knowledge, question) == "album-release-date"


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("who is in Heffron Drive?", "heffron-members"),
        ("who's in HD?", "heffron-members"),
        ("whos in hefron drive", "heffron-members"),
        ("members of heffron drive", "heffron-members"),
        ("what's kendalls twitter", "kendall-twitter"),
        ("What’s Kendall’s Twitter?", "kendall-twitter"),
        ("who sings amazing", "song-amazing"),
        ("who sang untouchble", "song-untouchable"),
        ("where can i pre-order 24/seven", "album-preorder"),
        ("where can i preorder the album", "album-preorder"),
    ],
)
async def test_short_forms_apostrophes_and_typos_are_forgiven(
    real_knowledge: KnowledgeBase, question: str, fact: str
) -> None:
    assert await fact_for(real_knowledge, question) == fact


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("Who are the members of Lantern Weir?", "band-members"),
        ("slow water almanac release date", "almanac-date"),
        ("who produced slow watre almanac", "almanac-producer"),
        ("WHY DID JOSS LEAVE", "joss-left"),
        ("what language is heronmother in", "almanac-languages"),
        ("wat is the midnigt lock", "midnight-lock"),
    ],
)
async def test_an_invented_pack_is_answered_as_well_as_the_real_one(
    lantern_knowledge: KnowledgeBase, question: str, fact: str
) -> None:
    assert await fact_for(lantern_knowledge, question, LANTERN) == fact


async def test_every_question_shown_to_people_leads_to_its_fact(
    knowledge_of_both: KnowledgeBase,
) -> None:
    lost = []
    for topic in knowledge_of_both.list_topics(BOTH):
        for item in topic.questions:
            answer = await knowledge_of_both.answer(item.question, frozenset({item.pack}))
            offered = answer.related if isinstance(answer, Found) else answer.suggestions
            found = answer.answer.fact.id if isinstance(answer, Found) else None
            if item.fact not in (found, *(suggestion.fact for suggestion in offered)):
                lost.append((item.question, found))

    assert lost == []


# What the notes do not say


@pytest.mark.parametrize(
    "question",
    [
        "What is the capital of Australia?",
        "how do i boil an egg",
        "tell me a joke",
        "asdf qwer zxcv",
        "!!!",
        "",
    ],
)
async def test_what_is_far_from_the_notes_is_not_answered(
    knowledge_of_both: KnowledgeBase, question: str
) -> None:
    assert not isinstance(await knowledge_of_both.answer(question, BOTH), Found)


@pytest.mark.parametrize("question", ["How old is Kendall?", "What is Kendall's favourite food?"])
async def test_a_question_near_the_notes_is_told_what_they_do_cover(
    real_knowledge: KnowledgeBase, question: str
) -> None:
    answer = await real_knowledge.answer(question, HERE)

    assert not isinstance(answer, Found)
    assert len(answer.suggestions) <= 3
    if isinstance(answer, Unknown):
        assert answer.near == "Kendall Schmidt"


async def test_another_bands_album_is_not_answered_with_this_ones_date(
    real_knowledge: KnowledgeBase,
) -> None:
    found = await fact_for(real_knowledge, "When does Heffron Drive's album come out?")

    assert found != "album-release-date"


# What a found answer carries


async def test_an_answer_carries_its_citation_quote_and_what_is_near(
    real_knowledge: KnowledgeBase,
) -> None:
    quoted = [
        answer
        for topic in real_knowledge.list_topics(HERE)
        for item in topic.questions
        if isinstance(answer := await real_knowledge.answer(item.question, HERE), Found)
        and answer.answer.quote is not None
        and answer.related
    ]

    assert quoted
    for answer in quoted:
        assert answer.answer.source.author == "Brittany Frederick"
        assert answer.answer.fact.as_of == 2013
        assert answer.answer.quote is not None
        assert answer.answer.quote.quote.id in answer.answer.fact.quotes
        assert [item.fact for item in answer.related] == list(answer.answer.fact.related)


async def test_the_nearest_fact_is_the_answer_or_the_likeliest(
    knowledge_of_both: KnowledgeBase,
) -> None:
    answered = await knowledge_of_both.find_nearest("When does 24/Seven come out?", HERE)
    assert answered is not None
    assert answered.is_answer
    near = await knowledge_of_both.find_nearest("who painted the cover of 24/Seven", HERE)
    assert near is not None
    assert (near.is_answer, near.fact.pack) == (False, REAL)
    assert await knowledge_of_both.find_nearest("zzz", NOWHERE) is None


def test_only_words_with_digits_of_names_in_scope_are_known(
    knowledge_of_both: KnowledgeBase,
) -> None:
    assert "24/seven" in knowledge_of_both.names_with_digits(HERE)
    assert all(map(str.islower, knowledge_of_both.names_with_digits(BOTH)))
    assert not knowledge_of_both.names_with_digits(THERE)
    assert not knowledge_of_both.names_with_digits(NOWHERE)


async def test_a_suggestion_bears_the_question_and_what_it_would_answer(
    real_knowledge: KnowledgeBase,
) -> None:
    (topic, *_) = real_knowledge.list_topics(HERE)

    for item in topic.questions:
        cited = await real_knowledge.find_fact(item.pack, item.fact)
        assert cited is not None
        assert item.statement == cited.fact.statement
        assert item.question == cited.fact.questions[0]


# Scope


@shared_knowledge
@given(question=TALES | KNOWN_WORDS, scope=st.sampled_from([HERE, THERE, BOTH, NOWHERE]))
async def test_nothing_leaks_from_outside_the_scope(
    knowledge_of_both: KnowledgeBase, question: str, scope: frozenset[str]
) -> None:
    answer = await knowledge_of_both.answer(question, scope)
    explained = await knowledge_of_both.explain(question, scope)
    quote = await knowledge_of_both.choose_quote(scope, Random(1), about=question)
    release = await knowledge_of_both.search_release(question, scope)

    assert packs_in(answer) <= scope
    assert {evidence.document.pack for evidence in explained.evidence} <= scope
    assert {cited.pack for cited in (quote, release) if cited} <= scope


@settings(parent=shared_knowledge)
@given(question=KNOWN_WORDS)
async def test_a_pack_outside_the_scope_changes_no_answer(
    knowledge_of_both: KnowledgeBase, real_knowledge: KnowledgeBase, question: str
) -> None:
    assert await knowledge_of_both.answer(question, HERE) == await real_knowledge.answer(
        question, HERE
    )


async def test_topics_releases_and_completions_keep_to_the_scope(
    knowledge_of_both: KnowledgeBase,
) -> None:
    for scope in (HERE, THERE, BOTH, NOWHERE):
        assert {topic.pack for topic in knowledge_of_both.list_topics(scope)} == scope
        assert {cited.pack for cited in await knowledge_of_both.list_releases(scope)} == scope
        assert {pack for pack, _ in await knowledge_of_both.list_quote_ids(scope)} == scope
        assert {item.pack for item in knowledge_of_both.complete_question("who", scope)} == scope
    assert knowledge_of_both.complete_title("heronmother", HERE) == ()
    assert knowledge_of_both.complete_speaker("Maren", HERE) == ()
    assert knowledge_of_both.complete_speaker("", NOWHERE) == ()


async def test_a_quote_asked_for_by_a_speaker_out_of_scope_is_none(
    knowledge_of_both: KnowledgeBase,
) -> None:
    assert await knowledge_of_both.choose_quote(HERE, Random(1), by="Maren") is None
    assert await knowledge_of_both.choose_quote(THERE, Random(1), by="Maren") is not None


# Hostile texts


HOSTILE = [
    '"', "'", "' OR 1=1 --", '" AND NEAR(a b)', "zyx:x*", "(((", "a\x00b", "\ud800", "\udfff!",
    "😀" * 100, "\u202eevil", "a\u200bb\u200cc", "\ufdfa" * 300, "\u0301" * 300, "ẞ" * 300,
    "x " * 150, "a" * 300, "?" * 300, "' " * 150, "%s%n", "{}", "\\", "\r\n\t", "e\u0301" * 150,
    "qwert " * 37, "abcd efgh ijkl mnop qrst " * 12, "A" * 10_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_a_hostile_text_is_a_question_like_any_other(
    knowledge_of_both: KnowledgeBase, text: str
) -> None:
    assert not isinstance(await knowledge_of_both.answer(text, BOTH), Found)
    await knowledge_of_both.choose_quote(BOTH, Random(1), about=text, by=text)
    await knowledge_of_both.search_release(text, BOTH)
    await knowledge_of_both.search_text(text.split(), BOTH)
    assert len(knowledge_of_both.complete_question(text, BOTH)) <= 25


@settings(parent=shared_knowledge, max_examples=3 * settings().max_examples)
@given(question=TALES | KNOWN_WORDS)
async def test_any_text_gets_an_answer_for_a_bounded_amount_of_work(
    knowledge_of_both: KnowledgeBase, question: str
) -> None:
    work = 0

    def count() -> None:
        nonlocal work
        work += 1

    database = knowledge_of_both._own.index._connection._db
    database.set_progress_handler(count, 1000)

    answer = await knowledge_of_both.answer(question, BOTH)

    database.set_progress_handler(None, 0)
    assert isinstance(answer, Found | Unsure | Unknown)
    assert work <= MOST_WORK


MOST_WORK = 1500
"""Thousands of steps of SQLite's machine: fixed by what is read, never by what is typed."""


async def test_the_same_question_is_read_once(knowledge_of_both: KnowledgeBase) -> None:
    first = await knowledge_of_both.answer("which night is the show on??", frozenset({REAL}))
    work = 0

    def count() -> None:
        nonlocal work
        work += 1

    knowledge_of_both._own.index._connection._db.set_progress_handler(count, 1)
    again = await knowledge_of_both.answer("which night is the show on??", frozenset({REAL}))
    knowledge_of_both._own.index._connection._db.set_progress_handler(None, 0)

    assert again is first
    assert work == 0


async def test_an_answer_remembered_in_one_scope_is_not_given_in_another(
    knowledge_of_both: KnowledgeBase,
) -> None:
    question = "When does the new album come out?"

    inside = await knowledge_of_both.answer(question, frozenset({REAL}))
    outside = await knowledge_of_both.answer(question, frozenset())

    assert isinstance(inside, Found)
    assert isinstance(outside, Unknown)


async def test_many_facts_are_read_in_a_thread_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.answering.knowledge_base.MAX_INLINE_FACTS", 20)
    compile_packs(Maker().packs(21), tmp_path / "facts.sqlite", "key")
    async with await KnowledgeBase.open(tmp_path / "facts.sqlite", HIDE) as knowledge:
        asked_of: list[str] = []
        explain = knowledge._own.engine.explain

        def noted(question: str, scope: frozenset[str]) -> Explanation:
            asked_of.append(threading.current_thread().name)
            return explain(question, scope)

        # Loaded before anybody waits for it.
        assert {"engine", "catalog", "questions"} <= vars(knowledge._own).keys()
        knowledge._own.engine.explain = noted  # type: ignore[method-assign]  # to hear where it runs
        await knowledge.answer("who is it?", knowledge.packs)

    assert asked_of[0].startswith("answering")


# Withdrawn entries


@pytest.fixture
async def thinned(tmp_path: Path) -> AsyncIterator[KnowledgeBase]:
    """Notes of a pack of which one entry of each kind is withdrawn, though others point at it."""
    pack = little_pack(
        facts=[
            little_fact(related=("secret",), quotes=("unsaid",)),
            little_fact(
                "secret",
                statement="Ona dives.",
                questions=("Where does Ona dive?",),
                withdrawn=WITHDRAWN,
            ),
        ],
        quotes=[little_quote(), little_quote("unsaid", themes=("diving",), withdrawn=WITHDRAWN)],
        releases=[little_release(withdrawn=WITHDRAWN)],
    )
    compile_packs([pack], tmp_path / "facts.sqlite", "key")
    async with await KnowledgeBase.open(tmp_path / "facts.sqlite", HIDE) as knowledge:
        yield knowledge


async def test_what_may_not_stand_alone_is_left_out_for_the_daily_post_only(tmp_path: Path) -> None:
    fragment = replace(little_quote("fragment"), daily=False)
    pack = little_pack(quotes=(little_quote(), fragment))
    compile_packs([pack], tmp_path / "facts.sqlite", "key")

    async with await KnowledgeBase.open(tmp_path / "facts.sqlite", HIDE) as knowledge:
        every = await knowledge.list_quote_ids(knowledge.packs)
        assert every == (("mira-vale", "best-part"), ("mira-vale", "fragment"))
        assert await knowledge.list_quote_ids(knowledge.packs, only_daily=True) == every[:1]


async def test_withdrawn_entries_are_never_served(thinned: KnowledgeBase) -> None:
    scope = thinned.packs
    answer = await thinned.answer("Where does Ona dive?", scope)
    shown = answer.suggestions if isinstance(answer, Unsure | Unknown) else ()

    assert not isinstance(answer, Found) or answer.answer.fact.id != "secret"
    assert "secret" not in {item.fact for item in shown}
    assert await thinned.find_fact("mira-vale", "secret") is None
    assert await thinned.find_quote("mira-vale", "unsaid") is None
    assert await thinned.choose_quote(scope, Random(1), about="diving") is None
    assert await thinned.list_quote_ids(scope) == (("mira-vale", "best-part"),)
    assert await thinned.search_release("Tidewater", scope) is None
    assert await thinned.find_release("mira-vale", "tidewater") is None
    assert await thinned.list_releases(scope) == ()
    assert thinned.complete_question("dive", scope) == ()
    assert thinned.complete_title("", scope) == ()
    assert ("diving", "en") not in thinned.complete_theme("diving", scope)


async def test_what_points_at_something_withdrawn_points_at_nothing(thinned: KnowledgeBase) -> None:
    cited = await thinned.find_fact("mira-vale", "sister")

    assert cited is not None
    assert cited.quote is None
    assert await thinned.list_related("mira-vale", "sister") == ()


# Quotes


async def drawn(knowledge: KnowledgeBase, seed: int, *, by: str | None = None) -> CitedQuote:
    quote = await knowledge.choose_quote(BOTH, Random(seed), by=by)
    assert quote is not None
    return quote


@pytest.mark.parametrize("by", ["Maren Tolvey", "maren", "TOLVEY", " Marren ", "Máren"])
async def test_a_speaker_is_known_by_every_name_and_alias(
    knowledge_of_both: KnowledgeBase, by: str
) -> None:
    assert {(await drawn(knowledge_of_both, seed, by=by)).speaker for seed in range(9)} == {
        "Maren Tolvey"
    }


async def test_a_stranger_said_nothing(knowledge_of_both: KnowledgeBase) -> None:
    assert await knowledge_of_both.choose_quote(BOTH, Random(1), by="Nobody Known") is None


async def test_a_blank_speaker_is_anybody(knowledge_of_both: KnowledgeBase) -> None:
    assert await knowledge_of_both.choose_quote(BOTH, Random(1), by="  ") is not None


async def test_a_theme_finds_its_quote_and_says_which(real_knowledge: KnowledgeBase) -> None:
    quote = await real_knowledge.choose_quote(HERE, Random(1), about="FANS!")

    assert quote is not None
    assert quote.theme is not None
    assert "fan" in quote.theme
    assert quote.theme in quote.quote.themes


@pytest.mark.parametrize(
    "request_for", ["{}", "a quote about {} pls", "got anything on {}?", "{} quote thanks"]
)
async def test_a_theme_in_a_frame_finds_the_quotes_that_have_it(
    knowledge_of_both: KnowledgeBase, request_for: str
) -> None:
    for theme in ("being told", "the band", "gratitude", "the guitarist"):
        quote = await knowledge_of_both.choose_quote(
            BOTH, Random(1), about=request_for.format(theme)
        )

        assert quote is not None
        assert theme in quote.quote.themes


async def test_a_theme_and_a_speaker_must_both_fit(lantern_knowledge: KnowledgeBase) -> None:
    found = await lantern_knowledge.choose_quote(
        THERE, Random(1), about="grandmother", by="Sunniva"
    )

    assert found is not None
    assert found.speaker == "Sunniva Craik"
    assert (
        await lantern_knowledge.choose_quote(THERE, Random(1), about="grandmother", by="Idris")
        is None
    )


@pytest.mark.parametrize(
    ("asked", "theme"), [("guitarist", "the guitarist"), ("a gratitude", "gratitude")]
)
async def test_a_theme_is_the_same_with_another_article_or_none(
    real_knowledge: KnowledgeBase, asked: str, theme: str
) -> None:
    quote = await real_knowledge.choose_quote(HERE, Random(1), about=asked)

    assert quote is not None
    assert theme in quote.quote.themes


async def test_a_speaker_s_name_as_a_theme_finds_their_words(stores: Stores) -> None:
    store = stores.named("speaker-as-theme", [little_pack()], "little")
    async with await KnowledgeBase.open(store, HIDE) as little:
        found = await little.choose_quote(little.packs, Random(1), about="Mira")

        assert found is not None
        assert found.speaker == "Mira Vale"
        assert await little.choose_quote(little.packs, Random(1), about="Ona") is None


@pytest.mark.parametrize(
    "about", ["Sunniva", "a quote by Sunniva", "give me something from Sunniva pls"]
)
async def test_any_words_of_a_speaker_come_before_words_about_them(
    lantern_knowledge: KnowledgeBase, about: str
) -> None:
    found = [
        await lantern_knowledge.choose_quote(THERE, Random(seed), about=about) for seed in range(9)
    ]

    assert {cited.speaker for cited in found if cited} == {"Sunniva Craik"}
    assert len({cited.quote.id for cited in found if cited}) > 2


async def test_a_theme_that_no_quote_has_is_none(knowledge_of_both: KnowledgeBase) -> None:
    assert (
        await knowledge_of_both.choose_quote(BOTH, Random(1), about="quantum chromodynamics")
        is None
    )


async def test_chance_chooses_where_no_theme_is_given(knowledge_of_both: KnowledgeBase) -> None:
    assert len({(await drawn(knowledge_of_both, seed)).quote.id for seed in range(30)}) > 5
    assert await drawn(knowledge_of_both, 7) == await drawn(knowledge_of_both, 7)


async def test_another_quote_is_another_until_none_is_left(real_knowledge: KnowledgeBase) -> None:
    shown: set[tuple[str, str]] = set()
    every = set(await real_knowledge.list_quote_ids(HERE))

    for _ in every:
        quote = await real_knowledge.choose_quote(HERE, Random(1), exclude=frozenset(shown))
        assert quote is not None
        assert (quote.pack, quote.quote.id) not in shown
        shown.add((quote.pack, quote.quote.id))

    assert shown == every
    again = await real_knowledge.choose_quote(HERE, Random(1), exclude=frozenset(shown))
    assert again is not None


async def test_quotes_are_listed_by_speaker_and_theme(lantern_knowledge: KnowledgeBase) -> None:
    by_maren = set(await lantern_knowledge.list_quote_ids(THERE, by="Maren"))

    assert by_maren == {
        (LANTERN, key)
        for key in (
            "feel-the-floor",
            "slow-like-water",
            "it-leaks",
            "bit-of-trouble",
            "learn-to-count",
        )
    }
    ((theme, _), *_) = lantern_knowledge.complete_theme("", THERE)
    assert await lantern_knowledge.list_quote_ids(THERE, theme=theme)
    assert await lantern_knowledge.list_quote_ids(THERE, theme=f" {theme.upper()} ")
    assert await lantern_knowledge.list_quote_ids(THERE, theme="no such theme") == ()


# Releases and topics


@pytest.mark.parametrize(
    "title",
    ["24/Seven", "24/7", "24 seven", "Amazing", "untouchable", "untuchable", "the new album"],
)
async def test_a_release_is_found_by_title_alias_or_song(
    real_knowledge: KnowledgeBase, title: str
) -> None:
    cited = await real_knowledge.search_release(title, HERE)

    assert cited is not None
    assert cited.release.id == "24-seven"
    assert cited.artist == "Big Time Rush"
    assert cited.performers["james-maslow"] == "James Maslow"


@pytest.mark.parametrize("title", ["Thriller", "", "Heronmother", "Kendall"])
async def test_what_is_no_release_in_scope_is_none(
    knowledge_of_both: KnowledgeBase, title: str
) -> None:
    assert await knowledge_of_both.search_release(title, HERE) is None


@pytest.mark.parametrize("typed", ["24/Seven", "24/7?", "24", "Amazing", "untuchable", "24?"])
async def test_a_title_or_song_alone_stands_for_its_release(
    real_knowledge: KnowledgeBase, typed: str
) -> None:
    cited = await real_knowledge.find_bare_title(typed, HERE)

    assert cited is not None
    assert cited.release.id == "24-seven"


@pytest.mark.parametrize(
    "typed",
    ["Kendall", "Big Time Rush", "album", "the", "2", "", "?", "When is 24/Seven out?", "hello"],
)
async def test_a_question_a_subject_or_another_name_is_no_title(
    real_knowledge: KnowledgeBase, typed: str
) -> None:
    assert await real_knowledge.find_bare_title(typed, HERE) is None


@pytest.mark.parametrize(("word", "title"), [("album", "Album of Ours"), ("hello", "Hello Again")])
async def test_a_word_that_means_something_else_does_not_begin_a_title(
    tmp_path: Path, word: str, title: str
) -> None:
    release = replace(little_release("ours"), title=title, aliases=(), songs=())
    path = tmp_path / "facts.sqlite"
    compile_packs([little_pack(releases=[release])], path, key="")
    async with await KnowledgeBase.open(path, HIDE) as knowledge:
        assert await knowledge.find_bare_title(word, knowledge.packs) is None
        found = await knowledge.find_bare_title(title, knowledge.packs)

    assert found is not None
    assert found.release.id == "ours"


@pytest.mark.parametrize("subject", ["album", "songs", "tour", "show"])
async def test_a_subject_alone_is_answered_with_its_questions(
    real_knowledge: KnowledgeBase, subject: str
) -> None:
    assert isinstance(await real_knowledge.answer(subject, HERE), Unsure)


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("Twitter", "kendall-twitter"),
        ("nickelodeon?", "show-airing"),
        ("The Postal Service", "heffron-influence"),
    ],
)
async def test_a_name_that_is_no_facts_subject_is_answered_with_what_speaks_of_it(
    real_knowledge: KnowledgeBase, name: str, fact: str
) -> None:
    answer = await real_knowledge.answer(name, HERE)

    assert isinstance(answer, Unsure)
    assert fact in {each.fact for each in answer.suggestions}


async def test_releases_come_newest_first(knowledge_of_both: KnowledgeBase) -> None:
    dates = [cited.release.date.text for cited in await knowledge_of_both.list_releases(BOTH)]

    assert dates == sorted(dates, reverse=True)
    assert len(dates) == 3


async def test_topics_hold_every_fact_once(knowledge_of_both: KnowledgeBase) -> None:
    facts = [
        (item.pack, item.fact)
        for topic in knowledge_of_both.list_topics(BOTH)
        for item in topic.questions
    ]

    assert len(facts) == len(set(facts)) > 50
    assert all(topic.questions and topic.name for topic in knowledge_of_both.list_topics(BOTH))


async def test_the_main_subjects_of_a_pack_come_first(knowledge_of_both: KnowledgeBase) -> None:
    subjects = [topic.subject for topic in knowledge_of_both.list_topics(HERE)]
    offered = [item.fact for item in knowledge_of_both.complete_question("", HERE)]

    assert set(subjects[:4]) == {"kendall-schmidt", "big-time-rush", "heffron-drive", "24-seven"}
    assert set(offered[:3]) == {"kendall-role", "band-is-real", "heffron-what"}
    assert {item.pack for item in knowledge_of_both.complete_question("", BOTH)[:5]} == BOTH


async def test_a_question_is_completed_by_words_that_only_other_ways_of_asking_have(
    knowledge_of_both: KnowledgeBase,
) -> None:
    album = [item.fact for item in knowledge_of_both.complete_question("album", HERE)]
    release = [item.fact for item in knowledge_of_both.complete_question("release", HERE)]

    assert {fact for fact in album if fact.startswith("album-")} >= {
        "album-title",
        "album-release-date",
        "album-preorder",
        "album-editions",
        "album-deluxe",
        "album-songs",
        "album-making",
    }
    assert "album-release-date" in release[:3]
    assert len(album) == len(set(album))


async def test_titles_speakers_and_themes_are_completed(knowledge_of_both: KnowledgeBase) -> None:
    assert knowledge_of_both.complete_title("untuch", BOTH)[0] == "Untouchable"
    assert knowledge_of_both.complete_speaker("kend", BOTH)[0] == "Kendall Schmidt"
    assert knowledge_of_both.complete_theme("fan", HERE)
    assert knowledge_of_both.complete_question("when does 24", HERE)[0].fact == "album-release-date"


async def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no fact store that can be read"):
        await KnowledgeBase.open(tmp_path / "none.sqlite", HIDE)


async def test_many_may_ask_at_once(knowledge_of_both: KnowledgeBase) -> None:
    questions = ["who is in heffron drive", "slow water almanac release date"] * 20
    answers = await asyncio.gather(*(knowledge_of_both.answer(each, BOTH) for each in questions))

    assert answers[::2] == answers[:1] * 20
    assert answers[1::2] == answers[1:2] * 20
