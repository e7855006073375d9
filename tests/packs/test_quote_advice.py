"""Advice on quotes, each on invented speech: a planted fault of every kind, and clean quotes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.packs.clauses import has_verb
from bot.packs.loader import load_pack
from bot.packs.quote_advice import advise
from bot.packs.speech import Speech
from tests.support.packs import LANTERN_FILE, little_pack, little_quote

SPEECH = (
    '"Ona [Brook] and I built a boat. I think the lake froze on a Sunday, and we stayed. '
    "My cousins like the tune more than the words. It was sort of cold in there. "
    "Our drummer Bo, my sister and the neighbours sang along. "
    "If the wind drops, we row the rest of the way. We do not rehearse on Mondays. "
    "There were about forty people on the ice, maybe. [Dara] is carrying the lamps this year. "
    'The harbour master gave me the key."'
)


def advice_on(words: str, speech: str = SPEECH, context: str = "On a winter.") -> list[str]:
    """The advice on a quote of one paragraph, without where it stands and what to do."""
    quote = replace(little_quote(words=words), context=context, paragraphs=(1,))
    told = advise(little_pack(quotes=[quote]), speech)
    assert {advice.where for advice in told} <= {"quote 'best-part'"}
    return [str(advice).split(": ", 1)[1].rpartition("; ")[0] for advice in told]


@pytest.mark.parametrize(
    "words",
    [
        "I think the lake froze on a Sunday, and we stayed.",
        "I think the lake froze on a Sunday, and we stayed",
        "I think the lake froze on a Sunday …",
        "It was sort of cold in there.",
        "My cousins like the tune more than the words.",
        "… the lamps this year. The harbour master gave me the key.",
        "The harbour master gave me the key",
    ],
)
def test_whole_sentences_and_cuts_that_show_get_no_advice(words: str) -> None:
    context = "On Dara, who looks after the lamps."

    assert advice_on(words, context=context) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(
            "we row the rest of the way.",
            "begins inside a sentence of paragraph 1 without … and leaves out a condition "
            "(left out: “If the wind drops,”)",
            id="a condition before",
        ),
        pytest.param(
            "rehearse on Mondays. There were about forty people on the ice, maybe.",
            "begins inside a sentence of paragraph 1 without … and leaves out a denial "
            "(left out: “We do not”)",
            id="a denial before",
        ),
        pytest.param(
            "… the lake froze on a Sunday, and we stayed.",
            "begins inside a sentence of paragraph 1 and leaves out a hedge (left out: “I think”)",
            id="a hedge before, though the cut shows",
        ),
        pytest.param(
            "There were about forty people on the ice",
            "ends inside a sentence of paragraph 1 without … and leaves out a hedge "
            "(left out: “maybe.”)",
            id="a hedge after",
        ),
        pytest.param(
            "It was … cold in there.",
            "cuts inside a sentence of paragraph 1 and leaves out a hedge (left out: “sort of”)",
            id="a hedge inside",
        ),
        pytest.param(
            "There were … forty people on the ice, maybe.",
            "cuts inside a sentence of paragraph 1 and leaves out a hedge (left out: “about”)",
            id="how many, more or less",
        ),
        pytest.param(
            "My cousins like the tune …",
            "ends inside a sentence of paragraph 1 and leaves out a comparison "
            "(left out: “more than the words.”)",
            id="a comparison after, though the cut shows",
        ),
        pytest.param(
            "I built a boat.",
            "begins inside a sentence of paragraph 1 without … and leaves out part of the subject "
            "(left out: “Ona [Brook] and”)",
            id="a partner before",
        ),
        pytest.param(
            "the neighbours sang along.",
            "begins inside a sentence of paragraph 1 without … and leaves out part of the subject "
            "(left out: “Our drummer Bo, my sister and”)",
            id="several partners before",
        ),
    ],
)
def test_what_a_cut_takes_away_is_told_with_the_words(words: str, told: str) -> None:
    assert advice_on(words) == [told]


def test_a_partner_cut_out_inside_is_part_of_the_subject() -> None:
    speech = '"My brothers and my aunt row. We talked and the tide turned."'

    (told,) = advice_on("My brothers … row. We talked …", speech)
    assert told == (
        "cuts inside a sentence of paragraph 1 and leaves out part of the subject "
        "(left out: “and my aunt”)"
    )
    assert advice_on("… the tide turned.", speech) == []


@pytest.mark.parametrize(
    ("speech", "words"),
    [
        ('"I think so, and my aunts row every day."', "… my aunts row every day."),
        ('"I think so and my aunts row every day."', "… my aunts row every day."),
        ('"We row at night, and I sing on the way."', "… I sing on the way."),
        ('"When it rains we row, and they never sing on the way."', "… they never sing …"),
        ('"We row every day and maybe they sing."', "We row every day …"),
    ],
)
def test_a_hedge_or_a_partner_of_another_clause_is_no_loss(speech: str, words: str) -> None:
    assert advice_on(words, speech, "On her aunts.") == []


@pytest.mark.parametrize(
    ("speech", "words", "is_told"),
    [
        ('"We row," she said. "The lake is deep and cold."', "The lake is deep and cold.", False),
        ('"We row at night," she said, "on a lake so cold."', "… on a lake so cold", False),
        ('"We row at night," she said, "on a lake so cold."', "We row at night", True),
        ('"We row at night," she said, adding, "The lake is cold."', "The lake is cold.", False),
        ('"No. The lake is cold at night."', "The lake is cold at night.", False),
        ('"We met Mr. Brook at the lake."', "Brook at the lake", True),
        ('"It was 3.30 a.m. and the lake froze."', "and the lake froze.", True),
        ('"Row! The lake is cold at night."', "The lake is cold at night.", False),
        ('"[Laughs] The lake is cold at night."', "The lake is cold at night.", False),
        ('"[The ice] is cold at night."', "… is cold at night.", False),
        ("\"The lake is called 'Low Water.' We row there.\"", "We row there at night", None),
        ("\"The lake is called 'Low Water.' We row there now.\"", "We row there now.", False),
        ('"The lake is cold. So the lake is cold at night"', "the lake is cold at night", True),
        ('"So the lake is cold. The lake is cold"', "The lake is cold", False),
    ],
)
def test_sentences_are_told_apart_as_they_are_spoken(
    speech: str, words: str, *, is_told: bool | None
) -> None:
    told = [text for text in advice_on(words, speech) if "inside a sentence" in text]

    assert bool(told) == bool(is_told)


def test_a_part_without_a_verb_is_told_unless_it_stays_out_of_the_daily_post() -> None:
    words = "the rest of the way"
    (advice,) = (text for text in advice_on(words) if "no verb" in text)
    fragment = replace(little_quote(words=words), paragraphs=(1,), daily=False)
    told = [str(each) for each in advise(little_pack(quotes=[fragment]), SPEECH)]

    assert advice == "has no verb with its subject (left out: “If the wind drops, we row …”)"
    assert not [text for text in told if "no verb" in text]
    assert [text for text in told if "begins inside" in text]


def test_a_whole_sentence_needs_no_verb() -> None:
    assert advice_on("A lake, and nothing else.", '"A lake, and nothing else. It was cold."') == []


def test_a_verb_whose_subject_is_cut_off_is_none() -> None:
    speech = '"There are people who want to hear us play by the lake."'

    told = advice_on("want to hear us play by the lake.", speech)

    assert told[-1] == "has no verb with its subject (left out: “There are people who …”)"


@pytest.mark.parametrize(
    "text",
    [
        "the best part of it",
        "playing the fiddle in a cold barn",
        "want to hear us play",
        "a borrowed boat on a frozen lake",
        "more of the same old tunes",
        "called 'Low Water,' with a choir",
        "on my own in the dark",
        "my uncle's old drum kit",
        "something like a long night",
        "the only lamp in the harbour",
    ],
)
def test_a_fragment_has_no_verb(text: str) -> None:
    assert not has_verb(text)


@pytest.mark.parametrize(
    "text",
    [
        "Nobody sleeps before a tour",
        "we just row",
        "I really jam",
        "it's a lake",
        "Ona's rowing",
        "My cousins love the lake",
        "the band plays every night",
        "You can't row in that",
        "Ona and Bo built it",
        "they never told us",
        "the lamp burned out",
        "there's ice on the lake",
        "Everybody always hums along",
        "songs that make you cold",
    ],
)
def test_a_clause_has_one(text: str) -> None:
    assert has_verb(text)


@pytest.mark.parametrize(
    ("words", "context", "is_told"),
    [
        ("He gave me the key.", "On a winter.", True),
        ("He gave me the key.", "On Ona, who kept it.", False),
        ("He gave me the key.", "On the manager of the harbour.", False),
        ("He gave me the key.", "On Mira, long ago.", True),
        ("They gave me the key.", "On a winter.", True),
        ("They gave me the key.", "On the neighbours.", False),
        ("They gave me the key.", "On a choir by the lake.", False),
        ("I told her to keep it.", "On a winter.", True),
        ("My sister says she hates it.", "On a winter.", False),
        ("It gave me the key.", "On a winter.", False),
    ],
)
def test_who_is_meant_is_named_beside_the_words(words: str, context: str, *, is_told: bool) -> None:
    told = advice_on(words, f'"{words}"', context)

    assert [text for text in told if "neither words nor context say who that is" in text] == told
    assert bool(told) == is_told


def test_who_is_meant_is_told_of_even_where_the_subject_is_cut_off() -> None:
    speech = '"He has been carrying the lamps on the lake."'

    told = advice_on("… carrying the lamps on the lake.", speech)

    assert told[-1] == "speaks of 'he', and neither words nor context say who that is"


@pytest.mark.parametrize(
    ("words", "context", "is_told"),
    [
        ("… is carrying the lamps now.", "On the lamps.", True),
        ("… is carrying the lamps now.", "On Ona.", False),
        ("We asked for … the lamps now.", "On the lamps.", True),
        ("We asked for … the lamps now.", "On Ona and the lamps.", False),
    ],
)
def test_a_name_in_the_editors_brackets_is_given_back(
    words: str, context: str, *, is_told: bool
) -> None:
    speech = '"[Ona] is carrying the lamps now. We asked for [Ona and] the lamps now."'
    told = [text for text in advice_on(words, speech, context) if "brackets" in text]

    assert bool(told) == is_told
    if is_told:
        assert "neither words nor context give it (left out: “[Ona" in told[0]


def test_advice_can_be_had_without_a_word_of_the_source() -> None:
    quote = replace(little_quote(words="… is carrying the lamps this year."), paragraphs=(1,))
    secret = [
        str(advice.without_source())
        for advice in advise(little_pack(quotes=[quote]), SPEECH.replace("Dara", "Ona"))
    ]

    what = "leaves out a name in brackets, and neither words nor context give it"
    assert secret == [f"quote 'best-part': {what}; name who is meant in the context"]


def test_of_a_long_sentence_the_words_next_to_the_cut_are_shown() -> None:
    speech = f'"{" ".join(f"w{n}" for n in range(30))} the lake is cold {"x " * 30}."'

    begins, ends = advice_on("the lake is cold", speech)

    assert begins.endswith(f"(left out: “… {' '.join(f'w{n}' for n in range(18, 30))}”)")
    assert ends.endswith(f"(left out: “{'x ' * 12}…”)")


def test_a_long_source_without_an_end_of_a_sentence_is_read_in_one_pass() -> None:
    assert advice_on("la la … nowhere to be", f'"{"la la la. " * 20_000}"') == []


def test_words_that_stand_there_twice_are_taken_from_where_they_are_whole() -> None:
    speech = '"At night Ona rows the lake, maybe. Ona rows the lake."'

    assert advice_on("Ona rows the lake", speech) == []
    assert len(advice_on("Ona rows the lake", speech.replace("maybe. Ona", "maybe, or Bo"))) == 2


def test_a_withdrawn_quote_and_one_that_is_not_there_get_no_advice() -> None:
    for changed in (
        replace(little_quote(words="the rest of the way"), paragraphs=(1,), withdrawn="dull"),
        replace(little_quote(words="the rest of the days"), paragraphs=(1,)),
        replace(little_quote(words="the rest of the way"), paragraphs=(1, 9)),
    ):
        assert advise(little_pack(quotes=[changed]), SPEECH) == ()


def test_a_quote_over_two_paragraphs_is_advised_on_as_one() -> None:
    source = '"I think the lake froze.\n\n"We stayed at home, sort of."'
    quote = replace(little_quote(words="the lake froze. … We stayed at home"), paragraphs=(1, 2))

    told = [str(advice) for advice in advise(little_pack(quotes=[quote]), source)]

    cut = "inside a sentence of paragraphs 1 and 2 without … and leaves out a hedge"
    assert [text.split(" (left")[0] for text in told] == [
        f"quote 'best-part': begins {cut}",
        f"quote 'best-part': ends {cut}",
    ]


def test_a_sentence_goes_on_after_the_narrator() -> None:
    speech = Speech.from_paragraphs(['"We row," she said, "at night. It is cold."'])

    said = [" ".join(speech.text[s.start : s.end] for s in one) for one in speech.sentences]
    assert said == ["We row, at night.", " It is cold."]


def test_the_example_pack_gets_no_advice() -> None:
    source = LANTERN_FILE.with_suffix(".txt").read_text(encoding="utf-8")

    assert advise(load_pack(LANTERN_FILE), source) == ()
