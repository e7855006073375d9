"""What the notes cover: subjects, and under each the questions it answers, in pages of 25."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from bot.client.custom_ids import fits, key, pair
from bot.client.markdown import plain
from bot.client.views.layout import PER_MENU, button, card, menu, row, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord import ui

    from bot.answering.results import Topic
    from bot.client.views.layout import Item

T = TypeVar("T")


def topics_card(topics: Sequence[Topic], page: int) -> ui.LayoutView:
    """Show one page of subjects to choose from."""
    known = [topic for topic in topics if topic.questions and fits(topic.pack, topic.subject)]
    if not known:
        return card(text("There is no subject here to choose from."))
    page = min(page, _pages(known) - 1)
    options = [
        (topic.name, pair(topic.pack, topic.subject), _count(topic)) for topic in _on(known, page)
    ]
    turn = [
        button("Back", key("topics", page - 1), off=page == 0),
        button("More", key("topics", page + 1), off=page == _pages(known) - 1),
    ]
    return card(
        text("## What the notes cover"),
        text("Choose a subject to see what can be asked about it."),
        menu("Subjects", key("topic"), options),
        row(*turn) if len(known) > PER_MENU else None,
    )


def topic_card(topic: Topic, page: int) -> ui.LayoutView:
    """Show one page of the questions on a subject to choose from."""
    page = min(page, _pages(topic.questions) - 1)
    known = [(q.question, q.fact, "") for q in _on(topic.questions, page)]
    here = topic.pack, topic.subject
    turn = [
        button("Back", key("open", *here, max(page - 1, 0)), off=page == 0),
        button("More", key("open", *here, page + 1), off=page == _pages(topic.questions) - 1),
    ]
    return card(
        text(f"## {plain(topic.name, 160)}\n{_count(topic)}."),
        menu("Questions", key("choose", *here, page), known),
        row(*(turn if len(topic.questions) > PER_MENU else []), _all_subjects()),
    )


def back_to(pack: str, subject: str, page: int) -> Item:
    """Lead back from an answer to the subject it was chosen from."""
    return row(button("Back to the questions", key("open", pack, subject, page)), _all_subjects())


def _all_subjects() -> ui.Button[Any]:
    return button("All subjects", key("topics", 0))


def _count(topic: Topic) -> str:
    count = len(topic.questions)
    return f"{count:,} question{'s' if count != 1 else ''}"


def _pages(things: Sequence[object]) -> int:
    return max(1, -(-len(things) // PER_MENU))


def _on(things: Sequence[T], page: int) -> Sequence[T]:
    return things[page * PER_MENU : (page + 1) * PER_MENU]
