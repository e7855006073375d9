from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.language import load_frequencies
from bot.errors import PackError
from bot.packs.audit import audit
from bot.packs.draft_file import MARK, find_marks, render_draft
from bot.packs.drafting import Draft, draft_pack
from bot.packs.loader import load_pack
from bot.packs.models import EntityKind
from bot.packs.prose import count_words
from bot.packs.yaml_source import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS = Path(__file__).parent / "drafting"
NARRATIVE = (TEXTS / "narrative.txt").read_text(encoding="utf-8")
TRANSCRIPT = (TEXTS / "transcript.txt").read_text(encoding="utf-8")

PERSON, BAND, PLACE = EntityKind.PERSON, EntityKind.BAND, EntityKind.PLACE


@pytest.fixture(scope="module")
def frequencies() -> Mapping[str, float]:
    return load_frequencies()


@pytest.fixture(scope="module")
def narrative(frequencies: Mapping[str, float]) -> Draft:
    return draft_pack("salt-parade", NARRATIVE, frequencies)


@pytest.fixture(scope="module")
def transcript(frequencies: Mapping[str, float]) -> Draft:
    return draft_pack("odile-brandt", TRANSCRIPT, frequencies)


def kinds(draft: Draft) -> dict[str, str]:
    return {thing.found.name: thing.found.kind for thing in draft.entities}


def test_the_names_of_an_article_are_found_with_their_kinds(narrative: Draft) -> None:
    assert kinds(narrative) == {
        "Salt Parade": BAND,
        "Noor Hasselby": PERSON,
        "Wilma Oake": PERSON,
        "Lio Verrant": PERSON,
        "Tam Hasselby": PERSON,
        "The Gull & Anchor": EntityKind.OUTLET,
        "Ansel Quist": PERSON,
        "Skerry Holm": PLACE,
        "Aud Hasselby": PERSON,
        "Josefine Marr": PERSON,
        "Brannoch School": PLACE,
        "Silver Oar": EntityKind.AWARD,
        "Fish Exchange": "",
        "Port Ellery": PLACE,
        "The Paper Moths": BAND,
        "Kelp FM": EntityKind.OUTLET,
        "Imke Fallow": PERSON,
        "Brannoch": PLACE,
        "Admiral": EntityKind.THING,  # a dog
    }


def test_a_name_has_its_short_forms_and_the_paragraphs_that_it_stands_in(narrative: Draft) -> None:
    found = {thing.found.name: thing for thing in narrative.entities}

    assert found["Ansel Quist"].aliases == ("Quist", "Ansel")
    assert found["Ansel Quist"].found.paragraphs == (6, 7)
    assert found["The Gull & Anchor"].aliases == ("Gull & Anchor",)
    # Three people are called Hasselby.
    assert found["Noor Hasselby"].aliases == ("Noor",)


def test_pronouns_are_guessed_where_the_text_is_clear(narrative: Draft) -> None:
    said = {thing.found.name: [*map(str, thing.found.pronouns)] for thing in narrative.entities}

    assert said["Noor Hasselby"] == ["she"]
    assert said["Lio Verrant"] == ["he"]
    assert said["Josefine Marr"] == []  # "She asked for no money" is said once


def test_records_and_songs_are_found_with_dates_no_better_than_the_text(narrative: Draft) -> None:
    assert [(r.thing.found.name, r.date, r.date_note, r.status) for r in narrative.releases] == [
        ("Herring Weather", "2020-03", "", "released"),
        ("Lighthouse Disco", "2023-11-10", "the year is from its copyright line", "announced"),
    ]
    assert [(song.thing.found.name, song.release) for song in narrative.songs] == [
        ("Cold Feet, Warm Chips", "herring-weather"),
        ("Widow's Walk", "lighthouse-disco"),
        ("Parking Fine", "lighthouse-disco"),
        ("Eel Night", "lighthouse-disco"),
    ]


def test_the_main_band_author_and_year_are_read_off_the_article(narrative: Draft) -> None:
    assert narrative.main is not None
    assert narrative.main.found.name == "Salt Parade"
    assert narrative.source.author == "Imke Fallow"
    assert narrative.source.publisher == "The Gull & Anchor"
    assert (narrative.source.year, narrative.source.year_from) == (2023, "its copyright line")
    assert narrative.source.paragraphs == 11


