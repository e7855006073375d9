from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.packs.audit import advise_on_statements, audit
from bot.packs.discovery import shipped_folder
from bot.packs.loader import load_pack
from bot.packs.prose import count_words, tokenize
from bot.packs.quote_advice import advise
from bot.packs.statements import find_undated
from bot.packs.written_figures import find_numbers, has_month
from tests.support.shared import ARTICLE, has_article

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.packs.models import Pack

    Write = Callable[..., Path]

WORDS = "words: Nobody sleeps … the best part of it"
EXAMPLE = Path(__file__).parents[1] / "packs" / "lantern-weir.yaml"


def told(path: Path, source: str) -> list[str]:
    return [str(fault) for fault in audit(load_pack(path), source)]


def test_a_faithful_pack_passes(write: Write, source: str) -> None:
    assert told(write(), source) == []


@pytest.mark.parametrize(
    ("words", "paragraph"),
    [
        pytest.param("Nobody sleeps before a tour", 3, id="in one piece"),
        pytest.param("… Nobody sleeps … is the best part …", 3, id="cut at its ends"),
        pytest.param("Nobody sleeps … that is not said", None, id="half invented"),
        pytest.param("the best part of it … Nobody sleeps", None, id="pieces turned round"),
        pytest.param("nobody sleeps before a tour", None, id="another case"),
        pytest.param("body sleeps before a tour", None, id="half a word"),
        pytest.param("I wrote the … thing on a … piano", 2, id="an ellipsis for the brackets"),
        pytest.param("I wrote the thing on a … piano", None, id="brackets left out in silence"),
        pytest.param("I wrote the whole thing on a … piano", None, id="the brackets' words"),
        pytest.param(
            "My sister Ona … called it \u2018Tidewater.\u2019", 2, id="typographic quotes"
        ),
        pytest.param("on a borrowed piano, … My sister", 2, id="over what the narrator says"),
        pytest.param("Vale has spent the year on her … record", None, id="the narrator's words"),
        pytest.param("she said with a laugh", None, id="between two speeches"),
    ],
)
def test_a_quote_is_spoken_word_for_word(
    write: Write, source: str, words: str, paragraph: int | None
) -> None:
    path = write(
        (f"{WORDS}\n", f"words: {words}\n"),
        ("sleep]\n    paragraph: 3", f"sleep]\n    paragraph: {paragraph or 3}"),
    )

    faults = told(path, source * 3 if paragraph else source)

    assert any(fault.startswith("quote 'best-part': ") for fault in faults) == (paragraph is None)


def test_a_quote_of_another_paragraph_is_sent_there(write: Write, source: str) -> None:
    faults = told(write(("sleep]\n    paragraph: 3", "sleep]\n    paragraph: 2")), source)

    assert faults == [
        "quote 'best-part': is spoken in paragraph 3, not in 2; correct 'paragraph'",
    ]


COPY, CORRECT = "copy the words, with … where they are cut", "correct 'paragraphs'"
BOTH = ("sleep]\n    paragraph: 3", "sleep]\n    paragraphs: [2, 3]")


def test_a_quote_may_run_over_several_paragraphs(write: Write, source: str) -> None:
    over_both = "words: she told me so … Nobody sleeps before a tour"

    assert told(write((WORDS, over_both), BOTH), source) == []
    assert told(write((WORDS, over_both)), source) == [
        f"quote 'best-part': is not, word for word, what is spoken in paragraph 3; {COPY}"
    ]
    turned = "words: Nobody sleeps before a tour … she told me so"
    assert "what is spoken in paragraphs 2 and 3;" in told(write((WORDS, turned), BOTH), source)[0]


def test_a_quote_cites_no_paragraph_that_it_does_not_need(write: Write, source: str) -> None:
    elsewhere = ("sleep]\n    paragraph: 3", "sleep]\n    paragraphs: [1, 2]")

    assert told(write(BOTH), source) == [
        "quote 'best-part': is spoken in paragraph 3 alone; write 'paragraph: 3'"
    ]
    assert told(write(elsewhere), source) == [
        f"quote 'best-part': is spoken in paragraph 3, not in paragraphs 1 and 2; {CORRECT}"
    ]


