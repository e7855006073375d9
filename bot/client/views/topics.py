"""The subjects of the packs and their questions, in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from bot.answering.formatting import NOTES_NOT_TRANSLATED
from bot.client.custom_ids import custom_id, fits, join_ids
from bot.client.markdown import escape
from bot.client.views.layout import (
    PER_MENU,
    button,
    button_row,
    language_note,
    layout,
    select_menu,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord import ui

    from bot.answering.results import Topic
    from bot.client.views.layout import Item
    from bot.localization.phrases import Phrases

T = TypeVar("T")


def render_topics(say: Phrases, topics: Sequence[Topic], page: int) -> ui.LayoutView:
    """Render one page of subjects to choose from."""
    known = [topic for topic in topics if topic.questions and fits(topic.pack, topic.subject)]
    if not known:
        return layout(text(say("There is no subject here to choose from.")))
    page, last, on_page = _turn_to(known, page)
    options = [
        (topic.name, join_ids(topic.pack, topic.subject), _question_count(say, topic))
        for topic in on_page
    ]
    turn = [
        button(say("Back"), custom_id("topics", page - 1), off=page == 0),
        button(say("More"), custom_id("topics", page + 1), off=page == last),
    ]
    return layout(
        text(say("## What the notes cover")),
        text(say("Choose a subject to see what can be asked about it.")),
        _note(say, known),
        select_menu(say("Subjects"), custom_id("topic"), options),
        button_row(*turn) if len(known) > PER_MENU else None,
    )


def render_topic(say: Phrases, topic: Topic, page: int) -> ui.LayoutView:
    """Render one page of the questions on a subject."""
    page, last, on_page = _turn_to(topic.questions, page)
    known = [(each.question, each.fact, "") for each in on_page]
    here = topic.pack, topic.subject
    turn = [
        button(say("Back"), custom_id("open", *here, max(page - 1, 0)), off=page == 0),
        button(say("More"), custom_id("open", *here, page + 1), off=page == last),
    ]
    return layout(
        text(f"## {escape(topic.name, 160)}\n{_question_count(say, topic)}."),
        _note(say, [topic]),
        select_menu(say("Questions"), custom_id("choose", *here, page), known),
        button_row(*(turn if len(topic.questions) > PER_MENU else []), _all_subjects(say)),
    )


def back_row(say: Phrases, pack: str, subject: str, page: int) -> Item:
    """Build the row that leads from an answer back to its subject."""
    return button_row(
        button(say("Back to the questions"), custom_id("open", pack, subject, page)),
        _all_subjects(say),
    )


def _note(say: Phrases, topics: Sequence[Topic]) -> Item | None:
    languages = {each.language for topic in topics for each in topic.questions}
    return language_note(say, *languages, told=NOTES_NOT_TRANSLATED)


def _all_subjects(say: Phrases) -> ui.Button[Any]:
    return button(say("All subjects"), custom_id("topics", 0))


def _question_count(say: Phrases, topic: Topic) -> str:
    return say.plural("{number} question", "{number} questions", len(topic.questions))


def _turn_to(things: Sequence[T], page: int) -> tuple[int, int, Sequence[T]]:
    """Return a page's number, that of the last, and the things on it.

    A custom id may name a page that is no more: packs change, and messages stay.
    """
    last = max(0, (len(things) - 1) // PER_MENU)
    page = min(page, last)
    return page, last, things[page * PER_MENU : (page + 1) * PER_MENU]