def test_quotes_have_the_speakers_that_the_narrator_names(narrative: Draft) -> None:
    told = {
        stub.quote.words: (stub.quote.speaker, stub.is_speaker_told) for stub in narrative.quotes
    }

    assert told["We wanted to sound like a postcard that got wet"] == ("noor-hasselby", True)
    assert told["You cannot leave, so you might as well finish the chorus"] == ("lio-verrant", True)
    # "She said" is a guess, and marked as one.
    assert told["She would have hated the song and bought ten copies"] == ("noor-hasselby", False)


def test_quotes_leave_room_in_the_budget(narrative: Draft, transcript: Draft) -> None:
    for draft in (narrative, transcript):
        assert draft.quotable_words == draft.source_words // 5
        assert 0 < draft.quoted_words <= 0.6 * draft.quotable_words
        assert all(4 <= count_words(stub.quote.words) <= 16 for stub in draft.quotes)


def test_dates_numbers_and_titles_become_facts_to_write(narrative: Draft) -> None:
    by_paragraph = {
        paragraph: [fact.hints for fact in narrative.facts if fact.paragraph == paragraph]
        for paragraph in (1, 2, 5, 11)
    }

    assert by_paragraph == {
        1: [],  # the headline
        2: [],  # the byline
        5: [
            ("nine days", "March 2020", "Herring Weather"),
            ("800 copies",),
            ("Cold Feet, Warm Chips",),
        ],
        11: [],  # the line about rights
    }


def test_every_paragraph_that_tells_something_has_a_fact(narrative: Draft) -> None:
    assert {fact.paragraph for fact in narrative.facts} == set(range(3, 11))


def test_a_transcript_is_about_whoever_answers(transcript: Draft) -> None:
    assert transcript.main is not None
    assert transcript.main.found.name == "Odile Brandt"
    assert {stub.quote.speaker for stub in transcript.quotes} == {"odile-brandt"}
    assert all(stub.is_speaker_told for stub in transcript.quotes)
    assert (transcript.source.author, transcript.source.publisher, transcript.source.year) == (
        "Marek Soll",
        "Night Bus Weekly",
        2022,
    )


def test_a_transcript_of_several_people_is_about_their_band(
    frequencies: Mapping[str, float],
) -> None:
    draft = draft_pack(
        "x",
        "The Odd Socks are Rosa Quint and Abel Dorr. Their EP Laundry Day is out now.\n\n"
        "ZINE: Why?\n\nROSA: We lost a sock.\n\nABEL: It was mine.\n\nZINE: And then?\n\nROSA: No.",
        frequencies,
    )

    assert draft.main is not None
    assert draft.main.found.name == "Odd Socks"
    assert kinds(draft) == {"Odd Socks": BAND, "Rosa Quint": PERSON, "Abel Dorr": PERSON}
    assert [(r.thing.found.name, r.kind) for r in draft.releases] == [("Laundry Day", "ep")]
    assert draft.not_names == ("EP",)


def test_nothing_is_asked_or_quoted_of_the_interviewer(transcript: Draft) -> None:
    asked = {4, 6, 9, 11, 13, 15, 17, 19, 21, 23, 25}

    assert not asked & {fact.paragraph for fact in transcript.facts}
    assert not asked & {stub.quote.paragraphs[0] for stub in transcript.quotes}


def test_a_text_is_drafted_as_it_looks(narrative: Draft, frequencies: Mapping[str, float]) -> None:
    pasted = re.sub('"([^"]*)"', "\u201c\\1\u201d", NARRATIVE)
    pasted = pasted.replace("'", "\u2019").replace("Hasselby", "Has\u00adselby")
    pasted = pasted.replace("fi", "\ufb01").replace("the ", "the\u00a0").replace("\n", "\r\n")

    assert pasted != NARRATIVE
    assert draft_pack("salt-parade", "\ufeff" + pasted, frequencies) == narrative


