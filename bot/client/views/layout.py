"""The parts of layouts: text, buttons, menus, a source line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import ButtonStyle, SelectOption, ui

from bot.answering.formatting import NOT_TRANSLATED, citation, is_foreign
from bot.client.markdown import curl_quotes, escape, shorten, typeset

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.localization.phrases import Phrases
    from bot.packs.models import Source

ACCENT = 0xC8553D
LABEL = 80  # Discord's limit for a button's label
OPTION = 100  # and for the label, description and value of a menu's option
PER_MENU = 25  # and for the options of a menu

Item = ui.Item[Any]


class PrivateLayout(ui.LayoutView):
    """A layout for the asker alone, even where the question was public."""


def layout(*parts: Item | None, private: bool = False, colour: int | None = None) -> ui.LayoutView:
    """Build a layout from parts, without those that are None."""
    view = (PrivateLayout if private else ui.LayoutView)(timeout=None)
    accent = ACCENT if colour is None else colour
    view.add_item(ui.Container(*(part for part in parts if part), accent_colour=accent))
    return view


def text(content: str) -> Item:
    """Build a text from Markdown; foreign text must be escaped."""
    return ui.TextDisplay(content)


def notice(sentence: str) -> ui.LayoutView:
    """Build a layout of one sentence, for the asker alone."""
    return layout(text(sentence), private=True)


def question_heading(question: str | None) -> Item | None:
    """Build the heading of an answer: the question as it was typed."""
    return text(f"### {typeset(question, 640)}") if question else None


def source_line(
    say: Phrases, source: Source, *, as_of: int | None, paragraphs: Sequence[int]
) -> Item:
    """Build the source in small print, as a link if possible."""
    since = "" if as_of is None else f"{say('As of {year}.', year=as_of)} "
    cited = linked(escape(citation(say, source), 480), source.url)
    numbers = say.listed([str(number) for number in paragraphs])
    where = say.plural(
        "Paragraph {numbers}.", "Paragraphs {numbers}.", len(paragraphs), numbers=numbers
    )
    return text(f"-# {since}{cited}{f' {where}' if paragraphs else ''}")


def year_origin(say: Phrases, source: Source, language: str) -> str:
    """Say how a source's year is known, apart where its words are in another language."""
    if not source.year_from:
        return ""
    origin = escape(source.year_from, 160)
    if is_foreign(say, language):
        return say("Origin of the year: “{origin}”.", origin=origin)
    return say("The year is from {origin}.", origin=origin)


def linked(words: str, url: str) -> str:
    """Return escaped words as a link, or plain without an address."""
    # In angle brackets an address may hold round ones.
    return f"[{words}](<{url}>)" if url else words


def language_note(say: Phrases, *languages: str, told: str = NOT_TRANSLATED) -> Item | None:
    """Build the line that a pack's texts are not in the reader's language, if so."""
    return text(f"-# {say(told)}") if is_foreign(say, *languages) else None


def separator() -> Item:
    """Build a thin line."""
    return ui.Separator()


def button(
    label: str, custom_id: str, style: ButtonStyle = ButtonStyle.secondary, *, off: bool = False
) -> ui.Button[Any]:
    """Build a button, its label cut to Discord's limit."""
    return ui.Button(
        label=shorten(curl_quotes(label), LABEL), custom_id=custom_id, style=style, disabled=off
    )


def link_button(label: str, url: str) -> ui.Button[Any]:
    """Build a button that opens a page."""
    return ui.Button(label=shorten(label, LABEL), url=url)


def button_row(*buttons: ui.Button[Any]) -> Item:
    """Build a row of at most five buttons."""
    return ui.ActionRow(*buttons)


def select_menu(
    placeholder: str, custom_id: str, options: Iterable[tuple[str, str, str]]
) -> Item | None:
    """Build a menu of the first 25 (label, value, description), or None."""
    shown = [
        SelectOption(
            label=shorten(curl_quotes(label), OPTION),
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


def names_in_a_row(say: Phrases, names: Sequence[str]) -> str:
    """List names for the middle of a sentence, in bold."""
    return say.listed([f"**{escape(name, 160)}**" for name in names])


def bulleted(say: Phrases, lines: Sequence[str], budget: int) -> str:
    """Build a list within a budget of characters."""
    kept: list[str] = []
    room = budget - len(f"\n- {_and_more(say, 9_999_999)}")
    for line in lines:
        room -= len(line) + len("- \n")
        if room < 0:
            break
        kept.append(f"- {line}")
    if left := len(lines) - len(kept):
        kept.append(f"- {_and_more(say, left)}")
    return "\n".join(kept)


def _and_more(say: Phrases, count: int) -> str:
    return say.plural("… and {number} more", "… and {number} more", count)