def test_every_paragraph_of_a_fact_must_be_there(write: Write, source: str) -> None:
    pack = load_pack(write())
    cited = replace(pack.facts[0], paragraphs=(2, 4, 9))

    faults = [str(fault) for fault in audit(replace(pack, facts=(cited,)), source)]

    assert faults == [
        "fact 'record-date': cites paragraph 4, the text has 3; correct 'paragraphs'",
        "fact 'record-date': cites paragraph 9, the text has 3; correct 'paragraphs'",
    ]


def test_words_outside_quotation_marks_are_told_apart_from_invented_ones(
    write: Write, source: str
) -> None:
    narrated = told(write((WORDS, "words: met her in Port Arden")), source)
    invented = told(write((WORDS, "words: sang her a long song")), source)

    assert len(narrated) == len(invented) == 1
    assert "stands in the source, but outside quotation marks or over its brackets" in narrated[0]
    assert "is not, word for word, what is spoken in paragraph 3" in invented[0]


def test_speech_that_runs_on_into_the_next_paragraph_is_speech(write: Write) -> None:
    source = '"The first part of it\n\n"and the second part of it," Mira said.\n\nDone.'
    path = write(
        (WORDS, "words: first part of it"), ("sleep]\n    paragraph: 3", "sleep]\n    paragraph: 1")
    )

    assert not any(fault.startswith("quote") and "spoken" in fault for fault in told(path, source))


def test_more_than_a_fifth_of_the_source_is_too_much(write: Write, source: str) -> None:
    short = source.replace("She plays with The Small Hours, and the band is busy. ", "")
    second = (
        "tests:\n",
        """\
  - id: second
    speaker: mira-vale
    words: I wrote the … thing on a borrowed piano
    context: On writing.
    themes: [writing]
    paragraph: 2
  - {id: third, speaker: mira-vale, words: Nobody sleeps before a tour, context: On nights.,
     themes: [nights], paragraph: 3}
tests:
""",
    )

    assert told(write(second), short) == [
        "quotes: 20 words of the source's 76 are quoted, at most 15; shorten or withdraw some"
    ]
    withdrawn = ("    context: On writing.\n", "    context: On writing.\n    withdrawn: dull\n")
    assert told(write(second, withdrawn), short) == []


def test_a_withdrawn_quote_is_still_held_to_its_words(write: Write, source: str) -> None:
    path = write((f"{WORDS}\n", "words: sang her a long song\n    withdrawn: not hers\n"))

    assert len(told(path, source)) == 1


def test_a_source_is_cited_by_its_title_as_it_stands(write: Write, source: str) -> None:
    title = "  title: Vale has spent the year on her second record"

    assert told(write(("  title: a talk with Mira Vale", title)), source) == []


def test_one_source_gives_at_most_twenty_quotes(write: Write, source: str) -> None:
    quotes = "".join(
        f"  - {{id: q{n}, speaker: mira-vale, words: Nobody sleeps before a, context: C, "
        f"themes: [t], paragraph: 3}}\n"
        for n in range(20)
    )
    faults = told(write(("tests:\n", f"{quotes}tests:\n")), source + "\n" + "word " * 1000)

    assert (
        "quotes: 21 are too many, at most 20 from one source; keep those that people ask for"
        in (faults)
    )


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("statement: Ona is", "statement: The truth is that BORROWED", "fact 'sister': statement"),
        ("statement: Ona is", "note: BORROWED\n    statement: Ona is", "fact 'sister': note"),
        ("[Who is Ona?", "[Who?, Is it that BORROWED?", "fact 'sister': questions 2"),
        ("context: On the", "context: On how BORROWED", "quote 'best-part': context"),
        ("themes: [touring,", "themes: [touring, how BORROWED,", "quote 'best-part': themes 2"),
        ("note: all of", "note: BORROWED", "release 'tidewater': editions 1"),
        ("date_note: the", "date_note: BORROWED", "release 'tidewater': date_note"),
        ("title: Mira Vale,", "title: BORROWED", "title"),
        ("kind: interview", "kind: BORROWED", "source 'kind'"),
        ("How old is", "How BORROWED is", "pack: tests 2"),
        ("name: Ona}", "name: Ona, aliases: [who BORROWED]}", "entity 'ona': aliases 1"),
    ],
)  # fmt: skip
def test_eight_words_in_a_row_are_borrowed_wherever_they_stand(
    write: Write, source: str, old: str, new: str, where: str
) -> None:
    eight = "spent the Year on her second record the"
    seven = "spent the year on her second record and"

    faults = told(write((old, new.replace("BORROWED", eight))), source)

    assert len(faults) == 1
    assert re.fullmatch(
        rf"{re.escape(where)}: 8 words or more in a row, from the text's word \d+, are those of"
        r" paragraph 1; say it in your own words",
        faults[0],
    )
    assert told(write((old, new.replace("BORROWED", seven))), source) == []


