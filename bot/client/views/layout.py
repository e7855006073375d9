"""The frame that every card shares: a coloured edge, text, rows of buttons, a source line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import ButtonStyle, SelectOption, ui

from bot.answering.formatting import citation
from bot.client.markdown import escape, shorten
from bot.packs.entries import format_paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.packs.models import Source

ACCENT = 0xC8553D
LABEL = 80  # Discord's limit for a button's label
OPTION = 100  # and for the label, description and value of a menu's option
PER_MENU = 25  # and for the options of a menu

Item = ui.Item[Any]


def layout(*parts: Item | None) -> ui.LayoutView:
    """Frame the parts; those that are None are left out."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*(part for part in parts if part), accent_colour=ACCENT))
    return view


def text(content: str) -> Item:
    """Show Markdown of our own; whatever it holds of others has gone through `plain`."""
    return ui.TextDisplay(content)


def notice(sentence: str) -> ui.LayoutView:
    """Say one thing of our own."""
    return layout(text(sentence))


def question_heading(question: str | None) -> Item | None:
    """Show a question as it was typed, as the card's heading."""
    return text(f"### {escape(question, 640)}") if question else None


def source_line(source: Source, *, as_of: int, paragraphs: Sequence[int]) -> Item:
    """Say where it comes from, in small print, and when that was."""
    where = f" {format_paragraphs(paragraphs).capitalize()}." if paragraphs else ""
    return text(f"-# {escape(citation(source, as_of), 640)}{where}")


def separator() -> Item:
    """Draw a thin line."""
    return ui.Separator()


def button(
    label: str, custom_id: str, style: ButtonStyle = ButtonStyle.secondary, *, off: bool = False
) -> ui.Button[Any]:
    """Make a button; the label is cut to what Discord allows."""
    return ui.Button(label=shorten(label, LABEL), custom_id=custom_id, style=style, disabled=off)


def button_row(*buttons: ui.Button[Any]) -> Item:
    """Put at most five buttons side by side."""
    return ui.ActionRow(*buttons)


def select_menu(
    placeholder: str, custom_id: str, options: Iterable[tuple[str, str, str]]
) -> Item | None:
    """Make a menu of the first 25 (label, value, description); None if there are none."""
    shown = [
        SelectOption(
            label=shorten(label, OPTION),
            value=value,
            description=shorten(description, OPTION) or None,
        )
        for label, value, description in options
        if len(value) <= OPTION
    ]
    if not shown:
        return None
    return ui.ActionRow(
        ui.Select(
            placeholder=shorten(placeholder, 150), custom_id=custom_id, options=shown[:PER_MENU]
        )
    )


def bulleted(lines: Sequence[str], budget: int) -> str:
    """Set out as a list what fits the budget of characters, and say how many are left out."""
    kept: list[str] = []
    room = budget - len("\n- … and 9,999,999 more")
    for line in lines:
        room -= len(line) + len("- \n")
        if room < 0:
            break
        kept.append(f"- {line}")
    if left := len(lines) - len(kept):
        kept.append(f"- … and {left:,} more")
    return "\n".join(kept)