@pytest.mark.parametrize("name", ["narrative", "transcript"])
def test_a_draft_lacks_nothing_but_what_its_author_must_say(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    draft: Draft = request.getfixturevalue(name)
    path = tmp_path / f"{draft.id}.yaml"
    path.write_text(render_draft(draft), encoding="utf-8")

    with pytest.raises(PackError) as refused:
        load_pack(path)

    unwritten = len(draft.facts) + len(draft.quotes)
    of_no_kind = sum(not thing.found.kind for thing in draft.entities)
    told = [fault.what for fault in refused.value.faults]
    assert sum("is not written yet" in what for what in told) == unwritten
    assert sum("'kind' is empty" in what for what in told) == of_no_kind
    assert len(told) == unwritten + of_no_kind


@pytest.mark.parametrize(("name", "source"), [("narrative", NARRATIVE), ("transcript", TRANSCRIPT)])
def test_a_draft_that_is_filled_in_passes_the_audit(
    name: str, source: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    draft: Draft = request.getfixturevalue(name)
    text, number = render_draft(draft), iter(range(1000))
    text = text.replace("statement:\n", "statement: Something is said.\n")
    text = re.sub(r"      -\n", lambda _: f"      - What is said {next(number)}?\n", text)
    text = text.replace("context:\n", "context: On something.\n").replace(
        "themes: []", "themes: [x]"
    )
    text = text.replace("    kind:\n", "    kind: place\n")
    path = tmp_path / f"{draft.id}.yaml"
    path.write_text(text, encoding="utf-8")

    assert [str(fault) for fault in audit(load_pack(path), source)] == []


def test_every_guess_bears_a_mark(narrative: Draft, tmp_path: Path) -> None:
    path = tmp_path / "salt-parade.yaml"
    path.write_text(render_draft(narrative), encoding="utf-8")

    told = [fault.what.removeprefix("still to confirm: ") for fault in find_marks(path)]

    assert len(told) == path.read_text(encoding="utf-8").count(MARK) - 1  # the head explains it
    assert "Lio Verrant (paragraphs 3, 4, 6 and 10) is taken for a person, and for 'he'" in told
    assert "Herring Weather (paragraph 5) is taken for a record" in told
    assert "the source is taken to be about Salt Parade" in told


def test_a_mark_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("pack: a\n  # confirm: this is so\ntitle: 'x # confirm: no mark'\n")

    (mark,) = find_marks(path)

    assert str(mark) == (
        f"{path}:2: still to confirm: this is so; "
        "correct what is wrong below it, then delete this line"
    )


def test_songs_without_a_record_are_records_of_their_own(frequencies: Mapping[str, float]) -> None:
    draft = draft_pack("x", 'Ona Vale sang the song "Low Water" twice.', frequencies)

    assert [(r.thing.found.name, r.kind) for r in draft.releases] == [("Low Water", "single")]
    assert draft.songs == ()


@pytest.mark.parametrize(
    ("sentence", "name", "kind"),
    [
        ("They met Ona Vale, the singer, twice.", "Ona Vale", PERSON),
        ("They moved to the north coast of Orrin.", "Orrin", PLACE),
        ("Marrow Lane formed in 2014.", "Marrow Lane", BAND),
        ("It earned them a Glimmer nomination.", "Glimmer", EntityKind.AWARD),
        ("It was sold from the boot of a Nissan Micra.", "Nissan Micra", ""),
        ("It can be heard on Spotify.", "Spotify", EntityKind.OUTLET),
        ("Then came Nobody's Horse, which sank.", "Nobody's Horse", ""),
        ("They listen to Kelp FM.", "Kelp FM", EntityKind.OUTLET),
        ("She sings in Mokra Vale, the surf-rock four-piece from Orrin.", "Mokra Vale", BAND),
        ("It gave Balsa Chica the title track of their third album.", "Balsa Chica", BAND),
        ("They went through Salto, Orrin and Lisbon.", "Salto", PLACE),
        ("She moved to Nova Scotia.", "Nova Scotia", PLACE),
        ("The tour starts at Quell Zitarra in Orrin.", "Quell Zitarra", PLACE),
        ("They began a music project before the show called Hollow Lane.", "Hollow Lane", BAND),
        ("He teamed with Dunstan Belt for it.", "Dunstan Belt", PERSON),
        ("The dog is called Patch Notes.", "Patch Notes", EntityKind.THING),
        ("It was made for Lantern & Reed.", "Lantern & Reed", ""),
        ("Here is a Marrow Lane Interview of May.", "Marrow Lane", ""),
        ("She talked to The Soggy Envelope on the phone.", "The Soggy Envelope", EntityKind.OUTLET),
    ],
)
def test_the_words_beside_a_name_tell_its_kind(
    sentence: str, name: str, kind: str, frequencies: Mapping[str, float]
) -> None:
    assert kinds(draft_pack("x", sentence, frequencies))[name] == kind


@pytest.mark.parametrize(
    ("ending", "author", "publisher", "year"),
    [
        ("Hal Winslow\nSat 16 Sep 2023 09.00 BST", "Hal Winslow", "", 2023),
        ("By Hal Winslow", "Hal Winslow", "", None),
        ("Words: Hal Winslow, Night Bus, 3 May 2022", "Hal Winslow", "Night Bus", 2022),
        (
            "\u00a9 2019 Hal Winslow. Appears at Starlane with permission.",
            "Hal Winslow",
            "Starlane",
            2019,
        ),
        (
            "Hal Winslow wrote this for The Reedbed Review.",
            "Hal Winslow",
            "The Reedbed Review",
            None,
        ),
        ("*Words by Hal Winslow for Night Bus, March 2024*", "Hal Winslow", "Night Bus", 2024),
        ("By Hal Winslow, for Night Bus", "Hal Winslow", "Night Bus", None),
        ("A transcript of a talk that was recorded on 17 May 2025.", "", "", 2025),
        ("Nothing is told.", "", "", None),
    ],
)
def test_author_publisher_and_year_are_read_where_they_are_told(
    ending: str, author: str, publisher: str, year: int | None, frequencies: Mapping[str, float]
) -> None:
    source = draft_pack("x", f"It rained.\n\nAll day.\n\n{ending}", frequencies).source

    assert (source.author, source.publisher, source.year) == (author, publisher, year)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("We met in Trieste in 2016.", 2016),
        ("Odalys and Jonah met in Trieste in 2016.", None),
        ('"We met in Trieste in 2016," she says.', None),
        ("The album was recorded in 2016.", None),
        ("This interview was first published in 2016.", 2016),
    ],
)
def test_a_year_is_the_sources_only_where_the_text_tells_of_itself(
    text: str, year: int | None, frequencies: Mapping[str, float]
) -> None:
    assert draft_pack("x", f"It rained.\n\n{text}", frequencies).source.year == year