def test_the_paragraphs_are_counted(write: Write, source: str) -> None:
    shorter = "\n\n".join(source.split("\n\n")[:2])

    faults = told(write(), shorter)

    assert faults[0].startswith("source: says 3 paragraphs, the text has 2; ")
    assert "quote 'best-part': cites paragraph 3, the text has 2; correct 'paragraph'" in faults


ONE, TWO, THREE = (
    "a capitalised word",
    "a run of 2 capitalised words",
    "a run of 3 capitalised words",
)


@pytest.mark.parametrize(
    ("old", "new", "stranger"),
    [
        pytest.param("aliases: [Vale, ", "aliases: [", f"2: {ONE}, from word 10", id="alias"),
        pytest.param("name: Port Arden", "name: Port", f"1: {TWO}, from word 17", id="half a name"),
        pytest.param("name: Ona}", "name: One}", f"2: {ONE}, from word 14", id="person"),
        pytest.param(
            "name: The Small Hours\n    aliases: [Small Hours]",
            "name: Hours",
            f"3: {THREE}, from word 4",
            id="band",
        ),
        pytest.param("title: Tidewater", "title: Ebb", f"2: {ONE}, from word 28", id="release"),
        pytest.param("[May, ", "[", f"2: {ONE}, from word 33", id="no name"),
        pytest.param(", Harbour Sessions]", "]", f"3: {TWO}, from word 32", id="possessive"),
    ],
)
def test_a_name_that_the_pack_does_not_know_is_told_by_its_place(
    write: Write, source: str, old: str, new: str, stranger: str
) -> None:
    (fault,) = told(write((old, new)), source)

    assert fault.startswith(f"paragraph {stranger}, is no name that the pack knows; ")


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Everybody came.", 0),
        ("It rained. Everybody came.", 0),
        ('He said, "Everybody came."', 0),
        ('"Yes!" Everybody came.', 0),
        ("So I came, and I'm glad.", 0),
        ("In Port Arden it rained.", 0),
        ("Mira's Tidewater is here.", 0),
        ("the MIRA VALE record", 0),
        ("a Mira Ona record", 1),
        ("the Big Bang came, then Everybody", 2),
        ("Everybody Else came.", 1),
        ("a day in Port Arden, Zembla", 1),
        ("They saw iTunes.", 1),
        ("It is (Zembla) here.", 1),
        ("she plays in The Small hours", 0),
        ("she sang Ona's Low Water, By Night to us", 0),
        ("she sang Low Water, Then to us", 2),
    ],
)
def test_a_run_of_capitals_is_a_name_unless_it_only_opens_a_sentence(
    write: Write, text: str, unknown: int
) -> None:
    named = ("title: Low Water", 'title: "Ona\'s Low Water, by Night"')
    faults = told(write(("paragraphs: 3", "paragraphs: 4"), named), f"a\n\nb\n\nc\n\n{text}")

    assert len([fault for fault in faults if fault.startswith("paragraph 4")]) == unknown


def test_the_report_holds_no_run_of_the_sources_words(write: Write) -> None:
    source = "Qqq Www said that xaa xbb xcc xdd xee xff xgg xhh.\n\nYyy Zzz"
    path = write(("statement: Ona is", "statement: xaa xbb xcc xdd xee xff xgg xhh"))

    report = "\n".join(told(path, source)).casefold()

    assert report
    for token in tokenize(source):
        if len(token.text) == 3:
            assert token.folded not in report


def test_all_caps_for_pages_are_audited_in_one_pass(write: Write) -> None:
    pack = load_pack(write(("not_names: [May", "not_names: [LOUD, May")))

    assert audit(pack, "LOUD " * 20_000)[-1].where != "paragraph 1"


