"""Cards keep Discord's limits whatever a pack holds; what they show is tested end to end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.answering.coverage import Coverage
from bot.answering.formatting import NOT_TRANSLATED, NOT_UNDERSTOOD, NOTES_NOT_TRANSLATED
from bot.answering.results import (
    CitedFact,
    CitedQuote,
    CitedRelease,
    Found,
    Suggestion,
    Topic,
    Unknown,
    Unsure,
)
from bot.answering.small_talk import SmallTalk
from bot.client.command_mentions import CommandMentions
from bot.client.views.about import render_about
from bot.client.views.answer import AnswerContext, render_answer, render_small_talk
from bot.client.views.gaps import (
    NearestFact,
    objection_reply,
    render_clear_confirmation,
    render_gaps,
    render_switched_on,
    suggestion_reply,
)
from bot.client.views.help import render_help
from bot.client.views.layout import ACCENT, year_origin
from bot.client.views.post import render_fact_post, render_quote_post, render_release_post
from bot.client.views.quote import render_quote, render_quote_details
from bot.client.views.release import render_no_release, render_release
from bot.client.views.topics import back_row, render_topic, render_topics
from bot.localization.languages import TRANSLATED, load_phrases
from bot.localization.phrases import ENGLISH
from bot.packs.models import DatePrecision, Edition, ReleaseDate, Song
from bot.scheduling.models import Delivery, Gap, GapKind, Guild, PostStyle, Trigger
from tests.support.knowledge import FACTS, PACK, QUOTES, RELEASES, SOURCE
from tests.support.masked_phrases import MaskedPhrases, words_left

if TYPE_CHECKING:
    from collections.abc import Iterator

    from discord.ui import LayoutView

    from bot.localization.phrases import Phrases

LONG = "*long*_words_ " * 300
ID, PACK_ID = "f" * 40, "p" * 40
TODAY = date(2026, 6, 11)
NOW = datetime(2026, 6, 11, 9, tzinfo=UTC)

source = replace(
    SOURCE,
    title=LONG,
    author=LONG,
    publishers=(LONG,) * 9,
    year_from=LONG,
    rights=LONG,
    url=f"https://example.org/{'a' * 280}",
)
quote = CitedQuote(
    PACK_ID,
    replace(QUOTES["barn-words"], id=ID, words=LONG, context=LONG, themes=(LONG,) * 100),
    LONG,
    source,
)
cited = CitedFact(
    PACK_ID,
    replace(FACTS["barn"], id=ID, statement=LONG, questions=(LONG,), note=LONG, date="2013-06-11"),
    source,
    LONG,
    quote,
)
suggestions = tuple(Suggestion(PACK_ID, f"{n:0>40}", LONG, LONG) for n in range(60))
release = CitedRelease(
    PACK_ID,
    replace(
        RELEASES["owl-light"],
        id=ID,
        title=LONG,
        kind=LONG,
        status=LONG,
        date=ReleaseDate("2013-06-11", DatePrecision.DAY, LONG),
        editions=(Edition(LONG, 10**9, LONG),) * 90,
        songs=(Song(ID, LONG, (ID,) * 9, (), LONG),) * 90,
        available=(LONG,) * 90,
    ),
    LONG,
    {ID: LONG},
    source,
)
POST = Delivery(
    *("d" * 25, "s", 1, 2),
    Trigger.SCHEDULED,
    "2026-06-11",
    NOW,
    NOW + timedelta(hours=6),
    role_id=7,
)
STYLE = PostStyle(LONG[:64], 0)
others = [replace(release, release=replace(release.release, id=f"{n:0>40}")) for n in range(60)]
topics = [Topic(PACK_ID, f"{n:0>40}", LONG, suggestions) for n in range(60)]

CONTEXT = AnswerContext(
    2026,
    ENGLISH,
    is_shareable=True,
    message=2**63,
    message_link=f"https://discord.com/{'1' * 60}",
    keeps_gaps=True,
    is_kept=True,
)
COVERAGE = Coverage((LONG,) * 3, suggestions[:3])

KEEPING = Guild(1, keeps_gaps=True, takes_suggestions=True)
NEAREST = NearestFact(PACK_ID, ID, LONG, is_answer=True)
GAPS = (
    *(Gap(GapKind.UNANSWERED, LONG, TODAY, 9**n) for n in range(9)),
    Gap(GapKind.NOT_RIGHT, "", TODAY, 1, PACK_ID, ID),
)


def cards(say: Phrases) -> dict[str, LayoutView]:
    """Build every card at its longest, in one language."""
    context, asked = replace(CONTEXT, say=say), say.tag
    return {
        "found": render_answer(
            Found(cited, suggestions, asked),
            LONG,
            context=context,
            back=back_row(say, PACK_ID, ID, 9999),
        ),
        "found without a question": render_answer(
            Found(cited, suggestions, asked), context=context
        ),
        "found in public": render_answer(
            Found(cited, suggestions, asked), LONG, context=replace(context, is_public=True)
        ),
        "unsure": render_answer(Unsure(suggestions, asked), LONG, context=context),
        "unknown": render_answer(Unknown(LONG, suggestions, asked), LONG, context=context),
        "several packs": render_answer(
            Unsure(suggestions, asked), LONG, context=context, titles={PACK_ID: LONG}
        ),
        "unknown subject": render_answer(Unknown(), LONG, context=context),
        "small talk": render_small_talk(SmallTalk.HELP, COVERAGE, context),
        "help": render_help(
            CommandMentions(dict.fromkeys(["ask", "daily"], 2**63)),
            COVERAGE,
            context,
            absence=LONG[:200].replace("*", "").replace("_", ""),
            invite=f"https://discord.com/oauth2/authorize?client_id={2**63}",
            help_page=None,
            is_admin=True,
        ),
        "quote": render_quote(say, quote, "99s"),
        "release": render_release(say, release, others, year=2026),
        "no release": render_no_release(say, others),
        "topics": render_topics(say, topics, 1),
        "topic": render_topic(say, topics[0], 1),
        "quote post": render_quote_post(say, quote, POST, STYLE),
        "fact post": render_fact_post(say, cited, POST, STYLE, None),
        "fact of a day": render_fact_post(say, cited, POST, STYLE, TODAY),
        "release of a day": render_release_post(say, release, POST, STYLE, TODAY),
        "about": render_about(say, [(LONG, source, "en")] * 90, LONG, KEEPING),
        "gaps on": render_switched_on(say, KEEPING),
        "gaps": render_gaps(say, GAPS, dict.fromkeys(GAPS, NEAREST), GapKind.UNANSWERED, 1),
        "objections": render_gaps(say, GAPS, {GAPS[-1]: NEAREST}, GapKind.NOT_RIGHT, 0),
        "no gaps": render_gaps(say, (), {}, GapKind.SUGGESTED, 0),
        "clear": render_clear_confirmation(say, 1_000),
        "suggestion": suggestion_reply(say, LONG, 2),
        "objection": objection_reply(say, LONG),
    }


CARDS = cards(ENGLISH)


@pytest.mark.parametrize(
    "language", ["en", *(pytest.param(tag, marks=pytest.mark.long) for tag in TRANSLATED)]
)
def test_a_card_keeps_discords_limits_whatever_a_pack_holds(language: str) -> None:
    for name, card in cards(load_phrases(language)).items():
        assert card.content_length() <= 4000, name
        assert card.total_children_count <= 40, name
        for part in _shown(card):
            if "label" in part and part.get("type") == discord.ComponentType.button.value:
                assert 1 <= len(part["label"]) <= 80
            if "custom_id" in part:
                assert 1 <= len(part["custom_id"]) <= 100
            if "options" in part:
                assert 1 <= len(part["options"]) <= 25
                assert len(part["placeholder"]) <= 150
                assert len({option["value"] for option in part["options"]}) == len(part["options"])
            if "value" in part:
                assert all(1 <= len(part[key]) <= 100 for key in ("label", "value"))
        ids = [part["custom_id"] for part in _shown(card) if "custom_id" in part]
        assert len(ids) == len(set(ids))


def test_nothing_on_a_card_is_english_in_another_language() -> None:
    data = [LONG, "Liner Notes", repr(FACTS["barn"]), "Ask for"]
    for name, card in cards(MaskedPhrases()).items():
        parts = [part for part in _shown(card) if part.get("type") != 17]
        texts = [
            str(each.get(key) or "")
            for part in parts
            for each in (part, *part.get("options", ()))
            for key in ("content", "label", "placeholder", "description")
        ]
        assert words_left(texts, data) == set(), name


NOTHING_OF_A_PACK = {"unknown subject", "no release", "gaps on", "no gaps", "clear"}
FOR_THE_HOST = {"gaps", "objections", "suggestion", "objection"}
"""Words that members wrote, beside facts for those who look after the notes."""


def test_a_card_of_a_pack_in_another_language_says_so_once() -> None:
    say = load_phrases("de")
    notes = {say(NOT_TRANSLATED), say(NOTES_NOT_TRANSLATED)}
    for name, card in cards(say).items():
        told = [each for each in _texts(card) if each.removeprefix("-# ") in notes]
        expected = 0 if name in NOTHING_OF_A_PACK | FOR_THE_HOST else 1
        assert len(told) == expected, name
        assert card.content_length() <= 4000, name
    assert not any(
        each.removeprefix("-# ") in {NOT_TRANSLATED, NOTES_NOT_TRANSLATED}
        for card in CARDS.values()
        for each in _texts(card)
    )


def test_what_is_asked_in_a_language_that_is_not_understood_is_not_said_to_be_untold() -> None:
    say = load_phrases("fr")
    unknown = Unknown(LONG, suggestions, asked_in="fr", ask_in=("en", "es", "pt-BR"))

    told = _texts(render_answer(unknown, LONG, context=replace(CONTEXT, say=say)))

    assert say(NOT_UNDERSTOOD, languages="anglais, espagnol ou portugais") in told
    assert say("The notes don’t say.") not in " ".join(told)


def test_what_was_asked_in_the_language_of_the_pack_is_not_said_to_be_in_another() -> None:
    say = load_phrases("de")
    context = replace(CONTEXT, say=say)
    for answer in (Found(cited, suggestions), Unsure(suggestions), Unknown(LONG, suggestions)):
        card = render_answer(replace(answer, asked_in="en"), LONG, context=context)
        assert not {say(NOT_TRANSLATED), say(NOTES_NOT_TRANSLATED)}.intersection(
            each.removeprefix("-# ") for each in _texts(card)
        )


@pytest.mark.parametrize("name", CARDS)
def test_no_markdown_of_a_pack_survives(name: str) -> None:
    texts = [p["content"] for p in _shown(CARDS[name]) if "content" in p]
    assert not [text for text in texts if "*long*" in text or "_words_" in text]


def test_every_paragraph_that_bears_a_thing_is_cited_under_it() -> None:
    several = (4, 5, 9)
    fact = replace(cited, fact=replace(cited.fact, paragraphs=several, note=""), source=SOURCE)
    spoken = replace(quote, quote=replace(quote.quote, paragraphs=several), source=SOURCE)
    record = replace(release, release=replace(release.release, paragraphs=several), source=SOURCE)
    cards = (
        render_answer(Found(fact), context=AnswerContext(2000, ENGLISH)),
        render_quote(ENGLISH, spoken, None),
        render_quote_post(ENGLISH, spoken, POST, PostStyle()),
        render_fact_post(ENGLISH, fact, POST, PostStyle(), None),
        render_release(ENGLISH, record, year=2013),
    )

    for card in cards:
        (small,) = [text for text in _texts(card) if text.startswith("-# ") and "<@&" not in text]
        assert small.endswith(", 1999. Paragraphs 4, 5 and 9.")


@pytest.mark.parametrize(
    ("status", "day", "told"),
    [
        ("announced", "2013-06-11", "13 years ago today Owl Light was announced to come out"),
        ("released", "2025-06-11", "A year ago today Owl Light came out"),
        ("released", "2026-06-11", "Today Owl Light came out"),
        ("lost", "1999-06-11", "27 years ago today was the date of Owl Light (lost)"),
    ],
)
def test_the_day_of_a_release_is_worded_as_what_it_is(status: str, day: str, told: str) -> None:
    dated = ReleaseDate(day, DatePrecision.DAY, "the year from its masthead")
    known = replace(RELEASES["owl-light"], status=status, date=dated)
    record = CitedRelease(PACK, known, "The Night Owls", {}, SOURCE)
    texts = _texts(render_release_post(ENGLISH, record, POST, PostStyle(), TODAY))
    assert texts[:4] == [
        "-# <@&7>",
        "### On this day",
        f"## {told}",
        "Album by **The Night Owls**\n-# the year from its masthead",
    ]


def test_a_fact_whose_day_it_is_begins_with_its_day() -> None:
    happened = replace(FACTS["barn"], date="1999-06-11", quotes=())
    fact = CitedFact(PACK, happened, SOURCE, "The Night Owls")
    (_, heading, told, small) = _texts(render_fact_post(ENGLISH, fact, POST, PostStyle(), TODAY))
    assert heading == "### On this day"
    assert told == "**June 11, 1999, 27 years ago today**\nThey recorded it in a barn."
    assert small.startswith("-# As of 1999.")
    (_, heading, told, _) = _texts(
        render_fact_post(ENGLISH, fact, POST, PostStyle("News", 0xABC), None)
    )
    assert heading == "### News"
    assert told == "**The Night Owls**\nThey recorded it in a barn."


def test_a_post_has_the_colour_and_the_title_that_an_admin_chose() -> None:
    spoken = CitedQuote(PACK, QUOTES["barn-words"], "Robin", SOURCE)
    usual = render_quote_post(ENGLISH, spoken, POST, PostStyle())
    own = render_quote_post(ENGLISH, spoken, POST, PostStyle("**Words**", 0x00FF00))
    assert _texts(usual)[1] == "### Quote of the day"
    assert _texts(own)[1] == "### \\*\\*Words\\*\\*"
    assert [next(_shown(each))["accent_color"] for each in (usual, own)] == [ACCENT, 0x00FF00]


def test_an_answer_that_is_old_news_says_so_first_and_once() -> None:
    fresh = CitedFact(PACK, replace(FACTS["barn"], as_of=2013), SOURCE, "The Owls")

    def texts(year: int) -> list[str]:
        card = render_answer(Found(fresh), context=AnswerContext(year, ENGLISH))
        return [p["content"] for p in _shown(card) if "content" in p]

    assert texts(2014)[1:] == [
        "They recorded it in a barn.",
        "-# As of 2013. Ada Example, interview, Paper/Radio, 1999. Paragraph 3.",
    ]
    assert texts(2015)[1:] == [
        "**As of 2013:** They recorded it in a barn.",
        "-# Ada Example, interview, Paper/Radio, 1999. Paragraph 3.",
    ]


def test_an_answer_that_holds_in_any_year_names_none() -> None:
    lasting = CitedFact(PACK, replace(FACTS["barn"], as_of=None), SOURCE, "The Owls")
    card = render_answer(Found(lasting), context=AnswerContext(2030, ENGLISH))

    assert [p["content"] for p in _shown(card) if "content" in p][1:] == [
        "They recorded it in a barn.",
        "-# Ada Example, interview, Paper/Radio, 1999. Paragraph 3.",
    ]


def test_a_source_of_unknown_origin_is_shown_by_its_title_and_rights() -> None:
    silent = replace(SOURCE, author="", publishers=(), year=None, year_from="")
    spoken = CitedQuote(PACK, QUOTES["barn-words"], "Robin", silent)

    about = _texts(render_about(ENGLISH, [("The Owls", silent, "en")], "", Guild(1)))
    details = _texts(render_quote_details(ENGLISH, spoken))

    title = f"{silent.title[:1].upper()}{silent.title[1:]}"
    assert any(f"**The Owls**: {title}, interview. {silent.rights}" in part for part in about)
    assert f"-# {title}, interview. Paragraph 4." in details
    assert details[-1] == f"-# {silent.rights}"


def test_a_source_that_can_be_read_is_a_link_on_every_card() -> None:
    read = replace(SOURCE, author="Ada [A.]", url="https://example.org/a_(b)?c=*d*")
    fact = CitedFact(PACK, FACTS["barn"], read, "The Owls")
    spoken = CitedQuote(PACK, QUOTES["barn-words"], "Robin", read)
    record = CitedRelease(PACK, RELEASES["owl-light"], "The Owls", {"night-owls": "O"}, read)
    link = r"[Ada \[A.\], interview, Paper/Radio, 1999.](<https://example.org/a_(b)?c=*d*>)"

    for card in (
        render_answer(Found(fact), context=CONTEXT),
        render_quote(ENGLISH, spoken, None),
        render_release(ENGLISH, record, year=2026),
        render_about(ENGLISH, [("The Owls", read, "en")], "", Guild(1)),
    ):
        assert any(link in p.get("content", "") for p in _shown(card))


def test_the_words_of_a_source_in_another_language_stand_in_no_sentence_of_the_readers() -> None:
    say = load_phrases("de")
    spoken = CitedQuote(PACK, QUOTES["barn-words"], "Robin", SOURCE)
    for card in (
        render_about(say, [("The Owls", SOURCE, "en")], "", Guild(1)),
        render_quote_details(say, spoken),
    ):
        told = " ".join(_texts(card))
        assert "Herkunft der Jahreszahl: „its masthead“." in told
        assert "stammt aus" not in told


def test_one_kind_of_quotation_mark_stands_on_a_card() -> None:
    named = replace(
        FACTS["barn"],
        statement="He did \"Hoot\" (the \"B-side\"): \"It's 'ours', the fans' and the '90s'\".",
        questions=('Who did "Hoot"?',),
    )
    other = Suggestion(PACK, "tour", 'Who wrote "Hoot"?', ".")
    card = render_answer(Found(CitedFact(PACK, named, SOURCE, "O"), (other,)), context=CONTEXT)
    shown = [p.get("content", p.get("label", "")) for p in _shown(card)]

    assert any("Who did “Hoot”?" in text for text in shown)
    said = r"He did “Hoot” \(the “B-side”\)\: “It’s ‘ours’, the fans’ and the ‘90s’”."
    assert any(said in text for text in shown)
    assert "Who wrote “Hoot”?" in shown
    assert not [text for text in shown if '"' in text or "'" in text]


def test_the_note_on_an_answer_stands_in_small_print_under_its_source() -> None:
    noted = replace(cited, fact=replace(cited.fact, note="The year is the masthead's."))

    card = render_answer(Found(noted), context=CONTEXT)
    small = [p["content"] for p in _shown(card) if "-# " in p.get("content", "")]

    assert small[2:] == ["-# About this answer: The year is the masthead’s."]


def test_a_thing_whose_ids_are_too_long_gets_no_button() -> None:
    far = Suggestion("p" * 80, "f" * 80, "Why?", "Because.")
    card = render_answer(
        Found(replace(cited, quote=None), (far,)), context=AnswerContext(2026, ENGLISH)
    )
    assert not [part for part in _shown(card) if "custom_id" in part]


def test_the_same_suggestion_is_offered_once() -> None:
    twice = (Suggestion(PACK, "barn", "Where?", "There."),) * 2
    ids = [p for p in _shown(render_answer(Unsure(twice), context=CONTEXT)) if "custom_id" in p]
    assert len(ids) == 2  # the suggestion, and the way to the topics


def test_suggestions_of_several_packs_name_them() -> None:
    same = "When did it come out, on vinyl, in the shops of the whole country and abroad, at last?"
    answer = Unsure((Suggestion("a", "x", same, "."), Suggestion("b", "x", "When?", ".")))
    titles = {"a": "The Owls, 1999", "b": "The Larks, 2001"}
    card = render_answer(answer, context=CONTEXT, titles=titles)
    labels = [part["label"] for part in _shown(card) if "label" in part]
    assert labels[0].startswith("When did it come out, on vinyl, in the shops")
    assert labels[0].endswith("… · The Owls, 1999")
    assert labels[1] == "When? · The Larks, 2001"
    assert all(len(label) <= 80 for label in labels)


def test_turning_pages_ends_at_the_first_and_the_last() -> None:
    disabled = {
        page: [p["disabled"] for p in _shown(render_topics(ENGLISH, topics, page))
               if p.get("label") in {"Back", "More"}]
        for page in (0, 1, 2, 99)
    }  # fmt: skip
    assert disabled == {0: [True, False], 1: [False, False], 2: [False, True], 99: [False, True]}


def _shown(card: LayoutView) -> Iterator[dict[str, Any]]:
    return _parts(card.to_components())  # type: ignore[no-untyped-call]  # discord.py's own gap


def _parts(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, list):
        for each in tree:
            yield from _parts(each)
    elif isinstance(tree, dict):
        yield tree
        for each in tree.values():
            yield from _parts(each)


def _texts(card: LayoutView) -> list[str]:
    return [part["content"] for part in _shown(card) if "content" in part]


@pytest.mark.parametrize(
    ("locale", "origin"),
    [
        ("es-ES", "el encabezado"),
        ("es-419", "la portada"),
        ("pt-BR", "a linha de direitos autorais"),
    ],
)
def test_the_origin_of_a_year_keeps_its_article_apart(locale: str, origin: str) -> None:
    say = load_phrases(locale)
    language = locale if locale == "pt-BR" else "es"

    told = year_origin(say, replace(SOURCE, year_from=origin), language)

    # A preposition would melt into it: "de el" is "del", and "de a" is "da".
    assert told.endswith(f": {origin}.")