@pytest.mark.parametrize("opening", ["", "**When?**\n\nSoon.\n\n**And what?**\n\n"])
@pytest.mark.parametrize("mark", ["", '"'])
def test_what_comes_out_with_songs_is_a_record_and_no_place(
    opening: str, mark: str, frequencies: Mapping[str, float]
) -> None:
    text = f"{opening}{mark}Salt Bridge{mark} comes out on 3 May 2027. It has eleven songs."

    (release,) = draft_pack("x", text, frequencies).releases

    assert (release.thing.found.name, release.date) == ("Salt Bridge", "2027-05-03")


def test_no_fact_is_to_be_written_of_a_bold_question(frequencies: Mapping[str, float]) -> None:
    text = (
        "**Mira Vale, were you in Skerrow in May 2017?**\n\nIt rained for nine days in Skerrow.\n\n"
        "**And then, Mira Vale?**\n\nI had two boats."
    )

    facts = draft_pack("x", text, frequencies).facts

    assert {fact.paragraph for fact in facts} == {2, 4}


def test_titles_in_quotation_marks_are_whole_and_apart(frequencies: Mapping[str, float]) -> None:
    text = (
        'Ona Vale made a record called Tidewater. In between come the songs "Chalk", '
        '"Mirja\'s Coat" and the single "Left at the Lighthouse", and "she was right" on it.'
    )

    draft = draft_pack("x", text, frequencies)

    titles = {song.thing.found.name for song in draft.songs}
    titles |= {release.thing.found.name for release in draft.releases}
    assert titles >= {"Chalk", "Mirja's Coat", "Left at the Lighthouse"}
    assert not any("she was" in title or '"' in title for title in titles)