def test_numbers_for_pages_are_audited_in_one_pass(write: Write, source: str) -> None:
    pages = "forty-two songs, about ten pianos; " * 600
    path = write_citing_last(write, "Vale sang nine songs.")

    assert "'nine songs'" not in "".join(told(path, f"{source}\n\n{pages}\n"))


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("…", 0), ("a … b", 2), ("a…b", 2), ("it's - 24/Seven, done.", 3), ("... and?", 1)],
)
def test_an_ellipsis_is_no_word(text: str, count: int) -> None:
    assert count_words(text) == count


def test_the_example_pack_is_faithful_to_its_source() -> None:
    source = EXAMPLE.with_suffix(".txt").read_text(encoding="utf-8")

    assert told(EXAMPLE, source) == []
    assert [str(a) for a in advise(load_pack(EXAMPLE), source)] == []
    assert advise_on_statements(load_pack(EXAMPLE), source) == ()


STATEMENT = "Tidewater, the second album, is out on May 4, 2020."
MORE = "\n\nIn all 400,000 people heard forty-two songs on 17 nights; a hundred and ten sang.\n"


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("Tidewater is out on May 5.", "the figure 5 does not stand in paragraph 2"),
        ("Tidewater is out on June 4.", "the month June does not stand in paragraph 2"),
        ("40,000 people heard Tidewater.", "the figure 40,000 does not stand in paragraph 2"),
        ("400,000 people heard it.", "the figure 400,000 stands in paragraph 4, and not in"),
        ("42 songs were sung there.", "the figure 42 stands in paragraph 4, and not in"),
        ("110 people sang.", "the figure 110 stands in paragraph 4, and not in"),
        ("The record Tidewatter is out.", "the name 'Tidewatter' stands nowhere in the source"),
        ("Mirra Vale sang it.", "the name 'Mirra' stands nowhere in the source"),
        ("They met Mira Ona there.", "the name 'Mira Ona' stands nowhere in the source"),
        ("Miro Vane sang it.", "the name 'Miro Vane' stands nowhere in the source"),
    ],
)
def test_what_a_paragraph_does_not_bear_is_a_fault(
    write: Write, source: str, statement: str, what: str
) -> None:
    path = write((STATEMENT, statement), ("paragraphs: 3", "paragraphs: 4"))

    (fault,) = told(path, source + MORE)

    assert fault.startswith(f"fact 'record-date': statement: {what}")


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("Fifty songs were sung.", "'Fifty songs' does not stand in paragraph 4, where"),
        ("Forty-three new songs were sung.", "'Forty-three new songs' does not stand in"),
        ("Vale sang on eighteen nights.", "where 17 are told of"),
        ("Vale sang on nine nights.", "where 17 are told of"),
    ],
)
def test_a_count_in_words_is_held_against_the_paragraphs(
    write: Write, source: str, statement: str, what: str
) -> None:
    cited = "paragraph: 2\n    as_of: 2020\n    related"
    path = write(
        (STATEMENT, statement),
        (cited, cited.replace("paragraph: 2", "paragraph: 4")),
        ("paragraphs: 3", "paragraphs: 4"),
    )

    (fault,) = told(path, source + MORE)

    assert what in fault


LONG_PARAGRAPH = """

Her second album had ten songs; she sang it three times, at two dozen fairs, before half a million
people, and was at home with the cellist, the drummer, the nurse and the baker by eleven. The tour
had six concerts. Nobody called it a debut.
"""


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("Tidewater has twelve songs.", "'twelve songs' does not stand in paragraph 4, where 10"),
        ("Tidewater has a dozen songs.", "'a dozen songs' does not stand in paragraph 4, where 10"),
        ("It is a twelve-song album.", "'twelve-song' does not stand in paragraph 4, where 10"),
        ("Vale sang it twice.", "'twice' does not stand in paragraph 4, where 3 are told of"),
        ("Vale played at a dozen of the fairs, or at thirty fairs.", "'thirty fairs' does not"),
        ("A million people heard it.", "'A million people' does not stand in paragraph 4, where"),
        ("It is her third album.", "'third album' does not stand in paragraph 4, where number 2"),
        ("It is her first album, a song of seventy.", "'seventy' does not stand in paragraph 4;"),
    ],
)
def test_a_number_in_words_is_held_against_another_of_the_same_things(
    write: Write, source: str, statement: str, what: str
) -> None:
    (fault,) = told(write_citing_last(write, statement), source + LONG_PARAGRAPH)

    assert fault.startswith(f"fact 'record-date': statement: {what}")


