"""/quote, /release, /topics and /about, as people see them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot import __version__
from tests.support.knowledge import PACK

if TYPE_CHECKING:
    from bot.sandbox.testing import Person
    from tests.support.knowledge import KnowledgeInMemory


async def test_packs_without_quotes_or_releases_say_so(
    fan: Person, knowledge: KnowledgeInMemory
) -> None:
    knowledge.quotes, knowledge.known, knowledge.facts = {}, {}, {}
    assert (await fan.command("quote")).text == "The packs here have no quotes."
    assert (await fan.command("release")).text == "The packs here have no releases."
    assert (await fan.command("release", title="Owl")).text == "The packs here have no releases."
    assert (await fan.command("topics")).text == "The packs here have no facts."
    assert (await fan.command("ask", question="why?")).text == "The packs here have no facts."


async def test_a_quote_shows_words_speaker_context_and_source(fan: Person) -> None:
    reply = await fan.command("quote")
    assert reply.text.splitlines() == [
        "## “the barn had better ideas than we did”",
        "— **Robin**",
        "On recording.",
        "-# As of 1999. Ada Example, interview, Paper/Radio, 1999. Paragraph 4.",
        "[Another]",
    ]


async def test_another_goes_round_all_quotes_before_one_comes_again(fan: Person) -> None:
    reply = await fan.command("quote")
    seen = []
    for _ in range(4):
        seen.append(reply.text.splitlines()[0])
        await reply.press("Another")
    assert len(set(seen[:3])) == 3
    assert seen[3] == seen[0]


async def test_another_keeps_to_the_theme_while_it_can(fan: Person) -> None:
    reply = await fan.command("quote", about="noise")
    assert "without them it is only noise" in reply.text
    await reply.press("Another")
    assert "I only know one volume" in reply.text
    await reply.press("Another")
    assert "without them it is only noise" in reply.text


async def test_another_keeps_to_the_speaker(fan: Person) -> None:
    reply = await fan.command("quote", by="Robin")
    for _ in range(3):
        await reply.press("Another")
        assert "— **Robin**" in reply.text


async def test_an_only_quote_offers_no_other(fan: Person) -> None:
    reply = await fan.command("quote", by="Mika")
    assert reply.buttons == []


async def test_a_speaker_whom_the_notes_do_not_quote_is_told_with_those_they_do(
    fan: Person,
) -> None:
    reply = await fan.command("quote", by="*Wren*")
    assert reply.is_ephemeral
    assert reply.text == (
        "The notes quote nobody called **\\*Wren\\***. They quote **Mika** and **Robin**."
    )


async def test_no_quote_of_that_kind_is_said_plainly_to_the_asker_alone(fan: Person) -> None:
    reply = await fan.command("quote", about="quantum chromodynamics")
    assert reply.is_ephemeral
    assert reply.text == (
        "The notes hold no quote like that. Leave `about` and `by` empty for any quote."
    )


async def test_themes_and_speakers_complete(fan: Person) -> None:
    assert [c["name"] for c in await fan.autocomplete("quote", "about", "fa")] == ["fans"]
    assert [c["name"] for c in await fan.autocomplete("quote", "by")] == ["Mika", "Robin"]
    fan.speak("de")
    (theme,) = await fan.autocomplete("quote", "about", "fa")
    assert (theme["name"], theme["value"]) == ("fans · Englisch", "fans")


async def test_a_release_shows_all_that_is_known_of_it(fan: Person) -> None:
    reply = await fan.command("release", title="owl light")
    assert reply.text.splitlines() == [
        "## Owl Light",
        "**As of 1999:** Album by The Night Owls · announced",
        "**Out** October 31, 1999 (the year from its masthead)",
        "**Editions**",
        "- **regular**, 9 tracks",
        "- **deluxe**, 12 tracks: three songs more",
        "**Songs**",
        "- “Hoot”, The Night Owls",
        "**Where to get it**",
        "- Corner Records \\(pre-order\\)",
        "-# Ada Example, interview, Paper/Radio, 1999. Paragraph 2.",
        "[Other releases]",
    ]


async def test_a_song_leads_to_its_release(fan: Person) -> None:
    assert "## Owl Light" in (await fan.command("release", title="hoot")).text


async def test_without_a_title_the_newest_release_is_shown(fan: Person) -> None:
    assert "## Owl Light" in (await fan.command("release")).text


async def test_another_release_is_chosen_from_the_menu(fan: Person) -> None:
    reply = await fan.command("release")
    await reply.choose("Early Bird")
    assert "## Early Bird" in reply.text
    assert "**Out** 1998\n" in reply.text


async def test_an_unknown_release_offers_those_known_and_the_chosen_one_is_for_all(
    fan: Person, admin: Person
) -> None:
    reply = await fan.command("release", title="Nothing")
    assert reply.is_ephemeral
    assert reply.text.startswith("The notes know no release or song by that title.")
    await reply.choose("Owl Light")
    (seen,) = admin.read()
    assert "## Owl Light" in seen.text


async def test_titles_complete(fan: Person) -> None:
    choices = await fan.autocomplete("release", "title", "o")
    assert [choice["name"] for choice in choices] == ["Owl Light", "Early Bird"]


async def test_topics_lead_to_a_question_and_back(fan: Person) -> None:
    reply = await fan.command("topics")
    assert reply.is_ephemeral
    await reply.choose("The Night Owls")
    assert reply.text.startswith("## The Night Owls\n3 questions.")
    await reply.choose("When do they tour?")
    assert "They tour in autumn." in reply.text
    await reply.press("Back to the questions")
    assert reply.text.startswith("## The Night Owls")
    await reply.press("All subjects")
    assert reply.text.startswith("## What the notes cover")


async def test_many_questions_come_in_pages(fan: Person, knowledge: KnowledgeInMemory) -> None:
    pattern = knowledge.facts["tour"]
    for number in range(30):
        name = f"fact-{number}"
        knowledge.facts[name] = replace(pattern, id=name, questions=(f"What is number {number}?",))
    reply = await fan.command("topics")
    await reply.choose("The Night Owls")
    assert len(_options(reply.json)) == 25
    await reply.press("More")
    assert [option["label"] for option in _options(reply.json)][-1] == "What is number 29?"
    await reply.press("Back")
    assert len(_options(reply.json)) == 25


async def test_a_topic_read_alone_can_be_shown_to_everybody(fan: Person, admin: Person) -> None:
    reply = await fan.command("topics")
    await reply.choose("The Night Owls")
    await reply.choose("When do they tour?")
    assert admin.read() == []
    await reply.press("Show everyone here")
    (seen,) = admin.read()
    assert seen.text.startswith("### When do they tour?")
    assert reply.text.startswith("### When do they tour?")  # and it stands where it was


async def test_about_names_sources_rights_version_and_privacy(fan: Person) -> None:
    reply = await fan.command("about")
    assert reply.buttons == ["The project and its source", "How to add facts", "Privacy in full"]
    assert "The Night Owls, 1999" in reply.text
    assert "© 1999 Ada Example" in reply.text
    assert "The year is from its masthead." in reply.text
    assert "the admin who set it up; of nobody else." in reply.text
    assert f"Version {__version__}" in reply.text


async def test_no_custom_id_holds_typed_words(fan: Person) -> None:
    replies = [
        await fan.command("ask", question="maybe"),
        await fan.command("quote", about="noise", by="robin"),
        await fan.command("release", title="hoot"),
    ]
    ids = [custom_id for reply in replies for custom_id in _custom_ids(reply.json)]
    assert ids
    typed = ("maybe", "noise", "hoot")
    assert not [i for i in ids if any(word in i.replace(PACK, "").split(":") for word in typed)]
    assert all(len(custom_id) <= 100 for custom_id in ids)


def _options(part: object) -> list[dict[str, str]]:
    return [option for menu in _with(part, "options") for option in menu["options"]]


def _custom_ids(part: object) -> list[str]:
    return [found["custom_id"] for found in _with(part, "custom_id")]


def _with(part: object, name: str) -> list[dict[str, Any]]:
    if isinstance(part, list):
        return [found for each in part for found in _with(each, name)]
    if not isinstance(part, dict):
        return []
    inside = [found for each in part.values() for found in _with(each, name)]
    return [part, *inside] if name in part else inside