PIECES = (
    "Ona Vale the The 's \" ' \u201c [ ] . , : # - 24/ May 40 2020 said song album called null { } "
    "& * ! A: Q: MIRA: (c) By \u00e9 \u4e2d \U0001f3b5 \u00ad \\ % @ ` I"
)
WORDS = st.sampled_from([*PIECES.split(), "\n", "\n\n"])


@settings(max_examples=60, deadline=None)
@given(parts=st.lists(WORDS, max_size=60))
def test_whatever_the_text_its_draft_can_be_read(parts: list[str]) -> None:
    draft = draft_pack("my-pack", " ".join(parts), {"the": 7.7, "song": 5.0, "called": 5.0})

    content = parse_yaml(render_draft(draft), Path("my-pack.yaml")).content

    assert content["pack"] == "my-pack"
    ids = [thing.id for thing in draft.entities] + [release.thing.id for release in draft.releases]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each) and len(each) <= 40 for each in ids)


def test_a_record_is_known_by_its_release_and_by_its_neighbour(
    frequencies: Mapping[str, float],
) -> None:
    text = (
        "The next is a sore subject. La Casa Orrin, released in August 2019, was made in a shed. "
        "Before it they made two albums, Low Water and Inventory."
    )

    draft = draft_pack("x", text, frequencies)

    dates = {release.thing.found.name: release.date for release in draft.releases}
    assert dates == {"La Casa Orrin": "2019-08", "Low Water": "", "Inventory": ""}


def test_a_song_takes_no_name_of_somebody_or_of_the_next_song(
    frequencies: Mapping[str, float],
) -> None:
    text = (
        "OLD PAPER: What now?\n\n"
        "MIRA VALE: The record is called Tidewater. We had a van, Orrin Iris. "
        'I still like "Ticket Inspector." "Banana Coast" I leave out, and "Iris" and '
        '"Goodnight, Skerrow" too. We live in Skerrow.'
    )

    draft = draft_pack("x", text, frequencies)

    titles = {song.thing.found.name for song in draft.songs}
    assert titles == {"Ticket Inspector", "Banana Coast", "Iris", "Goodnight, Skerrow"}
    assert kinds(draft)["Skerrow"] == PLACE
    assert "Orrin Iris" in kinds(draft)


def test_a_song_is_its_bands_unless_somebody_is_said_to_sing_it(
    frequencies: Mapping[str, float],
) -> None:
    text = (
        "Marrow Lane, the trio, made a record called Tidewater. Ona Vale, the engineer, hung "
        'microphones over the song "Low Water". Ona Vale sings the song "Red Light".'
    )

    draft = draft_pack("x", text, frequencies)

    assert draft.artist is not None
    assert draft.artist.found.name == "Marrow Lane"
    assert {song.thing.found.name: song.performers for song in draft.songs} == {
        "Low Water": (),
        "Red Light": ("ona-vale",),
    }


def test_a_fact_to_write_is_about_whoever_acts_in_its_sentence(
    frequencies: Mapping[str, float],
) -> None:
    text = (
        "Ona Vale, the singer, is loud. In Orrin, near Lisbon, Ona Vale sold two boats. "
        "It took nine days. Lisbon has two bridges."
    )

    subjects = [(fact.hints, fact.subject) for fact in draft_pack("x", text, frequencies).facts]

    assert subjects == [
        (("Ona Vale",), "ona-vale"),
        (("two boats", "Orrin", "Lisbon"), "ona-vale"),
        (("nine days",), "ona-vale"),
        (("two bridges",), "lisbon"),
    ]


def test_a_paper_that_asks_is_an_outlet(frequencies: Mapping[str, float]) -> None:
    text = (
        "Ona Vale talked to The Soggy Envelope.\n\nTHE SOGGY ENVELOPE: Why now?\n\n"
        "ONA VALE: It rained.\n\nTHE SOGGY ENVELOPE: And then?\n\nONA VALE: It stopped."
    )

    draft = draft_pack("x", text, frequencies)

    assert kinds(draft) == {"Ona Vale": PERSON, "The Soggy Envelope": EntityKind.OUTLET}
    assert draft.source.publisher == "The Soggy Envelope"