@pytest.mark.parametrize(
    "statement",
    [
        "Tidewater has 10 songs, and Vale sang it for 500,000 people at 24 fairs.",
        "Tidewater, the 2nd album, was sung thrice.",
        "The album was sung for nearly five hundred thousand people.",
        "It has ten songs, six more than the first, which had four.",  # ten without six
        "Vale and her four guests were listed.",
        "Vale sang at two dozen fairs; at the other eleven she did not.",
        "Two of the songs are sung twice, of three times.",  # three is told rightly
        "Vale sang one song, and half of another.",
        "Tidewater is the first album that she liked.",
    ],
)
def test_a_number_that_is_borne_counted_or_reckoned_passes(
    write: Write, source: str, statement: str
) -> None:
    path = write_citing_last(write, statement)

    assert told(path, source + LONG_PARAGRAPH) == []
    assert advise_on_statements(load_pack(path), source + LONG_PARAGRAPH) == ()


ROUNDED_PARAGRAPH = """

She tuned forty-one pianos and wrote it in twenty-three drafts; it lasts 38 minutes. Eleven people
came.
"""


@pytest.mark.parametrize(
    "statement",
    [
        "Vale tuned about forty pianos, or more than forty pianos.",
        "The song went through almost two dozen drafts, over twenty drafts.",
        "The song is nearly forty minutes long, and not quite 40 minutes.",
        "Fewer than a dozen people were there.",
        "Vale tuned about 40 pianos.",
    ],
)
def test_a_number_may_be_rounded_where_the_statement_says_so(
    write: Write, source: str, statement: str
) -> None:
    assert told(write_citing_last(write, statement), source + ROUNDED_PARAGRAPH) == []


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("Vale tuned nearly forty pianos.", "'forty pianos' does not stand in paragraph 4"),
        ("The song is over forty minutes long.", "'forty minutes' does not stand in paragraph 4"),
        ("Vale tuned about fifty pianos.", "'fifty pianos' does not stand in paragraph 4"),
        ("Vale tuned forty pianos.", "'forty pianos' does not stand in paragraph 4"),
        ("Vale tuned about 50 pianos.", "the figure 50 does not stand in paragraph 4"),
    ],
)
def test_a_rounded_number_lies_near_and_on_the_side_that_it_says(
    write: Write, source: str, statement: str, what: str
) -> None:
    (fault,) = told(write_citing_last(write, statement), source + ROUNDED_PARAGRAPH)

    assert fault.startswith(f"fact 'record-date': statement: {what}")


@pytest.mark.parametrize(
    ("text", "year", "is_borne"),
    [
        ("The boat, which is named after her, was bought in 2014.", 2013, False),
        ("After the tour? An old play before dawn, in 2014.", 2015, False),
        ("She left the year before 2014.", 2013, True),
        ("She left two years later than the first time, in 2014.", 2016, True),
        ("She left soon after 2014.", 2015, True),
        ("She left; in 2014 she turned thirty-one.", 1983, True),
        ("It is open until January 31.", 2021, True),
    ],
)
def test_a_year_is_reckoned_where_the_paragraph_tells_of_years(
    write: Write, source: str, text: str, year: int, *, is_borne: bool
) -> None:
    path = write_citing_last(write, f"Vale left it in {year}.")

    lines = [line for line in told(path, f"{source}\n\n{text}\n") if "statement" in line]

    assert lines == [] if is_borne else f"the figure {year} does not stand" in lines[0]


UNITS_PARAGRAPH = """

She got it at seven, in 1997, for two crowns; the office kept it for a full year before. On 20 May
a crown of twenty-six tickets went to her crew, of a town of four thousand people.
"""


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("Vale got it when she was nine.", "'nine' does not stand"),  # seven, and two crowns
        ("Vale got it when she was five.", "'five' does not stand"),
        ("Vale was twenty.", "'twenty' does not stand"),  # the day of May
        ("Vale is the youngest of four girls.", "'four girls' does not stand"),  # four thousand
        ("The office kept it for two years.", "'two years' does not stand in paragraph 4, where o"),
    ],
)
def test_a_number_of_other_things_bears_no_age_time_or_count(
    write: Write, source: str, statement: str, what: str
) -> None:
    path = write_citing_last(write, statement)

    (advice,) = advise_on_statements(load_pack(path), source + UNITS_PARAGRAPH)
    assert str(advice).startswith(f"fact 'record-date': statement: {what}")


