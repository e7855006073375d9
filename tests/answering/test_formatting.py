from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.formatting import (
    LONGEST_ANSWER,
    LONGEST_SUGGESTION,
    answer_text,
    citation,
    date_in_words,
    quoted,
    release_lines,
    shortened,
    suggestion_text,
)
from bot.answering.results import CitedFact, CitedQuote, CitedRelease, Suggestion
from bot.localization.phrases import ENGLISH
from bot.packs.models import DatePrecision, Edition, ReleaseDate
from tests.support.packs import SOURCE, little_fact, little_quote, little_release

if TYPE_CHECKING:
    from typing import Any

    from bot.answering.knowledge_base import KnowledgeBase

QUOTE = CitedQuote("mira-vale", little_quote(), "Mira Vale", SOURCE)
RELEASE = CitedRelease(
    "mira-vale", little_release(), "Mira Vale", {"mira-vale": "Mira Vale"}, SOURCE
)


@pytest.mark.parametrize(
    ("text", "precision", "words"),
    [
        ("2013-06-11", DatePrecision.DAY, "June 11, 2013"),
        ("2013-06-01", DatePrecision.DAY, "June 1, 2013"),
        ("2013-12", DatePrecision.MONTH, "December 2013"),
        ("2013", DatePrecision.YEAR, "2013"),
        ("", DatePrecision.UNKNOWN, "the source gives no date"),
    ],
)
def test_a_date_is_written_as_exactly_as_it_is_known(
    text: str, precision: DatePrecision, words: str
) -> None:
    assert date_in_words(ENGLISH, ReleaseDate(text, precision, "")) == words


def test_a_citation_says_who_what_where_and_when() -> None:
    assert citation(ENGLISH, SOURCE) == "Jo Quill, interview, The Lighthouse Review/Tide, 2020."
    assert citation(ENGLISH, SOURCE, 2020).startswith("As of 2020. Jo Quill")


@pytest.mark.parametrize(
    ("unknown", "cited"),
    [
        ({"year": None}, "Jo Quill, interview, The Lighthouse Review/Tide."),
        ({"publishers": ()}, "Jo Quill, interview, 2020."),
        ({"author": ""}, "A talk with Mira Vale, interview, The Lighthouse Review/Tide, 2020."),
        (
            {"author": "", "publishers": (), "year": None, "title": "an interview with Mira Vale"},
            "An interview with Mira Vale.",
        ),
    ],
)
def test_a_citation_leaves_out_what_the_source_does_not_say(
    unknown: dict[str, Any], cited: str
) -> None:
    assert citation(ENGLISH, replace(SOURCE, **unknown)) == cited


def test_an_answer_is_fact_quotation_and_source() -> None:
    text = answer_text(ENGLISH, CitedFact("mira-vale", little_fact(), SOURCE, "Ona", QUOTE))

    assert text == (
        "Ona is Mira's sister and no friend of the piano. "
        "“Nobody sleeps … the best part of it” — Mira Vale. "
        "On the nights before the band leaves. "
        "As of 2020. Jo Quill, interview, The Lighthouse Review/Tide, 2020."
    )


def test_a_quotation_without_room_is_left_out_whole() -> None:
    cited = CitedFact("p", little_fact(statement="o" * 350), SOURCE, "Ona", None)
    long = replace(QUOTE, quote=little_quote(words="la " * 60))

    assert answer_text(ENGLISH, replace(cited, quote=long)) == answer_text(ENGLISH, cited)
    far = replace(QUOTE, quote=replace(QUOTE.quote, context="la " * 60))
    assert answer_text(ENGLISH, replace(cited, quote=far)) == answer_text(ENGLISH, cited)


def test_the_longest_statement_is_never_cut_for_its_source() -> None:
    endless = replace(SOURCE, author="A" * 100, kind="k" * 100, publishers=("p" * 100,) * 20)
    statement = " ".join(["word"] * 70)

    text = answer_text(
        ENGLISH, CitedFact("p", little_fact(statement=statement), endless, "Ona", QUOTE)
    )

    assert len(text) <= LONGEST_ANSWER
    assert text.startswith(f"{statement} As of 2020. AAA")


@given(
    st.text(min_size=1, max_size=2000), st.text(max_size=1000), st.text(min_size=1, max_size=1000)
)
def test_an_answer_and_a_suggestion_keep_their_limits(
    statement: str, author: str, words: str
) -> None:
    cited = CitedFact(
        "p",
        little_fact(statement=statement),
        replace(SOURCE, author=author),
        "Ona",
        replace(QUOTE, quote=little_quote(words=words)),
    )

    assert len(answer_text(ENGLISH, cited)) <= LONGEST_ANSWER
    assert len(suggestion_text(Suggestion("p", "f", "q", statement))) <= LONGEST_SUGGESTION


async def test_every_answer_of_the_real_notes_keeps_its_limit(
    knowledge_of_both: KnowledgeBase,
) -> None:
    for topic in knowledge_of_both.list_topics(knowledge_of_both.packs):
        for item in topic.questions:
            cited = await knowledge_of_both.find_fact(item.pack, item.fact)
            assert cited is not None
            text = answer_text(ENGLISH, cited)
            assert len(text) <= LONGEST_ANSWER
            assert text.startswith(cited.fact.statement)
            assert text.endswith(citation(ENGLISH, cited.source, cited.fact.as_of))


def test_a_text_is_cut_between_words() -> None:
    assert shortened("one two three", 13) == "one two three"
    assert shortened("one two three", 12) == "one two…"
    assert shortened("one two three", 8) == "one two…"
    assert shortened("unbreakable", 5) == "unbr…"


def test_a_quotation_names_its_speaker() -> None:
    words = "“Nobody sleeps … the best part of it” — Mira Vale"
    assert quoted(QUOTE) == [words, "On the nights before the band leaves."]
    assert quoted(replace(QUOTE, quote=replace(QUOTE.quote, context=""))) == [words]


def test_a_release_is_told_line_by_line() -> None:
    edition = Edition("deluxe", 12, "three songs more")
    release = replace(RELEASE.release, editions=(edition,), available=("Corner Records",))

    assert release_lines(ENGLISH, replace(RELEASE, release=release)) == [
        "Tidewater: album by Mira Vale, announced",
        "  Out: May 2020 (the year is the masthead's)",
        "  Edition: deluxe, 12 tracks: three songs more",
        "  Song: Low Water, by Mira Vale",
        "  Where to get it: Corner Records",
        "  As of 2020. Jo Quill, interview, The Lighthouse Review/Tide, 2020.",
    ]


def test_what_is_not_known_of_a_release_has_no_line() -> None:
    bare = replace(
        RELEASE.release, songs=(), date=ReleaseDate("2020", DatePrecision.YEAR, ""), available=()
    )

    assert release_lines(ENGLISH, replace(RELEASE, release=bare))[1:-1] == ["  Out: 2020"]