@pytest.mark.parametrize(
    "statement",
    [
        "Vale got it when she was seven, for two crowns.",
        "Vale was seven years old.",
        "It was 1997, and 2020 when she was twenty-three.",
        "The office kept it for a year.",
        "There were twenty-six visitors.",
    ],
)
def test_a_number_of_the_same_things_bears_an_age_time_or_count(
    write: Write, source: str, statement: str
) -> None:
    path = write_citing_last(write, statement)

    assert advise_on_statements(load_pack(path), source + UNITS_PARAGRAPH) == ()
    assert told(path, source + UNITS_PARAGRAPH) == []


def test_tickets_are_no_years_of_age(write: Write, source: str) -> None:
    path = write_citing_last(write, "Vale is twenty-six years old.")

    (fault,) = told(path, source + UNITS_PARAGRAPH)

    assert "'twenty-six years' does not stand in paragraph 4" in fault


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("Their first gig was on 9.11.2018.", ""),
        ("Their first gig was on 11/9/2018.", ""),
        ("The single came out on 5/9.", ""),
        ("Vale signed in 4/2021.", ""),
        ("Vale signed in 2021-04.", ""),
        ("Their first gig was on 9.12.2018.", "the figure 9.12.2018 does not stand"),
        ("Their first gig was on 9.11.2013.", "the figure 9.11.2013 does not stand"),
        ("The single came out on 5/8.", "the figure 8 does not stand"),
        ("Vale signed in 6/2021.", "the figure 6 does not stand"),
    ],
)
def test_a_date_in_figures_is_held_against_the_paragraphs_dates(
    write: Write, source: str, statement: str, what: str
) -> None:
    dates = "She sang on 9 November 2018, signed in April 2021, and is out since 5 September."
    path = write_citing_last(write, statement)

    lines = [line for line in told(path, f"{source}\n\n{dates}\n") if "statement" in line]

    assert len(lines) == bool(what)
    assert not what or what in lines[0]


DATED_PARAGRAPH = """

They met in March 2018, before the rain. Three years earlier she had lived by the sea; now, last
summer already, the 300 copies are gone, and when she was nine there were none.
"""


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("Vale met them in May 2018.", "the month May does not stand in paragraph 4"),
        ("Vale met them in 2013.", "the figure 2013 does not stand in paragraph 4"),
        ("Vale sold 2,019 copies.", "the figure 2,019 does not stand in paragraph 4"),
    ],
)
def test_a_word_of_time_in_a_paragraph_excuses_no_other_date(
    write: Write, source: str, statement: str, what: str
) -> None:
    lines = told(write_citing_last(write, statement), source + DATED_PARAGRAPH)
    (fault,) = (line for line in lines if "statement" in line)

    assert fault.startswith(f"fact 'record-date': statement: {what}")


@pytest.mark.parametrize(
    "statement",
    [
        "Vale lived by the sea in 2015.",  # three years before 2018
        "In the summer of 2019 the 300 copies were gone.",  # the year before the source's
        "Vale was nine in 2011.",
    ],
)
def test_a_year_that_a_paragraph_leads_to_passes(write: Write, source: str, statement: str) -> None:
    lines = told(write_citing_last(write, statement), source + DATED_PARAGRAPH)

    assert not [line for line in lines if "statement" in line]


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("Vale sang with nine cellos.", "'nine cellos' does not stand in paragraph 4;"),
        ("Vale was at home by nineteen.", "'nineteen' does not stand in paragraph 4;"),
        ("Vale sang seventeen concerts.", "'seventeen concerts' does not stand in paragraph 4, wh"),
    ],
)
def test_a_number_in_words_that_may_be_the_authors_own_is_advice(
    write: Write, source: str, statement: str, what: str
) -> None:
    path = write_citing_last(write, statement)

    assert told(path, source + LONG_PARAGRAPH) == []
    (advice,) = advise_on_statements(load_pack(path), source + LONG_PARAGRAPH)
    assert str(advice.without_source()).startswith(f"fact 'record-date': statement: {what}")
    assert advice.remedy == "count again, or say in 'note' where it is from"


def write_citing_last(write: Write, statement: str) -> Path:
    cited = "paragraph: 2\n    as_of: 2020\n    related"
    return write(
        (STATEMENT, statement),
        (cited, cited.replace("paragraph: 2", "paragraph: 4")),
        ("paragraphs: 3", "paragraphs: 4"),
    )


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Out on May 4.", True),
        ("Out in 5/2020.", True),
        ("Out on 4.5.2020.", True),
        ("Out on 05/04/2020.", True),
        ("Out on 2020-05-04.", True),
        ("Out on 4/6/2020, for 5 days.", False),
        ("Out in 15/2020.", False),
    ],
)
def test_a_month_is_known_in_figures_too(text: str, *, is_told: bool) -> None:
    assert has_month(text, "May") is is_told


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("forty-two songs", [42]),
        ("half a million, or half a dozen", [500_000, 6]),
        ("two dozen and a couple", [24, 2]),
        ("two hundred and fifty thousand", [250_000]),
        ("two and a half million", [2_500_000]),
        ("nineteen eighty-four and twenty thirteen", [1984, 2013]),
        ("40k fans, the 3rd of May", [40_000, 3]),
        ("the twenty-first, the fortieth and the hundredth", [21, 40, 100]),
        ("two and three songs", [2, 3]),
        ("once, twice and thrice", [1, 2, 3]),
    ],
)
def test_a_number_is_read_as_far_as_it_goes(text: str, values: list[float]) -> None:
    assert [number.value for number in find_numbers(text)] == values


@pytest.mark.parametrize(
    ("statement", "other"),
    [
        (
            "Tidewater is out on 4 June.",
            "the date June 4 does not stand in paragraph 2, where May 4",
        ),
        ("Tidewater is out on May 9.", "date May 9 does not stand in paragraph 2, where May 4"),
    ],
)
def test_a_day_and_a_month_of_two_dates_are_no_date(
    write: Write, source: str, statement: str, other: str
) -> None:
    two_dates = source.replace("due on May 4.", "due on May 4, and the nine nights on 20 June.")

    path = write((STATEMENT, statement), ("not_names: [May", "not_names: [June, May"))
    (fault,) = told(path, two_dates)

    assert other in fault


@pytest.mark.parametrize(
    "statement",
    [
        "Tidewater is out on May 4, 2020.",  # the year is the source's
        "Tidewater is out on the 4th, in May.",
        "400,000 people heard 42 songs on 17 nights; 110 sang.",
        "Vale sang forty-two songs on seventeen nights.",
        "Vale sang two songs, as two of the forty-two songs were hers.",  # a part, counted by hand
        "Vale sang it with three cellos.",  # the author's own count
        "Tidewater may march on.",
        "Tidewater is Mira Vale's.",
        "In Port Arden Vale sang it.",  # three names in a row for capitals alone
        "Tidewater is an Ardenic record of Mira Vale.",
    ],
)
def test_what_the_paragraphs_bear_passes(write: Write, source: str, statement: str) -> None:
    cited = "paragraph: 2\n    as_of: 2020\n    related"
    path = write(
        (STATEMENT, statement),
        (cited, cited.replace("paragraph: 2", "paragraphs: [2, 4]")),
        ("paragraphs: 3", "paragraphs: 4"),
    )

    assert told(path, source + MORE) == []


def test_a_source_without_a_year_is_audited_too(write: Write, source: str) -> None:
    origin = "  year: 2020\n  year_from: the masthead\n"
    path = write((origin, ""), ("    as_of: 2020\n    related", "    related"))

    # Nothing else bears the year of the statement now.
    assert [fault.split(";")[0] for fault in told(path, source)] == [
        "fact 'record-date': statement: the figure 2020 does not stand in paragraph 2"
    ]


def test_a_figure_that_the_note_explains_passes(write: Write, source: str) -> None:
    statement = (STATEMENT, f"{STATEMENT[:-1]}, in week 19.")

    (fault,) = told(write(statement), source)
    explained = write(
        statement,
        ("    related: [sister]", "    related: [sister]\n    note: Week 19 is the calendar's."),
    )

    assert "the figure 19" in fault
    assert told(explained, source) == []


def test_a_statement_of_another_paragraph_is_told(write: Write, source: str) -> None:
    path = write(
        ("Ona is Mira's sister and no friend of the piano.", "Vale wrote it on a borrowed piano."),
        ("paragraph: 2\n    as_of: 2020\n\nquotes", "paragraph: 1\n    as_of: 2020\n\nquotes"),
    )
    longer = source + "\n\n".join(("", *("Nothing more is told here.",) * 6))

    told_of = [line for line in told(path, longer) if line.startswith("fact")]

    assert told_of == []  # "Vale" stands in both


def test_a_release_whose_day_is_not_in_its_paragraph_is_told(write: Write, source: str) -> None:
    (fault,) = told(write(("date: 2020-05-04", "date: 2020-05-14")), source)

    assert fault.startswith(
        "release 'tidewater': the date 2020-05-14 does not stand in paragraph 2"
    )


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Tidewater is out on 4.5.2020.", True),
        ("Tidewater is out on 5/4.", True),
        ("Tidewater has five songs, and is out on June 4.", False),
    ],
)
def test_a_number_of_songs_is_no_month_of_a_release(
    write: Write, text: str, *, is_told: bool
) -> None:
    release = load_pack(write()).releases[0]

    unborne = list(find_undated(replace(release, paragraphs=(1,)), [text]))

    assert bool(unborne) is not is_told


def test_the_sources_words_are_shown_on_request_alone(write: Write, source: str) -> None:
    path = write(
        (f"{WORDS}\n", "words: Nobody sleeps on a tour\n"),
        ("not_names: [May, Harbour Sessions]", "not_names: [May]"),
    )
    faults = audit(load_pack(path), source)

    shown = [f"{fault.where}: {fault.what_with_source()}" for fault in faults]

    assert "(“Nobody sleeps before a tour”)" in shown[0]
    assert "(“Harbour Sessions”)" in shown[1]
    assert faults[0].steps == ("quotes", 0)
    for fault in faults:
        assert "Harbour" not in f"{fault} {fault!r} {fault.without_source()}"
        assert "before" not in f"{fault} {fault!r}"


@pytest.fixture
def first_pack() -> Pack:
    return load_pack(shipped_folder() / "big-time-rush-2013.yaml")


@pytest.mark.shared
@has_article
def test_the_first_pack_is_faithful_to_its_article(first_pack: Pack) -> None:
    article = ARTICLE.read_text(encoding="utf-8")

    assert [str(f) for f in audit(first_pack, article)] == []
    assert [str(a) for a in advise(first_pack, article)] == []
    assert advise_on_statements(first_pack, article) == ()


@pytest.mark.shared
@has_article
def test_a_planted_fault_of_each_kind_is_found_in_the_first_pack(first_pack: Pack) -> None:
    article = ARTICLE.read_text(encoding="utf-8")
    fact, quote = first_pack.facts[0], first_pack.quotes[0]
    borrowed = replace(fact, statement=" ".join(article.split()[8:16]))
    elsewhere = replace(quote, paragraphs=(1,))
    invented = replace(quote, words=f"{quote.words} ever")
    without_amazon = tuple(e for e in first_pack.entities if e.id != "amazon")
    planted = {
        "is not, word for word,": replace(first_pack, quotes=(invented,)),
        "is spoken in paragraph 9, not in 1": replace(first_pack, quotes=(elsewhere,)),
        "words of the source's 788 are quoted": replace(first_pack, quotes=first_pack.quotes * 2),
        "21 are too many": replace(first_pack, quotes=(quote,) * 21),
        "8 words or more in a row": replace(first_pack, facts=(borrowed,)),
        "cites paragraph 12": replace(first_pack, facts=(replace(fact, paragraphs=(12,)),)),
        "the text has 11": replace(first_pack, source=replace(first_pack.source, paragraphs=10)),
        "is no name that the pack knows": replace(first_pack, entities=without_amazon),
    }

    for told_as, pack in planted.items():
        assert any(told_as in str(fault) for fault in audit(pack, article)), told_as
